"""A lesion on one slice: how high, how long, and which part of its endplate it covers.

Height is the greatest depth from the endplate (Nordic form: maximum height; no percentile, so that
mask and calliper measure the same thing). Without a placed endplate it is that of the highest
column. AP extent runs along the endplate, from the foremost to the hindmost pixel. A pixel counts
from edge to edge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.grid import Grid
from modic_annotate.session.spine_geometry import Vector, unit

Cells = NDArray[np.int64]
"""Pixels of a slice as (row, column), shape (n, 2), row by row."""

TOUCHING_MM = 1e-6

BEYOND = 100.0
"""Lines are carried on along their chord by this many of its lengths."""


@dataclass(frozen=True)
class Frame:
    """The directions a lesion is measured along, within one slice."""

    caudal: Vector
    """Unit vector along the body's axis, head to foot."""

    back: Vector
    """Unit vector along the endplate, anterior to posterior."""

    into: float
    """+1 where the body lies caudally of the endplate (superior one), else -1."""

    edge: Vector | None = None
    """The endplate on this slice as placed, shape (n, 3), LPS mm."""

    opposite: Vector | None = None
    """The body's other endplate likewise."""

    guide: Vector | None = None
    """Front and back end that zones refer to: of the edge, else of an estimate, shape (2, 3)."""

    @property
    def across(self) -> Vector:
        """Unit vector within the slice, square to the axis, anterior to posterior."""
        square = self.back - (self.back @ self.caudal) * self.caudal
        return unit(square)


@dataclass(frozen=True)
class LesionOnSlice:
    """What a lesion measures on one slice; whole lengths are None where nothing was placed."""

    slice_index: int
    height_mm: float
    body_height_mm: float | None
    ap_mm: float
    endplate_length_mm: float | None
    max_diameter_mm: float
    area_mm2: float
    n_rows: int
    """Runs of pixels: each has two ends that may be off by one pixel."""

    points_lps_mm: tuple[PointLps, PointLps, PointLps]
    """Front end, back end, deepest point."""

    covered: tuple[tuple[float, float], ...]
    """Stretches along the endplate, in mm from the guide's front end."""

    guide_length_mm: float | None


def on_slice(grid: Grid, slice_index: int, cells: Cells, frame: Frame) -> LesionOnSlice:
    """Measure a mask on one slice; it must hold a pixel.

    Parameters
    ----------
    grid
        The grid of the series.
    slice_index
        Which slice.
    cells
        Its pixels as (row, column), shape (n, 2), row by row.
    frame
        Along which directions, and between which endplates.
    """
    points = grid.to_lps(np.insert(cells, 0, slice_index, axis=1))
    along = points @ frame.back
    half_along, half_deep = _half(grid, frame.back), _half(grid, frame.caudal)
    depth, deepest = _depths(points, frame, _half(grid, frame.across))
    front, back = points[np.argmin(along)], points[np.argmax(along)]
    low = points[deepest] + frame.into * half_deep * frame.caudal
    start = 0.0 if frame.guide is None else float(frame.guide[0] @ frame.back)
    return LesionOnSlice(
        slice_index=slice_index,
        height_mm=max(depth + half_deep, 0.0) if frame.edge is not None else depth + 2 * half_deep,
        body_height_mm=_thickness(low, frame),
        ap_mm=float(np.ptp(along)) + 2 * half_along,
        endplate_length_mm=_length(frame.edge),
        max_diameter_mm=_diameter(grid, cells, slice_index),
        area_mm2=len(cells) * float(np.prod(grid.spacing_mm[1:])),
        n_rows=1 + int(np.count_nonzero(np.any(np.diff(cells, axis=0) != (0, 1), axis=1))),
        points_lps_mm=(
            _point(front - half_along * frame.back),
            _point(back + half_along * frame.back),
            _point(low),
        ),
        covered=_stretches(along - start, half_along),
        guide_length_mm=_length(frame.guide),
    )


def _half(grid: Grid, direction: Vector) -> float:
    """Return half the extent of a pixel along a direction."""
    return float(np.abs(direction @ grid.matrix[:3, 1:3]).sum()) / 2


def _depths(points: Vector, frame: Frame, half_across: float) -> tuple[float, int]:
    """Return the greatest depth of a pixel's centre, and which pixel that is."""
    deep = frame.into * (points @ frame.caudal)
    if frame.edge is not None:
        below = deep - frame.into * _edge_height(points @ frame.across, frame.edge, frame)
        deepest = int(np.argmax(below))
        return float(below[deepest]), deepest
    place = points @ frame.across
    column = np.floor((place - place.min()) / (2 * half_across) + 1e-9).astype(int)
    top = np.full(column.max() + 1, np.inf)
    np.minimum.at(top, column, deep)
    heights = deep - top[column]
    highest = int(np.argmax(heights))
    return float(heights[highest]), highest


def _edge_height(across: Vector, edge: Vector, frame: Frame) -> Vector:
    """Return where an endplate lies along the axis, at places square to it."""
    chord = edge[-1] - edge[0]
    line = np.vstack([edge[0] - BEYOND * chord, edge, edge[-1] + BEYOND * chord])
    places = line @ frame.across
    order = np.argsort(places, kind="stable")
    return np.asarray(np.interp(across, places[order], (line @ frame.caudal)[order]))


def _thickness(at: Vector, frame: Frame) -> float | None:
    """Return the height of the body at a place, between its placed endplates."""
    if frame.edge is None or frame.opposite is None:
        return None
    place = np.array([at @ frame.across])
    near, far = (_edge_height(place, edge, frame)[0] for edge in (frame.edge, frame.opposite))
    return float(abs(far - near))


def _length(edge: Vector | None) -> float | None:
    return None if edge is None else float(np.linalg.norm(edge[-1] - edge[0]))


def _diameter(grid: Grid, cells: Cells, slice_index: int) -> float:
    """Return the largest distance between two corners of a mask's pixels, within the slice."""
    turns = np.flatnonzero(np.diff(cells[:, 0])) + 1
    firsts, lasts = cells[np.r_[0, turns]], cells[np.r_[turns, len(cells)] - 1]
    beside, above = np.array((0.0, 0.5)), np.array((0.5, 0.0))
    ends = np.concatenate([firsts - beside, lasts + beside])
    corners = np.concatenate([ends - above, ends + above])
    places = grid.to_lps(np.insert(corners, 0, slice_index, axis=1))
    square = np.sum(places**2, axis=1)
    apart = square[:, None] + square[None, :] - 2 * places @ places.T
    return float(np.sqrt(max(float(apart.max()), 0.0)))


def _stretches(along: Vector, half: float) -> tuple[tuple[float, float], ...]:
    """Return where pixels cover the endplate, neighbours joined."""
    places = np.sort(along)
    gaps = np.flatnonzero(np.diff(places) > 2 * half + TOUCHING_MM)
    begins, ends = places[np.r_[0, gaps + 1]] - half, places[np.r_[gaps, len(places) - 1]] + half
    return tuple(zip(begins.tolist(), ends.tolist(), strict=True))


def _point(place: Vector) -> PointLps:
    x, y, z = place.tolist()
    return x, y, z
