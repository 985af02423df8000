"""What the sheet over the room says: the key table, and definitions where they are needed."""

from __future__ import annotations

from collections.abc import Sequence

from modic_annotate.domain.modic import ModicType
from modic_annotate_napari.desk.desk import Desk
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
        ("left drag", "pan; a body centre while numbering"),
        ("right drag", "window: right wider, down darker"),
        ("Shift drag", "cross in every canvas"),
        ("edge drag", "width of the canvases; double click: equal"),
        ("click", "a place where one is asked for; a label activates it"),
    ),
)

DEFINITIONS = {
    ModicType.TYPE_1: ("T1 low, T2 high", "oedema, vascular tissue; high on fat-suppressed series"),
    ModicType.TYPE_2: ("T1 high, T2 same or high", "fat; suppressed on fat-suppressed series"),
    ModicType.TYPE_3: ("T1 low, T2 low", "sclerosis"),
}
"""Modic 1988 (types 1 and 2) and later authors (type 3), against normal marrow."""


def key_table(keymap: KeyMap) -> tuple[Section, ...]:
    """Return the key table, section by section, as it is in force."""
    keys = {scope: keymap.in_scope(scope) for scope in SCOPE_TITLES}
    everywhere = keys.pop(Scope.ALWAYS)
    seen = tuple(b for b in everywhere if b.action.startswith(VIEW))
    endplates, *others = (_section(SCOPE_TITLES[scope], keys[scope]) for scope in keys)
    rest = _section(SCOPE_TITLES[Scope.ALWAYS], [b for b in everywhere if b not in seen])
    return endplates, _section("View", seen), rest, MOUSE, *others


def _section(title: str, bindings: Sequence[Binding]) -> Section:
    return Section(title, tuple(("  or  ".join(b.keys), b.does) for b in bindings))


def definitions(desk: Desk) -> tuple[Section, ...]:
    """Return the definitions of the types, those of the active endplate first."""
    finding = desk.finding
    mine = finding.types if finding is not None else frozenset[ModicType]()
    ordered = sorted(ModicType, key=lambda t: t not in mine)
    types = tuple(
        Section(f"Type {t.value}", (("signal", DEFINITIONS[t][0]), ("means", DEFINITIONS[t][1])))
        for t in ordered
    )
    rules = Section(
        "Rules",
        (
            ("mixed", "the component with the larger share comes first"),
            ("reference", "signal against normal marrow of the same body, away from endplates"),
            ("size", "[0,25) [25,50) [50,100] % of body height; a boundary belongs to the upper"),
        ),
    )
    return (*types, rules)
