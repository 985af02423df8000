"""A canvas and where the patient lies on it: zoom and place, patient points and screen points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.reading import EndplateLine
from modic_annotate.domain.spine import Endplate
from modic_annotate_napari.canvas.display import DisplayMap
from modic_annotate_napari.canvas.image_canvas import ImageCanvas
from modic_annotate_napari.canvas.overlay import Overlay
from modic_annotate_napari.canvas.view import View, fitted
from modic_annotate_napari.qt import QEvent, QObject, QPoint, QWidget, Signal

LEAST_WIDTH_MM = 140.0
"""A narrow canvas fills its height and may cut off a slice's sides down to this width."""


class PlacedCanvas(QWidget):
    """One slice image at a zoom and a place.

    Parameters
    ----------
    display
        How the grid lies on the display.
    image
        The canvas with the slice.
    rows
        First row to fit to the canvas, and one past the last.
    """

    view_changed = Signal()
    view_taken = Signal()
    """The reader zoomed or panned; linked panels follow."""

    def __init__(
        self,
        display: DisplayMap,
        image: ImageCanvas,
        rows: tuple[int, int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.display = display
        self._rows = rows
        self._image = image
        self.canvas_widget = image.native
        self._slice = display.n_slices // 2
        self._overlay = Overlay(self.canvas_widget, display.orientation.letters)
        self._view, self._own_view = self._fitted(), False
        self.canvas_widget.installEventFilter(self)

    # view

    @property
    def px_per_mm(self) -> float:
        """The zoom."""
        return self._view.px_per_mm

    @property
    def centre_lps(self) -> PointLps:
        """The patient point in the middle of the canvas, on the slice shown."""
        return self.display.to_lps(self._view.u, self._view.v, self._slice)

    @property
    def is_placed(self) -> bool:
        """Whether zoom and place were chosen; False while the slice is fitted to the canvas."""
        return self._own_view

    def reset_view(self) -> None:
        """Show the slice as large as the canvas allows."""
        self._own_view = False
        self._apply_view(self._fitted())

    def look_at(self, lps: PointLps, px_per_mm: float) -> None:
        """Put a patient point in the middle, at a zoom; the slice stays."""
        u, v, _ = self.display.to_display(lps).tolist()
        self._own_view = True
        self._apply_view(replace(self._view, u=u, v=v, px_per_mm=px_per_mm))

    def _take_view(self, view: View) -> None:
        self._own_view = True
        self._apply_view(view)
        self.view_taken.emit()

    def _apply_view(self, view: View) -> None:
        if view == self._view:
            return
        self._view = view
        self._image.show_view(view)
        self._overlay.set_view(view)
        self.view_changed.emit()

    def _fitted(self) -> View:
        size = self.canvas_widget.width(), self.canvas_widget.height()
        first, past = self._rows
        v, u = self.display.pixel_mm
        area = (-u / 2, (first - 0.5) * v, self.display.size_mm[0], (past - first) * v)
        return fitted(area, size, LEAST_WIDTH_MM)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the canvas."""
        if event.type() == QEvent.Type.Resize:
            size = self.canvas_widget.size()
            self._overlay.resize(size)
            kept = self._view.resized(size.width(), size.height())
            self._apply_view(kept if self._own_view else self._fitted())
        return False

    # patient points and the screen

    def lps_at(self, at: QPoint) -> PointLps | None:
        """Return the patient point under a pixel of `canvas_widget`, None beside the slice."""
        return self._lps(at.x() + 0.5, at.y() + 0.5)

    def position_of(self, lps: PointLps) -> QPoint:
        """Return the pixel of `canvas_widget` under which a patient point lies."""
        x, y = self.screen_of(lps)
        return QPoint(round(x - 0.5), round(y - 0.5))

    def screen_of(self, lps: PointLps) -> tuple[float, float]:
        """Return where a patient point stands on the canvas, in continuous logical pixels."""
        u, v, _ = self.display.to_display(lps).tolist()
        return self._view.to_screen(u, v)

    @property
    def view(self) -> View:
        """What part of the slice stands where on the canvas."""
        return self._view

    def visible_endplates(self, lines: Iterable[EndplateLine]) -> tuple[Endplate, ...]:
        """Return the endplates that lie inside the canvas from end to end."""
        return tuple(line.endplate for line in lines if self._holds(line.polyline_lps_mm))

    def _holds(self, points: tuple[PointLps, ...]) -> bool:
        return all(self._view.holds(u, v) for u, v, _ in self.display.to_display(points).tolist())

    def _lps(self, x: float, y: float) -> PointLps | None:
        u, v = self._view.to_display(x, y)
        return self.display.to_lps(u, v, self._slice) if self.display.contains(u, v) else None
