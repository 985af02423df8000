"""Where level labels stand: in front of the spine, clear of every endplate and of each other.

All lengths are logical screen pixels, x to the right (posterior), y down.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from modic_annotate_napari.canvas.boxes import Box, Point, Polyline, around, between, to_segment

CLEAR_MM = 3.0
"""At rest nothing is drawn within this distance of an endplate."""

PEN_PX = 2.5
"""Room for half a pen width, its dark edge and rounding."""

TICK_PX = 14.0
GAP_PX = 2.0
EDGE_PX = 4.0
"""Distance of labels from the edge of the canvas."""

STEEPEST = 0.6
"""Ticks follow the tilt of their endplate up to this slope."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the label of endplate number `index` stands, and its tick, label end first.

    Without room for a tick clear of all endplates there is none.
    """

    index: int
    box: Box
    tick: tuple[Point, Point] | None


def lay_out(
    lines: Sequence[Polyline],
    sizes: Sequence[tuple[float, float]],
    px_per_mm: float,
    canvas: tuple[float, float],
) -> tuple[Placed, ...]:
    """Place a label and a tick for every endplate whose front end is on the canvas.

    Parameters
    ----------
    lines
        Endplates on the screen, each from anterior (left) to posterior.
    sizes
        Width and height of each label.
    px_per_mm
        Zoom, to keep `CLEAR_MM`.
    canvas
        Width and height.

    Returns
    -------
    tuple of Placed
        Top to bottom; an endplate without a free place for its label has none.
    """
    clear = CLEAR_MM * px_per_mm + PEN_PX
    on_canvas = Box(0.0, 0.0, *canvas)
    extents = [around(line) for line in lines]
    ends = {
        i: _tick_end(line, extents, lines, clear)
        for i, line in enumerate(lines)
        if on_canvas.holds(*line[0])
    }
    targets = {i: end[1] + _slope(lines[i]) * TICK_PX for i, end in ends.items()}
    order = sorted(ends, key=lambda i: (targets[i], i))
    heights = [sizes[i][1] + GAP_PX for i in order]
    centres = push_apart([targets[i] for i in order], heights, canvas[1])
    placed = []
    for group in _touching(centres, heights):
        members = [order[k] for k in group]
        preferred = min(ends[i][0] for i in members) - TICK_PX
        for k, i in zip(group, members, strict=True):
            box = _box(sizes[i], centres[k], preferred, extents, clear)
            if box is not None:
                tick = ((box.right, centres[k]), ends[i])
                free = all(_is_clear(tick, n, clear, extents, lines) for n in range(len(lines)))
                placed.append(Placed(i, box, tick if free else None))
    return tuple(placed)


def push_apart(targets: Sequence[float], heights: Sequence[float], room: float) -> list[float]:
    """Return centres in the same order, moved as little as possible so that nothing overlaps.

    Least squares under a fixed order is isotonic regression after the heights are taken off,
    solved by pooling adjacent violators.

    Parameters
    ----------
    targets
        Wished centres, ascending.
    heights
        Height of each label with its gap.
    room
        Height of the canvas; what does not fit runs over its lower edge.
    """
    if not targets:
        return []
    steps = [(a + b) / 2 for a, b in itertools.pairwise(heights)]
    offsets = [0.0, *itertools.accumulate(steps)]
    pools: list[tuple[float, int]] = []
    for target, offset in zip(targets, offsets, strict=True):
        value, count = target - offset, 1
        while pools and pools[-1][0] >= value:
            before, n = pools.pop()
            value, count = (before * n + value * count) / (n + count), n + count
        pools.append((value, count))
    lowest = heights[0] / 2
    highest = max(room - heights[-1] / 2 - offsets[-1], lowest)
    free = [min(max(value, lowest), highest) for value, count in pools for _ in range(count)]
    return [value + offset for value, offset in zip(free, offsets, strict=True)]


def _touching(centres: Sequence[float], heights: Sequence[float]) -> Iterable[list[int]]:
    """Group neighbours that touch; they share one right edge, so that no tick crosses a label."""
    group: list[int] = []
    for k, centre in enumerate(centres):
        if group and centre - centres[k - 1] > (heights[k] + heights[k - 1]) / 2 + GAP_PX:
            yield group
            group = []
        group.append(k)
    if group:
        yield group


def _slope(line: Polyline) -> float:
    """Rise per pixel to the left of the line through the ends of an endplate."""
    (x0, y0), (x1, y1) = line[0], line[-1]
    if x1 - x0 <= 0:
        return 0.0
    return min(max((y0 - y1) / (x1 - x0), -STEEPEST), STEEPEST)


def _tick_end(
    line: Polyline, extents: Sequence[Box], lines: Sequence[Polyline], clear: float
) -> Point:
    """Return the end of a tick: in front of its endplate, clear of all of them."""
    (x, y), slope = line[0], _slope(line)
    reach = clear
    for _ in lines:
        end = (x - reach, y + slope * reach)
        near = [n for n in range(len(lines)) if _too_near(end, n, clear, extents, lines)]
        if not near:
            break
        reach = max(x - min(extents[n].left for n in near) + clear, reach + 1.0)
    return x - reach, y + slope * reach


def _too_near(
    p: Point, n: int, clear: float, extents: Sequence[Box], lines: Sequence[Polyline]
) -> bool:
    if not extents[n].grown(clear).holds(*p):
        return False
    return any(to_segment(p, a, b) < clear - 1e-9 for a, b in itertools.pairwise(lines[n]))


def _is_clear(
    tick: tuple[Point, Point],
    n: int,
    clear: float,
    extents: Sequence[Box],
    lines: Sequence[Polyline],
) -> bool:
    if not around(tick).grown(clear).overlaps(extents[n].grown(1e-6)):
        return True
    return between(tick, lines[n]) >= clear - 1e-9


def _box(
    size: tuple[float, float],
    centre: float,
    preferred: float,
    extents: Sequence[Box],
    clear: float,
) -> Box | None:
    """Return the box of a label, or None where there is no room in front of the spine."""
    width, height = size
    top, bottom = centre - height / 2, centre + height / 2
    beside = [e.left for e in extents if e.top - clear < bottom and e.bottom + clear > top]
    limit = min(beside, default=preferred + clear) - clear
    right = min(preferred, limit)
    if right - width < EDGE_PX:
        right = EDGE_PX + width
    return Box(right - width, top, width, height) if right <= limit + 1e-9 else None
