"""What a room shows, measured: every text with its place, ink and ground, and every overlay.

Texts that widgets paint are caught as they are painted, with the pen they are painted with;
those of labels and buttons are told by the widgets. Grounds are read off a screenshot of the
real screen, images included.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray
from qtpy.QtCore import QPoint, QRect, Qt
from qtpy.QtGui import QColor, QImage, QPainter, QRegion
from qtpy.QtWidgets import QApplication, QLabel, QMenuBar, QPushButton, QWidget

from modic_annotate_napari.canvas.layout import CLEAR_MM
from modic_annotate_napari.widgets.text import ElidedLabel

ROUNDING_PX = 1
NEAR_PX = 2
"""So near to the upper or lower edge of a line is a row of its ground that no letter reaches."""


@dataclass(frozen=True)
class Text:
    """A text on the screen: what it is, where it may be, where its ink is, and how it is set."""

    widget: str
    text: str
    ink: QRect
    """In the widget's own pixels."""

    room: QRect
    px: int
    colour: QColor
    owner: QWidget

    @property
    def in_sight(self) -> bool:
        """Whether all of it is shown."""
        slack = self.owner.visibleRegion().boundingRect().adjusted(-ROUNDING_PX, 0, ROUNDING_PX, 0)
        return slack.contains(self.ink)

    @property
    def on_window(self) -> QRect:
        """The ink in pixels of the window, as far as the widget shows it."""
        window = self.owner.window()
        shown = self.owner.visibleRegion().boundingRect().intersected(self.ink)
        return QRect(self.owner.mapTo(window, shown.topLeft()), shown.size())


@dataclass
class Look:
    """What was measured in one step."""

    share: float
    """Of the window that the images own."""

    texts: list[list[Text]] = field(default_factory=list)
    """Of each painting widget."""

    cut_labels: list[str] = field(default_factory=list)
    fonts: dict[str, int] = field(default_factory=dict)
    boxes: list[dict[object, object]] = field(default_factory=list)
    """Level labels of each canvas."""

    near: list[int] = field(default_factory=list)
    """Pixels of each canvas's overlay that lie too near to an endplate."""

    contrasts: dict[str, float] = field(default_factory=dict)
    """Of each text with its ground on the screen, the least of all places it stands."""

    overlaps: list[tuple[str, str]] = field(default_factory=list)
    """Texts of which one lies on another, wherever in the window."""

    outside: list[str] = field(default_factory=list)
    """Painted texts that do not lie wholly within what their widget shows."""


def painted(window: QWidget) -> list[list[Text]]:
    """Paint a window and return every text that a painter wrote, widget by widget."""
    written: dict[int, list[Text]] = {}
    draw = QPainter.drawText

    def spy(painter: QPainter, *said: object) -> object:
        room, flags, text = said
        rect = QRect(room) if isinstance(room, QRect) else room.toAlignedRect()
        ink = painter.fontMetrics().boundingRect(rect, int(getattr(flags, "value", flags)), text)
        device, pen = painter.device(), QColor(painter.pen().color())
        one = Text(type(device).__name__, text, ink, rect, painter.font().pixelSize(), pen, device)
        written.setdefault(id(device), []).append(one)
        return draw(painter, *said)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QPainter, "drawText", spy)
        window.grab()
    return list(written.values())


def labels(room: QWidget) -> Iterator[Text]:
    """Yield the texts of visible labels and buttons, which Qt paints by itself."""
    for widget in (*room.findChildren(QLabel), *room.findChildren(QPushButton)):
        if not widget.isVisible() or isinstance(widget, ElidedLabel) or not widget.text():
            continue
        aligned = int(widget.alignment()) if isinstance(widget, QLabel) else Qt.AlignCenter
        wraps = isinstance(widget, QLabel) and widget.wordWrap()
        flags = int(aligned) | int(Qt.TextFlag.TextWordWrap if wraps else 0)
        inner = widget.contentsRect()
        ink = widget.fontMetrics().boundingRect(inner, flags, widget.text())
        colour = widget.palette().color(widget.foregroundRole())
        px = widget.font().pixelSize()
        yield Text(type(widget).__name__, widget.text(), ink, inner, px, colour, widget)


def cut_labels(room: QWidget) -> Iterator[str]:
    """Yield the text of every visible label or button that is larger than its place."""
    for widget in (*room.findChildren(QLabel), *room.findChildren(QPushButton)):
        if not widget.isVisible() or isinstance(widget, ElidedLabel) or not widget.text():
            continue
        inner = widget.contentsRect()
        wraps = isinstance(widget, QLabel) and widget.wordWrap()
        flags = Qt.TextFlag.TextWordWrap if wraps else Qt.TextFlag.TextSingleLine
        metrics = widget.fontMetrics()
        needed = metrics.boundingRect(QRect(0, 0, inner.width(), 9999), flags, widget.text())
        inside = room.rect().contains(QRect(widget.mapTo(room, QPoint(0, 0)), widget.size()))
        fits = needed.width() <= inner.width() and needed.height() <= inner.height() + ROUNDING_PX
        if not (fits and inside):
            yield widget.text()


