"""Small plane geometry for the overlay: points, boxes, segments, in logical screen pixels."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]
Polyline = Sequence[Point]


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle; y runs down."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower edge."""
        return self.top + self.height

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def overlaps(self, other: Box) -> bool:
        """Whether two boxes share any area."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def grown(self, margin: float) -> Box:
        """Return the box with a margin all round."""
        return Box(
            self.left - margin, self.top - margin, self.width + 2 * margin, self.height + 2 * margin
        )

    @property
    def outline(self) -> tuple[Point, ...]:
        """The closed outline, starting top left."""
        a, b = (self.left, self.top), (self.right, self.top)
        c, d = (self.right, self.bottom), (self.left, self.bottom)
        return a, b, c, d, a


def around(points: Polyline) -> Box:
    """Return the smallest box that holds all points."""
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    return Box(left, top, right - left, bottom - top)


def to_segment(p: Point, a: Point, b: Point) -> float:
    """Return the distance of a point from a segment."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length2 = dx * dx + dy * dy
    t = ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length2 if length2 else 0.0
    t = min(max(t, 0.0), 1.0)
    return math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy)


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def between_segments(a: Point, b: Point, c: Point, d: Point) -> float:
    """Return the distance between segments a-b and c-d, 0 where they cross."""
    crosses = _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0
    if crosses:
        return 0.0
    return min(to_segment(a, c, d), to_segment(b, c, d), to_segment(c, a, b), to_segment(d, a, b))


def between(one: Polyline, other: Polyline) -> float:
    """Return the distance between two polylines."""
    return min(
        between_segments(a, b, c, d)
        for a, b in itertools.pairwise(one)
        for c, d in itertools.pairwise(other)
    )


def from_box(box: Box, line: Polyline) -> float:
    """Return the distance of a polyline from a box, 0 where it enters it."""
    if any(box.holds(x, y) for x, y in line):
        return 0.0
    return between(box.outline, line)
