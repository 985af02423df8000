"""The whole lesion from its slices: left-right extent, endplate area, volume and zones.

Each slice stands for its own spacing. How wide the body is, is known from corners placed near both
of its sides (see ``outlines``); without them there is no share of width, area or volume, and zones
refer to an estimated width about the body's centre.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from modic_annotate.domain.finding import Zone
from modic_annotate.session.lesion_slices import LesionOnSlice
from modic_annotate.session.outlines import BodyShape
from modic_annotate.session.spine_geometry import Vector

WIDTH_OVER_LENGTH = 1.35
"""Width over front-to-back length of an endplate where none was measured (rule of thumb, of the
order of what adults measure)."""

ZONE_SHARE = 1 / 3
"""A ninth of the endplate counts as involved where the lesion covers this share of its length and
of its width; a lesion too small for any counts to the ninth it covers most of."""

NAMES = (("anterior", "middle", "posterior"), ("right", "central", "left"))


@dataclass(frozen=True)
class Lesion:
    """A lesion's slices and the body they lie in."""

    slices: Sequence[LesionOnSlice]
    """Ascending by slice index."""

    positions: Vector
    """Place of each slice along the normal, in mm."""

    slice_mm: float
    """Distance of neighbouring slices."""

    shape: BodyShape | None
    is_leftward: bool
    """Whether the normal points to the patient's left."""

    centre_mm: float | None
    """Place of the body's centre along the normal, where it was placed."""

    @property
    def left_right_mm(self) -> float:
        """From the first to the last slice involved, whole slices."""
        return float(np.ptp(self.positions)) + self.slice_mm

    @property
    def body_span(self) -> tuple[float, float] | None:
        """Where the body begins and ends along the normal, as outlines tell."""
        if self.shape is None or not self.shape.has_width:
            return None
        return self.shape.spans(self.slice_mm)

    @property
    def width_mm(self) -> float | None:
        """Width of the body from outlines on several slices, else None."""
        span = self.body_span
        return None if span is None else span[1] - span[0]


def endplate_area_mm2(lesion: Lesion, corners: tuple[int, int]) -> float | None:
    """Return the area of an endplate between the outlines of its body.

    Parameters
    ----------
    lesion
        Knows the body.
    corners
        The two corners that bound the endplate.
    """
    lengths = [
        float(np.linalg.norm(quad[corners[1]] - quad[corners[0]])) for quad in _sections(lesion)
    ]
    return _summed(lesion, lengths)


def body_volume_mm3(lesion: Lesion) -> float | None:
    """Return the volume of the body between its outlines."""
    areas = [
        float(np.linalg.norm(np.cross(quad[2] - quad[0], quad[3] - quad[1]))) / 2
        for quad in _sections(lesion)
    ]
    return _summed(lesion, areas)


SECTIONS = 24
"""In how many sections a body is summed, from its first to its last outline."""


def _sections(lesion: Lesion) -> list[Vector]:
    """Return the corners of the body in the middle of each of its sections."""
    span, shape = lesion.body_span, lesion.shape
    if span is None or shape is None:
        return []
    low, high = span
    middles = low + (np.arange(SECTIONS) + 0.5) * (high - low) / SECTIONS
    return [shape.at(float(place)) for place in middles]


def _summed(lesion: Lesion, sections: Sequence[float]) -> float | None:
    return float(np.mean(sections)) * (lesion.width_mm or 0.0) if sections else None


def covered_mm2(lesion: Lesion) -> float:
    """Return the area of the endplate that the lesion covers, projected along the slices."""
    return sum(high - low for one in lesion.slices for low, high in one.covered) * lesion.slice_mm


def volume_mm3(lesion: Lesion) -> float:
    """Return the volume of the lesion's pixels."""
    return sum(one.area_mm2 for one in lesion.slices) * lesion.slice_mm


def zones_of(lesion: Lesion) -> tuple[Zone, ...]:
    """Return the ninths of the endplate the lesion covers; none where no guide is known."""
    span = lesion.body_span or _estimated_span(lesion)
    if span is None:
        return ()
    cover, area = np.zeros((3, 3)), np.zeros((3, 3))  # along x across, in shares of a third
    for one, position in zip(lesion.slices, lesion.positions, strict=True):
        if one.guide_length_mm is None:
            return ()
        along = np.array([_third(one.covered, one.guide_length_mm, k) for k in range(3)])
        place = _from_right(lesion, span, float(position))
        half = lesion.slice_mm / 2
        stretch = ((place - half, place + half),)
        across = np.array([_third(stretch, span[1] - span[0], k) for k in range(3)])
        cover += np.outer(along >= ZONE_SHARE, across)
        area += np.outer(along, across)
    found = cover >= ZONE_SHARE - 1e-9
    if not found.any():
        found = (area == area.max()) & (area > 0)
    return tuple(
        Zone(f"{NAMES[0][i]}-{NAMES[1][j]}") for i in range(3) for j in range(3) if found[i, j]
    )


def _estimated_span(lesion: Lesion) -> tuple[float, float] | None:
    """Return where a body of usual width about its centre begins and ends."""
    lengths = [one.guide_length_mm for one in lesion.slices if one.guide_length_mm]
    if lesion.centre_mm is None or not lengths:
        return None
    half = WIDTH_OVER_LENGTH * max(lengths) / 2
    return lesion.centre_mm - half, lesion.centre_mm + half


def _from_right(lesion: Lesion, span: tuple[float, float], position_mm: float) -> float:
    return position_mm - span[0] if lesion.is_leftward else span[1] - position_mm


def _third(stretches: Sequence[tuple[float, float]], whole_mm: float, number: int) -> float:
    """Return which share of one third of a length stretches cover."""
    begin, end = number * whole_mm / 3, (number + 1) * whole_mm / 3
    covered = sum(max(min(high, end) - max(low, begin), 0.0) for low, high in stretches)
    return covered / (whole_mm / 3)