def near_pixels(panel: QWidget, lines: list[NDArray[np.float64]]) -> int:
    """Return how many pixels over an image lie within 3 mm of an endplate inside the body."""
    canvas = panel.canvas_widget
    picture = QImage(canvas.size(), QImage.Format.Format_ARGB32)
    picture.fill(0)
    for over in canvas.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if over.isVisible():
            over.render(picture, over.pos(), QRegion(), QWidget.RenderFlag.DrawChildren)
    rows = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), -1, 4)
    y, x = np.nonzero(rows[..., 3])
    pixels = np.column_stack([x, y]) + 0.5
    close, reach = np.zeros(len(pixels), bool), CLEAR_MM * panel.px_per_mm
    for line in lines:
        ends = np.array([panel._view.to_screen(u, v) for u, v, _ in panel.display.to_display(line)])
        near = np.zeros(len(pixels), bool)
        for a, b in itertools.pairwise(ends):
            along = b - a
            t = np.clip(((pixels - a) @ along) / (along @ along), 0, 1)
            near |= np.linalg.norm(pixels - a - t[:, None] * along, axis=1) < reach
        close |= near & ((pixels - ends[0]) @ (ends[-1] - ends[0]) >= 0)  # not in front of the body
    return int(close.sum())


def screenshot(window: QWidget) -> NDArray[np.uint8]:
    """Return the window as it stands on the screen, shape (height, width, 3)."""
    QApplication.processEvents()
    at = window.mapToGlobal(QPoint(0, 0))
    shot = window.screen().grabWindow(0, at.x(), at.y(), window.width(), window.height())
    image = shot.toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return rows[:, : image.width(), :3].copy()


def luminance(colours: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Relative luminance of colours, shape (..., 3) (WCAG 2.2)."""
    share = np.asarray(colours, float) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def contrast(text: Text, shot: NDArray[np.uint8]) -> float:
    """Return the contrast of a text with its ground, at the ground's worst place."""
    ink = text.on_window
    heights = [y + k for y in (ink.top(), ink.bottom()) for k in range(-NEAR_PX, NEAR_PX + 1)]
    rows = shot[np.clip(heights, 0, len(shot) - 1), ink.left() : ink.right() + 1]
    rgb = np.array([text.colour.red(), text.colour.green(), text.colour.blue()], np.uint8)
    low, high = np.sort(np.stack(np.broadcast_arrays(luminance(rgb), luminance(rows))), axis=0)
    of_rows: NDArray[np.float64] = ((high + 0.05) / (low + 0.05)).min(axis=1)
    return float(of_rows.max())


def overlaps(texts: list[Text]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of texts of which one lies on the other."""
    for one, other in itertools.combinations(texts, 2):
        if one.on_window.intersects(other.on_window.adjusted(0, 3, 0, -3)):
            yield one.text, other.text


def outside(texts: list[Text]) -> Iterator[str]:
    """Yield the texts that are not wholly inside their widget."""
    for text in texts:
        slack = text.owner.rect().adjusted(-ROUNDING_PX, -3, ROUNDING_PX, 3)
        if not slack.contains(text.ink):
            yield text.text


def look_at(room: QWidget, lines: list[NDArray[np.float64]]) -> Look:
    """Measure the room as it stands."""
    window = room.window()
    panels = [panel for _, panel in room.canvases.panels]
    shown = [panel for panel in panels if panel.isVisible()]
    area = sum(panel.width() * panel.height() for panel in shown)
    fonts = {
        f"{type(w).__name__} {w.objectName()}": w.font().pixelSize()
        for w in room.findChildren(QWidget)
        if w.isVisible() and w.font().pixelSize() > 0
    }
    by_widget = painted(window)
    texts = [t for one in (*by_widget, labels(room)) for t in one if t.text.strip()]
    covered = room.sheet.isVisible()
    texts = [t for t in texts if (t.owner is room.sheet) == covered and not _of_menu(t)]
    on_screen = [t for t in texts if not t.on_window.isEmpty()]
    shot, contrasts = screenshot(window), {}
    for text in on_screen:
        key = f"{text.widget}: {text.text}"
        contrasts[key] = min(contrast(text, shot), contrasts.get(key, 99.0))
    return Look(
        share=area / (window.width() * window.height()),
        texts=by_widget,
        cut_labels=list(cut_labels(room)),
        fonts=fonts,
        boxes=[panel._overlay.label_boxes() for panel in shown],
        near=[near_pixels(panel, lines) for panel in shown],
        contrasts=contrasts,
        overlaps=list(overlaps(on_screen)),
        outside=list(outside(texts)),
    )


def _of_menu(text: Text) -> bool:
    return isinstance(text.owner, QMenuBar)
