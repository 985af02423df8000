"""Where a field's cell stands among a subject's entries; several answers are never chosen from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from modic_annotate.eligibility.importers.answers import day_of
from modic_annotate.eligibility.importers.mapping import FieldRule, FileRule
from modic_annotate.eligibility.importers.problems import CellError
from modic_annotate.eligibility.importers.source import Cell, Entry


def find(
    entries: Sequence[Entry], rule: FieldRule, file: FileRule, place: str
) -> tuple[Cell, date | None]:
    """Return the cell a rule takes, and the day its value was taken where that is known.

    Parameters
    ----------
    entries
        The entries it may stand in.
    rule, file
        What the map states.
    place
        How to name the subject where no entry has the column.

    Raises
    ------
    CellError
        Several entries answer, and the map does not say which counts.
    """
    event = rule.event or file.event
    name = rule.source or ""
    asked = [e for e in entries if name in e.cells and event in (None, e.event)]
    if not asked:
        return Cell(place, why="not in the file"), None
    answered = [e for e in asked if not e.cells[name].is_blank] or asked[:1]
    if len(answered) > 1 and rule.pick:
        answered = [_picked(answered, rule, file)]
    if len({_content(e.cells[name]) for e in answered}) > 1:
        places = ", ".join(e.event or e.place for e in answered)
        raise CellError(
            f"{name} is answered {len(answered)} times ({places}); name its event in the map, or "
            "pick = 'latest'"
        )
    entry = answered[0]
    return entry.cells[name], _day(entry, rule, file)


def _content(cell: Cell) -> tuple[object, ...]:
    return cell.text, cell.state, cell.ticked, cell.unit


def _picked(entries: Sequence[Entry], rule: FieldRule, file: FileRule) -> Entry:
    """Return the latest or earliest entry; CellError where one of them has no day."""
    days = {n: day for n, e in enumerate(entries) if (day := _day(e, rule, file))}
    if len(days) < len(entries) or len(set(days.values())) < len(days):
        raise CellError(
            f"{rule.source} is answered {len(entries)} times and not each on a day of its own; "
            "state observed_on in the map, or its event"
        )
    choose = max if rule.pick == "latest" else min
    return entries[choose(days, key=lambda n: days[n])]


def _day(entry: Entry, rule: FieldRule, file: FileRule) -> date | None:
    if rule.observed_on is None:
        return entry.cells[rule.source or ""].observed_on
    return day_of(entry.cells.get(rule.observed_on), rule, file)
