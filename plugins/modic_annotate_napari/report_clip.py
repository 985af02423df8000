"""The wording of a signed reading, onto the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modic_annotate.errors import ActRefusedError
from modic_annotate_napari.qt import QApplication

if TYPE_CHECKING:
    from modic_annotate_napari.room import Room

COPIED = "The wording for a report is on the clipboard; compare it with the images"


def copy_wording(room: Room) -> str:
    """Put the wording of the signed reading onto the clipboard; return what to say.

    Raises
    ------
    ActRefusedError
        The reading is not signed, or its files are not written yet.
    """
    from modic_annotate.evidence.report_wording import report_wording  # when it is wanted

    reading_id = room.session.journal.header.reading_id
    if room.case.sealed(reading_id) is None:
        raise ActRefusedError("There is no signed reading yet whose wording could be copied")
    reading, _ = room.case.workspace.reading(room.case.record_id, reading_id)
    QApplication.clipboard().setText(report_wording(reading))
    return COPIED
