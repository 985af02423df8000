"""Compare sagittal stacks of one study: a shorter one may have lost its end slices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from modic_annotate.domain.series import SAGITTAL_SLOTS
from modic_annotate.imaging.model import Problem, Series

SHORTER = "shorter_than_other"
"""Code of the hint."""

_WHOLE_SLICE = 0.75  # of the slice spacing: less is planning, not loss


def with_extent_problems(series: Sequence[Series]) -> tuple[Series, ...]:
    """Add a hint to each sagittal slot series that ends a slice or more before another does."""
    sagittal: dict[str, list[Series]] = {}
    for entry in series:
        if entry.role in SAGITTAL_SLOTS:
            sagittal.setdefault(entry.study_uid, []).append(entry)
    return tuple(_checked(entry, sagittal.get(entry.study_uid, ())) for entry in series)


def _checked(entry: Series, others: Sequence[Series]) -> Series:
    longer = next((other for other in others if _is_cut_from(entry, other)), None)
    if longer is None:
        return entry
    hint = Problem(
        SHORTER,
        f"covers {entry.shape[0]} of the {longer.shape[0]} slice positions of"
        f" '{longer.description}' in the same study; end slices may be missing at"
        f" {', '.join(f'{place:.2f} mm' for place in _not_covered_mm(entry, longer))} along the"
        " slice normal",
    )
    return replace(entry, problems=(*entry.problems, hint))


def _not_covered_mm(entry: Series, longer: Series) -> list[float]:
    """Return where the longer stack has slices and the shorter one none, along the normal."""
    if entry.grid is None or longer.grid is None:
        return []
    centres = np.zeros((longer.shape[0], 3))
    centres[:, 0] = np.arange(longer.shape[0])
    places = longer.grid.to_lps(centres)
    index = entry.grid.to_index(places)[:, 0]
    outside = (index < -_WHOLE_SLICE) | (index > entry.shape[0] - 1 + _WHOLE_SLICE)
    along = places[outside] @ entry.grid.slice_normal_lps
    return [float(place) for place in along]


def _is_cut_from(entry: Series, other: Series) -> bool:
    """Whether two stacks share orientation, spacing and slice positions but not the extent."""
    if not (_comparable(entry, other) and entry.grid and other.grid):
        return False
    mine, theirs = entry.grid, other.grid
    if entry.shape[0] >= other.shape[0]:
        return False
    if not np.allclose(mine.matrix[:3, 0], theirs.matrix[:3, 0], atol=_WHOLE_SLICE / 10):
        return False
    ends = np.array([[0.0, 0.0, 0.0], [mine.shape[0] - 1.0, 0.0, 0.0]])
    places = theirs.to_index(mine.to_lps(ends))[:, 0]
    inside = places.min() > -_WHOLE_SLICE and places.max() < theirs.shape[0] - 1 + _WHOLE_SLICE
    return bool(inside)


def _comparable(entry: Series, other: Series) -> bool:
    return (
        entry.role in SAGITTAL_SLOTS
        and entry.frame_of_reference_uid == other.frame_of_reference_uid
        and entry.frame_of_reference_uid is not None
    )
