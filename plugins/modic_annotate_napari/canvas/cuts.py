"""Where the plane of one stack cuts a slice of another: a line on the display, or nothing.

Both stacks are taken as the blocks they fill: beyond the edges of its slices a plane cuts nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from modic_annotate_napari.canvas.boxes import Box, Point, Polyline, between
from modic_annotate_napari.canvas.display import DisplayMap

Segment = tuple[Point, Point]
Bound = tuple[float, float, float, float]
"""Value where the line begins, its change per mm, and the lowest and highest value allowed."""

TICK_PX = 18.0
"""Length of the short marks that stand for a cut at rest."""

CROSSES_ABOVE = 0.34
"""Planes count as crossing while the sine between them exceeds this (20 degrees)."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Which plane, and its line on the slice shown in display mm; None where it lies outside."""

    name: str
    segment: Segment | None


def cross(one: DisplayMap, other: DisplayMap) -> bool:
    """Return whether the planes of two stacks cross at an angle worth a line."""
    return abs(float(one.normal_lps @ other.normal_lps)) < math.sqrt(1 - CROSSES_ABOVE**2)


def crossing(shown: DisplayMap, at: int, cutting: DisplayMap, cut_at: int) -> Segment | None:
    """Return where a slice of one stack cuts a slice of another.

    Parameters
    ----------
    shown, at
        The stack on the display and the slice shown of it.
    cutting, cut_at
        The stack whose plane is drawn, and which slice of it.

    Returns
    -------
    tuple of two points, or None
        Ends of the line in display mm of `shown`, the left one first (the upper one where the
        line stands upright); None where the planes do not meet inside both stacks.
    """
    across = cutting.inverse @ shown.matrix  # (u, v, slice, 1) of one to that of the other
    base = across[:3, 2] * at + across[:3, 3]
    slope_u, slope_v = float(across[2, 0]), float(across[2, 1])
    offset = float(base[2]) - cut_at
    steepness = math.hypot(slope_u, slope_v)
    if steepness < 1e-9:  # noqa: PLR2004 - parallel planes have no line
        return None
    u0, v0 = (-offset * slope / steepness**2 for slope in (slope_u, slope_v))
    along_u, along_v = -slope_v / steepness, slope_u / steepness
    there = across[:2, :2] @ (u0, v0) + base[:2]
    per_mm = across[:2, :2] @ (along_u, along_v)
    reach = clipped(
        [
            *_inside(shown, (u0, v0), (along_u, along_v)),
            *_inside(cutting, (float(there[0]), float(there[1])), (*per_mm.tolist(),)),
        ]
    )
    if reach is None:
        return None
    ends = [(u0 + along_u * t, v0 + along_v * t) for t in reach]
    return min(ends), max(ends)


def _inside(stack: DisplayMap, begin: Point, step: tuple[float, ...]) -> Iterable[Bound]:
    """Bounds of a line by the outer edges of a stack's slices."""
    vertical, horizontal = stack.pixel_mm
    width, height = stack.size_mm
    yield begin[0], step[0], -horizontal / 2, width - horizontal / 2
    yield begin[1], step[1], -vertical / 2, height - vertical / 2


def clipped(bounds: Iterable[Bound]) -> tuple[float, float] | None:
    """Return the stretch of a line that keeps to all bounds, as distances; None where none does."""
    low, high = -math.inf, math.inf
    for value, slope, least, most in bounds:
        if abs(slope) < 1e-12:  # noqa: PLR2004 - runs along the edge
            if not least <= value <= most:
                return None
            continue
        first, last = sorted(((least - value) / slope, (most - value) / slope))
        low, high = max(low, first), min(high, last)
    return (low, high) if low < high < math.inf else None


def within(line: Segment, box: Box) -> Segment | None:
    """Return the part of a line that lies in a box."""
    (x, y), (x1, y1) = line
    length = math.dist(*line) or 1.0
    dx, dy = (x1 - x) / length, (y1 - y) / length
    reach = clipped(
        [(x, dx, box.left, box.right), (y, dy, box.top, box.bottom), (0.0, 1.0, 0.0, length)]
    )
    if reach is None:
        return None
    first, last = ((x + dx * t, y + dy * t) for t in reach)
    return first, last


def ticks(line: Segment, endplates: Iterable[Polyline], clear_px: float) -> tuple[Segment, ...]:
    """Return the short marks at the ends of a cut that keep clear of every endplate.

    Parameters
    ----------
    line
        The visible part of the cut on the screen.
    endplates
        Endplates on the screen.
    clear_px
        How near to an endplate nothing may stand.
    """
    (x, y), (x1, y1) = line
    length = math.dist(*line)
    if length < 2 * TICK_PX:
        return ()
    dx, dy = (x1 - x) / length * TICK_PX, (y1 - y) / length * TICK_PX
    marks = ((line[0], (x + dx, y + dy)), ((x1 - dx, y1 - dy), line[1]))
    lines = list(endplates)
    return tuple(m for m in marks if all(between(m, one) >= clear_px for one in lines))
