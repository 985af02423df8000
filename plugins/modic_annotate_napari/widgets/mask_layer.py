"""Painted lesions, the brush and a body's corners over one canvas; takes no mouse.

Hidden and connected to nothing while there is nothing to show, so that scrolling at rest costs
what it cost without it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from modic_annotate.domain.base import PointLps
from modic_annotate_napari import theme
from modic_annotate_napari.canvas.mask_shapes import MaskShape
from modic_annotate_napari.canvas.series_panel import SeriesPanel
from modic_annotate_napari.qt import (
    QColor,
    QEvent,
    QObject,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPointF,
    Qt,
    QTransform,
    QWidget,
)

HALF_SLICE = 0.5
TINT, FAINT = 70, 30
"""Opacity of the tint, of 255: of the active endplate's mask, of the others'."""

CORNER_PX = 3.0


@dataclass(frozen=True)
class TintedMask:
    """One mask with its colour."""

    shape: MaskShape
    colour: str
    active: bool = True


@dataclass(frozen=True)
class BrushView:
    """The brush: where it is, and the stroke under way."""

    radius_mm: float
    erases: bool
    at: PointLps | None = None
    stroke: tuple[PointLps, ...] = ()


@dataclass(frozen=True)
class OutlineView:
    """The corners of a body on the slice shown; `carried` where they were placed on another."""

    corners: tuple[PointLps, ...]
    carried: bool


@dataclass(frozen=True)
class MaskView:
    """Everything one canvas shows of drawings."""

    masks: tuple[TintedMask, ...] = ()
    brush: BrushView | None = None
    outline: OutlineView | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self.masks and self.brush is None and self.outline is None


class MaskLayer(QWidget):
    """Draws a `MaskView` over one canvas."""

    def __init__(self, panel: SeriesPanel, sliced: Callable[[], None]) -> None:
        super().__init__(panel.canvas_widget)
        self._panel, self._sliced = panel, sliced
        self._view = MaskView()
        self._listens = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    @property
    def shown(self) -> MaskView:
        """What is shown now."""
        return self._view

    def show_view(self, view: MaskView) -> None:
        """Show other drawings; free where nothing changed."""
        if view == self._view:
            return
        self._view = view
        self._listen(not view.is_empty)
        self.setVisible(not view.is_empty)
        if not view.is_empty:
            self.resize(self._panel.canvas_widget.size())
            self.raise_()
            self.update()

    def _listen(self, on: bool) -> None:
        """Follow size, view and slice of the canvas only while something is shown."""
        if on == self._listens:
            return
        self._listens = on
        panel = self._panel
        if on:
            panel.canvas_widget.installEventFilter(self)
            panel.view_changed.connect(self.update)
            panel.slice_changed.connect(self._slice_changed)
        else:
            panel.canvas_widget.removeEventFilter(self)
            panel.view_changed.disconnect(self.update)
            panel.slice_changed.disconnect(self._slice_changed)

    def _slice_changed(self, _index: int) -> None:
        self._sliced()
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the canvas."""
        if event.type() == QEvent.Type.Resize:
            self.resize(self._panel.canvas_widget.size())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw masks, then the stroke under way, then the body's corners."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        to_screen = self._to_screen()
        for mask in self._view.masks:
            if abs(mask.shape.depth - self._panel.slice) <= HALF_SLICE:
                _draw_mask(painter, mask, to_screen)
        if self._view.brush is not None:
            self._draw_brush(painter, self._view.brush)
        if self._view.outline is not None:
            self._draw_outline(painter, self._view.outline)
        painter.end()

    def _to_screen(self) -> QTransform:
        view = self._panel.view
        scale = view.px_per_mm
        left, top = view.to_screen(0.0, 0.0)
        return QTransform(scale, 0.0, 0.0, scale, left, top)

    def _places(self, points: Sequence[PointLps]) -> list[QPointF]:
        return [QPointF(*self._panel.screen_of(point)) for point in points]

    def _draw_brush(self, painter: QPainter, brush: BrushView) -> None:
        radius = brush.radius_mm * self._panel.px_per_mm
        colour = QColor("#000000") if brush.erases else theme.colour(theme.ACCENT)
        stroke = self._places(brush.stroke)
        if stroke:
            path = QPainterPath(stroke[0])
            path.lineTo(stroke[0] + QPointF(0.01, 0.0))  # a dab is a line of almost no length
            for place in stroke[1:]:
                path.lineTo(place)
            colour.setAlpha(2 * TINT)
            pen = QPen(colour, 2 * radius)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.strokePath(path, pen)
        if brush.at is not None:
            (place,) = self._places((brush.at,))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for ink, width in ((theme.colour(theme.GROUND, 0.8), 3.0), (_rim(brush), 1.0)):
                painter.setPen(QPen(ink, width))
                painter.drawEllipse(place, radius, radius)

    def _draw_outline(self, painter: QPainter, outline: OutlineView) -> None:
        corners = self._places(outline.corners)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, width in ((theme.colour(theme.GROUND, 0.7), 3.0), (QColor("#FFFFFF"), 1.0)):
            pen = QPen(ink, width)
            if outline.carried:
                pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            for a, b in zip(corners, (*corners[1:], corners[0]), strict=True):
                painter.drawLine(a, b)
            painter.setPen(QPen(ink, width))
            for corner in corners:
                painter.drawEllipse(corner, CORNER_PX, CORNER_PX)


def _rim(brush: BrushView) -> QColor:
    return theme.colour(theme.WARNING if brush.erases else theme.ACCENT)


def _draw_mask(painter: QPainter, mask: TintedMask, to_screen: QTransform) -> None:
    tint, rim = QColor(mask.colour), QColor(mask.colour)
    tint.setAlpha(TINT if mask.active else FAINT)
    rim.setAlpha(255 if mask.active else 150)
    painter.setTransform(to_screen)
    painter.fillPath(mask.shape.filled, tint)
    pen = QPen(rim, 1.0)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.drawLines(list(mask.shape.edges))
    painter.resetTransform()
