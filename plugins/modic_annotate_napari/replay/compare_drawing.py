"""Whether a stroke or a region the room drew is the one a file asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from modic_annotate.domain.base import PointLps
from modic_annotate.session import acts

ALIKE = 0.8
"""Least share of pixels (Dice) that two grown regions have in common: a seed may lie one pixel
beside the file's."""


def from_line_mm(points: Sequence[PointLps], line: Sequence[PointLps]) -> float:
    """Return the largest distance of points from a line, in mm."""
    places, corners = np.asarray(points), np.asarray(line)
    begins, ends = (corners[:-1], corners[1:]) if len(corners) > 1 else (corners, corners)
    along = ends - begins
    square = np.maximum((along**2).sum(axis=-1), 1e-12)
    offsets = places[:, None, :] - begins[None, :, :]
    share = np.clip((offsets * along).sum(axis=-1) / square, 0.0, 1.0)
    nearest = np.linalg.norm(offsets - share[..., None] * along, axis=-1).min(axis=1)
    return float(nearest.max())


def stroke_differences(
    want: acts.BrushStroke, got: acts.BrushStroke, slack_mm: float
) -> Iterator[str]:
    """Yield what differs between two strokes; how many points they were told by says nothing."""
    for name in ("endplate", "role", "radius_mm", "erase"):
        if getattr(want, name) != getattr(got, name):
            yield f"{name} is {getattr(got, name)!r}"
    pairs = (want.polyline_lps_mm, got.polyline_lps_mm), (got.polyline_lps_mm, want.polyline_lps_mm)
    far = max(from_line_mm(*pair) for pair in pairs)
    if far > slack_mm:
        yield f"the stroke runs {far:.1f} mm beside the file's"


def region_differences(want: acts.GrowRegion, got: acts.GrowRegion) -> Iterator[str]:
    """Yield what differs between two grown regions."""
    for name in ("endplate", "role", "tolerance"):
        if getattr(want, name) != getattr(got, name):
            yield f"{name} is {getattr(got, name)!r}"
    wanted, found = (_pixels(one.runs) for one in (want, got))
    common = 2 * len(wanted & found) / (len(wanted) + len(found))
    if common < ALIKE:
        yield f"the region shares {100 * common:.0f} % of its pixels with the file's"


def _pixels(runs: Sequence[tuple[int, int]]) -> set[int]:
    return {pixel for start, length in runs for pixel in range(start, start + length)}
