"""A plain table: one row per subject, the first row naming the columns."""

from __future__ import annotations

from modic_annotate.domain.provenance import SourceShape
from modic_annotate.eligibility.importers.identity import identifying
from modic_annotate.eligibility.importers.problems import Problems
from modic_annotate.eligibility.importers.source import Cell, Column, Entry, Source, SourceSubject
from modic_annotate.eligibility.importers.tables import SEPARATORS, Row, Table


def table_source(
    table: Table, subject_column: str, problems: Problems, not_identifying: tuple[str, ...] = ()
) -> Source:
    """Return a table as a source; a subject on two rows is a problem."""
    columns = {name: plain_column(name, not_identifying) for name in table.columns if name}
    seen: dict[str, Row] = {}
    subjects = []
    for row in table.rows:
        key = row.cells.get(subject_column, "")
        if key in seen and key:
            problems.add(
                row.place, f"the same subject as in {seen[key].place}; keep one row per subject"
            )
        seen.setdefault(key, row)
        entry = Entry(row.place, cells_of(row))
        subjects.append(SourceSubject(key, row.place, (entry,)))
    return Source(SourceShape.TABLE, columns, tuple(subjects), table_notes(table))


def plain_column(name: str, not_identifying: tuple[str, ...]) -> Column:
    """Return a column of which only the name is known."""
    return Column(name, identifies="" if name in not_identifying else identifying(name))


def cells_of(row: Row) -> dict[str, Cell]:
    """Return a row's cells with their places."""
    return {name: Cell(f"{row.place}, column {name}", text) for name, text in row.cells.items()}


def table_notes(table: Table) -> tuple[str, ...]:
    """Return what a person should know of how the table was read."""
    return (f"rows: {len(table.rows)}, separated by {SEPARATORS.get(table.separator, 'a mark')}",)
