"""A canvas that knows the patient: what lies under each pixel, what is drawn over it.

It adds marks, the cross and the mouse to a placed slice image; which slice that is, and how it is
windowed, is the business of `SeriesPanel`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.spine import Endplate
from modic_annotate_napari.canvas.boxes import Box, Polyline
from modic_annotate_napari.canvas.display import DisplayMap
from modic_annotate_napari.canvas.handles import Handle, nearest_handle
from modic_annotate_napari.canvas.image_canvas import ImageCanvas
from modic_annotate_napari.canvas.marks import Marks
from modic_annotate_napari.canvas.mouse import Mouse
from modic_annotate_napari.canvas.overlay import Cross
from modic_annotate_napari.canvas.placed_canvas import PlacedCanvas
from modic_annotate_napari.canvas.view import View
from modic_annotate_napari.qt import QFont, QPoint, QWidget, Signal

GRAB_PX = 9.0
"""How near a press must be to a body centre to move it."""

HALF_SLICE = 0.5

CENTRE_REACH_MM = 15.0
"""Beside sagittal slices, centres are drawn up to half a body height from their plane."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands on a canvas already, for what is drawn beside it, in logical pixels."""

    view: View
    endplates: Sequence[Polyline]
    taken: Sequence[Box]
    """Boxes of labels, letters and the scale bar."""


