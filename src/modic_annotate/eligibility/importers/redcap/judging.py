"""What a REDCap cell really says.

An export writes ``0`` for an option that was not ticked and for a form that was never opened. So
``0`` is an absence only where the form is complete, or its option "none of these" is ticked, and
the field's branching logic does not leave open whether it was shown. Everything else is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modic_annotate.domain.screening import ValueState
from modic_annotate.eligibility.importers.mapping import FileRule
from modic_annotate.eligibility.importers.redcap import logic, rows
from modic_annotate.eligibility.importers.redcap.dictionary import (
    Dictionary,
    DictionaryField,
    option_column,
)
from modic_annotate.eligibility.importers.source import Cell
from modic_annotate.eligibility.importers.tables import Row

HIDDEN = "hidden by its branching logic"
ANSWERED_THOUGH_HIDDEN = "answered, though its branching logic hides it; ask the site"
NOT_COMPLETE = "not ticked, and its form is not marked complete"
BESIDE_NONE = "'none of these' is ticked beside other options; ask the site"


@dataclass(frozen=True)
class Shown:
    """Whether a field was shown: yes, no, or not known and why."""

    is_shown: bool | None
    why: str = ""


@dataclass(frozen=True)
class SubjectRows:
    """All rows of one subject, with what the dictionary and the map say of them."""

    rows: Sequence[Row]
    dictionary: Dictionary
    file: FileRule

    def shown(self, field: DictionaryField, row: Row) -> Shown:
        """Return whether a field's branching logic shows it in a row."""
        if not field.logic.strip():
            return Shown(is_shown=True)
        try:
            found = logic.evaluate(logic.parse(field.logic), lambda ref: self._value(ref, row))
        except logic.LogicError as error:
            return Shown(None, f"its branching logic is not understood: {error}")
        why = "a field its branching logic looks at is not known" if found is None else ""
        return Shown(found, why)

    def _value(self, ref: logic.FieldRef, row: Row) -> str | None:
        """Return what logic sees of a field; None where that is not known."""
        event = ref.event or row.cells.get(rows.EVENT, "")
        base = [
            other
            for other in self.rows
            if other.cells.get(rows.EVENT, "") == event and not other.cells.get(rows.INSTRUMENT)
        ]
        places = [row, *base] if ref.event is None else base
        found = [value for r in places if (value := self._value_in(ref, r)) is not None]
        return found[0] if found else None

    def _value_in(self, ref: logic.FieldRef, row: Row) -> str | None:
        field = self.dictionary.get(ref.name)
        if field is None:
            return None
        if field.is_checkbox != (ref.option is not None):
            return None
        if ref.option is not None:
            return self._option_value(field, ref.option, row)
        text = row.cells.get(field.name, "")
        if not text or text in self.file.missing:
            return None
        return rows.code_of(text, field, self.file.export)

    def _option_value(self, field: DictionaryField, code: str, row: Row) -> str | None:
        column = option_column(field.name, code)
        value = rows.ticked(row.cells, column, self.file.export)
        if value == "1":
            return value
        return value if value == "0" and self._zero_is_no(field, row) else None

    def _zero_is_no(self, field: DictionaryField, row: Row) -> bool:
        return rows.is_complete(row.cells, field.form) or self._none_ticked(field, row)

    def _none_ticked(self, field: DictionaryField, row: Row) -> bool:
        none = self.file.none_of_these.get(field.name)
        if none is None:
            return False
        return rows.ticked(row.cells, option_column(field.name, none), self.file.export) == "1"

    # cells

    def answered(self, field: DictionaryField, row: Row) -> Cell:
        """Return the cell of a field that has one column."""
        place = f"{row.place}, column {field.name}"
        text = row.cells.get(field.name, "")
        shown = self.shown(field, row)
        if not text:
            return _blank(place, shown)
        if text not in self.file.missing:
            text = rows.code_of(text, field, self.file.export) or text
        if shown.is_shown is False:
            return Cell(place, state=ValueState.NOT_AVAILABLE, why=ANSWERED_THOUGH_HIDDEN)
        return Cell(place, text)

    def options(self, field: DictionaryField, row: Row) -> Mapping[str, Cell]:
        """Return the cells of a checkbox: one per option, and one for all under its own name."""
        present = {
            code: column
            for code in field.options
            if (column := option_column(field.name, code)) in row.cells
        }
        cells = {code: self._option(field, code, column, row) for code, column in present.items()}
        whole = self._whole(field, cells, f"{row.place}, column {field.name}")
        return {field.name: whole, **{present[code]: cell for code, cell in cells.items()}}

    def _option(self, field: DictionaryField, code: str, column: str, row: Row) -> Cell:
        place = f"{row.place}, column {column}"
        value = rows.ticked(row.cells, column, self.file.export)
        missing = self._missing(field, row)
        if missing is not None:
            return Cell(place, state=missing, why="a missing-data code")
        if value and self._contradicts_none(field, row):
            return Cell(place, state=ValueState.ILLEGIBLE, why=BESIDE_NONE)
        shown = self.shown(field, row)
        if value == "1":
            return _ticked_option(place, shown)
        if value and shown.is_shown:
            return _unticked_option(place, self._zero_is_no(field, row))
        return _blank(place, shown)

    def _missing(self, field: DictionaryField, row: Row) -> ValueState | None:
        """Return the state of a missing-data code that is ticked for the whole checkbox."""
        for code, state in self.file.missing.items():
            column = option_column(field.name, code)
            if rows.ticked(row.cells, column, self.file.export) == "1":
                return ValueState(state)
        return None

    def _contradicts_none(self, field: DictionaryField, row: Row) -> bool:
        none = self.file.none_of_these.get(field.name)
        others = (option_column(field.name, code) for code in field.options if code != none)
        return self._none_ticked(field, row) and any(
            rows.ticked(row.cells, column, self.file.export) == "1" for column in others
        )

    def _whole(self, field: DictionaryField, cells: Mapping[str, Cell], place: str) -> Cell:
        none = self.file.none_of_these.get(field.name)
        asked = {code: cells.get(code) for code in field.options if code != none}
        ticks = tuple(c for c, cell in asked.items() if _is(cell, ValueState.ASSERTED))
        if ticks:
            return Cell(place, state=ValueState.ASSERTED, ticked=ticks)
        if all(_is(cell, ValueState.ASSERTED_ABSENT) for cell in asked.values()) and asked:
            return Cell(place, state=ValueState.ASSERTED_ABSENT)
        open_ = next(
            (c for c in asked.values() if c and not _is(c, ValueState.ASSERTED_ABSENT)), None
        )
        if open_ is None:
            return Cell(
                place, state=ValueState.NOT_ASKED, why="an option has no column in the file"
            )
        return Cell(place, state=open_.state, why=open_.why)


def _is(cell: Cell | None, state: ValueState) -> bool:
    return cell is not None and cell.state == state


def _ticked_option(place: str, shown: Shown) -> Cell:
    if shown.is_shown is False:
        return Cell(place, state=ValueState.NOT_AVAILABLE, why=ANSWERED_THOUGH_HIDDEN)
    return Cell(place, "1", state=ValueState.ASSERTED)


def _unticked_option(place: str, is_no: bool) -> Cell:
    if is_no:
        return Cell(place, "0", state=ValueState.ASSERTED_ABSENT)
    return Cell(place, state=ValueState.NOT_ASKED, why=NOT_COMPLETE)


def _blank(place: str, shown: Shown) -> Cell:
    """Return the cell of a field without an answer: hidden by a rule, or simply not known."""
    if shown.is_shown is False:
        return Cell(place, state=ValueState.NOT_APPLICABLE, why=HIDDEN)
    why = f"blank, and {shown.why}" if shown.why else "blank"
    return Cell(place, state=ValueState.NOT_ASKED, why=why)
