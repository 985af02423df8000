"""A painted lesion as shapes on a display: what is filled, and the edges of its pixels.

A mask lies in the pixels of its own series; on the canvas of another it is shown where its pixels
lie in the patient, never resampled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modic_annotate.domain.grid import Grid
from modic_annotate.domain.reading import LesionMask
from modic_annotate.session.mask_runs import Pixels, mask_pixels
from modic_annotate_napari.canvas.display import DisplayMap
from modic_annotate_napari.qt import QLineF, QPainterPath, QPointF, QPolygonF, Qt


@dataclass(frozen=True, eq=False)
class MaskShape:
    """One slice's mask on one display, in display mm (u, v)."""

    depth: float
    """Slice index of the display on which it lies, fractional."""

    filled: QPainterPath
    edges: tuple[QLineF, ...]


def mask_shape(mask: LesionMask, slice_index: int, grid: Grid, display: DisplayMap) -> MaskShape:
    """Return a mask as it lies on a display.

    Parameters
    ----------
    mask
        In the pixels of its own series.
    slice_index
        Which slice of that series.
    grid
        The grid of that series.
    display
        Where it is to be shown; of the same series or another of the same frame of reference.
    """
    return pixels_shape(mask_pixels(mask), slice_index, grid, display)


def pixels_shape(pixels: Pixels, slice_index: int, grid: Grid, display: DisplayMap) -> MaskShape:
    """Return the pixels of a slice, axes (row, column), as they lie on a display."""
    rows, firsts = np.nonzero(_steps(pixels) == 1)
    _, ends = np.nonzero(_steps(pixels) == -1)
    boxes = np.stack([rows, firsts, ends], axis=-1) - 0.5

    def place(row_column: NDArray[np.float64]) -> NDArray[np.float64]:
        index = np.insert(row_column, 0, slice_index, axis=-1)
        return display.to_display(grid.to_lps(index))

    filled = QPainterPath()
    filled.setFillRule(Qt.FillRule.WindingFill)
    for row, first, end in boxes.tolist():
        corners = [(row, first), (row, end), (row + 1, end), (row + 1, first)]
        filled.addPolygon(
            QPolygonF([QPointF(u, v) for u, v, _ in place(np.array(corners)).tolist()])
        )
        filled.closeSubpath()
    ends_of = place(_edges(pixels))
    edges = tuple(QLineF(*a[:2], *b[:2]) for a, b in ends_of.tolist())
    return MaskShape(float(np.mean(ends_of[..., 2])) if edges else 0.0, filled, edges)


def _steps(pixels: Pixels) -> NDArray[np.int8]:
    edged = np.pad(pixels.astype(np.int8), ((0, 0), (1, 1)))
    return np.asarray(edged[:, 1:] - edged[:, :-1])


def _edges(pixels: Pixels) -> NDArray[np.float64]:
    """Return the edges between pixels in and out, shape (n, 2, 2): ends in (row, column)."""
    row, column = np.nonzero(_steps(pixels))
    upright = np.stack([np.stack([row, column], -1), np.stack([row + 1, column], -1)], axis=1)
    column, row = np.nonzero(_steps(pixels.T))
    level = np.stack([np.stack([row, column], -1), np.stack([row, column + 1], -1)], axis=1)
    return np.concatenate([upright, level]) - 0.5
