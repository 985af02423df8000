"""How each thing over an image is drawn: every text on a dark ground, every line with a dark edge.

The grounds keep a contrast of 4.5 : 1 and more over any grey (WCAG 2.2, 1.4.3).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from modic_annotate_napari.canvas.boxes import Box, Point
from modic_annotate_napari.canvas.furniture import Furniture
from modic_annotate_napari.canvas.layout import Placed
from modic_annotate_napari.canvas.marks import DASHES, LevelMark, MarkStyle
from modic_annotate_napari.qt import QColor, QPainter, QPen, QPointF, QRectF, Qt

Segment = tuple[Point, Point]

GROUND = QColor(0, 0, 0, 190)
DARK_EDGE = QColor(0, 0, 0, 170)
TEXT = QColor("#E8E8E8")
TEXT_DIMMED = QColor("#B4B4B4")
TEXT_INVERTED = QColor("#101010")
GROUND_ACTIVE = QColor("#F2F2F2")
GROUND_ACTIVE_DIMMED = QColor("#C4C4C4")
WHITE = QColor("#FFFFFF")
CUT = QColor("#3FC7A6")
"""The room's accent: no colour of a Modic type."""

DIMMED_OPACITY = 0.6
LINE_PX, THIN_PX, EDGE_PX = 2.0, 1.0, 2.0
CROSS_ARM_PX, CROSS_EVERY_PX = 3.0, 14.0
CENTRE_RADIUS_PX = 4.0
PRESUMED_WIDER_PX, PRESUMED_DASHES = 3.0, [1.6, 1.6]
SCALE_FOOT_PX = 6.0
CROSS_GAP_PX = 10.0
IN_PLANE_MM = 0.05
"""A point nearer than this to a slice counts as in its plane."""


