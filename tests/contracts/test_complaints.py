"""The table of complaints names tests that exist, and leaves no row without an answer."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "complaints.md").read_text("utf-8")
HEADINGS = {
    "Side by side, linked cursor, hanging": 18,
    "Spine levels": 7,
    "Losing work": 18,
    "Keys, mouse, contrast": 8,
    "Traps of napari's layers": 10,
}
"""How many complaints each part answers."""

SHOWN = re.compile(r"`([\w/]+\.py)::(\w+)`")


def rows(heading: str) -> list[list[str]]:
    """The cells of a part's table, row by row."""
    part = TEXT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


@pytest.mark.parametrize("heading", HEADINGS)
def test_every_complaint_has_an_answer_and_where_it_is_shown(heading: str) -> None:
    """Each row has three cells: the issue, what is done, and a test or the place expected."""
    found = rows(heading)
    assert len(found) == HEADINGS[heading]
    for row in found:
        assert len(row) == 3, row
        assert all(row), row
        assert SHOWN.search(row[2]) or "expected in `" in row[2], row


def test_every_test_named_exists() -> None:
    """A file that is named is there and defines the test."""
    named = SHOWN.findall(TEXT)
    assert len(named) > 60
    for file, name in named:
        path = ROOT / "tests" / file
        assert path.is_file(), file
        tree = ast.parse(path.read_text("utf-8"))
        assert name in {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}, (file, name)
