"""Gestures that draw: brush strokes, grown regions, the corners of a body."""

from __future__ import annotations

from modic_annotate.domain.spine import Vertebra
from modic_annotate.session import acts
from modic_annotate_napari.replay.hands import Hands, ReplayError
from modic_annotate_napari.replay.moves import activate
from modic_annotate_napari.steps.painting import (
    CLEARS,
    LARGER,
    RADII_MM,
    SMALLER,
    TOLERANCES,
    BrushPrompt,
    GrowPrompt,
)

NEAR = 1e-3


def brush_stroke(hands: Hands, act: acts.BrushStroke) -> None:
    """Take the brush unless it is out, set its size, and drag along the line."""
    prompt = _brush(hands, act)
    _resize(hands, act.radius_mm)
    before = prompt.strokes
    hands.stroke(act.role, act.polyline_lps_mm, ctrl=act.erase != prompt.erases)
    if prompt.strokes == before:
        raise ReplayError(f"The stroke was not recorded: {hands.room.desk.message.text}")


def put_down(hands: Hands, act: acts.Act) -> None:
    """Leave the brush before anything but a stroke: its keys mean other things."""
    stays = isinstance(act, acts.BrushStroke | acts.ClearMask | acts.Show)
    if isinstance(hands.room.desk.prompt, BrushPrompt) and not stays:
        hands.action("cancel")


def clear_mask(hands: Hands, act: acts.ClearMask) -> None:
    """Take the brush and press the key that clears."""
    _brush(hands, act)
    hands.press(CLEARS)


def _brush(hands: Hands, act: acts.BrushStroke | acts.ClearMask) -> BrushPrompt:
    desk = hands.room.desk
    prompt = desk.prompt
    if isinstance(prompt, BrushPrompt) and prompt.endplate == act.endplate:
        return prompt
    if prompt is not None:
        hands.action("cancel")
    activate(hands, act.endplate)
    hands.action("brush")
    prompt = desk.prompt
    if not isinstance(prompt, BrushPrompt):
        raise ReplayError(f"The brush was not taken: {desk.message.text}")
    return prompt


def _resize(hands: Hands, radius_mm: float) -> None:
    for _ in RADII_MM:
        off = radius_mm - hands.room.desk.brush_mm
        if abs(off) < NEAR:
            return
        hands.press(LARGER if off > 0 else SMALLER)
    if abs(radius_mm - hands.room.desk.brush_mm) >= NEAR:
        sizes = ", ".join(f"{size:g}" for size in RADII_MM)
        raise ReplayError(f"No brush of {radius_mm:g} mm in the room; there are {sizes} mm")


def grow_region(hands: Hands, act: acts.GrowRegion) -> None:
    """Click the seed, set the tolerance and record."""
    activate(hands, act.endplate)
    hands.action("grow")
    hands.click(act.role, act.seed_lps_mm)
    prompt = hands.room.desk.prompt
    if not isinstance(prompt, GrowPrompt):
        raise ReplayError(f"No region was asked for: {hands.room.desk.message.text}")
    for _ in TOLERANCES:
        off = act.tolerance - prompt.tolerance
        if abs(off) < NEAR:
            break
        hands.press(LARGER if off > 0 else SMALLER)
    hands.press("Enter")


def place_corners(hands: Hands, act: acts.PlaceCorners) -> None:
    """Click the four corners of a body, in their order."""
    activate_body(hands, act.vertebra)
    hands.action("corners")
    for corner in act.corners_lps_mm:
        hands.click(act.role, corner)
    if hands.room.desk.prompt is not None:
        hands.press("Enter")


def activate_body(hands: Hands, vertebra: Vertebra) -> None:
    """Turn to an endplate of a body, unless one of its is active."""
    desk = hands.room.desk
    if desk.active is not None and desk.active.vertebra == vertebra:
        return
    found = next((e for e in desk.session.scope if e.vertebra == vertebra), None)
    if found is None:
        raise ReplayError(f"No endplate of {vertebra} is in the scope of this numbering")
    activate(hands, found)