def draw_text(painter: QPainter, box: Box, text: str, ink: QColor, ground: QColor) -> None:
    """Write a text in the middle of a rounded ground."""
    rect = QRectF(box.left, box.top, box.width, box.height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(rect, 2.0, 2.0)
    painter.setPen(ink)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def draw_furniture(painter: QPainter, piece: Furniture) -> None:
    """Draw a letter of orientation or the scale bar."""
    box = piece.box
    if not piece.bar_px:
        draw_text(painter, box, piece.text, TEXT, GROUND)
        return
    width = min(painter.fontMetrics().horizontalAdvance(piece.text) + 8.0, box.width)
    ground = Box(box.right - width, box.top, width, box.height - SCALE_FOOT_PX)
    draw_text(painter, ground, piece.text, TEXT, GROUND)
    y, left = box.bottom - 2, box.right - piece.bar_px
    _lines(painter, [((left, y), (box.right, y))], QPen(TEXT, LINE_PX))


def draw_label(painter: QPainter, place: Placed, mark: LevelMark, dimmed: bool) -> None:
    """Draw the label of an endplate and its tick."""
    if mark.active:
        ground = GROUND_ACTIVE_DIMMED if dimmed else GROUND_ACTIVE
        draw_text(painter, place.box, mark.text, TEXT_INVERTED, ground)
    else:
        draw_text(painter, place.box, mark.text, TEXT_DIMMED if dimmed else TEXT, GROUND)
    if place.tick is not None:
        painter.setOpacity(DIMMED_OPACITY if dimmed else 1.0)
        _stroke(painter, place.tick, mark, WHITE if mark.active else None)
        painter.setOpacity(1.0)


def draw_line(painter: QPainter, line: Sequence[Point], mark: LevelMark, dimmed: bool) -> None:
    """Draw an endplate itself."""
    painter.setOpacity(DIMMED_OPACITY if dimmed else 1.0)
    _stroke(painter, line, mark, None)
    if mark.active:
        for x, y in (line[0], line[-1]):
            _lines(painter, [((x, y - 5), (x, y + 5))], QPen(WHITE, THIN_PX))
    painter.setOpacity(1.0)


def draw_centre(painter: QPainter, at: Point, text: str, *, presumed: bool = False) -> None:
    """Draw the mark of a body centre with its vertebra; presumed it is hollow and asks."""
    centre = QPointF(*at)
    painter.setBrush(Qt.BrushStyle.NoBrush if presumed else WHITE)
    pen = QPen(WHITE, LINE_PX)
    if presumed:
        text = f"{text} ?"
        pen.setDashPattern(PRESUMED_DASHES)
    radius = CENTRE_RADIUS_PX + (PRESUMED_WIDER_PX if presumed else 0.0)
    for each in (QPen(DARK_EDGE, LINE_PX + EDGE_PX), pen):
        painter.setPen(each)
        painter.drawEllipse(centre, radius, radius)
    width = painter.fontMetrics().horizontalAdvance(text) + 8.0
    height = painter.fontMetrics().height() + 2.0
    box = Box(at[0] + radius + 4, at[1] - height / 2, width, height)
    draw_text(painter, box, text, TEXT, GROUND)


def draw_cross(
    painter: QPainter, at: Point, canvas: tuple[float, float], distance_mm: float
) -> None:
    """Draw hairlines open at the point itself, dashed and with its distance off the plane."""
    (x, y), (width, height) = at, canvas
    gap = CROSS_GAP_PX
    arms = [
        ((0.0, y), (x - gap, y)), ((x + gap, y), (width, y)),
        ((x, 0.0), (x, y - gap)), ((x, y + gap), (x, height)),
    ]  # fmt: skip
    pen = QPen(TEXT, THIN_PX)
    in_plane = abs(distance_mm) < IN_PLANE_MM
    if not in_plane:
        pen.setStyle(Qt.PenStyle.DashLine)
    _lines(painter, arms, pen)
    if not in_plane:
        text = f"{distance_mm:+.1f} mm"
        box_width = painter.fontMetrics().horizontalAdvance(text) + 8.0
        left = x + gap if x + gap + box_width < width else x - gap - box_width
        draw_text(painter, Box(left, y - gap - 16, box_width, 16), text, TEXT, GROUND)


def draw_cut(painter: QPainter, parts: Sequence[Segment]) -> None:
    """Draw the plane of another stack, or the short marks that stand for it."""
    _lines(painter, parts, QPen(CUT, THIN_PX))


def _stroke(
    painter: QPainter, line: Sequence[Point], mark: LevelMark, colour: QColor | None
) -> None:
    """Draw a polyline as the style and the colours of a mark say; `colour` overrules them."""
    colours = [colour] if colour else [QColor(c) for c in mark.colours]
    thin = mark.style in (MarkStyle.THIN, MarkStyle.CROSSED)
    width = THIN_PX if thin and not mark.active else LINE_PX
    if mark.style == MarkStyle.HOLLOW:
        outer = QPen(colours[0], LINE_PX + 1.5)
        outer.setDashPattern([1.2, 0.9])
        outer.setCapStyle(Qt.PenCapStyle.FlatCap)
        inner = QPen(QColor(0, 0, 0), 1.0)
        segments = [*itertools.pairwise(line)]
        _lines(painter, segments, outer)
        _strokes(painter, segments, inner)
        return
    parts = list(_shares(line, len(colours)))
    for part, shade in zip(parts, colours, strict=True):
        pen = QPen(shade, width)
        dashes = DASHES.get(shade.name().upper())
        if dashes and mark.style == MarkStyle.SOLID:
            pen.setDashPattern(dashes)
        _lines(painter, [*itertools.pairwise(part)], pen)
    if mark.style == MarkStyle.CROSSED:
        _lines(painter, list(_crosses(line)), QPen(colours[0], THIN_PX))


def _lines(painter: QPainter, segments: Sequence[Segment], pen: QPen) -> None:
    """Draw segments over a dark edge."""
    for each in (QPen(DARK_EDGE, pen.widthF() + EDGE_PX), pen):
        _strokes(painter, segments, each)


def _strokes(painter: QPainter, segments: Sequence[Segment], pen: QPen) -> None:
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    for a, b in segments:
        painter.drawLine(QPointF(*a), QPointF(*b))


def _along(line: Sequence[Point], distance: float) -> Point:
    """Return the point at a distance along a polyline."""
    for a, b in itertools.pairwise(line):
        step = math.dist(a, b)
        if distance <= step and step > 0:
            t = distance / step
            return a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])
        distance -= step
    return line[-1]


def _shares(line: Sequence[Point], n: int) -> Iterator[list[Point]]:
    """Cut a polyline into `n` parts of equal length."""
    lengths = [0.0, *itertools.accumulate(math.dist(a, b) for a, b in itertools.pairwise(line))]
    cuts = [lengths[-1] * k / n for k in range(n + 1)]
    for begin, end in itertools.pairwise(cuts):
        inner = [p for p, at in zip(line, lengths, strict=True) if begin < at < end]
        yield [_along(line, begin), *inner, _along(line, end)]


def _crosses(line: Sequence[Point]) -> Iterator[Segment]:
    """Small crosses along a polyline, at least one in its middle."""
    length = sum(math.dist(a, b) for a, b in itertools.pairwise(line))
    count = max(int(length / CROSS_EVERY_PX), 1)
    arm = CROSS_ARM_PX
    for k in range(count):
        x, y = _along(line, length * (k + 0.5) / count)
        yield (x - arm, y - arm), (x + arm, y + arm)
        yield (x - arm, y + arm), (x + arm, y - arm)
