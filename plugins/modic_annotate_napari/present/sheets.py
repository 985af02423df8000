"""What the sheet over the room says of the keys."""

from __future__ import annotations

from collections.abc import Sequence

from modic_annotate_napari.keymap import Binding, KeyMap, Scope
from modic_annotate_napari.widgets.overlay import Section

SCOPE_TITLES = {
    Scope.ENDPLATES: "Endplates",
    Scope.ALWAYS: "Everywhere",
    Scope.NUMBERING: "Numbering",
    Scope.SERIES: "Series",
    Scope.REVIEW: "Review",
    Scope.SIGN: "Sign",
}
VIEW = (
    "slice.",
    "beside.",
    "marks.",
    "pixels",
    "window.",
    "view.",
    "others",
    "axial",
    "link.",
)
"""How the actions begin that change nothing but what is seen."""

MOUSE = Section(
    "Mouse",
    (
        ("wheel", "slice, through the union of all positions"),
        ("Ctrl wheel", "zoom at the pointer"),
        ("left drag", "pan; a body centre while numbering; paints while the brush is out"),
        ("right drag", "window: right wider, down darker"),
        ("Shift drag", "cross in every canvas"),
        ("edge drag", "width of the canvases; double click: equal"),
        ("click", "a place where one is asked for; a label activates it"),
    ),
)


def key_table(keymap: KeyMap, step: Scope) -> tuple[Section, ...]:
    """Return the keys that hold in a step, section by section, as they are in force."""
    everywhere = keymap.in_scope(Scope.ALWAYS)
    seen = tuple(b for b in everywhere if b.action.startswith(VIEW))
    rest = [b for b in everywhere if b not in seen]
    return (
        _section(SCOPE_TITLES[step], keymap.in_scope(step)),
        _section("View", seen),
        _section(SCOPE_TITLES[Scope.ALWAYS], rest),
        MOUSE,
    )


def _section(title: str, bindings: Sequence[Binding]) -> Section:
    return Section(title, tuple(("  or  ".join(b.keys), b.does) for b in bindings))
