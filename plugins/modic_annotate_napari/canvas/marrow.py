"""The grey window that shows a reader's own vertebral marrow in mid-grey.

Its factors are this program's choice, made by eye; no publication stands behind them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.grid import Grid
from modic_annotate_napari.canvas.window import Window, WindowError

MARROW = "marrow"
RADIUS_MM = 8.0
"""A ball of this radius around its centre lies inside any lumbar body, clear of the endplates."""

SIGMA_PER_MAD = 1.4826
"""Standard deviation over median absolute deviation, for normally spread values."""

WIDTH_IN_SIGMA = 10.0
LEAST_WIDTH_IN_MEDIANS = 1.5
"""Quiet images have little spread; black then stands at a quarter of normal marrow."""


def marrow_window(array: NDArray[Any], grid: Grid, bodies: Sequence[PointLps]) -> Window:
    """Return the window from median and spread of the marrow around body centres.

    Parameters
    ----------
    array
        Values, axes (slice, row, column).
    grid
        Where they lie.
    bodies
        Centres of the bodies, LPS mm.

    Raises
    ------
    WindowError
        No body is placed, or none lies inside this series.
    """
    if not bodies:
        raise WindowError("The marrow window needs body centres: number the spine first")
    found = [values for body in bodies for values in _around(array, grid, body)]
    if not found:
        raise WindowError("No body centre lies inside this series, so it shows no marrow to go by")
    values = np.concatenate(found)
    median = float(np.median(values))
    sigma = SIGMA_PER_MAD * float(np.median(np.abs(values - median)))
    least = max(LEAST_WIDTH_IN_MEDIANS * abs(median), float(np.finfo(np.float32).eps))
    return Window(median, max(WIDTH_IN_SIGMA * sigma, least))


def _around(array: NDArray[Any], grid: Grid, body: PointLps) -> Iterator[NDArray[np.float64]]:
    """Yield the values within the ball around a centre; nothing where it leaves the series."""
    centre = grid.to_index(body)
    reach = RADIUS_MM / np.array(grid.spacing_mm)
    low = np.maximum(np.ceil(centre - reach), 0).astype(int)
    high = np.minimum(np.floor(centre + reach) + 1, grid.shape).astype(int)
    if (low >= high).any():
        return
    places = np.indices(high - low).reshape(3, -1).T + low
    near = np.linalg.norm(grid.to_lps(places) - body, axis=1) <= RADIUS_MM
    if near.any():
        inside = places[near]
        yield array[inside[:, 0], inside[:, 1], inside[:, 2]].astype(np.float64)
