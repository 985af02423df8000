"""The cut lines over one canvas: marks at the edges at rest, whole lines while they are asked for.

The widget is made when a crossing stack is called up and goes with it, so that a reading without
one pays nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from modic_annotate_napari.canvas import ink
from modic_annotate_napari.canvas.boxes import Box, from_box
from modic_annotate_napari.canvas.cuts import Cut, Segment, ticks, within
from modic_annotate_napari.canvas.furniture import MARGIN_PX
from modic_annotate_napari.canvas.layout import CLEAR_MM, PEN_PX
from modic_annotate_napari.canvas.patient_view import PatientView, Surroundings
from modic_annotate_napari.qt import QPainter, QPaintEvent, Qt, QWidget

LIFT_PX = 3.0
"""Between a cut and its name."""

OUTSIDE = "lies outside"


class CutOverlay(QWidget):
    """Draws the cuts of other stacks on one view; takes no mouse and no key."""

    def __init__(self, view: PatientView) -> None:
        super().__init__(view.canvas_widget)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._over = view
        self.cuts: tuple[Cut, ...] = ()
        self.whole = False
        view.view_changed.connect(self._follow)
        self._follow()
        view.put_under(self)
        self.show()

    def _follow(self) -> None:
        self.resize(self._over.canvas_widget.size())
        self.update()

    def show_cuts(self, cuts: tuple[Cut, ...]) -> None:
        """Draw these cuts; free where they are those drawn."""
        if cuts != self.cuts:
            self.cuts = cuts
            self.update()

    def show_whole(self, whole: bool) -> None:
        """Draw whole lines, or marks at the edges alone."""
        if whole != self.whole:
            self.whole = whole
            self.update()

    def remove(self) -> None:
        """Take the widget away for good."""
        self._over.view_changed.disconnect(self._follow)
        self.hide()
        self.setParent(None)
        self.deleteLater()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is asked for around what stands there already."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._over.overlay_font)
        around = self._over.surroundings()
        taken = list(around.taken)
        for cut in self.cuts:
            line = self._on_screen(cut, around)
            if line is not None:
                drawn = (line,) if self.whole else ticks(line, around.endplates, _clear(around))
                ink.draw_cut(painter, drawn)
            text = cut.name if line is not None else f"{cut.name} {OUTSIDE}"
            if cut.segment is None or line is not None:
                self._write(painter, text, line, around, taken)
        painter.end()

    def _on_screen(self, cut: Cut, around: Surroundings) -> Segment | None:
        if cut.segment is None:
            return None
        begin, end = (around.view.to_screen(*p) for p in cut.segment)
        return within((begin, end), Box(0.0, 0.0, around.view.width, around.view.height))

    def _write(
        self,
        painter: QPainter,
        text: str,
        line: Segment | None,
        around: Surroundings,
        taken: list[Box],
    ) -> None:
        """Write a name at the first place that covers nothing."""
        metrics = painter.fontMetrics()
        size = metrics.horizontalAdvance(text) + 8.0, metrics.height() + 2.0
        room = around.view.width, around.view.height
        places = _in_corners(size, room) if line is None else _beside(size, line, room)
        for box in places:
            free = not any(box.overlaps(other) for other in taken)
            if free and all(from_box(box, one) >= _clear(around) for one in around.endplates):
                ink.draw_text(painter, box, text, ink.TEXT, ink.GROUND)
                taken.append(box)
                return


def _clear(around: Surroundings) -> float:
    return CLEAR_MM * around.view.px_per_mm + PEN_PX


def _beside(size: tuple[float, float], line: Segment, room: tuple[float, float]) -> Iterator[Box]:
    """Yield places for a name at the right end of a line, then at the left: above it, below it."""
    width, height = size
    for y, left in ((line[1][1], line[1][0] - width), (line[0][1], line[0][0])):
        for top in (y - height - LIFT_PX, y + LIFT_PX):
            for inward in (0.0, 2 * height, -2 * height):
                yield _kept(Box(left, top + inward, width, height), room)


def _in_corners(size: tuple[float, float], room: tuple[float, float]) -> Iterator[Box]:
    """Yield places in the corners: lower left, upper right, upper left."""
    width, height = size
    low, right = room[1] - height - MARGIN_PX, room[0] - width - MARGIN_PX
    for left, top in ((MARGIN_PX, low), (right, MARGIN_PX), (MARGIN_PX, MARGIN_PX), (right, low)):
        yield Box(left, top, width, height)


def _kept(box: Box, room: tuple[float, float]) -> Box:
    """Return a box moved inside the canvas."""
    left = min(max(box.left, MARGIN_PX), room[0] - box.width - MARGIN_PX)
    top = min(max(box.top, MARGIN_PX), room[1] - box.height - MARGIN_PX)
    return Box(left, top, box.width, box.height)
