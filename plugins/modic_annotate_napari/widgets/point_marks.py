"""The points clicked so far for the open question, on the canvas they were clicked on."""

from __future__ import annotations

from collections.abc import Sequence

from modic_annotate.domain.base import PointLps
from modic_annotate_napari import theme
from modic_annotate_napari.canvas.series_panel import SeriesPanel
from modic_annotate_napari.qt import (
    QEvent,
    QObject,
    QPainter,
    QPaintEvent,
    QPen,
    QPoint,
    Qt,
    QWidget,
)

ARM_PX = 5
Line = tuple[PointLps, PointLps]


class PointMarks(QWidget):
    """Small crosses and lines over one canvas; takes no mouse."""

    def __init__(self, panel: SeriesPanel) -> None:
        super().__init__(panel.canvas_widget)
        self._panel = panel
        self._points: tuple[PointLps, ...] = ()
        self._lines: tuple[Line, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        panel.canvas_widget.installEventFilter(self)
        panel.view_changed.connect(self.update)
        self.hide()

    def show_points(self, points: Sequence[PointLps], lines: Sequence[Line]) -> None:
        """Show these points and lines and no others."""
        if tuple(points) != self._points:
            self._points, self._lines = tuple(points), tuple(lines)
            self.resize(self._panel.canvas_widget.size())
            self.setVisible(bool(self._points))
            self.raise_()
            self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the canvas."""
        if event.type() == QEvent.Type.Resize:
            self.resize(self._panel.canvas_widget.size())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint lines, then crosses; each with a dark edge."""
        at = self._panel.position_of
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for ink, width in ((theme.colour(theme.GROUND, 0.8), 3), (theme.colour(theme.ACCENT), 1)):
            painter.setPen(QPen(ink, width))
            for begin, end in self._lines:
                painter.drawLine(at(begin), at(end))
            for place in map(at, self._points):
                painter.drawLine(place - QPoint(ARM_PX, 0), place + QPoint(ARM_PX, 0))
                painter.drawLine(place - QPoint(0, ARM_PX), place + QPoint(0, ARM_PX))
        painter.end()
