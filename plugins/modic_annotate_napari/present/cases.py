"""The reader's cases in words: the list, and what follows a closed case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from modic_annotate.conduct.worklist import WorkItem, WorkState, next_item
from modic_annotate.session.session import ReadingSession
from modic_annotate_napari.case import Case
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.widgets.case_list import CaseRow

if TYPE_CHECKING:
    from modic_annotate_napari.room import Room

WORDS = {
    WorkState.NO_IMAGES: "no images",
    WorkState.NOT_STARTED: "not begun",
    WorkState.RETURNED: "returned to the site",
    WorkState.NEW_SERIES: "new series",
    WorkState.SIGNED: "signed",
    WorkState.FAULT: "cannot be opened",
}


def heading(case: Case, items: Sequence[WorkItem] | None) -> str:
    """Return what stands above the list, e.g. ``Your cases, R01: 3 of 10 still to read``."""
    if items is None:
        return f"Your cases, {case.reader.id}"
    still = sum(item.is_open for item in items)
    return f"Your cases, {case.reader.id}: {still} of {len(items)} still to read"


def rows(items: Sequence[WorkItem], present: Case, session: ReadingSession) -> tuple[CaseRow, ...]:
    """Return the list, what is read next first; the case on the screen as it stands now."""
    return tuple(
        CaseRow(item.record_id, words(item), is_open=item.is_open)
        if item.record_id != present.record_id
        else CaseRow(item.record_id, _now(session), is_open=item.is_open, is_here=True)
        for item in items
    )


def words(item: WorkItem) -> str:
    """Return how far a reader is with a case, e.g. ``begun, 3 of 12``."""
    if item.state == WorkState.DRAFT:
        return f"begun, {item.n_read} of {item.n_scope}"
    return WORDS[item.state]


def _now(session: ReadingSession) -> str:
    draft = session.state
    if draft.signed:
        return WORDS[WorkState.SIGNED]
    if draft.returned_to_site is not None:
        return WORDS[WorkState.RETURNED]
    return f"begun, {len(draft.scope) - len(draft.open_endplates)} of {len(draft.scope)}"


def closing(room: Room) -> str:
    """Return what Enter does on a closed reading; empty where the reading is not closed.

    On one that is only looked at: what its key does.
    """
    key = next(iter(room.desk.keymap.keys_of("case.again")), "")
    if not room.session.is_held:
        return f"{key} shows its latest state,   or takes it over once it is closed there."
    if not room.session.state.is_closed:
        return ""
    amend = next(iter(room.desk.keymap.keys_of("amend")), "")
    signed = room.session.state.signed and room.desk.step == Step.SIGN
    return f"{_next(room)}   {amend} amends it." if signed and amend else _next(room)


def _next(room: Room) -> str:
    if room.cases.items is None:
        return "This reading is closed.   Enter opens the next case."
    item = next_item(room.cases.items, but=room.case.record_id)
    if item is None:
        return "This reading is closed.   Nothing is left to read.   The window may be closed too."
    return f"This reading is closed.   Enter opens the next case, {item.record_id}."
