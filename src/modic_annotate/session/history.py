"""States of a reading over its acts, with undo and redo without end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from modic_annotate.domain.finding import Origin
from modic_annotate.errors import ActRefusedError
from modic_annotate.session.acts import (
    Act,
    Attend,
    RaiseRedFlag,
    Redo,
    ReturnToSite,
    Show,
    Sign,
    Undo,
)
from modic_annotate.session.draft import Draft
from modic_annotate.session.reduce.step import Context
from modic_annotate.session.reduce.table import apply_act, check_not_closed
from modic_annotate.session.words import words_of

NEVER_UNDONE = (Show, Attend, RaiseRedFlag, ReturnToSite, Sign)
"""Acts that undo passes over: they say what happened, not what is held true."""


@dataclass(frozen=True, slots=True)
class Done:
    """An act that can be taken back."""

    before: Draft
    after: Draft
    words: str


class History:
    """The present state and what can be undone and redone.

    The same two steps serve a live act and the replay of a journal, so that both give the same
    state: `preview` tells the next state or refuses, `commit` takes it over.
    """

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.last_words = ""
        self._done: list[Done] = []
        self._undone: list[Done] = []

    @property
    def can_undo(self) -> bool:
        """Whether an act can be taken back."""
        return bool(self._done) and not self.draft.is_closed

    @property
    def can_redo(self) -> bool:
        """Whether an undone act can be done again."""
        return bool(self._undone) and not self.draft.is_closed

    def preview(self, act: Act, origin: Origin, at: datetime, context: Context) -> Draft:
        """Return the state after an act without taking it over; raise where it is refused."""
        if not isinstance(act, Undo | Redo):
            return apply_act(self.draft, act, origin, at, context)
        check_not_closed(self.draft)
        is_undo = isinstance(act, Undo)
        stack = self._done if is_undo else self._undone
        if not stack:
            raise ActRefusedError(f"There is nothing to {'undo' if is_undo else 'redo'}")
        kept = stack[-1].before if is_undo else stack[-1].after
        return kept.with_facts_of(self.draft)

    def commit(self, act: Act, new: Draft) -> None:
        """Take over the state that `preview` gave for this act."""
        if isinstance(act, Undo):
            self._undone.append(self._done.pop())
            self.last_words = f"Undone: {self._undone[-1].words}; Ctrl+Shift+Z does it again"
        elif isinstance(act, Redo):
            self._done.append(self._undone.pop())
            self.last_words = f"Done again: {self._done[-1].words}; Backspace undoes"
        else:
            self._record(act, new)
        self.draft = new

    def _record(self, act: Act, new: Draft) -> None:
        words = words_of(act, new)
        if isinstance(act, NEVER_UNDONE):
            self.last_words = words or self.last_words
            return
        self.last_words = f"{words}; Backspace undoes"
        if new != self.draft:
            self._done.append(Done(before=self.draft, after=new, words=words))
            self._undone.clear()
