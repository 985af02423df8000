"""What docs/screening.md says of imports is so."""

from __future__ import annotations

import re
from pathlib import Path

from modic_annotate.domain.provenance import SourceShape
from modic_annotate.domain.screening import ValueState
from modic_annotate.eligibility.importers.mapping import load_map

DOCS = (Path(__file__).parents[3] / "docs" / "screening.md").read_text("utf-8")


def test_the_example_map_can_be_read() -> None:
    """The map of the page is a map, also with its commented lines taken in."""
    (example,) = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)
    stated = load_map(example, "docs/screening.md")

    assert stated.lists[0].fields["kind"].values == {"1": "nsaid", "2": "cbt"}
    optional = [
        part
        for line in example.splitlines()
        if line.startswith("# ")
        for part in re.split(r"    +", line.removeprefix("# "))
        if " = " in part
    ]
    keys = {part.partition(" =")[0] for part in optional}
    assert keys == {
        *("prefix", "as_written", "separator", "encoding", "export", "not_identifying"),
    }


def test_every_shape_and_every_state_is_explained() -> None:
    """The tables name what the code knows."""
    assert all(f"| `{shape}` |" in DOCS for shape in SourceShape)
    assert all(f"| `{state}` |" in DOCS for state in ValueState)
