"""One cell under one rule to one answer: a value, an absence, or a state that says why neither."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from modic_annotate.domain.screening import ValueState
from modic_annotate.eligibility.importers import values
from modic_annotate.eligibility.importers.mapping import UNKNOWN, FieldRule, FileRule
from modic_annotate.eligibility.importers.problems import CellError
from modic_annotate.eligibility.importers.source import Cell, Column, ColumnKind
from modic_annotate.eligibility.importers.targets import Kind, Target

MAX_TEXT = 64
"""Characters of a version, a number or an id; longer text is prose, which may name people."""

YES = frozenset({"yes", "y", "true", "present"})
NO = frozenset({"no", "n", "false", "absent"})
CODED_BY_FORM = frozenset({ColumnKind.YES_NO, ColumnKind.TICK})
"""Kinds of columns in which 1 and 0 mean yes and no by the file's own definition."""


@dataclass(frozen=True)
class Answer:
    """What a cell says under a rule."""

    state: ValueState
    value: Any = None  # of the target's own type; the record's model checks it
    why: str = ""


ABSENT = Answer(ValueState.ASSERTED_ABSENT)


def answer(
    cell: Cell, target: Target, rule: FieldRule, file: FileRule, column: Column | None
) -> Answer:
    """Return what a cell says; CellError where it cannot be taken as it stands.

    Nothing unknown becomes an absence: a blank, a missing-data code and a state the file states
    stay unknown whatever the map says.
    """
    if cell.state == ValueState.ASSERTED_ABSENT:
        return _no(target)
    unknown = _unknown(cell, file)
    if unknown is not None:
        return unknown
    if cell.ticked:
        return _ticked(cell, target, rule)
    return _written(cell, target, rule, file, column)


def _unknown(cell: Cell, file: FileRule) -> Answer | None:
    """Return why nothing is known, where the file says so or says nothing."""
    if cell.state in UNKNOWN:
        return Answer(cell.state or ValueState.NOT_ASKED, why=cell.why)
    if cell.text in file.missing:
        return Answer(ValueState(file.missing[cell.text]), why="a missing-data code")
    if not cell.text and not cell.ticked:
        return Answer(ValueState.NOT_ASKED, why=cell.why or "blank")
    return None


def _written(
    cell: Cell, target: Target, rule: FieldRule, file: FileRule, column: Column | None
) -> Answer:
    stated = rule.values.get(cell.text)
    if stated is not None:
        return _stated(stated, cell, target, file)
    if rule.values and target.kind in (Kind.CHOICE, Kind.YES_NO):
        raise CellError("a code that the map does not list; add it to 'values'")
    if target.kind == Kind.YES_NO:
        return _yes_or_no(cell.text, target, column)
    return Answer(ValueState.ASSERTED, _parsed(cell.text, cell, target, rule, file))


def _stated(word: str | bool, cell: Cell, target: Target, file: FileRule) -> Answer:
    if isinstance(word, bool):
        return Answer(ValueState.ASSERTED, value=True) if word else _no(target)
    if word in UNKNOWN:
        return Answer(ValueState(word), why="a code that the map states so")
    if word == "absent":
        return _no(target)
    if target.kind == Kind.YES_NO:
        return _yes_or_no(word, target, None)
    plain = FieldRule.model_validate({"from": "-"})
    return Answer(ValueState.ASSERTED, _parsed(word, cell, target, plain, file))


def _no(target: Target) -> Answer:
    """Return "no": the absence of a feature, or the value false of a fact."""
    if target.kind == Kind.YES_NO and not target.no_is_absent:
        return Answer(ValueState.ASSERTED, value=False)
    return ABSENT


def _yes_or_no(text: str, target: Target, column: Column | None) -> Answer:
    word = text.casefold()
    if column is not None and column.kind in CODED_BY_FORM:
        word = {"1": "yes", "0": "no"}.get(word, word)
    if word in YES:
        return Answer(ValueState.ASSERTED, value=True)
    if word in NO:
        return _no(target)
    raise CellError("neither yes nor no; state in the map what its codes mean (values)")


def _ticked(cell: Cell, target: Target, rule: FieldRule) -> Answer:
    """Return the options of a checkbox that were ticked, as words of the field."""
    unlisted = [code for code in cell.ticked if rule.values and code not in rule.values]
    if unlisted:
        raise CellError("a ticked option that the map does not list; add it to 'values'")
    words = [str(rule.values.get(code, code)) for code in cell.ticked]
    if target.kind in (Kind.BODIES, Kind.TEXTS):
        return Answer(ValueState.ASSERTED, tuple(_choice(w, target) for w in words))
    if len(words) != 1:
        raise CellError("several options are ticked where the field takes one")
    if target.kind == Kind.YES_NO:
        raise CellError("name one option (FIELD___CODE), not the whole checkbox")
    return Answer(ValueState.ASSERTED, _choice(words[0], target))


def _parsed(text: str, cell: Cell, target: Target, rule: FieldRule, file: FileRule) -> Any:  # noqa: ANN401 - of the target's kind
    order = rule.dates or file.dates
    if target.kind == Kind.DATE:
        return values.day(text, order)
    if target.kind == Kind.YEAR:
        return values.year(text, order)
    if target.kind in (Kind.NUMBER, Kind.INTEGER):
        return _number(text, rule.unit or cell.unit, target, file)
    if target.kind in (Kind.BODIES, Kind.TEXTS):
        parts = [part for part in text.replace(";", ",").replace(" ", ",").split(",") if part]
        return tuple(_choice(part, target) for part in parts)
    return _choice(text, target)


def _number(text: str, unit: str, target: Target, file: FileRule) -> float:
    found = values.converted(values.number(text, file.decimal), unit, target.unit)
    values.check_plausible(target.path, found)
    return values.whole(found) if target.kind == Kind.INTEGER else found


def _choice(text: str, target: Target) -> str:
    if not target.choices:
        if len(text) > MAX_TEXT or not text.isprintable():
            raise CellError(f"longer than {MAX_TEXT} characters or one line; prose is not taken")
        return text
    match = next((c for c in target.choices if c.casefold() == text.casefold()), None)
    if match is None:
        raise CellError(
            f"not one of {', '.join(target.choices)}; state in the map what it means (values)"
        )
    return str(match)


def day_of(cell: Cell | None, rule: FieldRule, file: FileRule) -> date | None:
    """Return the day a cell of a date column names; None where it is blank or unknown."""
    if cell is None or not cell.text or cell.state in UNKNOWN or cell.text in file.missing:
        return None
    return values.day(cell.text, rule.dates or file.dates)
