"""Practice: a study read in a workspace of its own that is thrown away.

A practice reading is made for training: no criteria set counts it and no export takes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from modic_annotate.conduct.link import link_study
from modic_annotate.domain.base import utc_now
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.screening import Change, ScreeningRecord, Subject
from modic_annotate.store.workspace import Workspace

PRACTICE = "practice"
"""The trial, the record and the reader of a practice workspace are all called this."""


def practice_workspace(folder: Path, study: Sequence[Path]) -> Workspace:
    """Make a workspace in an empty folder with one study to practise on.

    Parameters
    ----------
    folder
        Where the workspace is made; whoever made the folder removes it.
    study
        Files and folders with one study of one patient; copied without identity.

    Raises
    ------
    ModicAnnotateError
        The study cannot be linked, as in `link_study`.
    """
    ws = Workspace.create(folder, trial_id=PRACTICE)
    ws.add_reader(Reader(id=PRACTICE, display_name="Practice"))
    record = ScreeningRecord(
        trial_id=PRACTICE,
        record_id=PRACTICE,
        subject=Subject(subject_id=PRACTICE),
        change=Change(by=PRACTICE, at=utc_now()),
    )
    ws.add_screening(record, by=PRACTICE)
    link_study(ws, PRACTICE, study, by=PRACTICE)
    return ws
