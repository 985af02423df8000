"""Find the lone slice that is tilted out of a stack, which its orientation alone would hide."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from modic_annotate.imaging.geometry.placing import common_orientation, is_placed
from modic_annotate.imaging.geometry.planes import axes, degrees_between
from modic_annotate.imaging.geometry.positions import Floats, basic_step
from modic_annotate.imaging.geometry.tolerances import MOST_TILT_DEGREES, TILTED_REACH_STEPS
from modic_annotate.imaging.headers.header import Header

_FEWEST_AT_HOME = 3
_HALF_STEP = 0.5


def with_tilted(planes: Sequence[list[Header]]) -> list[list[Header]]:
    """Put a lone slice into the stack it was tilted out of, where its fault will be named.

    Parameters
    ----------
    planes
        Frames by orientation.
    """
    homes = [list(frames) for frames in planes if len(frames) > 1]
    others = [frames for frames in planes if len(frames) == 1]
    alone = []
    for (lone,) in others:
        home = next((h for h in homes if _belongs(lone, h)), None)
        if home is None:
            alone.append([lone])
        else:
            home.append(lone)
    return [*homes, *alone]


def _belongs(lone: Header, home: Sequence[Header]) -> bool:
    """Whether a slice of another tilt lies where the stack has none: in its row or at its end."""
    if len(home) < _FEWEST_AT_HOME or not (is_placed(home) and is_placed([lone])):
        return False
    orientation = common_orientation(home)
    tilt = degrees_between(orientation, lone.orientation or orientation)
    if tilt > MOST_TILT_DEGREES:
        return False
    normal = axes(orientation)[2]
    corners = np.sort([np.dot(header.position or (), normal) for header in home])
    centres = np.sort([np.dot(_centre(header), normal) for header in home])
    step = basic_step(corners)
    return _is_free(float(np.dot(lone.position or (), normal)), corners, step) or _is_free(
        float(np.dot(_centre(lone), normal)), centres, step
    )


def _is_free(place: float, taken: Floats, step: float) -> bool:
    reach = TILTED_REACH_STEPS * step
    near = taken[0] - reach <= place <= taken[-1] + reach
    return bool(near and np.abs(taken - place).min() > _HALF_STEP * step)


def _centre(header: Header) -> Floats:
    """Return the middle of an image in LPS mm, shape (3,)."""
    row, column, _ = axes(header.orientation or (0.0,) * 6)
    down, across = header.pixel_spacing or (0.0, 0.0)
    half = row * across * (header.columns - 1) / 2 + column * down * (header.rows - 1) / 2
    return np.asarray(np.array(header.position) + half)
