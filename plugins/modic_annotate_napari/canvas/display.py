"""Pixels of a slice, millimetres on the display, and patient coordinates: one mapping.

Display coordinates are (u, v, slice): u to the right and v down in mm from the centre of the
top-left pixel shown, and the slice index of the volume. Whole axes may be flipped or swapped,
nothing is ever resampled. Sagittal slices stand anterior left and head up and are stepped from
the patient's right to the left; coronal ones from front to back, axial ones from head to foot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.grid import Grid
from modic_annotate.domain.series import Instance

RIGHT_DOWN_STEP = {
    0: ((0, 1, 0), (0, 0, -1), (1, 0, 0)),
    1: ((1, 0, 0), (0, 0, -1), (0, 1, 0)),
    2: ((1, 0, 0), (0, 1, 0), (0, 0, -1)),
}
"""By the patient axis nearest to the slice normal (0 x, 1 y, 2 z): the LPS directions that are to
lie to the right and downwards on the display, and in which the wheel steps."""

LETTERS = (("R", "L"), ("A", "P"), ("F", "H"))
"""Letters of the negative and the positive direction of each LPS axis (PS3.3 C.7.6.1.1.1)."""

HALF_PIXEL = 0.5

SECOND_LETTER_ABOVE = 0.34
"""A direction gets a second letter where that component exceeds this (about 20 degrees)."""


class Volume(Protocol):
    """What a panel needs of a loaded series."""

    @property
    def array(self) -> NDArray[Any]:  # any real pixel type
        """Values, axes (slice, row, column)."""

    @property
    def grid(self) -> Grid:
        """Where the voxels lie."""

    @property
    def window(self) -> tuple[float, float] | None:
        """Centre and width the images ask for (VOI LUT), or None."""

    @property
    def instances(self) -> Sequence[Instance]:
        """One per slice."""


@dataclass(frozen=True, eq=False)
class Display:
    """How a grid lies on the display, and the maps between display and patient."""

    grid: Grid

    @cached_property
    def _directions(self) -> NDArray[np.float64]:
        """Unit vectors of increasing row and column index, shape (2, 3)."""
        in_plane = self.grid.matrix[:3, 1:3].T
        return np.asarray(in_plane / np.linalg.norm(in_plane, axis=1, keepdims=True))

    @cached_property
    def _wanted(self) -> NDArray[np.float64]:
        normal = np.cross(self._directions[0], self._directions[1])
        return np.array(RIGHT_DOWN_STEP[int(np.argmax(np.abs(normal)))], dtype=np.float64)

    @cached_property
    def transpose(self) -> bool:
        """Whether rows of pixels are shown as columns."""
        row, column = self._directions
        right, down = self._wanted[:2]
        return bool(abs(row @ down) + abs(column @ right) < abs(row @ right) + abs(column @ down))

    @cached_property
    def flips(self) -> tuple[bool, bool]:
        """Whether the shown (vertical, horizontal) axis runs against the stored one."""
        vertical, horizontal = self._directions[::-1] if self.transpose else self._directions
        return bool(vertical @ self._wanted[1] < 0), bool(horizontal @ self._wanted[0] < 0)

    @cached_property
    def step(self) -> int:
        """+1 or -1: change of slice index for one step from right to left (front to back, ...)."""
        return 1 if self.grid.matrix[:3, 0] @ self._wanted[2] >= 0 else -1

    @cached_property
    def shape(self) -> tuple[int, int]:
        """Pixels shown vertically and horizontally."""
        _, rows, columns = self.grid.shape
        return (columns, rows) if self.transpose else (rows, columns)

    @cached_property
    def pixel_mm(self) -> tuple[float, float]:
        """Distance of neighbouring pixels, vertically and horizontally."""
        _, row, column = self.grid.spacing_mm
        return (column, row) if self.transpose else (row, column)

    @cached_property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of a slice, between the outer edges of its outer pixels."""
        return self.shape[1] * self.pixel_mm[1], self.shape[0] * self.pixel_mm[0]

    @cached_property
    def matrix(self) -> NDArray[np.float64]:
        """4x4, maps (u, v, slice, 1) to LPS mm."""
        vertical, horizontal = (2, 1) if self.transpose else (1, 2)
        index = np.zeros((4, 4))
        index[0, 2] = index[3, 3] = 1.0
        for axis, source, position in ((vertical, 1, 0), (horizontal, 0, 1)):
            last = self.grid.shape[axis] - 1
            flipped = self.flips[position]
            index[axis, source] = (-1.0 if flipped else 1.0) / self.pixel_mm[position]
            index[axis, 3] = last if flipped else 0.0
        return np.asarray(self.grid.matrix @ index)

    @cached_property
    def inverse(self) -> NDArray[np.float64]:
        """4x4, maps (x, y, z, 1) in LPS mm to (u, v, slice, 1)."""
        return np.asarray(np.linalg.inv(self.matrix), dtype=np.float64)

    @cached_property
    def normal_lps(self) -> NDArray[np.float64]:
        """Unit normal of the slice planes, on the side to which the wheel steps."""
        normal = np.cross(self.matrix[:3, 0], self.matrix[:3, 1])
        normal /= np.linalg.norm(normal)
        return np.asarray(normal if normal @ self._wanted[2] >= 0 else -normal)

    @cached_property
    def letters(self) -> tuple[str, str, str, str]:
        """Patient letters at the top, bottom, left and right edge."""
        right, down = self.matrix[:3, 0], self.matrix[:3, 1]
        return letters_of(-down), letters_of(down), letters_of(-right), letters_of(right)

    def to_lps(self, u: float, v: float, slice_index: float) -> PointLps:
        """Return the patient point of a place on the display."""
        m = self.matrix
        x, y, z = (m[:3, 0] * u + m[:3, 1] * v + m[:3, 2] * slice_index + m[:3, 3]).tolist()
        return x, y, z

    def to_display(self, points_lps_mm: ArrayLike) -> NDArray[np.float64]:
        """Map LPS mm, shape (..., 3), to (u, v, slice), shape (..., 3)."""
        points = np.asarray(points_lps_mm, dtype=np.float64)
        return np.asarray(points @ self.inverse[:3, :3].T + self.inverse[:3, 3])

    def distance_mm(self, point_lps_mm: ArrayLike, slice_index: int) -> float:
        """Distance of a point from the plane of a slice, positive on the stepping side."""
        origin = self.matrix[:3, 2] * slice_index + self.matrix[:3, 3]
        return float((np.asarray(point_lps_mm, dtype=np.float64) - origin) @ self.normal_lps)

    def pixels(self, array: NDArray[Any], slice_index: int) -> NDArray[np.float32]:
        """Return a slice as it is shown, float32, C order, axes (vertical, horizontal)."""
        pixels = array[slice_index].T if self.transpose else array[slice_index]
        vertical, horizontal = self.flips
        shown = pixels[:: -1 if vertical else 1, :: -1 if horizontal else 1]
        return np.ascontiguousarray(shown, dtype=np.float32)

    def contains(self, u: float, v: float) -> bool:
        """Whether a place on the display lies on a pixel."""
        columns, rows = u / self.pixel_mm[1] + HALF_PIXEL, v / self.pixel_mm[0] + HALF_PIXEL
        return 0 <= columns <= self.shape[1] and 0 <= rows <= self.shape[0]


