"""One slice as a picture: square millimetres, head up, anterior to the left.

Picture points are (x to the right, y down) in pixels, whole numbers at pixel centres. Between
picture, stored slice and patient there is one affine each way, so that a mark lies where the
reader put it and any pixel can be traced back to the patient.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from skimage.transform import warp

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.grid import Grid

CUBIC = 3
"""Spline order of the display filter; the stored pixels themselves are never changed."""

Window = tuple[float, float]
"""Centre and width of the grey scale, in the unit of the array."""


class Orientation(Protocol):
    """Whole-axis flips that bring a stored slice upright (``imaging.patient.Display``)."""

    @property
    def transpose(self) -> bool:
        """Whether rows and columns are exchanged, before any flip."""
        ...

    @property
    def flip_rows(self) -> bool:
        """Whether shown rows run against stored ones."""
        ...

    @property
    def flip_columns(self) -> bool:
        """Whether shown columns run against stored ones."""
        ...


@dataclass(frozen=True, slots=True)
class SliceView:
    """A window of `size` pixels on one slice, `px_per_mm` pixels to the millimetre."""

    grid: Grid
    index: int
    """Slice index."""

    size: tuple[int, int]
    """Width and height in pixels."""

    px_per_mm: float
    pixel_to_index: NDArray[np.float64]
    """(3, 3): maps (x, y, 1) of the picture to (column, row, 1) of the stored slice."""

    @classmethod
    def around(
        cls,
        grid: Grid,
        index: int,
        orientation: Orientation,
        centre_lps_mm: PointLps,
        size_mm: tuple[float, float],
        px_per_mm: float,
    ) -> Self:
        """Return the view of `size_mm` (width, height) whose middle shows `centre_lps_mm`."""
        size = (round(size_mm[0] * px_per_mm), round(size_mm[1] * px_per_mm))
        plain = _display_mm_to_index(grid, orientation)
        _, row, column = grid.to_index(centre_lps_mm)
        centre_mm = (np.linalg.inv(plain) @ (column, row, 1.0))[:2]
        corner_mm = centre_mm - (np.array(size) - 1) / 2 / px_per_mm
        to_mm = np.array(
            [[1 / px_per_mm, 0, corner_mm[0]], [0, 1 / px_per_mm, corner_mm[1]], [0, 0, 1]]
        )
        return cls(grid, index, size, px_per_mm, plain @ to_mm)

    @classmethod
    def whole(cls, grid: Grid, index: int, orientation: Orientation, px_per_mm: float) -> Self:
        """Return the view of a whole slice."""
        _, rows, columns = grid.shape
        _, row_mm, column_mm = grid.spacing_mm
        width, height = columns * column_mm, rows * row_mm
        centre_x, centre_y, centre_z = grid.to_lps((index, (rows - 1) / 2, (columns - 1) / 2))
        return cls.around(
            grid,
            index,
            orientation,
            (centre_x, centre_y, centre_z),
            (height, width) if orientation.transpose else (width, height),
            px_per_mm,
        )

    def to_pixel(self, points_lps_mm: ArrayLike) -> NDArray[np.float64]:
        """Map LPS mm, shape (..., 3), to picture points, shape (..., 2), along the slice normal."""
        index = self.grid.to_index(points_lps_mm)
        flat = np.stack([index[..., 2], index[..., 1], np.ones(index.shape[:-1])], axis=-1)
        return np.asarray((flat @ np.linalg.inv(self.pixel_to_index).T)[..., :2])

    def to_lps(self, points_px: ArrayLike) -> NDArray[np.float64]:
        """Map picture points, shape (..., 2), to LPS mm in the plane of the slice, (..., 3)."""
        points = np.asarray(points_px, dtype=np.float64)
        flat = np.concatenate([points, np.ones((*points.shape[:-1], 1))], axis=-1)
        stored = flat @ self.pixel_to_index.T
        slices = np.full(points.shape[:-1], float(self.index))
        return self.grid.to_lps(np.stack([slices, stored[..., 1], stored[..., 0]], axis=-1))

    @property
    def pixel_to_lps(self) -> NDArray[np.float64]:
        """(3, 3): maps (x, y, 1) of the picture to LPS mm."""
        origin, right, down = self.to_lps([(0, 0), (1, 0), (0, 1)])
        return np.stack([right - origin, down - origin, origin], axis=-1)

    def picture(self, pixels: NDArray[np.generic], window: Window) -> NDArray[np.uint8]:
        """Return the grey picture, shape (height, width), of one slice of shape (row, column)."""
        width, height = self.size
        values = warp(  # type: ignore[no-untyped-call]
            np.asarray(pixels, dtype=np.float64),
            self.pixel_to_index,
            output_shape=(height, width),
            order=CUBIC,
            mode="constant",
            cval=float(np.min(pixels)),
            preserve_range=True,
        )
        return grey(values, window)


def grey(values: NDArray[np.float64], window: Window) -> NDArray[np.uint8]:
    """Map values to 0..255 by the linear VOI function (PS3.3 C.11.2.1.2.1)."""
    centre, width = window
    shown = (values - (centre - 0.5)) / max(width - 1, 1) + 0.5
    return np.asarray(np.round(np.clip(shown, 0, 1) * 255), dtype=np.uint8)


def window_of(pixels: NDArray[np.generic]) -> Window:
    """Return a grey scale for pixels whose file states none: 1st to 99.5th percentile."""
    low, high = np.percentile(np.asarray(pixels, dtype=np.float64), (1, 99.5))
    width = max(float(high - low), 1.0)
    return float(low) + width / 2, width


def _display_mm_to_index(grid: Grid, orientation: Orientation) -> NDArray[np.float64]:
    """Return (3, 3): millimetres from the shown corner (x, y, 1) to stored (column, row, 1)."""
    _, rows, columns = grid.shape
    _, row_mm, column_mm = grid.spacing_mm
    shown = ((columns, column_mm), (rows, row_mm))
    if orientation.transpose:
        shown = shown[::-1]
    scale = np.eye(3)
    for axis, flip in enumerate((orientation.flip_columns, orientation.flip_rows)):
        count, step_mm = shown[axis]
        scale[axis, axis] = -1 / step_mm if flip else 1 / step_mm
        scale[axis, 2] = count - 1 if flip else 0
    swap = np.eye(3)[[1, 0, 2]]
    return np.asarray(swap @ scale if orientation.transpose else scale)
