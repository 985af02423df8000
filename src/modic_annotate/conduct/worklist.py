"""Which cases a reader has still to read; opens no screening record."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from modic_annotate.domain.base import Record, RecordId
from modic_annotate.domain.links import StudyLink
from modic_annotate.errors import RecordError
from modic_annotate.session.journal import Journal
from modic_annotate.session.place import Place
from modic_annotate.session.replay import is_returned, is_signed, replay
from modic_annotate.store.workspace import Workspace


class WorkState(StrEnum):
    """How far a reader is with a case."""

    NO_IMAGES = "no_images"
    NOT_STARTED = "not_started"
    DRAFT = "draft"
    RETURNED = "returned"
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
        return self.state in (WorkState.NOT_STARTED, WorkState.DRAFT)

    @property
    def words(self) -> str:
        """The state in words, e.g. ``draft, 3 of 12 endplates``."""
        if self.fault:
            return f"fault: {self.fault}"
        words = self.state.value.replace("_", " ")
        return (
            words if self.n_scope is None else f"{words}, {self.n_read} of {self.n_scope} endplates"
        )


def worklist(ws: Workspace, reader_id: str) -> tuple[WorkItem, ...]:
    """Return all cases of a workspace as one reader has them, by record id.

    Raises
    ------
    UnknownReaderError
        The reader is not registered.
    """
    reader = ws.reader(reader_id)
    return tuple(work_item(Place(ws, record_id, reader)) for record_id in ws.record_ids())


def next_item(items: Iterable[WorkItem]) -> WorkItem | None:
    """Return what to read next: a draft before a case not begun; None where all is done."""
    open_items = sorted((i for i in items if i.is_open), key=lambda i: i.state != WorkState.DRAFT)
    return next(iter(open_items), None)


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
        state = WorkState.RETURNED
    return item.replace(
        state=state,
        reading_id=journal.header.reading_id,
        n_read=len(draft.scope) - len(draft.open_endplates),
        n_scope=len(draft.scope),
    )