def letters_of(direction_lps: ArrayLike) -> str:
    """Return the letters of a direction, the strongest first, e.g. ``P`` or ``PH``."""
    vector = np.asarray(direction_lps, dtype=np.float64)
    vector = vector / np.linalg.norm(vector)
    order = np.argsort(-np.abs(vector), kind="stable")
    first, *rest = (int(axis) for axis in order)
    axes = [first, *(axis for axis in rest if abs(vector[axis]) > SECOND_LETTER_ABOVE)]
    return "".join(LETTERS[axis][int(vector[axis] > 0)] for axis in axes)


def middle_lps(display: Display) -> PointLps:
    """Return the patient point in the middle of a stack."""
    width, height = display.size_mm
    v, u = display.pixel_mm
    return display.to_lps((width - u) / 2, (height - v) / 2, (display.grid.shape[0] - 1) / 2)


def side_text(display: Display, slice_index: int, midline_x_mm: float) -> str:
    """Return where a slice lies along its stack's main patient axis, e.g. ``R 9 mm``.

    Parameters
    ----------
    display
        The stack.
    slice_index
        Index in the volume.
    midline_x_mm
        What counts as the midline of a sagittal stack. The scanner's x = 0 is no midline; the
        middle of the stack is nearer to it, the body centres are best.
    """
    axis = int(np.argmax(np.abs(display.normal_lps)))
    width, height = display.size_mm
    value = display.to_lps(width / 2, height / 2, slice_index)[axis]
    value -= midline_x_mm if axis == 0 else 0.0
    whole = round(abs(value))
    if whole == 0:
        return "0 mm"
    return f"{LETTERS[axis][int(value > 0)]} {whole} mm"
