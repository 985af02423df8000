"""Soft shapes from exact arithmetic.

Only + - * / and square roots are used on arrays, which IEEE 754 rounds the same way everywhere:
this is what makes a phantom the same bytes on every machine. Distances are in mm, positive
inside.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def cos_sin(degrees: float) -> tuple[float, float]:
    """Return cosine and sine, rounded so that no two mathematics libraries differ."""
    angle = math.radians(degrees)
    return round(math.cos(angle), 12), round(math.sin(angle), 12)


def ramp(distance: Array, width: float = 1.0) -> Array:
    """Return how much of a pixel lies inside: 0 outside, 1 inside, linear over `width` mm."""
    return np.asarray(np.clip(distance / width + 0.5, 0.0, 1.0))


def smooth_min(a: Array, b: Array, radius: float) -> Array:
    """Return the lesser of two distances, with a corner rounded over about `radius` mm."""
    near = np.maximum(radius - np.abs(a - b), 0.0) / radius
    return np.asarray(np.minimum(a, b) - near * near * (radius / 4))


def mix(a: Array | float, b: Array | float, share_of_b: Array) -> Array:
    """Return a where the share is 0, b where it is 1, linear between."""
    return np.asarray(a + (b - a) * share_of_b)


def ellipse(u: Array, v: Array, radii: tuple[float, float]) -> Array:
    """Return about the distance inside an ellipse round the origin with two radii in mm."""
    reach = (u / radii[0]) * (u / radii[0]) + (v / radii[1]) * (v / radii[1])
    return np.asarray((1.0 - np.sqrt(reach)) * min(radii))


def box(u: Array, v: Array, half: tuple[float, float], radius: float) -> Array:
    """Return about the distance inside a box round the origin with rounded corners."""
    return smooth_min(half[0] - np.abs(u), half[1] - np.abs(v), radius)


def powered(value: Array, power: int) -> Array:
    """Return a small whole power by repeated products."""
    result = value
    for _ in range(power - 1):
        result = result * value
    return result
