"""Where the voxels of a stack lie in the patient.

Index order is (slice, row, column); patient coordinates are DICOM LPS in mm
(PS3.3 C.7.6.2.1.1); voxel indices name voxel centres.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modic_annotate.domain.base import Record

AXES = ("slice", "row", "column")


class Grid(Record):
    """Shape and affine of a stack: index (slice, row, column) of a voxel centre -> LPS mm."""

    shape: tuple[int, int, int]
    """Number of slices, rows and columns."""

    affine_lps: tuple[
        tuple[float, float, float, float],
        tuple[float, float, float, float],
        tuple[float, float, float, float],
        tuple[float, float, float, float],
    ]
    """4x4, maps (slice, row, column, 1) to (x, y, z, 1) in LPS mm."""

    @property
    def matrix(self) -> NDArray[np.float64]:
        """The affine as a (4, 4) float64 array."""
        return np.array(self.affine_lps, dtype=np.float64)

    @property
    def spacing_mm(self) -> tuple[float, float, float]:
        """Distance of neighbouring voxel centres along (slice, row, column), in mm.

        A single slice has a unit normal, so 1.0 stands for its slice spacing here.
        """
        step = np.linalg.norm(self.matrix[:3, :3], axis=0)
        return float(step[0]), float(step[1]), float(step[2])

    def to_lps(self, index: ArrayLike) -> NDArray[np.float64]:
        """Map (slice, row, column) indices, shape (..., 3), to LPS mm, shape (..., 3)."""
        points = np.asarray(index, dtype=np.float64)
        return np.asarray(points @ self.matrix[:3, :3].T + self.matrix[:3, 3])

    def to_index(self, point_lps_mm: ArrayLike) -> NDArray[np.float64]:
        """Map LPS mm, shape (..., 3), to fractional (slice, row, column), shape (..., 3)."""
        inverse = np.linalg.inv(self.matrix)
        points = np.asarray(point_lps_mm, dtype=np.float64)
        return np.asarray(points @ inverse[:3, :3].T + inverse[:3, 3])

    def nearest_slice(self, point_lps_mm: ArrayLike) -> int:
        """Return the slice whose plane lies nearest to a point, clipped to the stack."""
        position = self.to_index(point_lps_mm)[..., 0]
        return int(np.clip(np.round(position), 0, self.shape[0] - 1))

    @property
    def slice_normal_lps(self) -> NDArray[np.float64]:
        """Unit vector of increasing slice index in LPS."""
        step = self.matrix[:3, 0]
        return np.asarray(step / np.linalg.norm(step))
