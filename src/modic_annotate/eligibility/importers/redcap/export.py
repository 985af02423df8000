"""A REDCap export and its dictionary to a source; a box of unknown meaning is refused."""

from __future__ import annotations

from collections.abc import Mapping

from modic_annotate.domain.provenance import SourceShape
from modic_annotate.eligibility.importers.mapping import FileRule
from modic_annotate.eligibility.importers.plain_table import plain_column, table_notes
from modic_annotate.eligibility.importers.problems import Problems
from modic_annotate.eligibility.importers.redcap import rows
from modic_annotate.eligibility.importers.redcap.dictionary import (
    Dictionary,
    DictionaryField,
    option_column,
)
from modic_annotate.eligibility.importers.redcap.judging import SubjectRows
from modic_annotate.eligibility.importers.source import (
    Cell,
    Column,
    ColumnKind,
    Entry,
    Source,
    SourceSubject,
)
from modic_annotate.eligibility.importers.tables import Row, Table

NO_DICTIONARY = "without its data dictionary nothing says whether an unticked box was asked"
WITHOUT_DICTIONARY = "no data dictionary was given: unticked boxes and hidden fields stay unknown"


def redcap_source(
    table: Table, dictionary: Dictionary, subject_column: str, file: FileRule, problems: Problems
) -> Source:
    """Return an export as a source.

    Parameters
    ----------
    table
        The export, under the fields' own names.
    dictionary
        The project's fields; empty where it is not at hand. Its checkboxes are then told by their
        columns, and what is not ticked stays unknown.
    """
    fields = dictionary or _guessed(table)
    known = {name: one for name, one in fields.items() if _is_there(one, table)}
    _check_none(known, file, problems)
    _check_answers(table, known, file, problems)
    groups = _by_subject(table, subject_column, problems)
    subjects = [
        SourceSubject(key, group[0].place, _entries(SubjectRows(group, known, file), fields))
        for key, group in groups.items()
    ]
    notes = table_notes(table) + (() if dictionary else (WITHOUT_DICTIONARY,))
    return Source(SourceShape.REDCAP, _columns(table, known, file), tuple(subjects), notes)


def _guessed(table: Table) -> Dictionary:
    """Return the checkboxes that the columns of an export show, without a form."""
    found: dict[str, dict[str, str]] = {}
    for name in table.columns:
        field, _, code = name.partition("___")
        if code:
            found.setdefault(field, {})[code] = ""
    return {n: DictionaryField(n, "", "checkbox", options=codes) for n, codes in found.items()}


def _is_there(field: DictionaryField, table: Table) -> bool:
    if field.is_checkbox:
        return any(option_column(field.name, code) in table.columns for code in field.options)
    return field.name in table.columns


def _columns(table: Table, known: Dictionary, file: FileRule) -> Mapping[str, Column]:
    columns = {name: plain_column(name, file.not_identifying) for name in table.columns}
    for one in known.values():
        columns[one.name] = whole = one.column(file.not_identifying)
        for code, label in one.options.items() if one.is_checkbox else ():
            name = option_column(one.name, code)
            if name in columns:
                columns[name] = Column(name, label, ColumnKind.TICK, identifies=whole.identifies)
    return columns


def _check_none(known: Dictionary, file: FileRule, problems: Problems) -> None:
    """Note an option "none of these" that is none: it would never be seen as ticked."""
    for name, code in file.none_of_these.items():
        if name not in known or code not in known[name].options:
            problems.add("", f"file.none_of_these names no option of a checkbox {name!r}")


def _check_answers(table: Table, known: Dictionary, file: FileRule, problems: Problems) -> None:
    """Note answers that are none of a field's options, and boxes that are no option."""
    stray = _stray_boxes(table, known, file)
    for row in table.rows:
        for one in known.values():
            for name, text in _answers(row, one):
                if not _is_answer(row, one, name, text, file):
                    problems.add(
                        f"{row.place}, column {name}",
                        f"no {'code' if file.export == 'raw' else 'label'} of its options; state "
                        "what it means in the map (file.missing), or file.export",
                    )
        for name in stray:
            if row.cells.get(name) in ("1", "Checked"):
                problems.add(
                    f"{row.place}, column {name}",
                    "ticked, yet no option of the dictionary; state the code in the map "
                    "(file.missing)",
                )


def _answers(row: Row, one: DictionaryField) -> list[tuple[str, str]]:
    names = [option_column(one.name, c) for c in one.options] if one.is_checkbox else [one.name]
    return [(name, text) for name in names if (text := row.cells.get(name, ""))]


def _is_answer(row: Row, one: DictionaryField, name: str, text: str, file: FileRule) -> bool:
    if text in file.missing:
        return True
    if one.is_checkbox:
        return rows.ticked(row.cells, name, file.export) is not None
    return rows.code_of(text, one, file.export) is not None


def _stray_boxes(table: Table, known: Dictionary, file: FileRule) -> list[str]:
    options = {
        option_column(one.name, code)
        for one in known.values()
        if one.is_checkbox
        for code in (*one.options, *file.missing)
    }
    boxes = [name for name in table.columns if "___" in name]
    return [n for n in boxes if n not in options and n.partition("___")[0] in known]


def _by_subject(table: Table, column: str, problems: Problems) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    seen: dict[tuple[str, ...], Row] = {}
    for row in table.rows:
        key = row.cells.get(column, "")
        names = (rows.EVENT, rows.INSTRUMENT, rows.INSTANCE)
        identity = (key, *(row.cells.get(name, "") for name in names))
        if identity in seen:
            problems.add(
                row.place, f"the same subject, event and instance as in {seen[identity].place}"
            )
        seen.setdefault(identity, row)
        groups.setdefault(key, []).append(row)
    return groups


def _entries(of_subject: SubjectRows, fields: Dictionary) -> tuple[Entry, ...]:
    entries = []
    for row in of_subject.rows:
        cells = {name: Cell(f"{row.place}, column {name}", t) for name, t in row.cells.items()}
        for one in of_subject.dictionary.values():
            if one.is_checkbox:
                cells |= of_subject.options(one, row)
            else:
                cells[one.name] = of_subject.answered(one, row)
        event, instrument = (row.cells.get(name, "") for name in (rows.EVENT, rows.INSTRUMENT))
        entries.append(Entry(row.place, cells, event, instrument or _repeated_event(row)))
    return tuple(entries)


def _repeated_event(row: Row) -> str:
    """Return a name for the rows of an event that repeats as a whole."""
    return row.cells.get(rows.EVENT, "") if row.cells.get(rows.INSTANCE) else ""
