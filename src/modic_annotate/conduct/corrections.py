"""What persons corrected by hand in a record: an import does not take it back unasked.

Fields that say how another was taken (a pain score and its scale) are corrected together: one of
them from the record and the other from the file would mean something nobody wrote.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from modic_annotate.conduct.values import in_words, known, value_at
from modic_annotate.domain.screening import Change, ScreeningRecord
from modic_annotate.eligibility.importers.build import GOES_WITH
from modic_annotate.eligibility.importers.targets import EPISODES, MRI, targets
from modic_annotate.errors import RecordError
from modic_annotate.store.changes import changed_fields
from modic_annotate.store.workspace import Workspace

IMPORTED = "import"
"""The reason of a revision that an import wrote; no person's reason."""

_OTHER_FIELDS = (EPISODES, MRI, "criteria_set", "synthetic")


@dataclass(frozen=True, slots=True)
class Kept:
    """A correction that stays although a file says otherwise: both in words, and whose it is."""

    field: str
    held: str
    given: str
    revision: int
    by: str

    @property
    def sentence(self) -> str:
        """Say both values, why the record's own stays, and how the file's is taken."""
        return (
            f"{self.field}: kept {self.held}, corrected by hand in revision {self.revision} by "
            f"{self.by}; the file has {self.given} (--take-source {self.field} takes it)"
        )


class Corrections:
    """The fields of a record that a person changed last, and those that go with them."""

    def __init__(self, made: Mapping[str, Change], revisions: Mapping[str, int]) -> None:
        self._made = made
        self._revisions = revisions

    @classmethod
    def of(cls, ws: Workspace, record_id: str, taken: Collection[str] = ()) -> Corrections:
        """Read a record's revisions; fields in `taken` count as not corrected."""
        made: dict[str, Change] = {}
        revisions: dict[str, int] = {}
        before: ScreeningRecord | None = None
        for number in ws.revisions(record_id):
            after, _ = ws.screening(record_id, number)
            for name in () if before is None else map(_lead, changed_fields(before, after)):
                made[name], revisions[name] = after.change, number
            before = after
        released = set(map(_lead, taken))
        by_hand = {n: c for n, c in made.items() if not is_import(c) and n not in released}
        return cls(by_hand, revisions)

    def kept(self, held: Any, given: Iterable[tuple[str, Any]]) -> tuple[Kept, ...]:  # noqa: ANN401 - JSON
        """Return what of a file gives way to a correction.

        Parameters
        ----------
        held
            The record's content, JSON-ready.
        given
            Dotted name and JSON-ready value of each field of which the file says something.
            Another day or source for the same value is no contradiction.
        """
        return tuple(
            Kept(name, in_words(own), in_words(value), self._revisions[lead], self._made[lead].by)
            for name, value in given
            if (lead := _lead(name)) in self._made
            and known(own := value_at(held, name)) != known(value)
        )


def is_import(change: Change) -> bool:
    """Return whether an import wrote a revision, not a person."""
    return change.source is not None or change.reason == IMPORTED


def check_fields(names: Iterable[str]) -> None:
    """Refuse names that are no field of a record; RecordError names the first."""
    for name in names:
        if name not in targets() and name not in _OTHER_FIELDS:
            raise RecordError(
                f"There is no field {name!r} to take from the file; write it as the import tells "
                "it, e.g. --take-source scores.odi_percent"
            )


def _lead(name: str) -> str:
    """Return the field that a field goes with; itself where it stands alone."""
    return GOES_WITH.get(name, name)
