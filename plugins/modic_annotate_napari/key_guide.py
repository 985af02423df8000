"""The key table as the reader's guide prints it.

``python -m modic_annotate_napari.key_guide docs/reader-guide.md`` writes it anew between the two
marks; a test compares.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from modic_annotate_napari.keymap import Binding, KeyMap, Scope

BEGIN, END = "<!-- keys: written from keymap.py -->", "<!-- end of keys -->"
ORDER = (
    Scope.ENDPLATES,
    Scope.ALWAYS,
    Scope.SERIES,
    Scope.NUMBERING,
    Scope.REVIEW,
    Scope.SIGN,
)
TITLES = {Scope.ALWAYS: "In every step"}


def markdown(keymap: KeyMap) -> str:
    """Return a table for each step, as the map has it."""
    parts = []
    for scope in ORDER:
        rows = [_row(binding) for binding in keymap.in_scope(scope)]
        title = TITLES.get(scope, scope.value.capitalize())
        parts.append("\n".join([f"**{title}**", "", "| key | does |", "|---|---|", *rows]))
    return "\n\n".join(parts)


def _row(binding: Binding) -> str:
    return f"| {' or '.join(_shown(key) for key in binding.keys)} | {binding.does} |"


def _shown(key: str) -> str:
    return "`` ` ``" if key == "`" else f"`{key}`".replace("|", r"\|")


def rewritten(text: str, keymap: KeyMap) -> str:
    """Return a guide with the tables between its marks written anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{markdown(keymap)}\n\n{END}{after}"


def main(arguments: Sequence[str]) -> None:
    """Rewrite each guide that is named."""
    for name in arguments:
        guide = Path(name)
        guide.write_text(rewritten(guide.read_text("utf-8"), KeyMap()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
