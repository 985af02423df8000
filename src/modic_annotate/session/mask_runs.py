"""Masks as runs of pixels: what a brush touches, and how runs are added and taken away.

A slice's pixels are counted row by row from 0. Everything follows from the grid alone, so that a
stroke means the same on every copy of the images.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.grid import Grid
from modic_annotate.domain.reading import LesionMask, MaskRun

Pixels = NDArray[np.bool_]
"""Which pixels of a slice are in a mask, axes (row, column)."""

Vector = NDArray[np.float64]

EDGE_MM = 1e-6
"""Centres this near to the edge of a brush count as inside: rounding decides nothing."""


def pixels_of(runs: Iterable[tuple[int, int]], shape: tuple[int, int]) -> Pixels:
    """Return the pixels of runs (first pixel, length) in a slice of (rows, columns)."""
    flat = np.zeros(shape[0] * shape[1], dtype=bool)
    for start, length in runs:
        flat[start : start + length] = True
    return flat.reshape(shape)


def runs_of(pixels: Pixels) -> tuple[tuple[int, int], ...]:
    """Return first pixel and length of each run of a slice's pixels, row by row.

    A run ends with its row, so that each is a piece of one line of the image.
    """
    edged = np.pad(pixels, ((0, 0), (1, 1))).astype(np.int8)
    steps = np.diff(edged, axis=1)
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    firsts = rows * pixels.shape[1] + starts
    return tuple(zip(firsts.tolist(), (ends - starts).tolist(), strict=True))


def mask_pixels(mask: LesionMask) -> Pixels:
    """Return the pixels of one slice's mask, axes (row, column)."""
    return pixels_of(((run.start, run.length) for run in mask.runs), (mask.rows, mask.columns))


def mask_runs(pixels: Pixels) -> tuple[MaskRun, ...]:
    """Return the runs of pixels as a mask keeps them."""
    return tuple(MaskRun(start=start, length=length) for start, length in runs_of(pixels))


def brushed(
    grid: Grid, slice_index: int, polyline_lps_mm: Sequence[PointLps], radius_mm: float
) -> Pixels:
    """Return the pixels whose centres lie within a radius of a stroke, axes (row, column).

    Parameters
    ----------
    grid
        The grid of the series.
    slice_index
        The slice painted on; the stroke is taken onto its plane along the slice direction.
    polyline_lps_mm
        The middle of the brush, in LPS mm; one point is a dab.
    radius_mm
        Radius of the brush within the slice.
    """
    if not 0 <= slice_index < grid.shape[0]:
        raise ValueError(f"there is no slice {slice_index}")
    found = np.zeros(grid.shape[1:], dtype=bool)
    stroke = grid.to_index(np.asarray(polyline_lps_mm))[:, 1:]
    for begin, end in itertools.pairwise(stroke) if len(stroke) > 1 else [(stroke[0], stroke[0])]:
        _dab(found, grid, (begin, end), radius_mm + EDGE_MM)
    return found


def _dab(found: Pixels, grid: Grid, piece: tuple[Vector, Vector], reach_mm: float) -> None:
    """Add the pixels within reach of one straight piece, given in (row, column)."""
    in_plane = grid.matrix[:3, 1:3]
    reach = reach_mm / (np.array(grid.spacing_mm[1:]) * _squareness(in_plane))
    ends = np.array(piece)
    low = np.clip(np.floor(ends.min(axis=0) - reach), 0, found.shape).astype(int)
    high = np.clip(np.ceil(ends.max(axis=0) + reach) + 1, 0, found.shape).astype(int)
    rows, columns = (np.arange(a, b) for a, b in zip(low, high, strict=True))
    centres = np.stack(np.meshgrid(rows, columns, indexing="ij"), axis=-1) @ in_plane.T
    begin, end = ends @ in_plane.T
    near = _distance(centres, begin, end) <= reach_mm
    found[low[0] : high[0], low[1] : high[1]] |= near


def _squareness(in_plane: NDArray[np.float64]) -> float:
    """Return the sine of the angle between rows and columns; 1 in DICOM images."""
    row, column = in_plane.T / np.linalg.norm(in_plane, axis=0)[:, None]
    return float(np.linalg.norm(np.cross(row, column)))


def _distance(points: Vector, begin: Vector, end: Vector) -> Vector:
    """Distance of points, shape (..., 3), from one straight piece, in mm."""
    offsets, along = points - begin, end - begin
    length = float(along @ along)
    share = np.clip(offsets @ along / length, 0, 1) if length else np.zeros(offsets.shape[:-1])
    return np.asarray(np.linalg.norm(offsets - share[..., None] * along, axis=-1))
