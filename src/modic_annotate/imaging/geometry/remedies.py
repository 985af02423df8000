"""How a stack with a fault makes a volume after all: its slices on the full regular grid.

Nothing is moved and nothing interpolated. A place where no image was acquired stays empty, and of
several images at one place the first is kept; whether that is sound says ``accepting``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from modic_annotate.domain.grid import Grid
from modic_annotate.imaging.geometry.planes import axes
from modic_annotate.imaging.geometry.positions import (
    Floats,
    basic_step,
    first_at_each_place,
    is_on_grid,
    places_of,
)
from modic_annotate.imaging.headers.header import Header
from modic_annotate.imaging.model import Problem, Remedy

REMEDIED = frozenset({"missing_slice", "duplicate_slice"})
"""Codes of faults that the full grid answers; any other fault leaves a stack without one."""

FEWEST_SLICES = 3
"""Two places have one step, which nothing confirms."""


def remedy_for(
    headers: Sequence[Header], along: Floats, across: Floats, problems: Sequence[Problem]
) -> Remedy | None:
    """Return the full grid of a stack, or None where its slices do not lie on one.

    Parameters
    ----------
    headers
        The slices in ascending order of position.
    along, across
        Positions along the normal, shape (n,), and in the plane, shape (n, 2), in mm.
    problems
        What blocks the stack.
    """
    if not problems or any(problem.code not in REMEDIED for problem in problems):
        return None
    kept = np.flatnonzero(first_at_each_place(along))
    if kept.size < FEWEST_SLICES:
        return None
    places = places_of(along[kept], basic_step(along))
    mostly_there = kept.size > (places[-1] + 1) / 2  # else the step itself is in doubt
    if not (mostly_there and is_on_grid(along[kept], across[kept], places)):
        return None
    return Remedy(
        grid=grid_through(headers[kept[0]], headers[kept[-1]], int(places[-1]) + 1),
        kept=tuple(kept.tolist()),
        places=tuple(places.tolist()),
    )


def grid_through(first: Header, last: Header, n_slices: int) -> Grid:
    """Return the grid of `n_slices` from the lowest to the highest slice."""
    row, column, normal = axes(first.orientation or (0.0,) * 6)
    row_spacing, column_spacing = first.pixel_spacing or (1.0, 1.0)
    start, end = np.array(first.position), np.array(last.position)
    affine = np.eye(4)
    affine[:3, 0] = (end - start) / (n_slices - 1) if n_slices > 1 else normal
    affine[:3, 1] = column * row_spacing  # a step down the rows goes along the column direction
    affine[:3, 2] = row * column_spacing
    affine[:3, 3] = start
    return Grid(shape=(n_slices, first.rows, first.columns), affine_lps=affine.tolist())
