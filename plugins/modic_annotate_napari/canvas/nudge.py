"""Linking a series of another frame of reference by hand: a move in mm that the eye decides.

It is a way of looking and nothing else: no act and no measurement knows of it.
"""

from __future__ import annotations

from modic_annotate.domain.base import PointLps
from modic_annotate_napari.canvas.display import DisplayMap

STEP_MM = 1.0
BY_HAND = "linked by hand"

_LETTERS = (("R", "L"), ("A", "P"), ("F", "H"))

DIRECTIONS = {
    "left": (-1, 0, 0),
    "right": (1, 0, 0),
    "up": (0, -1, 0),
    "down": (0, 1, 0),
    "back": (0, 0, -1),
    "on": (0, 0, 1),
}
"""Steps to the right and down the display, and the way the wheel goes."""


def moved(shift_lps: PointLps | None, direction: str, display: DisplayMap) -> PointLps:
    """Return a move one step further; the image goes where the direction says.

    Parameters
    ----------
    shift_lps
        The move so far in LPS mm; None while the series is not linked.
    direction
        A key of `DIRECTIONS`.
    display
        The series that is moved.
    """
    across, down, through = (STEP_MM * n for n in DIRECTIONS[direction])
    x, y, z = (
        display.matrix[:3, 0] * across
        + display.matrix[:3, 1] * down
        + display.normal_lps * through
        + (shift_lps or (0.0, 0.0, 0.0))
    ).tolist()
    return x, y, z


def shift_words(shift_lps: PointLps) -> str:
    """Return a move in words: ``linked by hand, 3.0 mm L, 1.0 mm H``."""
    parts = [
        f"{abs(mm):.1f} mm {pair[mm > 0]}"
        for mm, pair in zip(shift_lps, _LETTERS, strict=True)
        if round(abs(mm), 1)
    ]
    return f"{BY_HAND}, {', '.join(parts) or '0.0 mm'}"
