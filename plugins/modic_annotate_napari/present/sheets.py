"""What the sheet over the room says of the keys."""

from __future__ import annotations

from modic_annotate_napari.keymap import KeyMap, Scope
from modic_annotate_napari.widgets.overlay import Section

SCOPE_TITLES = {
    Scope.ENDPLATES: "Endplates",
    Scope.ALWAYS: "Everywhere",
    Scope.NUMBERING: "Numbering",
    Scope.SERIES: "Series",
    Scope.REVIEW: "Review",
    Scope.SIGN: "Sign",
}
MOUSE = Section(
    "Mouse",
    (
        ("wheel", "slice, through the union of all positions"),
        ("Ctrl wheel", "zoom at the pointer"),
        ("left drag", "pan; a body centre while numbering; paints while the brush is out"),
        ("right drag", "window: right wider, down brighter"),
        ("Shift drag", "cross in every canvas"),
        ("click", "a place where one is asked for; a label activates it"),
    ),
)


def key_table(keymap: KeyMap) -> tuple[Section, ...]:
    """Return the key table, section by section, as it is in force."""
    keys = tuple(
        Section(title, tuple(("  or  ".join(b.keys), b.does) for b in keymap.in_scope(scope)))
        for scope, title in SCOPE_TITLES.items()
    )
    endplates, everywhere, *others = keys
    return endplates, everywhere, MOUSE, *others
