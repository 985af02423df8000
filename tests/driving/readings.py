"""Whole readings as keys and clicks, from the open room to the signature."""

from __future__ import annotations

from collections.abc import Sequence

from modic_annotate.domain.base import PointLps
from tests.driving.x_room import XRoom

T1 = "SAG_T1"
NONE = "0"


def number(room: XRoom, centres: Sequence[PointLps]) -> None:
    """Rate the three series, click the bodies from S1 upward, sign the usual numbering."""
    room.press("d", "d", "d", "Return")
    for centre in centres:
        room.click(T1, centre)
    room.press("g", "Return")


def close(room: XRoom) -> None:
    """Say none of the discs' features, go through review, and sign."""
    room.press("e", "Return")
    sign(room)


def sign(room: XRoom) -> None:
    """Go through review to the signature; what is optional may stay open."""
    room.press("bracketright", "bracketright", "Return")
    room.wait(lambda now: now["signed"])


def normal(room: XRoom, centres: Sequence[PointLps], *, in_bulk: bool) -> None:
    """Read a spine without any change: all remaining none by one key, or one by one."""
    number(room, centres)
    room.see_everything(T1)
    room.press(*("A" if in_bulk else NONE * 12))
    close(room)


LESIONS: dict[str, str] = {
    "L1-superior": "2 v b b z a Return g c s p p",
    "L4-inferior": "1 + 2 v v b b b z a z s x Return g",
    "L5-superior": "2 v v b b b z f g",
}
"""The sample's three changes: type, height, AP, zones, then the usual, and what differs from it."""


def lesions(room: XRoom, centres: Sequence[PointLps], *, in_bulk: bool) -> None:
    """Read the sample's spine: its three changes, every other endplate none."""
    number(room, centres)
    room.see_everything(T1)
    if in_bulk:
        for endplate, keys in LESIONS.items():
            room.click_label(T1, endplate)
            room.press(*keys.split())
        room.press("A")
    else:
        _one_by_one(room)
    close(room)


def _one_by_one(room: XRoom) -> None:
    """From head to foot, none where there is none; Down goes on after a change."""
    for endplate in SCOPE:
        keys = LESIONS.get(endplate)
        room.press(*(f"{keys} Down".split() if keys else NONE))


SCOPE = (
    "T12-inferior",
    *(f"L{n}-{side}" for n in range(1, 6) for side in ("superior", "inferior")),
    "S1-superior",
)
