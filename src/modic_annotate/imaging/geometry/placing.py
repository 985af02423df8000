"""Order the slices of a stack and place them in the patient.

Positions come from ImagePositionPatient and ImageOrientationPatient alone, never from file
order, InstanceNumber, SliceLocation, SliceThickness or SpacingBetweenSlices.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modic_annotate.domain.grid import Grid
from modic_annotate.imaging.geometry.planes import (
    Orientation,
    axes,
    degrees_between,
    is_orthonormal,
    same_plane,
)
from modic_annotate.imaging.geometry.positions import is_on_grid, regularity_problems
from modic_annotate.imaging.geometry.remedies import grid_through, remedy_for
from modic_annotate.imaging.headers.header import Header
from modic_annotate.imaging.model import Problem, Remedy

_SURE_OF_SPACING = 3  # from three slices on, the positions themselves confirm the spacing
_HEADER_SPACING_TOLERANCE = 0.01
_THICKNESS_SHARE = 0.99


@dataclass(frozen=True, slots=True)
class Placement:
    """Slices in order, their grid where they form one, and what is wrong with them."""

    headers: tuple[Header, ...]
    grid: Grid | None
    problems: tuple[Problem, ...]
    remedy: Remedy | None = None
    """How they make a volume should what is wrong be accepted."""


def place(headers: Sequence[Header]) -> Placement:
    """Order the frames of one stack along row direction x column direction, lowest first."""
    fault = _geometry_fault(headers)
    if fault is not None:
        return Placement(tuple(headers), None, (fault,))
    numbered = sorted(headers, key=lambda h: (h.instance_number or 0, h.frame))
    along, across = projections(numbered)
    order = np.argsort(along, kind="stable")
    ordered = tuple(numbered[i] for i in order)
    along, across = along[order], across[order]
    tilted = _tilted(ordered, along)
    if tilted:
        return Placement(ordered, None, tilted)
    if not is_on_grid(along, across, np.arange(along.size)):
        labels = [header.file_label for header in ordered]
        irregular = regularity_problems(along, across, labels)
        remedy = remedy_for(ordered, along, across, irregular)
        return Placement(ordered, None, irregular, remedy)
    problems = _spacing_problems(ordered, along)
    blocked = any(problem.blocking for problem in problems)
    grid = None if blocked else grid_through(ordered[0], ordered[-1], len(ordered))
    return Placement(ordered, grid, problems)


def projections(
    headers: Sequence[Header],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return positions along the normal, shape (n,), and in the plane, shape (n, 2), in mm."""
    row, column, normal = axes(common_orientation(headers))
    positions = np.array([header.position for header in headers], dtype=np.float64)
    return positions @ normal, positions @ np.stack([row, column], axis=1)


def common_orientation(headers: Sequence[Header]) -> Orientation:
    """Return the orientation most slices have: the stated one nearest to their median.

    It does not depend on the order of the slices, nor on one of them that is tilted.
    """
    stated = sorted({h.orientation for h in headers if h.orientation is not None})
    if len(stated) == 1:
        return stated[0]
    stated = sorted(h.orientation for h in headers if h.orientation is not None)
    cosines = np.array(stated, dtype=np.float64)
    off = np.abs(cosines - np.median(cosines, axis=0)).max(axis=1)
    return stated[int(off.argmin())]


def is_placed(headers: Sequence[Header]) -> bool:
    """Whether frames of one orientation state where they lie."""
    return _geometry_fault(headers, spacing=False) is None


def _tilted(headers: Sequence[Header], along: NDArray[np.float64]) -> tuple[Problem, ...]:
    """Name the slices whose plane is not that of the others."""
    common = common_orientation(headers)
    return tuple(
        Problem(
            "tilted_slice",
            f"{header.file_label} at {along[i]:.2f} mm along the slice normal is tilted by"
            f" {degrees_between(header.orientation, common):.2f} degrees against the other slices",
            blocking=True,
        )
        for i, header in enumerate(headers)
        if header.orientation is not None and not same_plane(header.orientation, common)
    )


def _geometry_fault(headers: Sequence[Header], *, spacing: bool = True) -> Problem | None:
    lacking = next((h for h in headers if h.position is None or h.orientation is None), None)
    if lacking is not None:
        return Problem(
            "no_geometry",
            f"{lacking.file_label} does not state its position and orientation in the patient",
            blocking=True,
        )
    lacking = next((h for h in headers if h.pixel_spacing is None), None)
    if spacing and lacking is not None:
        return Problem(
            "no_pixel_spacing",
            f"{lacking.file_label} does not state its pixel spacing",
            blocking=True,
        )
    skew = next((h for h in headers if h.orientation and not is_orthonormal(h.orientation)), None)
    if skew is not None:
        return Problem(
            "bad_orientation",
            f"the direction cosines of {skew.file_label} are not two unit vectors at a right angle",
            blocking=True,
        )
    return None


def _spacing_problems(headers: Sequence[Header], along: NDArray[np.float64]) -> tuple[Problem, ...]:
    """Find slices missing so regularly that the positions alone do not show it."""
    acquired = headers[0].acquisition
    stated, thickness = acquired.spacing_between_slices_mm, acquired.slice_thickness_mm
    if len(headers) == 1 or not stated or stated < _THICKNESS_SHARE * (thickness or 0.0):
        return ()  # some write the gap between slices here, which is no spacing
    found = float(along[-1] - along[0]) / (len(headers) - 1)
    ratio = found / stated
    whole = round(ratio)
    if whole <= 1 or abs(ratio - whole) > _HEADER_SPACING_TOLERANCE * whole:
        return ()
    sure = len(headers) >= _SURE_OF_SPACING and not _numbers_skip(headers)
    return (
        Problem(
            "spacing_differs_from_header" if sure else "missing_slice",
            f"neighbouring slices lie {found:.2f} mm apart where the header states"
            f" {stated:.2f} mm: slices are missing between {headers[0].file_label} at"
            f" {along[0]:.2f} mm and {headers[-1].file_label} at {along[-1]:.2f} mm",
            blocking=not sure,
        ),
    )


def _numbers_skip(headers: Sequence[Header]) -> bool:
    numbers = sorted(h.instance_number for h in headers if h.instance_number is not None)
    return any(b - a > 1 for a, b in itertools.pairwise(numbers))
