"""A source under a map to drafts of records: what each field would hold, and what stays unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from modic_annotate.domain.screening import CareEpisode, MriReference, Recorded, ValueState
from modic_annotate.eligibility.importers.answers import Answer, answer
from modic_annotate.eligibility.importers.checking import check_columns
from modic_annotate.eligibility.importers.finding import find
from modic_annotate.eligibility.importers.ids import subject_id, without_zeros
from modic_annotate.eligibility.importers.mapping import UNKNOWN, FieldRule, ImportMap, ListRule
from modic_annotate.eligibility.importers.problems import CellError, Problems
from modic_annotate.eligibility.importers.source import Cell, Entry, Source, SourceSubject
from modic_annotate.eligibility.importers.targets import EPISODES, Target, list_targets, targets
from modic_annotate.store.canonical import problems_of

GOES_WITH = {
    "scores.pain_instrument": "scores.pain_score",
    "scores.odi_version": "scores.odi_percent",
    "scores.odi_items_answered": "scores.odi_percent",
}
"""Fields that say how another was taken, and nothing where that one is not there."""


@dataclass(frozen=True)
class Unknown:
    """A field of which nothing is known, and why."""

    field: str
    state: ValueState | None
    why: str
    place: str


@dataclass(frozen=True)
class Draft:
    """What the file says of one subject."""

    record_id: str
    place: str
    values: Mapping[str, Any]
    """Dotted name -> JSON-ready value, for fields of which something is known."""

    lists: Mapping[str, tuple[Any, ...]]
    unknown: tuple[Unknown, ...]


def drafts(source: Source, stated: ImportMap, problems: Problems) -> tuple[Draft, ...]:
    """Lay a map over a source; every problem is noted with its place, none stops the others."""
    before = len(problems.found)
    check_columns(source, stated, problems)
    if len(problems.found) > before:  # without its columns no cell can be looked at
        problems.refuse_if_any()
    found, taken = [], dict[str, str]()
    for subject in source.subjects:
        try:
            record_id = subject_id(subject.key, stated.subject)
        except CellError as error:
            problems.add(subject.place, str(error))
            continue
        same = without_zeros(record_id)
        if same in taken:
            problems.add(
                subject.place,
                f"the same subject as in {taken[same]}, but for zeros or case; correct the ids, "
                "or state their width in the map (subject.width)",
            )
        taken[same] = subject.place
        found.append(_Drafting(source, stated, problems, subject).draft(record_id))
    return tuple(found)


class _Drafting:
    """The work on one subject."""

    def __init__(
        self, source: Source, stated: ImportMap, problems: Problems, subject: SourceSubject
    ) -> None:
        self.source = source
        self.stated = stated
        self.problems = problems
        self.subject = subject
        self.once = tuple(e for e in subject.entries if not e.instrument)
        self.unknown: list[Unknown] = []

    def draft(self, record_id: str) -> Draft:
        """Return what the file says of the subject."""
        known = targets()
        values = {
            path: value
            for path, rule in self.stated.fields.items()
            if (value := self._value(known[path], rule, self.once)) is not None
        }
        values = {p: v for p, v in values.items() if GOES_WITH.get(p, p) in values}
        lists: dict[str, tuple[Any, ...]] = {}
        for one in self.stated.lists:
            lists[one.target] = lists.get(one.target, ()) + self._elements(one)
        return Draft(record_id, self.subject.place, values, lists, tuple(self.unknown))

    def _value(self, target: Target, rule: FieldRule, entries: Sequence[Entry]) -> Any:  # noqa: ANN401 - JSON
        """Return a field's JSON-ready value; None where it is unknown or a problem was noted."""
        if rule.always is not None:
            return rule.always
        cell, place = None, self.subject.place
        try:
            cell, day = find(entries, rule, self.stated.file, place)
            place = cell.place
            column = self.source.columns.get(rule.source or "")
            found = answer(cell, target, rule, self.stated.file, column)
            if found.state in UNKNOWN:
                self.unknown.append(Unknown(target.path, found.state, found.why, place))
            return self._held(target, found, cell, day)
        except CellError as error:
            self.problems.add(place, str(error))
        except ValidationError as error:
            self.problems.add(place, problems_of(error)[0].partition(" @ ")[0])
        return None

    def _held(self, target: Target, found: Answer, cell: Cell, day: Any) -> Any:  # noqa: ANN401 - JSON
        if target.holder is None:
            return None if found.state != ValueState.ASSERTED else _json_ready(found.value)
        if found.state == ValueState.NOT_ASKED:
            return None
        held: Recorded[Any] = target.holder(
            state=found.state,
            value=found.value,
            observed_on=day or cell.observed_on,
            source_document=cell.document or f"{self.source.shape}:{_column_of(cell)}",
            recorded_by=cell.recorded_by,
            recorded_at=cell.recorded_at,
        )
        return held.model_dump(mode="json")

    def _elements(self, rule: ListRule) -> tuple[Any, ...]:
        """Return the elements of a list, in the order of the file."""
        if not rule.instrument:
            return self._element(rule, self.once, self.subject.place)
        event = rule.event or self.stated.file.event
        entries = [
            e
            for e in self.subject.entries
            if rule.instrument in (e.instrument, e.group) and event in (None, e.event)
        ]
        return tuple(e for entry in entries for e in self._element(rule, (entry,), entry.place))

    def _element(self, rule: ListRule, entries: Sequence[Entry], place: str) -> tuple[Any, ...]:
        known = list_targets()[rule.target]
        if self._is_unlisted(rule, entries):
            self.unknown.append(Unknown(rule.target, None, "of a kind the map leaves out", place))
            return ()
        told = len(self.unknown)
        filled = {
            name: value
            for name, field in rule.fields.items()
            if (value := self._value(known[name], field, entries)) is not None
        }
        if not {name for name in filled if rule.fields[name].always is None}:
            del self.unknown[told:]  # nothing was entered, so nothing is missing
            return ()
        if rule.target == EPISODES and "kind" not in filled:
            why = "left out, since its kind is not known"
            self.unknown.append(Unknown(rule.target, None, why, place))
            return ()
        return self._validated(rule.target, filled, place)

    def _validated(self, target: str, filled: dict[str, Any], place: str) -> tuple[Any, ...]:
        model = CareEpisode if target == EPISODES else MriReference
        try:
            return (model.model_validate(filled).model_dump(mode="json"),)
        except ValidationError as error:
            self.problems.add(place, problems_of(error)[0])
            return ()

    def _is_unlisted(self, rule: ListRule, entries: Sequence[Entry]) -> bool:
        kind = rule.fields.get("kind")
        if rule.unlisted != "leave_out" or kind is None or kind.source is None:
            return False
        texts = {e.cells[kind.source].text for e in entries if kind.source in e.cells}
        return bool(texts) and not texts & set(kind.values)


def _json_ready(value: Any) -> Any:  # noqa: ANN401 - any field's value
    return value.isoformat() if hasattr(value, "isoformat") else value


def _column_of(cell: Cell) -> str:
    return cell.place.rpartition("column ")[2]
