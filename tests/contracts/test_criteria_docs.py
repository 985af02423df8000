"""docs/criteria.md names what there is, and its example is a set."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from modic_annotate.domain.determination import Provenance
from modic_annotate.eligibility import list_criteria, load_criteria, parse_criteria
from modic_annotate.eligibility.examples import broken_examples

DOCS = (Path(__file__).parents[2] / "docs" / "criteria.md").read_text("utf-8")
ROWS = {m[1]: m[0] for m in re.finditer(r"^\| `(\w+)` \|.*$", DOCS, re.MULTILINE)}


@pytest.mark.parametrize("name", list_criteria())
def test_each_set_says_what_it_can_conclude(name: str) -> None:
    """Every shipped set has its row, and one that cannot conclude is not said to."""
    assert name in ROWS
    criteria = load_criteria(name)
    never = criteria.status == "incomplete"
    assert not (never and "| met or not met |" in ROWS[name])


@pytest.mark.parametrize("provenance", list(Provenance))
def test_each_mark_of_a_row_is_explained(provenance: Provenance) -> None:
    """How far a source is known, and what the row then does, stands in a table."""
    assert provenance.value in ROWS


def test_the_example_of_a_set_of_ones_own_is_a_set() -> None:
    """The file shown in the docs parses and its example comes out as stated."""
    (shown,) = re.findall(r"^```toml\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL)
    criteria = parse_criteria(shown.encode(), "the example in the docs")
    assert broken_examples(criteria) == ()
    assert criteria.id not in list_criteria()
