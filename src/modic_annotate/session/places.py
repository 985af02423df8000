"""Places in the images: which slice a point lies on, and whether it lies in the images at all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.series import Instance, SeriesUsed
from modic_annotate.errors import ActRefusedError

OUTSIDE_PIXELS = 0.5 + 1e-3
"""How far a point may lie beyond the centres of the outermost pixels."""

OUTSIDE_SLICES = 1.0
OFF_SLICE = 0.75
"""How far points of one measurement may lie from their common slice, in slice steps."""


def is_inside(used: SeriesUsed, points_lps_mm: ArrayLike) -> bool:
    """Whether all points, shape (..., 3), lie within the images of a stack."""
    index = used.grid.to_index(points_lps_mm).reshape(-1, 3)
    last = np.array(used.grid.shape) - 1
    margin = np.array([OUTSIDE_SLICES, OUTSIDE_PIXELS, OUTSIDE_PIXELS])
    return bool(np.all((index >= -margin) & (index <= last + margin)))


def stack_at(stacks: Sequence[SeriesUsed], point_lps_mm: ArrayLike) -> SeriesUsed | None:
    """Return the stack whose slice lies nearest to a point among those that hold it, or None."""
    inside = [used for used in stacks if is_inside(used, point_lps_mm)]
    return min(inside, key=lambda used: _off_slice_mm(used, point_lps_mm), default=None)


def _off_slice_mm(used: SeriesUsed, point_lps_mm: ArrayLike) -> float:
    position = used.grid.to_index(point_lps_mm)[0]
    return abs(float(position) - used.grid.nearest_slice(point_lps_mm)) * used.grid.spacing_mm[0]


def check_inside(used: SeriesUsed, points_lps_mm: ArrayLike) -> None:
    """Refuse points that lie outside the images of a stack."""
    if not is_inside(used, points_lps_mm):
        raise ActRefusedError(
            f"The place lies outside the images of {used.role}; check that it belongs to this study"
        )


def sop_at(used: SeriesUsed, point_lps_mm: ArrayLike) -> str:
    """Return the SOP instance UID of the slice nearest to a point."""
    return image_of(used, used.grid.nearest_slice(point_lps_mm)).sop_instance_uid


def image_of(used: SeriesUsed, index: int) -> Instance:
    """Return the image of a slice; refuse one that was not acquired."""
    image = used.instance_at(index)
    if image is None:
        raise ActRefusedError(
            f"Slice {index + 1} of {used.grid.shape[0]} of {used.role} was not acquired; "
            "point at a slice that was"
        )
    return image


def common_slice(used: SeriesUsed, points: Sequence[PointLps]) -> int:
    """Return the slice all points were taken on; refuse points of different slices."""
    position = used.grid.to_index(points)[:, 0]
    found = used.grid.nearest_slice(np.mean(np.asarray(points), axis=0))
    if float(np.max(np.abs(position - found))) > OFF_SLICE:
        raise ActRefusedError("The points lie on different slices; measure a lesion on one slice")
    return found
