"""Body centres between three clicks: where they are presumed, until the reader confirms them.

Three centres (S1, one half-way, T12) and a stated count give the rest: along a curve through the
three, at the spacing bodies usually have. A click half-way that falls between two bodies shows
that the count is another, or that no centre was clicked.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.spine import Vertebra, spine_order
from modic_annotate.errors import ActRefusedError

SPACING_MM = (32.5, 35.0, 37.0, 36.0, 34.5, 33.5, 33.0)
"""Usual distances of neighbouring centres from S1 upward (rules of thumb; only their ratios
count). With them every centre of the synthetic spines and of the real exam at hand lies less than
8 mm from where it is presumed; a lumbar body is more than 25 mm high."""

MOST_OFF = 0.25
"""How far from the place of a body, in steps from body to body, the click half-way may lie. With
the right count it lay within 0.1 wherever this was tried."""

Clicked = tuple[PointLps, PointLps, PointLps]
"""S1, one body between, T12."""


def presumed_centres(clicked: Clicked, count: int) -> Mapping[Vertebra, PointLps]:
    """Return the centre of every body from T12 to S1, the three clicked ones as clicked.

    Parameters
    ----------
    clicked
        Centres of S1, of a body between, and of T12, in LPS mm.
    count
        Lumbar bodies, 4, 5 or 6.

    Raises
    ------
    ActRefusedError
        The clicks do not go upward, or the one half-way is no body's place under this count.
    """
    if not clicked[0][2] < clicked[1][2] < clicked[2][2]:
        raise ActRefusedError("Click upward: S1 first, then a body half-way, then T12")
    upward = tuple(reversed(spine_order(count)))
    along = [0.0, *itertools.accumulate(SPACING_MM[: count + 1])]
    middle = _label_of(clicked, upward, along)
    points = [np.array(point) for point in clicked]
    knots = (along[0], along[middle], along[-1])
    centres = {v: _point(_on_curve(points, knots, at)) for v, at in zip(upward, along, strict=True)}
    centres |= {upward[0]: clicked[0], upward[middle]: clicked[1], upward[-1]: clicked[2]}
    return centres


def _label_of(clicked: Clicked, upward: tuple[Vertebra, ...], along: list[float]) -> int:
    """Return which body the click half-way was on, counted from S1."""
    below, above = math.dist(clicked[0], clicked[1]), math.dist(clicked[1], clicked[2])
    place = below / (below + above) * along[-1]
    nearest = min(range(1, len(along) - 1), key=lambda i: abs(along[i] - place))
    off = (place - along[nearest]) / (along[-1] / (len(along) - 1))
    if abs(off) <= MOST_OFF:
        return nearest
    other = upward[nearest + (1 if off > 0 else -1)]
    raise ActRefusedError(
        f"With {len(upward) - 2} lumbar bodies the click half-way would lie between "
        f"{upward[nearest]} and {other}; state another count, or click three centres anew"
    )


def _on_curve(
    points: list[NDArray[np.float64]], knots: tuple[float, ...], at: float
) -> NDArray[np.float64]:
    """Return the point of the parabola through three points at a parameter (Lagrange)."""
    total = np.zeros(3)
    for point, knot in zip(points, knots, strict=True):
        others = [other for other in knots if other != knot]
        total += point * math.prod((at - o) / (knot - o) for o in others)
    return total


def _point(vector: NDArray[np.float64]) -> PointLps:
    x, y, z = (round(float(v), 4) for v in vector)
    return x, y, z
