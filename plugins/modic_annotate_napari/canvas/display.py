"""Pixels of a slice, millimetres on the display, and patient coordinates: one mapping.

Display coordinates are (u, v, slice): u to the right and v down in mm from the centre of the
top-left pixel shown, and the slice index as stored. Whole axes may be flipped or swapped
(`modic_annotate.imaging.geometry.patient` says which), nothing is ever resampled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.grid import Grid
from modic_annotate.domain.series import Instance
from modic_annotate.imaging.geometry.patient import Display, display_orientation

HALF_PIXEL = 0.5


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
        """Centre and width the images ask for (VOI), or None."""

    @property
    def inverted(self) -> bool:
        """Whether low values are bright."""

    def instance_at(self, index: int) -> Instance | None:
        """Return the image of a slice; None where none was acquired."""


@dataclass(frozen=True, eq=False)
class DisplayMap:
    """The maps between a grid's slices as they are shown and the patient."""

    grid: Grid

    @cached_property
    def orientation(self) -> Display:
        """Which axes are swapped and flipped, and the letters at the edges."""
        return display_orientation(self.grid)

    @cached_property
    def _in_plane(self) -> Display:
        """The same without the flip of slices: slices keep their stored numbers."""
        return replace(self.orientation, flip_slices=False)

    @cached_property
    def _shown(self) -> Grid:
        return self._in_plane.grid(self.grid)

    @property
    def step(self) -> int:
        """Change of slice index (+1 or -1) for a step from right to left (front to back, ...)."""
        return -1 if self.orientation.flip_slices else 1

    @property
    def n_slices(self) -> int:
        """How many slices there are."""
        return self.grid.shape[0]

    @property
    def shape(self) -> tuple[int, int]:
        """Pixels shown vertically and horizontally."""
        return self._shown.shape[1], self._shown.shape[2]

    @cached_property
    def pixel_mm(self) -> tuple[float, float]:
        """Distance of neighbouring pixels, vertically and horizontally."""
        _, vertical, horizontal = self._shown.spacing_mm
        return vertical, horizontal

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of a slice, between the outer edges of its outer pixels."""
        return self.shape[1] * self.pixel_mm[1], self.shape[0] * self.pixel_mm[0]

    @cached_property
    def matrix(self) -> NDArray[np.float64]:
        """4x4, maps (u, v, slice, 1) to LPS mm."""
        matrix = self._shown.matrix[:, [2, 1, 0, 3]]
        matrix[:3, 0] /= self.pixel_mm[1]
        matrix[:3, 1] /= self.pixel_mm[0]
        return matrix

    @cached_property
    def inverse(self) -> NDArray[np.float64]:
        """4x4, maps (x, y, z, 1) in LPS mm to (u, v, slice, 1)."""
        return np.asarray(np.linalg.inv(self.matrix), dtype=np.float64)

    @cached_property
    def normal_lps(self) -> NDArray[np.float64]:
        """Unit normal of the slice planes, on the side to which the wheel steps."""
        normal = np.cross(self.matrix[:3, 0], self.matrix[:3, 1])
        normal *= np.sign(normal @ self.matrix[:3, 2]) * self.step
        return np.asarray(normal / np.linalg.norm(normal))

    @cached_property
    def is_sagittal(self) -> bool:
        """Whether the slices are seen from the patient's side."""
        return int(np.argmax(np.abs(self.normal_lps))) == 0

    @property
    def middle_lps(self) -> PointLps:
        """The patient point in the middle of the stack."""
        width, height = self.size_mm
        v, u = self.pixel_mm
        return self.to_lps((width - u) / 2, (height - v) / 2, (self.n_slices - 1) / 2)

    def to_lps(self, u: float, v: float, slice_index: float) -> PointLps:
        """Return the patient point of a place on the display."""
        m = self.matrix
        x, y, z = (m[:3, 0] * u + m[:3, 1] * v + m[:3, 2] * slice_index + m[:3, 3]).tolist()
        return x, y, z

    def to_display(self, points_lps_mm: ArrayLike) -> NDArray[np.float64]:
        """Map LPS mm, shape (..., 3), to (u, v, slice), shape (..., 3)."""
        points = np.asarray(points_lps_mm, dtype=np.float64)
        return np.asarray(points @ self.inverse[:3, :3].T + self.inverse[:3, 3])

    def moved(self, shift_lps: PointLps) -> DisplayMap:
        """Return the map of the same slices where they would lie after a move (LPS mm)."""
        if not any(shift_lps):
            return self
        affine = self.grid.matrix
        affine[:3, 3] += shift_lps
        return DisplayMap(Grid(shape=self.grid.shape, affine_lps=affine.tolist()))

    def nearest_slice(self, lps: PointLps) -> int:
        """Return the slice whose plane lies nearest to a patient point."""
        return self.grid.nearest_slice(lps)

    def distance_mm(self, lps: PointLps, slice_index: int) -> float:
        """Return how far a point lies from a slice's plane, positive on the stepping side."""
        origin = self.matrix[:3, 2] * slice_index + self.matrix[:3, 3]
        return float((np.array(lps) - origin) @ self.normal_lps)

    def pixels(self, array: NDArray[Any], slice_index: int) -> NDArray[np.float32]:
        """Return a slice as it is shown, float32, C order, axes (vertical, horizontal)."""
        shown = self._in_plane.array(array[slice_index : slice_index + 1])[0]
        return np.ascontiguousarray(shown, dtype=np.float32)

    def contains(self, u: float, v: float) -> bool:
        """Whether a place on the display lies on a pixel."""
        columns, rows = u / self.pixel_mm[1] + HALF_PIXEL, v / self.pixel_mm[0] + HALF_PIXEL
        return 0 <= columns <= self.shape[1] and 0 <= rows <= self.shape[0]