class PatientView(PlacedCanvas):
    """Marks and cross of one canvas, and the mouse on it.

    Parameters
    ----------
    display
        How the grid lies on the display.
    image
        The canvas with the slice.
    rows
        First row to fit to the canvas, and one past the last.
    """

    clicked = Signal(object)
    """The patient point (LPS mm) of a left click."""

    label_clicked = Signal(object)
    """The endplate whose label was clicked."""

    centre_dragged = Signal(object, object, bool)
    """The vertebra, the new place of its centre (LPS mm), and whether it was let go."""

    handle_dragged = Signal(object, object, bool)
    """The handle, where it is now (LPS mm; None beside the slice), and whether it was let go."""

    stroked = Signal(object, object, bool)
    """The patient point under the brush (None beside the slice), how far the stroke is, Ctrl."""

    cross_dragged = Signal(object)
    cross_released = Signal()
    slice_stepped = Signal(int)
    """+1 or -1: the wheel asks for a step from right to left, or back."""

    def __init__(
        self,
        display: DisplayMap,
        image: ImageCanvas,
        rows: tuple[int, int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(display, image, rows, parent)
        self._depths: list[float] = []
        self._centre_depths: list[float] = []
        self._cross: PointLps | None = None
        self._handles: tuple[tuple[object, PointLps], ...] = ()
        self._mouse = Mouse(self.canvas_widget, self._thing_at)
        self._mouse.stepped.connect(self.slice_stepped)
        self._mouse.zoomed.connect(lambda f, x, y: self._take_view(self._view.zoomed(f, x, y)))
        self._mouse.panned.connect(lambda dx, dy: self._take_view(self._view.panned(dx, dy)))
        self._mouse.clicked.connect(self._click)
        self._mouse.grabbed.connect(self._drag_thing)
        self._mouse.stroked.connect(self._stroke)
        self._mouse.cross.connect(self._drag_cross)

    # mouse

    def _click(self, x: float, y: float) -> None:
        endplate = self._overlay.label_at(x, y)
        lps = self._lps(x, y)
        if endplate is not None:
            self.label_clicked.emit(endplate)
        elif lps is not None:
            self.clicked.emit(lps)

    def _drag_cross(self, x: float, y: float, done: bool) -> None:
        lps = self._lps(x, y)
        if lps is not None:
            self.cross_dragged.emit(lps)
        if done:
            self.cross_released.emit()

    def set_brush(self, out: bool) -> None:
        """Let left drags paint, or pan again."""
        self._mouse.has_brush = out

    def set_handles(self, handles: Iterable[tuple[object, PointLps]]) -> None:
        """Let these things be dragged, each by the patient point where it lies."""
        self._handles = tuple(handles)

    def _thing_at(self, x: float, y: float) -> object | None:
        names = [name for name, _ in self._handles]
        places = [self.screen_of(lps) for _, lps in self._handles]
        handle = nearest_handle(names, places, (x, y), GRAB_PX)
        return handle or self._overlay.centre_at(x, y, GRAB_PX)

    def _drag_thing(self, thing: object, x: float, y: float, done: bool) -> None:
        lps = self._lps(x, y)
        if isinstance(thing, Handle):
            self.handle_dragged.emit(thing.name, lps, done)
        elif lps is not None:
            self.centre_dragged.emit(thing, lps, done)

    def _stroke(self, x: float, y: float, how_far: object, erases: bool) -> None:
        self.stroked.emit(self._lps(x, y), how_far, erases)

    # marks

    def set_marks(self, marks: Marks) -> None:
        """Draw these marks and no others.

        Level labels stand in front of a spine seen from the side: other planes have none.
        """
        if not self.display.is_sagittal:
            marks = Marks(centres=marks.centres, presumed=marks.presumed)
        shown = [self.display.to_display(mark.line_lps) for mark in marks.labels]
        self._depths = [float(line[:, 2].mean()) for line in shown]
        lines = [[(u, v) for u, v, _ in line.tolist()] for line in shown]
        centres = [self.display.to_display(lps).tolist() for _, lps in marks.centres]
        self._overlay.set_marks(marks, lines, [(u, v) for u, v, _ in centres])
        self._centre_depths = [k for _, _, k in centres]
        self._follow_slice()

    def set_marks_visible(self, visible: bool) -> None:
        """Show or hide level labels and lines."""
        self._overlay.show_only(marks=visible)

    def set_lines_visible(self, visible: bool) -> None:
        """Show or hide the endplate lines; they are off at rest."""
        self._overlay.show_only(lines=visible)

    def position_of_label(self, endplate: Endplate) -> QPoint | None:
        """Return the pixel in the middle of a label, or None where it is not on the canvas."""
        box = self._overlay.label_boxes().get(endplate)
        if box is None:
            return None
        return QPoint(round(box.left + box.width / 2), round(box.top + box.height / 2))

    def surroundings(self) -> Surroundings:
        """Return what stands on the canvas now."""
        return Surroundings(self._view, self._overlay.screen_lines, self._overlay.taken())

    def put_under(self, widget: QWidget) -> None:
        """Put a widget over the image under the marks, whose texts stay on top."""
        widget.stackUnder(self._overlay)

    @property
    def overlay_font(self) -> QFont:
        """The type of everything that is written over the image."""
        return self._overlay.type_face

    def set_cross(self, lps: PointLps | None, distance_mm: float | None = None) -> None:
        """Show the cross at a patient point, or take it away.

        Parameters
        ----------
        lps
            The point, or None.
        distance_mm
            How far it is from the slice shown; None has it measured here.
        """
        self._cross = lps
        if lps is None:
            self._overlay.set_cross(None)
            return
        u, v, _ = self.display.to_display(lps).tolist()
        if distance_mm is None:
            distance_mm = self.display.distance_mm(lps, self._slice)
        self._overlay.set_cross(Cross(u, v, distance_mm))

    def _follow_slice(self) -> None:
        """Dim the marks of other slices, hide far centres, and measure the cross anew."""
        now = self._slice
        self._overlay.set_dimmed(tuple(abs(k - now) > HALF_SLICE for k in self._depths))
        if self._centre_depths and not self.display.is_sagittal:
            reach = CENTRE_REACH_MM / self.display.grid.spacing_mm[0]
            self._overlay.set_centres_hidden(
                tuple(abs(k - now) > reach for k in self._centre_depths)
            )
        if self._cross is not None:
            self.set_cross(self._cross)
