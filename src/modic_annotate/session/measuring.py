"""Extents of a lesion from points in patient space.

All lengths are in mm, in the plane of one sagittal slice. Height runs along the body's
cranio-caudal direction to the deepest point: from the endplate where the reader drew it, else from
the line through the lesion's two ends, which on a hollow endplate reads high. The body's height is
taken at the same place, so that their ratio is the share of the body involved.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from modic_annotate.domain.base import PointLps
from modic_annotate.session.spine_geometry import Vector, unit

LEAST_SLANT = 0.5
"""Smallest cosine between body axis and lesion height; beyond it the axis is not believed."""

PARALLEL = 1e-9


@dataclass(frozen=True)
class Plane:
    """The plane of a sagittal slice."""

    normal: Vector
    """Unit normal."""

    def flat(self, points_lps_mm: ArrayLike) -> Vector:
        """Return points or vectors, shape (..., 3), without their part along the normal."""
        points = np.asarray(points_lps_mm, dtype=np.float64)
        return np.asarray(points - (points @ self.normal)[..., None] * self.normal)


@dataclass(frozen=True)
class LesionSize:
    """Sizes of a lesion, and where on the endplate its deepest point hangs."""

    height_mm: float
    ap_mm: float
    max_diameter_mm: float
    deepest: Vector
    """The deepest point within the slice's plane, shape (3,), LPS mm."""

    foot: Vector
    """Point from which the height is measured, shape (3,), LPS mm."""

    axis: Vector
    """Unit direction of the height."""


def lesion_size(
    plane: Plane, points_lps_mm: Sequence[PointLps], body_axis: Vector | None
) -> LesionSize | None:
    """Measure a lesion from its front end, back end and deepest point, its height from the chord.

    Returns
    -------
    LesionSize or None
        None where the two ends are the same point.
    """
    front, back, deepest = plane.flat(points_lps_mm)
    along = back - front
    ap_mm = float(np.linalg.norm(along))
    if ap_mm == 0:
        return None
    square = np.cross(plane.normal, along / ap_mm)
    axis = square
    flat_axis = plane.flat(square if body_axis is None else body_axis)
    if abs(float(np.dot(flat_axis, square))) > LEAST_SLANT * float(np.linalg.norm(flat_axis)):
        axis = unit(flat_axis)
    reach = float(np.dot(deepest - front, square) / np.dot(axis, square))
    pairs = itertools.combinations((front, back, deepest), 2)
    return LesionSize(
        height_mm=abs(reach),
        ap_mm=ap_mm,
        max_diameter_mm=max(float(np.linalg.norm(a - b)) for a, b in pairs),
        deepest=deepest,
        foot=deepest - reach * axis,
        axis=axis,
    )


def from_endplate(
    plane: Plane, size: LesionSize, line_lps_mm: Sequence[PointLps]
) -> LesionSize | None:
    """Return a size whose height begins at an endplate's line instead of the lesion's chord.

    Returns
    -------
    LesionSize or None
        None where the line does not reach to where the deepest point hangs.
    """
    shifts = _on_line(plane, size, plane.flat(line_lps_mm))
    if not shifts:
        return None
    foot = size.foot + min(shifts, key=abs) * size.axis
    height_mm = float(abs(np.dot(size.deepest - foot, size.axis)))
    return dataclasses.replace(size, height_mm=height_mm, foot=foot)


def thickness(
    plane: Plane, size: LesionSize, lines_lps_mm: tuple[Sequence[PointLps], Sequence[PointLps]]
) -> float | None:
    """Return the distance of two endplate lines along a lesion's height, in mm.

    Returns
    -------
    float or None
        None where a line runs along the axis.
    """
    reaches = [_reach(plane, size, plane.flat(line)) for line in lines_lps_mm]
    if reaches[0] is None or reaches[1] is None:
        return None
    return abs(reaches[1] - reaches[0])


def _reach(plane: Plane, size: LesionSize, line: Vector) -> float | None:
    """Signed distance from the foot to a line, carried on along its chord where it is short."""
    on_line = _on_line(plane, size, line)
    if on_line:
        return min(on_line, key=abs)
    chord = _crossing(plane, size, (line[0], line[-1]))
    return None if chord is None else chord[0]


def _on_line(plane: Plane, size: LesionSize, line: Vector) -> list[float]:
    """Signed distances along the axis from the foot to where a line is crossed, none carried on."""
    crossings = [_crossing(plane, size, piece) for piece in itertools.pairwise(line)]
    return [c[0] for c in crossings if c is not None and 0 <= c[1] <= 1]


def _crossing(
    plane: Plane, size: LesionSize, piece: tuple[Vector, Vector]
) -> tuple[float, float] | None:
    """Distance along the axis and place on the piece (0 to 1) where the two lines cross."""
    a, b = piece
    along = b - a
    square = np.cross(plane.normal, along)
    slope = float(np.dot(size.axis, square))
    if abs(slope) < PARALLEL:
        return None
    reach = float(np.dot(a - size.foot, square)) / slope
    place = float(np.dot(size.foot + reach * size.axis - a, along) / np.dot(along, along))
    return reach, place


def length(plane: Plane, points_lps_mm: Sequence[PointLps]) -> float:
    """Return the distance of the first from the last point within the plane, in mm."""
    flat = plane.flat(points_lps_mm)
    return float(np.linalg.norm(flat[-1] - flat[0]))
