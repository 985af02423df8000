"""An acts file as keys, clicks and wheel turns of the X server, act by act."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from modic_annotate_napari.desk.letters import FIELDS, ZONES, key_of
from tests.driving.x_room import XRoom

STEPS = ("series", "numbering", "endplates", "review", "sign")
ASK = {"contour": "c", "defect": "d", "attribution": "a", "confidence": "p"}
SIGNALS = ("t1_signal", "t2_signal", "fs_signal")

Act = dict[str, Any]


def make_all(room: XRoom, file: Path) -> None:
    """Make every act of a file by hand, up to the signature."""
    for line in filter(str.strip, file.read_text("utf-8").splitlines()):
        act = json.loads(line)
        GESTURES[act["act"]](room, act)


def _go(room: XRoom, step: str) -> None:
    while room.now["step"] != step:
        forward = STEPS.index(room.now["step"]) < STEPS.index(step)
        room.press("bracketright" if forward else "bracketleft")


def _activate(room: XRoom, act: Act) -> None:
    """Turn to the act's endplate by Up and Down."""
    _go(room, "endplates")
    scope = room.now["scope"]
    wanted = scope.index(act["endplate"])
    while (here := scope.index(room.now["active"])) != wanted:
        room.press("Down" if here < wanted else "Up")


def _show(room: XRoom, act: Act) -> None:
    seen, whole = room.now["panels"][act["role"]]["seen"], act["slices"] == "all"
    if whole and len(seen) < room.now["panels"][act["role"]]["n_slices"]:
        room.see_everything(act["role"])


def _rate(room: XRoom, act: Act) -> None:
    assert act["rating"] == "RID12", "only diagnostic quality is rated here"
    _go(room, "series")
    room.press("d")


def _place_body(room: XRoom, act: Act) -> None:
    _go(room, "numbering")
    room.click(act["role"], act["centroid_lps_mm"])


def _state_numbering(room: XRoom, act: Act) -> None:
    usual = (act["method"], act["confidence"], act["lstv_castellvi"], act["lstv_variant"])
    assert usual == ("assumed_from_sacrum", "probable", "none", "none")
    room.press("g")


def _grade(room: XRoom, act: Act) -> None:
    _activate(room, act)
    room.press(act.get("component", "0"))


def _add_component(room: XRoom, act: Act) -> None:
    _activate(room, act)
    room.press("+", act["component"])


def _place_endplate(room: XRoom, act: Act) -> None:
    _activate(room, act)
    room.press("l")
    for point in act["polyline_lps_mm"]:
        room.click(act["role"], point)
    room.press("Return")


def _measure(room: XRoom, act: Act) -> None:
    _activate(room, act)
    room.press("M" if act.get("body_height_lps_mm") else "m")
    for point in (*act["lesion_lps_mm"], *(act.get("body_height_lps_mm") or ())):
        room.click(act["role"], point)


def _set_field(room: XRoom, act: Act) -> None:
    _activate(room, act)
    field, value = act["field"], act["value"]
    if field == "zones":
        letters = [key_of(ZONES, zone) for zone in value]
        room.press("z", *map(str, letters), "Return")
        return
    room.press(ASK.get(field, "s"))
    while field in SIGNALS and room.now["asked"] != field:
        room.press("Return")
    room.press(str(key_of(FIELDS[field], value)))
    if room.now["asked"]:
        room.press("Escape")


def _mark_key_image(room: XRoom, act: Act) -> None:
    _activate(room, act)
    room.point(act["role"], act["at_lps_mm"])
    room.press("k")


def _apply_usual(room: XRoom, act: Act) -> None:
    _activate(room, act)
    room.press("g")


def _sign(room: XRoom, _act: Act) -> None:
    _go(room, "sign")
    room.press("Return")
    room.wait(lambda now: now["signed"])


GESTURES: dict[str, Callable[[XRoom, Act], None]] = {
    "rate_quality": _rate,
    "show": _show,
    "place_body": _place_body,
    "state_numbering": _state_numbering,
    "sign_numbering": lambda room, _: room.press("Return"),
    "grade": _grade,
    "add_component": _add_component,
    "place_endplate": _place_endplate,
    "measure": _measure,
    "set_field": _set_field,
    "mark_key_image": _mark_key_image,
    "apply_usual": _apply_usual,
    "discs_none": lambda room, _: room.press("e", "Return"),
    "sign": _sign,
}
