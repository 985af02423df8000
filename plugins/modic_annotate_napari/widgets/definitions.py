"""Definitions with pictures, a column each, for the sheet over the room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modic_annotate_napari import theme
from modic_annotate_napari.qt import QImage, QPainter, QRect, Qt
from modic_annotate_napari.widgets.text import wrapped

LINE_PX, GAP_PX, MARGIN_PX, HEAD_PX, CAPTION_PX = 18, 14, 28, 34, 20
LEAST_PICTURE_PX, MOST_PICTURE_PX = 120, 744
LABEL = "synthetic image"
"""Stands on every picture."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One column: a title, pictures with what they show, and words."""

    title: str
    pictures: tuple[tuple[str, bytes], ...]
    """Caption and PNG, in the order of the series."""

    words: tuple[str, ...]
    in_question: bool = False
    """Whether the active endplate is graded so."""


def paint_definitions(
    painter: QPainter, place: QRect, columns: Sequence[Definition], foot: Sequence[str]
) -> None:
    """Paint the columns side by side, and the rules that hold for all below them."""
    room = place.adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
    width = room.width() // max(len(columns), 1)
    metrics = theme.metrics(theme.LABEL_PX)
    texts = [
        [part for text in column.words for part in wrapped(text, metrics, width - GAP_PX)]
        for column in columns
    ]
    rules = [part for text in foot for part in wrapped(text, metrics, room.width())]
    words_px = LINE_PX * max((len(text) for text in texts), default=0)
    left_px = room.height() - HEAD_PX - words_px - 2 * GAP_PX - LINE_PX * len(rules)
    size = _picture_size(columns, width - GAP_PX, left_px)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for n, (column, text) in enumerate(zip(columns, texts, strict=True)):
        _paint_column(painter, QRect(room.x() + n * width, room.y(), width, 0), column, size)
        _write_lines(painter, room.x() + n * width, _below(room, columns, size), text, theme.TEXT)
    below = _below(room, columns, size) + words_px + GAP_PX
    _write_lines(painter, room.x(), below, rules, theme.DIM)


def _picture_size(columns: Sequence[Definition], width: int, height: int) -> tuple[int, int]:
    """Return the size at which all pictures fit, in their own shape."""
    rows = max((len(column.pictures) for column in columns), default=1)
    first = QImage.fromData(columns[0].pictures[0][1])
    shape = first.height() / first.width()
    fits = round((height / rows - GAP_PX // 2) / shape)
    chosen = min(max(min(width, fits), LEAST_PICTURE_PX), MOST_PICTURE_PX)
    return chosen, round(chosen * shape)


def _below(room: QRect, columns: Sequence[Definition], size: tuple[int, int]) -> int:
    rows = max((len(column.pictures) for column in columns), default=1)
    return room.y() + HEAD_PX + rows * (size[1] + GAP_PX // 2) + 4


def _paint_column(
    painter: QPainter, place: QRect, column: Definition, size: tuple[int, int]
) -> None:
    side = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    painter.setFont(theme.font(theme.TITLE_PX))
    painter.setPen(theme.colour(theme.STRONG if column.in_question else theme.TEXT))
    painter.drawText(QRect(place.x(), place.y(), place.width(), 26), side, column.title)
    if column.in_question:
        painter.fillRect(place.x(), place.y() + 27, size[0], 3, theme.colour(theme.ACCENT))
    for n, (caption, png) in enumerate(column.pictures):
        top = place.y() + HEAD_PX + n * (size[1] + GAP_PX // 2)
        where = QRect(place.x(), top, *size)
        painter.drawImage(where, QImage.fromData(png))
        _caption(painter, where, caption, left=True)
        _caption(painter, where, LABEL, left=False)


def _caption(painter: QPainter, picture: QRect, text: str, *, left: bool) -> None:
    """Write on a dark ground at the lower edge of a picture."""
    painter.setFont(theme.font(theme.LABEL_PX if left else 11, strong=left))
    width = painter.fontMetrics().horizontalAdvance(text) + 10
    x = picture.x() if left else picture.right() + 1 - width
    ground = QRect(x, picture.bottom() + 1 - CAPTION_PX, width, CAPTION_PX)
    painter.fillRect(ground, theme.colour(theme.GROUND, 0.85))
    painter.setPen(theme.colour(theme.STRONG if left else theme.TEXT))
    painter.drawText(ground, int(Qt.AlignmentFlag.AlignCenter), text)


def _write_lines(painter: QPainter, x: int, y: int, lines: Sequence[str], ink: str) -> None:
    painter.setFont(theme.font(theme.LABEL_PX))
    painter.setPen(theme.colour(ink))
    side = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for n, line in enumerate(lines):
        width = painter.fontMetrics().horizontalAdvance(line) + 2
        painter.drawText(QRect(x, y + n * LINE_PX, width, LINE_PX), side, line)
