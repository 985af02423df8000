"""Separated text to rows of named cells; what is not a plain table is refused by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from modic_annotate.eligibility.importers.problems import Problems, refuse

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
MAX_CELL = 131_072


@dataclass(frozen=True)
class Row:
    """One row: its number as a spreadsheet shows it (the header is 1), and its cells by column."""

    number: int
    cells: dict[str, str]
    word: str = "row"

    @property
    def place(self) -> str:
        """How messages name the row."""
        return f"{self.word} {self.number}"


@dataclass(frozen=True)
class Table:
    """A header and its rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    separator: str


def read_table(text: str, what: str, separator: str | None = None) -> Table:
    """Split separated text; the separator is the one that splits the header, unless stated.

    Raises
    ------
    InvalidRecordError
        It is no table; every row that does not fit the header is named.
    """
    separator = separator or _separator_of(text)
    lines = _lines(text, what, separator)
    if not lines:
        raise refuse(what, "the file has no header row")
    columns = tuple(name.strip() for name in lines[0])
    problems = Problems(what)
    _check_header(columns, lines[0], problems)
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) != len(columns):
            problems.add(
                f"row {number}",
                f"{len(line)} cells under {len(columns)} columns; correct the row, or state the "
                "separator in the map (file.separator)",
            )
        cells = {name: cell.strip() for name, cell in zip(columns, line, strict=False)}
        if cells.pop("", ""):
            problems.add(f"row {number}", "a cell stands under no column name; name its column")
        rows.append(Row(number, cells))
    problems.refuse_if_any()
    return Table(columns, tuple(rows), separator)


def _separator_of(text: str) -> str:
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=lambda mark: len(next(csv.reader([header], delimiter=mark))))


def _lines(text: str, what: str, separator: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        lines = list(reader)
    except csv.Error as error:
        raise refuse(
            what, f"it is no table from line {reader.line_num} on ({error}); save it again as CSV"
        ) from None
    while lines and not any(cell.strip() for cell in lines[0]):
        raise refuse(what, "row 1 is empty; the first row must name the columns")
    return lines


def _check_header(columns: Sequence[str], raw: Sequence[str], problems: Problems) -> None:
    seen: set[str] = set()
    for number, name in enumerate(columns, start=1):
        if name and name.casefold() in seen:
            problems.add("row 1", f"column {number} has the name of an earlier one; rename one")
        seen.add(name.casefold())
    if len(raw) < 2:  # noqa: PLR2004 - one column is no table
        problems.add("row 1", "there is one column only; state the separator in the map")
