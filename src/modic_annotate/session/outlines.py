"""Bodies as their corners were placed, carried to other slices and series in patient mm.

On a slice between two outlines the corners lie on the straight lines between theirs; beyond the
outermost ones, and where only one was placed, the nearest is moved along the slice normal. What a
reader drew of an endplate with three points or more keeps its curve and is fitted between the
corners of the slice. Outlines of another frame of reference are never carried over.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from modic_annotate.domain.series import SeriesUsed
from modic_annotate.domain.spine import Endplate, Surface, Vertebra
from modic_annotate.session.draft import Draft
from modic_annotate.session.spine_geometry import Vector

CURVE_POINTS = 3
"""From so many points on a line says more of an endplate than two corners do."""

LEAST_WIDTH_MM = 30.0
"""Outlines tell a body's width only where the outermost lie this far apart (rule of thumb: less
than a lumbar body is wide): two in the middle of a body tell of the slices between them alone."""

EDGES = {Surface.SUPERIOR: (0, 1), Surface.INFERIOR: (3, 2)}
"""Corners at the anterior and posterior end of each endplate."""


@dataclass(frozen=True)
class BodyShape:
    """The corners of one body on one or more slices."""

    normal: Vector
    """Unit normal of the slices it is carried to."""

    positions: Vector
    """Ascending place of each outline along the normal, shape (n,), in mm."""

    corners: Vector
    """Shape (n, 4, 3), LPS mm."""

    def at(self, position_mm: float) -> Vector:
        """Return the four corners on a slice, shape (4, 3), LPS mm, as `Corners` are ordered."""
        place = float(np.interp(position_mm, self.positions, np.arange(len(self.positions))))
        low = min(int(place), len(self.positions) - 1)
        high = min(low + 1, len(self.positions) - 1)
        found = self.corners[low] + (place - low) * (self.corners[high] - self.corners[low])
        return moved_to(found, self.normal, position_mm)

    @property
    def has_width(self) -> bool:
        """Whether outlines on several slices tell how wide the body is."""
        return float(np.ptp(self.positions)) >= LEAST_WIDTH_MM

    def spans(self, slice_mm: float) -> tuple[float, float]:
        """Return where the body begins and ends along the normal: half a slice beyond outlines."""
        return float(self.positions[0]) - slice_mm / 2, float(self.positions[-1]) + slice_mm / 2


def shape_of(draft: Draft, used: SeriesUsed, vertebra: Vertebra) -> BodyShape | None:
    """Return a body as its corners were placed, in the slices of a series; None where none was."""
    normal = used.grid.slice_normal_lps
    frame = used.frame_of_reference_uid
    placed = [
        np.array(outline.polyline_lps_mm)
        for outline in draft.outlines
        if outline.vertebra == vertebra and outline.frame_of_reference_uid == frame
    ]
    if not placed:
        return None
    corners = np.array(placed)
    positions = corners.mean(axis=1) @ normal
    order = np.argsort(positions, kind="stable")
    return BodyShape(normal, positions[order], corners[order])


def moved_to(points: Vector, normal: Vector, position_mm: float) -> Vector:
    """Return points, shape (n, 3), put onto the slice at a place along the normal."""
    return np.asarray(points + (position_mm - points @ normal)[:, None] * normal)


def edge_at(
    draft: Draft, used: SeriesUsed, endplate: Endplate, position_mm: float
) -> Vector | None:
    """Return an endplate on a slice of a series as it was placed, anterior to posterior.

    Returns
    -------
    numpy.ndarray or None
        Shape (n, 3), LPS mm; None where neither corners nor a line were placed.
    """
    normal = used.grid.slice_normal_lps
    line = draft.line(endplate)
    drawn = None
    if line is not None and line.frame_of_reference_uid == used.frame_of_reference_uid:
        drawn = moved_to(np.array(line.polyline_lps_mm), normal, position_mm)
    shape = shape_of(draft, used, endplate.vertebra)
    if shape is None:
        return drawn
    chord = shape.at(position_mm)[list(EDGES[endplate.surface])]
    is_curve = drawn is not None and len(drawn) >= CURVE_POINTS
    return _fitted(drawn, chord, normal) if drawn is not None and is_curve else chord


def _fitted(line: Vector, chord: Vector, normal: Vector) -> Vector:
    """Return a line turned and scaled so that its ends are those of a chord."""
    along, wanted = line[-1] - line[0], chord[1] - chord[0]
    beside, new_beside = np.cross(normal, along), np.cross(normal, wanted)
    offsets = line - line[0]
    square = float(along @ along)
    shares, heights = offsets @ along / square, offsets @ beside / square
    return np.asarray(chord[0] + shares[:, None] * wanted + heights[:, None] * new_beside)
