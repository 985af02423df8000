"""Other images for a record whose study a reader returned to the site.

They take the place of those that were returned. Nothing else may rest on these: no signature,
and no reading that another reader goes on with.
"""

from __future__ import annotations

from modic_annotate.domain.images import ImageIndex
from modic_annotate.domain.links import StudyLink
from modic_annotate.errors import AlreadyExistsError, InvalidRecordError, UnknownRecordError
from modic_annotate.session.journal import Journal
from modic_annotate.session.place import Place
from modic_annotate.session.replay import is_returned
from modic_annotate.store.workspace import Workspace


def returned_images(ws: Workspace, record_id: str) -> ImageIndex | None:
    """Return the images that others may replace; None where the record has none yet.

    Raises
    ------
    AlreadyExistsError
        The record has a study, and it was not returned, or a reading rests on it.
    """
    studies = [link for link in ws.links(record_id) if isinstance(link, StudyLink)]
    if not studies:
        return None
    for link in studies:
        ws.add_link(record_id, link)  # completes an audit entry that a crash prevented
    places = (Place(ws, record_id, reader) for reader in ws.readers().values())
    newest = [journal for place in places if (journal := place.latest()) is not None]
    if not any(map(is_returned, newest)):
        raise AlreadyExistsError(
            f"Record {record_id} has a linked study already; nothing was changed"
        )
    _check_free(record_id, newest)
    try:
        return ws.images(record_id)
    except (UnknownRecordError, InvalidRecordError):  # lost or damaged; others take their place
        return None


def _check_free(record_id: str, newest: list[Journal]) -> None:
    resting = sorted(j.header.reader.id for j in newest if not is_returned(j))
    if resting:
        raise AlreadyExistsError(
            f"The images of record {record_id} were returned by one reader, yet the reading of "
            f"{', '.join(resting)} rests on them; link the new images to a record of their own"
        )


def check_other(before: ImageIndex | None, now: ImageIndex) -> None:
    """Refuse the very images that were returned; nothing would follow from them."""
    if before is not None and (before.series, before.blocked) == (now.series, now.blocked):
        raise AlreadyExistsError(
            f"These are the images of record {now.record_id} that were returned to the site; "
            "link the new ones; nothing was changed"
        )
