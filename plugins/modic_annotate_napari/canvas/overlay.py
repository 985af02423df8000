"""The transparent widget over a canvas: letters, scale bar, level labels, lines and the cross.

It lies over the OpenGL widget as a child, so that a new slice does not repaint it; it repaints
only when the view, the marks or the cross change.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from modic_annotate.domain.spine import Endplate, Vertebra
from modic_annotate_napari.canvas import ink
from modic_annotate_napari.canvas.boxes import Box, Point
from modic_annotate_napari.canvas.furniture import Furniture, arrange
from modic_annotate_napari.canvas.layout import Placed, lay_out
from modic_annotate_napari.canvas.marks import LevelMark, Marks
from modic_annotate_napari.canvas.view import View
from modic_annotate_napari.qt import QFont, QFontMetrics, QPainter, QPaintEvent, Qt, QWidget

FONT_PX = 12
LABEL_PAD_X, LABEL_PAD_Y = 4.0, 1.0


@dataclass(frozen=True, slots=True)
class Cross:
    """Where the cross stands on the display (mm), and how far its point is from the slice."""

    u: float
    v: float
    distance_mm: float


@dataclass(frozen=True, slots=True)
class Shown:
    """What is switched on."""

    marks: bool = True
    lines: bool = False


class Overlay(QWidget):
    """Draws over one canvas; takes no mouse and no key.

    Parameters
    ----------
    parent
        The canvas widget it covers.
    letters
        Patient letters at the top, bottom, left and right edge.
    """

    def __init__(self, parent: QWidget, letters: tuple[str, str, str, str]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        font = QFont(self.font())
        font.setPixelSize(FONT_PX)
        self.setFont(font)
        self._font = font  # a style sheet above may give the widget another one
        self._metrics = QFontMetrics(font)
        self._letters = letters
        self._view = View(0.0, 0.0, 1.0, 1.0, 1.0)
        self._marks = Marks()
        self._lines: Sequence[Sequence[Point]] = ()
        self._centres: Sequence[Point] = ()
        self._dimmed: tuple[bool, ...] = ()
        self._centres_hidden: tuple[bool, ...] = ()
        self._cross: Cross | None = None
        self.shown = Shown()
        self._screen_lines: list[list[Point]] = []
        self._placed: tuple[Placed, ...] = ()
        self._labels: tuple[LevelMark, ...] = ()
        """The marks as they are written; where room is scarce by the level's name alone."""

        self._furniture: tuple[Furniture, ...] = ()

    def set_view(self, view: View) -> None:
        """Follow the canvas."""
        if view != self._view:
            self._view = view
            self._rearrange()

    def set_marks(
        self, marks: Marks, lines: Sequence[Sequence[Point]], centres: Sequence[Point]
    ) -> None:
        """Take the marks, with their lines and centres in display mm."""
        self._marks, self._lines, self._centres = marks, lines, centres
        self._dimmed = (False,) * len(marks.labels)
        self._centres_hidden = (False,) * len(marks.centres)
        self._rearrange()

    def set_dimmed(self, dimmed: tuple[bool, ...]) -> None:
        """Say which marks belong to another slice than the one shown."""
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self.update()

    def set_centres_hidden(self, hidden: tuple[bool, ...]) -> None:
        """Say which body centres are too far from the slice shown to be drawn on it."""
        if hidden != self._centres_hidden:
            self._centres_hidden = hidden
            self.update()

    def set_cross(self, cross: Cross | None) -> None:
        """Show the cross, move it, or take it away."""
        if cross != self._cross:
            self._cross = cross
            self.update()

    def show_only(self, *, marks: bool | None = None, lines: bool | None = None) -> None:
        """Switch marks or endplate lines on or off."""
        shown = Shown(
            self.shown.marks if marks is None else marks,
            self.shown.lines if lines is None else lines,
        )
        if shown != self.shown:
            self.shown = shown
            self.update()

    def label_at(self, x: float, y: float) -> Endplate | None:
        """Return the endplate whose label lies under a place on the canvas."""
        if not self.shown.marks:
            return None
        hit = next((p for p in self._placed if p.box.holds(x, y)), None)
        return self._marks.labels[hit.index].endplate if hit else None

    def centre_at(self, x: float, y: float, reach: float) -> Vertebra | None:
        """Return the vertebra whose centre mark lies nearest, within `reach` px of a place."""
        near = [
            (math.dist(self._view.to_screen(*centre), (x, y)), vertebra)
            for vertebra, centre in self._drawn_centres()
        ]
        distance, vertebra = min(near, default=(math.inf, None))
        return vertebra if distance <= reach else None

    def _drawn_centres(self) -> list[tuple[Vertebra, Point]]:
        centres = zip(self._marks.centres, self._centres, self._centres_hidden, strict=True)
        return [(vertebra, centre) for (vertebra, _), centre, hidden in centres if not hidden]

    def label_boxes(self) -> dict[Endplate, Box]:
        """Return where each label stands on the canvas."""
        return {self._marks.labels[p.index].endplate: p.box for p in self._placed}

    @property
    def type_face(self) -> QFont:
        """The font of everything that is written."""
        return self._font

    @property
    def screen_lines(self) -> Sequence[Sequence[Point]]:
        """The endplates on the screen."""
        return self._screen_lines

    def taken(self) -> tuple[Box, ...]:
        """Return the boxes of everything that is written."""
        placed = self._placed if self.shown.marks else ()
        return (*(p.box for p in placed), *(piece.box for piece in self._furniture))

    def _rearrange(self) -> None:
        view = self._view
        self._screen_lines = [[view.to_screen(*p) for p in line] for line in self._lines]
        self._labels = self._marks.labels
        self._placed = self._lay_out()
        there = {place.index for place in self._placed}
        if len(there) < len(self._labels):
            self._labels = tuple(
                mark if i in there else replace(mark, text=mark.endplate.short)
                for i, mark in enumerate(self._labels)
            )
            self._placed = self._lay_out()
        self._furniture = arrange(
            self._letters, self._size, view, self._screen_lines, [p.box for p in self._placed]
        )
        self.update()

    def _lay_out(self) -> tuple[Placed, ...]:
        sizes = [self._size(mark.text) for mark in self._labels]
        canvas = (self._view.width, self._view.height)
        return lay_out(self._screen_lines, sizes, self._view.px_per_mm, canvas)

    def _size(self, text: str) -> tuple[float, float]:
        return (
            self._metrics.horizontalAdvance(text) + 2 * LABEL_PAD_X,
            self._metrics.height() + 2 * LABEL_PAD_Y,
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw everything that is switched on."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        if self._cross is not None:
            x, y = self._view.to_screen(self._cross.u, self._cross.v)
            extent = (self._view.width, self._view.height)
            ink.draw_cross(painter, (x, y), extent, self._cross.distance_mm)
        for piece in self._furniture:
            ink.draw_furniture(painter, piece)
        if self.shown.marks:
            self._paint_marks(painter)
        for vertebra, centre in self._drawn_centres():
            presumed = vertebra in self._marks.presumed
            ink.draw_centre(painter, self._view.to_screen(*centre), vertebra, presumed=presumed)
        painter.end()

    def _paint_marks(self, painter: QPainter) -> None:
        labels = self._labels
        if self.shown.lines:
            for mark, line, dimmed in zip(labels, self._screen_lines, self._dimmed, strict=True):
                ink.draw_line(painter, line, mark, dimmed)
        for place in self._placed:
            ink.draw_label(painter, place, labels[place.index], self._dimmed[place.index])
