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
from modic_annotate.imaging.header import Header
from modic_annotate.imaging.model import Problem
from modic_annotate.imaging.planes import axes, is_orthonormal
from modic_annotate.imaging.positions import regularity_problems

_SURE_OF_SPACING = 3  # from three slices on, the positions themselves confirm the spacing
_HEADER_SPACING_TOLERANCE = 0.01
_THICKNESS_SHARE = 0.99


@dataclass(frozen=True, slots=True)
class Placement:
    """Slices in order, their grid where they form one, and what is wrong with them."""

    headers: tuple[Header, ...]
    grid: Grid | None
    problems: tuple[Problem, ...]


def place(headers: Sequence[Header]) -> Placement:
    """Order the frames of one stack along row direction x column direction, lowest first."""
    fault = _geometry_fault(headers)
    if fault is not None:
        return Placement(tuple(headers), None, (fault,))
    along, across = projections(headers)
    order = np.argsort(along, kind="stable")
    ordered = tuple(headers[i] for i in order)
    along, across = along[order], across[order]
    problems = regularity_problems(along, across, [header.label for header in ordered])
    problems += _spacing_problems(ordered, along) if not problems else ()
    grid = None if problems else _grid(ordered)
    return Placement(ordered, grid, problems)


def projections(
    headers: Sequence[Header],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return positions along the normal, shape (n,), and in the plane, shape (n, 2), in mm."""
    row, column, normal = _axes(headers[0])
    positions = np.array([header.position for header in headers], dtype=np.float64)
    return positions @ normal, positions @ np.stack([row, column], axis=1)


def is_placed(headers: Sequence[Header]) -> bool:
    """Whether frames of one orientation state where they lie."""
    return _geometry_fault(headers, spacing=False) is None


def _axes(header: Header) -> NDArray[np.float64]:
    assert header.orientation is not None, "asked of a frame without a place"  # noqa: S101
    return axes(header.orientation)


def _geometry_fault(headers: Sequence[Header], *, spacing: bool = True) -> Problem | None:
    first = headers[0]
    if any(h.position is None or h.orientation is None for h in headers):
        lacking = next(h for h in headers if h.position is None or h.orientation is None)
        return Problem(
            "no_geometry",
            f"{lacking.label} does not state its position and orientation in the patient",
            blocking=True,
        )
    if spacing and any(h.pixel_spacing is None for h in headers):
        lacking = next(h for h in headers if h.pixel_spacing is None)
        return Problem(
            "no_pixel_spacing", f"{lacking.label} does not state its pixel spacing", blocking=True
        )
    if first.orientation is not None and not is_orthonormal(first.orientation):
        return Problem(
            "bad_orientation",
            f"the direction cosines of {first.label} are not two unit vectors at a right angle",
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
            f" {stated:.2f} mm: slices are missing between {headers[0].label} at"
            f" {along[0]:.2f} mm and {headers[-1].label} at {along[-1]:.2f} mm",
            blocking=not sure,
        ),
    )


def _numbers_skip(headers: Sequence[Header]) -> bool:
    numbers = sorted(h.instance_number for h in headers if h.instance_number is not None)
    return any(b - a > 1 for a, b in itertools.pairwise(numbers))


def _grid(headers: Sequence[Header]) -> Grid:
    first, last, n = headers[0], headers[-1], len(headers)
    row, column, normal = _axes(first)
    row_spacing, column_spacing = first.pixel_spacing or (1.0, 1.0)
    start, end = np.array(first.position), np.array(last.position)
    affine = np.eye(4)
    affine[:3, 0] = (end - start) / (n - 1) if n > 1 else normal
    affine[:3, 1] = column * row_spacing  # a step down the rows goes along the column direction
    affine[:3, 2] = row * column_spacing
    affine[:3, 3] = start
    return Grid(shape=(n, first.rows, first.columns), affine_lps=affine.tolist())
