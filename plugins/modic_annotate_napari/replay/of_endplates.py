"""Gestures on the active endplate: grades, fields, clicks."""

from __future__ import annotations

from typing import Any

from modic_annotate.domain.modic import ExtentCategory
from modic_annotate.session import acts
from modic_annotate_napari.desk.letters import CANNOT_READ, FIELDS
from modic_annotate_napari.replay.hands import Hands, ReplayError
from modic_annotate_napari.replay.moves import Gesture, activate, answer
from modic_annotate_napari.steps.answers import CHOICES

_ASK_FIELD = {
    "contour": "field.contour",
    "defect": "field.defect",
    "attribution": "field.attribution",
    "confidence": "field.confidence",
}
_SIGNALS = ("t1_signal", "t2_signal", "fs_signal")
_ENDS = {"first_sop_instance_uid": "lesion.first", "last_sop_instance_uid": "lesion.last"}
_STEP_KEY = {"height_category": "height.step", "ap_category": "ap.step"}


def on_endplate(action: str) -> Gesture:
    """Return a gesture that activates the act's endplate and presses one key."""

    def gesture(hands: Hands, act: Any) -> None:  # noqa: ANN401 - see Gesture
        activate(hands, act.endplate)
        hands.action(action)

    return gesture


def grade(hands: Hands, act: acts.Grade) -> None:
    """Press the digit."""
    activate(hands, act.endplate)
    hands.action(f"grade.{act.component or 0}")


def add_component(hands: Hands, act: acts.AddComponent) -> None:
    """Press plus, then the digit."""
    activate(hands, act.endplate)
    hands.action("mixed.add")
    hands.press(act.component.value)


def cannot_read(hands: Hands, act: acts.CannotRead) -> None:
    """Press the key for it, then the letter of the reason."""
    activate(hands, act.endplate)
    hands.action("grade.cannot_read")
    answer(hands, CANNOT_READ, act.reason)


def set_field(hands: Hands, act: acts.SetField) -> None:
    """Answer one field as its kind is answered."""
    activate(hands, act.endplate)
    if act.field in _ASK_FIELD:
        hands.action(_ASK_FIELD[act.field])
        answer(hands, FIELDS[act.field], act.value)
    elif act.field in _SIGNALS:
        _signal(hands, act)
    elif act.field in CHOICES:
        _choices(hands, act)
    elif act.field in _STEP_KEY:
        _category(hands, act)
    elif act.field in _ENDS:
        _lesion_end(hands, act)
    elif act.field == "note":
        hands.action("note")
        hands.type(str(act.value or ""))
    else:
        raise ReplayError(f"The field {act.field} has no key")


def _lesion_end(hands: Hands, act: acts.SetField) -> None:
    """Scroll to the slice, point at its canvas and press the key."""
    for used, _ in hands.room.canvases.panels:
        uids = [instance.sop_instance_uid for instance in used.instances]
        if act.value in uids:
            _, rows, columns = used.grid.shape
            index = (used.acquired[uids.index(str(act.value))], rows / 2, columns / 2)
            x, y, z = used.grid.to_lps(index).tolist()
            hands.point(used.role, (x, y, z))
            hands.action(_ENDS[act.field])
            return
    raise ReplayError(f"The image of {act.field} is on no canvas")


def _signal(hands: Hands, act: acts.SetField) -> None:
    """Skip to the series by Enter, answer, leave the rest."""
    hands.action("field.signals")
    for _ in _SIGNALS:
        prompt = hands.room.desk.prompt
        if prompt is None or prompt.row == act.field:
            break
        hands.press("Enter")
    answer(hands, FIELDS[act.field], act.value)
    if hands.room.desk.prompt is not None:
        hands.action("cancel")


def _choices(hands: Hands, act: acts.SetField) -> None:
    finding = hands.room.session.state.findings[act.endplate]
    before = {str(value) for value in getattr(finding, act.field)}
    wanted = {str(value) for value in act.value} if isinstance(act.value, list) else set()
    hands.action("zones" if act.field == "zones" else "field.mimics")
    for option in CHOICES[act.field]:
        if (option.value in before) != (option.value in wanted):
            hands.press(option.key)
    hands.press("Enter")


def _category(hands: Hands, act: acts.SetField) -> None:
    for _ in ExtentCategory:
        hands.action(_STEP_KEY[act.field])
        finding = hands.room.session.state.findings[act.endplate]
        if str(getattr(finding, act.field)) == act.value:
            return
    raise ReplayError(f"The category {act.value} is none of this protocol's")


def measure(hands: Hands, act: acts.Measure) -> None:
    """Click the lesion's points, and the body height where the act holds one."""
    activate(hands, act.endplate)
    hands.action("measure.body" if act.body_height_lps_mm else "measure")
    for point in (*act.lesion_lps_mm, *(act.body_height_lps_mm or ())):
        hands.click(act.role, point)
    if hands.room.desk.prompt is not None:
        hands.action("cancel")
        raise ReplayError("The body height is not known yet; the act must hold its two points")


def place_endplate(hands: Hands, act: acts.PlaceEndplate) -> None:
    """Click the line from front to back, then Enter."""
    activate(hands, act.endplate)
    hands.action("line")
    for point in act.polyline_lps_mm:
        hands.click(act.role, point)
    hands.press("Enter")


def mark_key_image(hands: Hands, act: acts.MarkKeyImage) -> None:
    """Scroll to the slice, point at the canvas and press the key."""
    activate(hands, act.endplate)
    hands.point(act.role, act.at_lps_mm)
    hands.action("key_image")
