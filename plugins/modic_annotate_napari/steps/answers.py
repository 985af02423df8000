"""One letter for the field, one for the answer: what is said of a change beyond its type."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from modic_annotate.domain.finding import Finding, Origin, Zone
from modic_annotate.domain.modic import Mimic
from modic_annotate.session.acts import ApplyUsual, SetField
from modic_annotate_napari.desk.desk import Command, Desk
from modic_annotate_napari.desk.letters import FIELDS, MIMICS, ZONES
from modic_annotate_napari.desk.prompts import ChoicesPrompt, LetterPrompt, TextPrompt
from modic_annotate_napari.steps.asked import open_fields, signal_fields, title_of

OF_ANY = frozenset(
    {"t1_signal", "t2_signal", "fs_signal", "contour", "defect", "mimics", "confidence", "note"}
)
"""Fields that any endplate that is read may hold; the rest describe a change."""

CHOICES = {"zones": ZONES, "mimics": MIMICS}
"""Fields that hold several values of a table."""

WHOLE_ENDPLATE = "f"
"""Answers the zones by all nine at once."""

ORDERS: dict[str, tuple[str, ...]] = {"zones": tuple(Zone), "mimics": tuple(Mimic)}
"""The order in which they are recorded, whatever the order of the keys."""


def is_changed(desk: Desk) -> bool:
    """Return whether the active endplate holds a change; else say that a type comes first."""
    finding = desk.finding
    if finding is None or not (finding.components or finding.type_undetermined):
        desk.say("This belongs to a change: give its type first (1, 2, 3 or 8)", refused=True)
        return False
    return True


def is_ready(desk: Desk, field: str) -> bool:
    """Return whether a field can be answered: most want a change, some any read endplate."""
    if field not in OF_ANY:
        return is_changed(desk)
    if desk.finding is None or not desk.finding.is_read:
        desk.say("Grade the endplate first", refused=True)
        return False
    return True


def ask_field(
    desk: Desk, field: str, then: Callable[[], None] | None = None, *, demanded: bool = False
) -> None:
    """Ask one field of the active finding by letter; go on with `then` after answer or Enter.

    Enter skips nothing that is demanded.
    """
    if not is_ready(desk, field):
        return

    def answer(value: str) -> None:
        if set_field(desk, field, value) and then is not None:
            then()

    desk.ask(
        LetterPrompt(
            title_of(field),
            field,
            options=FIELDS[field],
            answer=answer,
            skip=None if then is None or demanded else lambda: _skip(desk, field, then),
            required=demanded,
        )
    )


def _skip(desk: Desk, field: str, then: Callable[[], None]) -> None:
    """Pass over a field; the walk does not ask an optional one again at this endplate."""
    if field not in desk.session.protocol.required:
        desk.skipped |= {field}
    then()


def set_field(desk: Desk, field: str, value: object) -> bool:
    """Record one field of the active finding."""
    if desk.active is None:
        return False
    act = SetField.model_validate({"endplate": desk.active, "field": field, "value": value})
    return desk.act(act)


def ask_signals(desk: Desk) -> None:
    """Ask the signal of each series shown, one letter each; Enter leaves one as it is."""
    _ask_in_turn(desk, list(signal_fields(desk)), demand=False)


def walk(desk: Desk) -> bool:
    """Ask the fields the protocol wants and that are open, in turn; say whether there are any."""
    wanted = [field for field in open_fields(desk) if field in FIELDS or field in CHOICES]
    fields = [field for field in wanted if field not in desk.skipped]
    _ask_in_turn(desk, fields, demand=True)
    return bool(fields)


def _ask_in_turn(desk: Desk, fields: list[str], *, demand: bool) -> None:
    """Ask fields one after the other; with `demand` Enter skips no required one."""
    if not fields:
        return
    first, *others = fields
    then = partial(_ask_in_turn, desk, others, demand=demand)
    if first in CHOICES:
        ask_choices(desk, first, then)
    else:
        demanded = demand and first in desk.session.protocol.required
        ask_field(desk, first, then, demanded=demanded)


def step_category(desk: Desk, field: str) -> None:
    """Take the next category of an extent, estimated by eye."""
    if not is_changed(desk):
        return
    categories = desk.session.protocol.extent_categories
    now = getattr(desk.finding, field)
    place = categories.index(now) + 1 if now in categories else 0
    set_field(desk, field, categories[place % len(categories)].value)


def ask_choices(desk: Desk, field: str, then: Callable[[], None] | None = None) -> None:
    """Ask for several of a table's values; Enter records them, or nothing where none changed."""
    finding = desk.finding
    if finding is None or not is_ready(desk, field):
        return
    before = tuple(str(value) for value in getattr(finding, field))

    def answer(values: tuple[str, ...]) -> None:
        unchanged = set(values) == set(before)
        ordered = sorted(values, key=ORDERS[field].index)
        if (unchanged or set_field(desk, field, ordered)) and then is not None:
            _skip(desk, field, then)

    whole = WHOLE_ENDPLATE if field == "zones" else ""
    desk.ask(
        ChoicesPrompt(
            title_of(field),
            field,
            options=CHOICES[field],
            chosen=before,
            answer=answer,
            whole=whole,
        )
    )


def ask_note(desk: Desk) -> None:
    """Type a note on the active endplate."""
    finding: Finding | None = desk.finding
    if finding is not None and is_ready(desk, "note"):
        desk.ask(
            TextPrompt(
                f"note on {finding.endplate.short}",
                "note",
                text=finding.note,
                answer=lambda text: set_field(desk, "note", text),
            )
        )


def usual(desk: Desk) -> None:
    """Fill the open fields with the protocol's usual values."""
    if desk.active is not None and is_changed(desk):
        desk.act(ApplyUsual(endplate=desk.active), Origin.MACRO)


COMMANDS: dict[str, Command] = {
    "usual": usual,
    "field.signals": ask_signals,
    "field.contour": partial(ask_field, field="contour"),
    "field.defect": partial(ask_field, field="defect"),
    "field.attribution": partial(ask_field, field="attribution"),
    "field.confidence": partial(ask_field, field="confidence"),
    "field.mimics": partial(ask_choices, field="mimics"),
    "zones": partial(ask_choices, field="zones"),
    "height.step": partial(step_category, field="height_category"),
    "ap.step": partial(step_category, field="ap_category"),
    "area.step": partial(step_category, field="area_category"),
}
