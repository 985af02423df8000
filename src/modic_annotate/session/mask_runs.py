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
    used = np.flatnonzero(pixels.any(axis=1))
    edged = np.pad(pixels[used], ((0, 0), (1, 1)))
    rows, starts = np.nonzero(edged[:, 1:] & ~edged[:, :-1])
    _, ends = np.nonzero(edged[:, :-1] & ~edged[:, 1:])
    firsts = used[rows] * pixels.shape[1] + starts
    return tuple(zip(firsts.tolist(), (ends - starts).tolist(), strict=True))


def mask_pixels(mask: LesionMask) -> Pixels:
    """Return the pixels of one slice's mask, axes (row, column)."""
    return pixels_of(((run.start, run.length) for run in mask.runs), (mask.rows, mask.columns))


def mask_cells(mask: LesionMask) -> NDArray[np.int64]:
    """Return the pixels of one slice's mask as (row, column), shape (n, 2), row by row."""
    starts = np.array([run.start for run in mask.runs], dtype=np.int64)
    lengths = np.array([run.length for run in mask.runs], dtype=np.int64)
    before = np.cumsum(lengths) - lengths
    flat = np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))
    return np.stack(np.divmod(flat, mask.columns), axis=-1)


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
    in_plane = grid.matrix[:3, 1:3]
    metric = in_plane.T @ in_plane
    for begin, end in itertools.pairwise(stroke) if len(stroke) > 1 else [(stroke[0], stroke[0])]:
        _dab(found, metric, (begin, end), radius_mm + EDGE_MM)
    return found


def _dab(found: Pixels, metric: Vector, piece: tuple[Vector, Vector], reach_mm: float) -> None:
    """Add the pixels within reach of one straight piece, given in (row, column).

    Parameters
    ----------
    found
        Added to.
    metric
        Squares and product of the steps along rows and columns, shape (2, 2), in mm^2.
    piece
        Its two ends.
    reach_mm
        Greatest distance.
    """
    begin, end = piece
    reach = reach_mm * np.sqrt(np.diag(np.linalg.inv(metric)))
    low = np.clip(np.floor(np.minimum(begin, end) - reach), 0, found.shape).astype(int)
    high = np.clip(np.ceil(np.maximum(begin, end) + reach) + 1, 0, found.shape).astype(int)
    row = np.arange(low[0], high[0])[:, None] - begin[0]
    column = np.arange(low[1], high[1])[None, :] - begin[1]
    along = end - begin
    length = float(along @ metric @ along)
    if length:
        one, two = metric @ along / length
        share = np.clip(row * one + column * two, 0.0, 1.0)
        row, column = row - share * along[0], column - share * along[1]
    square = metric[0, 0] * row**2 + 2 * metric[0, 1] * row * column + metric[1, 1] * column**2
    found[low[0] : high[0], low[1] : high[1]] |= square <= reach_mm**2
