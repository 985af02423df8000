"""A region of like grey values about a seed, within the body where that is known.

A pure function of one slice's pixels, the grid and a polygon; an act keeps what it gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import skimage as ski  # its parts load when they are first used
from numpy.typing import ArrayLike, NDArray

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.series import SeriesUsed
from modic_annotate.domain.spine import Endplate, Surface
from modic_annotate.session.draft import Draft
from modic_annotate.session.geometry import position_of
from modic_annotate.session.mask_runs import Pixels
from modic_annotate.session.outlines import edge_at, moved_to
from modic_annotate.session.spine_geometry import SpineCurve

ESTIMATED_MARGIN = 1.15
"""An estimated body is taken this much larger about its centre, for it is only about right."""


THICKEST_THREAD = 2
"""Threads of so many pixels (the dark cortex, beside a dark lesion) are taken off a region, unless
the seed lies in one."""


@dataclass(frozen=True)
class Seed:
    """Where a region begins, and how unlike its grey values may be."""

    row: int
    column: int
    tolerance: float
    """Largest distance from the seed's grey value."""


def grow(pixels: NDArray[Any], seed: Seed, within: ArrayLike | None = None) -> Pixels:
    """Return the pixels joined to a seed (by their edges) whose values lie near its own.

    Threads that hang on the region are taken off (morphological opening, 3 x 3 pixels).

    Parameters
    ----------
    pixels
        Grey values of one slice, axes (row, column), rescale applied.
    seed
        Which pixel, and how far values may lie from its value.
    within
        Corners of a polygon in (row, column), shape (n, 2), that the region does not leave; None
        sets no bounds. A seed outside gives no pixel.

    Returns
    -------
    numpy.ndarray
        Bool, axes (row, column).
    """
    values = np.asarray(pixels, dtype=np.float64)
    alike = np.abs(values - values[seed.row, seed.column]) <= seed.tolerance
    if within is not None:
        alike &= ski.draw.polygon2mask(values.shape, np.asarray(within))  # type: ignore[no-untyped-call]
    if not alike[seed.row, seed.column]:
        return np.zeros(values.shape, dtype=bool)
    whole = _joined(alike, seed)
    without_threads = ski.morphology.opening(whole, np.ones((THICKEST_THREAD + 1,) * 2))
    return _joined(without_threads, seed) if without_threads[seed.row, seed.column] else whole


def _joined(alike: Pixels, seed: Seed) -> Pixels:
    found = ski.segmentation.flood(alike.astype(np.uint8), (seed.row, seed.column), connectivity=1)  # type: ignore[no-untyped-call]
    return np.asarray(found, dtype=bool)


def bounds_of(
    draft: Draft, used: SeriesUsed, endplate: Endplate, slice_index: int
) -> NDArray[np.float64] | None:
    """Return the body of an endplate on a slice as a polygon in (row, column), shape (n, 2).

    It is the outline as placed, or about the estimated endplates; None where neither is known.
    """
    normal, position = used.grid.slice_normal_lps, position_of(used, slice_index)
    curve = SpineCurve.of(draft.numbering, used)
    edges, is_estimated = [], False
    for surface in (Surface.SUPERIOR, Surface.INFERIOR):
        one = Endplate(endplate.vertebra, surface)
        edge = edge_at(draft, used, one, position)
        if edge is None:
            found = curve.edge(one)
            if found is None:
                return None
            edge, is_estimated = moved_to(np.array(found), normal, position), True
        edges.append(edge)
    corners = np.vstack([edges[0], edges[1][::-1]])
    if is_estimated:
        corners = corners.mean(axis=0) + ESTIMATED_MARGIN * (corners - corners.mean(axis=0))
    return np.asarray(used.grid.to_index(corners)[:, 1:])


def seed_pixel(used: SeriesUsed, at_lps_mm: PointLps, tolerance: float) -> tuple[int, Seed]:
    """Return the slice and pixel nearest to a point, as a seed."""
    _, rows, columns = used.grid.shape
    row, column = np.round(used.grid.to_index(at_lps_mm)[1:]).astype(int).tolist()
    row, column = min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)
    return used.grid.nearest_slice(at_lps_mm), Seed(row, column, tolerance)
