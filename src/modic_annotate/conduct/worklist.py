"""Which cases a reader has still to read; opens no screening record."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from modic_annotate.domain.base import Record, RecordId
from modic_annotate.domain.links import StudyLink
from modic_annotate.errors import RecordError
from modic_annotate.session.journal import Journal
from modic_annotate.session.opening import may_follow
from modic_annotate.session.place import Place, present_series
from modic_annotate.session.replay import is_returned, is_signed, replay
from modic_annotate.store.workspace import Workspace


class WorkState(StrEnum):
    """How far a reader is with a case."""

    NO_IMAGES = "no_images"
    NOT_STARTED = "not_started"
    DRAFT = "draft"
    RETURNED = "returned"
    NEW_SERIES = "new_series"
    """Returned to the site, and other images came since; the case is read afresh."""

    SIGNED = "signed"
    FAULT = "fault"


class WorkItem(Record):
    """One case on a reader's list."""

    record_id: RecordId
    reader_id: RecordId
    state: WorkState
    reading_id: RecordId | None = None
    n_read: int | None = None
    """Endplates read so far; None where nothing was begun."""

    n_scope: int | None = None
    """Endplates to read in this spine."""

    fault: str | None = None

    @property
    def has_images(self) -> bool:
        """Whether there is anything to read."""
        return self.state != WorkState.NO_IMAGES

    @property
    def is_open(self) -> bool:
        """Whether the reader has something to do here."""
        return self.state in NEXT

    @property
    def words(self) -> str:
        """The state in words, e.g. ``draft, 3 of 12 endplates``."""
        if self.fault:
            return f"fault: {self.fault}"
        words = self.state.value.replace("_", " ")
        return (
            words if self.n_scope is None else f"{words}, {self.n_read} of {self.n_scope} endplates"
        )


NEXT = (WorkState.DRAFT, WorkState.NEW_SERIES, WorkState.NOT_STARTED)
"""What is read next: what was begun, then what the site sent anew, then the rest."""


def worklist(ws: Workspace, reader_id: str) -> tuple[WorkItem, ...]:
    """Return all cases of a workspace as one reader has them, by record id.

    Raises
    ------
    UnknownReaderError
        The reader is not registered.
    """
    reader = ws.reader(reader_id)
    return tuple(work_item(Place(ws, record_id, reader)) for record_id in ws.record_ids())


def reading_list(
    ws: Workspace, reader_id: str, known: Iterable[WorkItem] = ()
) -> tuple[WorkItem, ...]:
    """Return the cases with images as one reader has them, what is read next first.

    Record ids are taken from the links, so that a blinded reader's list looks at no screening
    record, not even at its name.

    Parameters
    ----------
    ws, reader_id
        Whose list.
    known
        The list as it was before: what was signed then is not gone through again, unless it was
        amended since.

    Raises
    ------
    UnknownReaderError
        The reader is not registered.
    """
    reader = ws.reader(reader_id)
    final = {item.record_id: item for item in known if item.state == WorkState.SIGNED}
    places = (Place(ws, record_id, reader) for record_id in ws.linked_ids())
    items = (_still(place, final.get(place.record_id)) or work_item(place) for place in places)
    return tuple(sorted((item for item in items if item.has_images), key=_urgency))


def _still(place: Place, item: WorkItem | None) -> WorkItem | None:
    """Return a signed case as it was, where no newer reading of it was begun."""
    newest = place.reading_ids[-1:] if item is not None else ()
    return item if item is not None and newest == (item.reading_id,) else None


def _urgency(item: WorkItem) -> int:
    return NEXT.index(item.state) if item.is_open else len(NEXT)


def next_item(items: Iterable[WorkItem], but: str | None = None) -> WorkItem | None:
    """Return what to read next; None where all is done.

    Parameters
    ----------
    items
        The reader's cases.
    but
        A record that is left out: the one on the screen.
    """
    open_items = (item for item in items if item.is_open and item.record_id != but)
    return min(open_items, key=_urgency, default=None)


def work_item(place: Place) -> WorkItem:
    """Return one case as one reader has it; a journal that cannot be read is told, not raised."""
    item = WorkItem(
        record_id=place.record_id, reader_id=place.reader.id, state=WorkState.NOT_STARTED
    )
    try:
        journal = place.latest()
        if journal is not None:
            return _begun(place, journal, item)
        links = place.ws.links(place.record_id)
    except RecordError as error:
        return item.replace(state=WorkState.FAULT, fault=str(error))
    if not any(isinstance(link, StudyLink) for link in links):
        return item.replace(state=WorkState.NO_IMAGES)
    return item


def _begun(place: Place, journal: Journal, item: WorkItem) -> WorkItem:
    draft = replay(place.ws, journal).history.draft
    state = WorkState.DRAFT
    if is_signed(journal):
        state = WorkState.SIGNED
    elif is_returned(journal):
        new = may_follow(journal, present_series(place))
        state = WorkState.NEW_SERIES if new else WorkState.RETURNED
    return item.replace(
        state=state,
        reading_id=journal.header.reading_id,
        n_read=len(draft.scope) - len(draft.open_endplates),
        n_scope=len(draft.scope),
    )
