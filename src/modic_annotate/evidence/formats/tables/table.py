"""A table: its columns as their codebook describes them, and its rows as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from modic_annotate.evidence.columns import Column
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.csv_cells import cell, csv_bytes, value_at
from modic_annotate.evidence.document import Profile

Row = dict[str, Any]
"""Parts of a row by name; a column's path leads to its value (Any: whatever JSON holds)."""

FREE_TEXT = frozenset(
    {
        "note",
        "amendment_reason",
        "role_evidence",  # quotes the description a site gave a series
        "role_reason",
        "accepted_reason",
        "source_document",
    }
)
"""Columns in people's own words; they hold nothing outside the internal profile."""

RECORD_COLUMNS = (
    Column(("record", "trial_id"), "Trial"),
    Column(("record", "record_id"), "Screening record"),
    Column(("record", "subject_id"), "Subject"),
    Column(("record", "revision"), "Revision of the screening record", kind="integer"),
)
"""What every row about the record begins with."""


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of table; its rows are taken from a package."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[Contents], Iterable[Row]]

    def values(self, contents: Contents) -> list[list[object]]:
        """Return every row's values, in the order of the columns."""
        kept = contents.document.profile == Profile.INTERNAL
        return [
            [
                value_at(row, column.path) if kept or column.name not in FREE_TEXT else None
                for column in self.columns
            ]
            for row in self.rows(contents)
        ]

    def csv(self, contents: Contents) -> bytes:
        """Return the table as UTF-8 CSV."""
        rows = ([cell(value) for value in row] for row in self.values(contents))
        return csv_bytes([column.name for column in self.columns], rows)


def record_part(contents: Contents) -> Row:
    """Return what every row about the record begins with."""
    screening = contents.screening
    return {
        **screening.model_dump(mode="json", include={"trial_id", "record_id", "revision"}),
        "subject_id": screening.subject.subject_id,
    }
