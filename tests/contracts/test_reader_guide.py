"""The reader's guide prints the key table that is in force, and names what there is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from modic_annotate_napari.key_file import PRESETS
from modic_annotate_napari.key_guide import BEGIN, END, rewritten
from modic_annotate_napari.keymap import DEFAULTS, KeyMap

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "reader-guide.md").read_text("utf-8")


def test_the_guides_keys_are_those_of_the_table() -> None:
    """``python -m modic_annotate_napari.key_guide docs/reader-guide.md`` would change nothing."""
    assert rewritten(GUIDE, KeyMap()) == GUIDE
    table = GUIDE.partition(BEGIN)[2].partition(END)[0]
    assert all(f"| {binding.does} |" in table for binding in DEFAULTS if binding.keys)


def test_the_guides_key_files_are_key_files() -> None:
    """Every example in the guide is a file that would be taken."""
    examples = re.findall(r"```toml\n(.*?)```", GUIDE, flags=re.DOTALL)
    assert len(examples) == 2
    for text in examples:
        content = tomllib.loads(text)
        assert content.get("preset", "azerty") in PRESETS
        KeyMap().changed(
            {k: [v] if isinstance(v, str) else v for k, v in content.get("keys", {}).items()}
        )
    assert all(f'preset = "{name}"' in GUIDE for name in PRESETS)
