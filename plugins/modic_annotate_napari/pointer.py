"""Which canvas the pointer is on, and what lies under it."""

from __future__ import annotations

from modic_annotate.domain.series import SeriesUsed
from modic_annotate_napari.canvas.series_panel import SeriesPanel
from modic_annotate_napari.qt import QEvent, QMouseEvent, QObject, QPoint, QTimer, Signal

STILL_MS = 120
"""What lies under a resting pointer is said anew once slices stood still for this long."""


class Pointer(QObject):
    """Follows the pointer over the canvases."""

    hovered = Signal(object, str)
    """The patient point under the pointer, or None, and the image it is on in words."""

    def __init__(self) -> None:
        super().__init__()
        self.on: tuple[SeriesUsed, SeriesPanel] | None = None
        """The canvas it was on last."""

        self._at: QPoint | None = None
        self._followed: dict[QObject, tuple[SeriesUsed, SeriesPanel]] = {}
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(STILL_MS)
        self._still.timeout.connect(self._tell)

    def follow(self, used: SeriesUsed, panel: SeriesPanel) -> None:
        """Follow the pointer on one more canvas."""
        canvas = panel.canvas_widget
        self._followed[canvas] = used, panel
        canvas.setMouseTracking(True)
        canvas.installEventFilter(self)
        panel.slice_changed.connect(self._slice_changed)

    def leave(self, panel: SeriesPanel) -> None:
        """Forget a canvas."""
        self._followed.pop(panel.canvas_widget, None)
        panel.canvas_widget.removeEventFilter(self)
        panel.slice_changed.disconnect(self._slice_changed)
        if self.on is not None and self.on[1] is panel:
            self.on = self._at = None
            self._still.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note each move, and that it left."""
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self.on = self._followed.get(watched, self.on)
            self._at = event.position().toPoint()
            self._tell()
        elif event.type() == QEvent.Type.Leave:
            self._at = None
            self.hovered.emit(None, "")
        return False

    def _slice_changed(self, index: int) -> None:
        self._still.start()

    def _tell(self) -> None:
        if self.on is not None and self._at is not None:
            _, panel = self.on
            title = panel.title
            words = (title.name.removeprefix("SAG "), title.image, title.offset)
            self.hovered.emit(panel.lps_at(self._at), "  ".join(filter(None, words)))
