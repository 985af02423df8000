"""All endplates in scope on a few square centimetres: type, height, done, open, contradiction."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from modic_annotate.domain.spine import Endplate
from modic_annotate_napari import theme
from modic_annotate_napari.canvas.marks import DASHES, LevelMark, MarkStyle
from modic_annotate_napari.qt import (
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRect,
    QSize,
    Qt,
    Signal,
)
from modic_annotate_napari.widgets.tab_stops import TabStops

LEAST_ROW_PX, MOST_ROW_PX = 15, 25
COLUMNS = (0.0, 0.18, 0.29, 0.53, 1.0)
SIZE_PX = 52
"""Where level, line, words, height and state begin, as shares of the width."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One endplate as the table shows it."""

    mark: LevelMark
    words: str
    height: str
    state: str
    alarm: bool = False
    """Whether the state is a contradiction."""


class SpineTable(TabStops):
    """Head at the top; a click activates an endplate."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__("Endplates in scope")
        self._rows: tuple[TableRow, ...] = ()
        self.parts_changed()
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def rows(self) -> tuple[TableRow, ...]:
        """What is shown."""
        return self._rows

    def show_rows(self, rows: Sequence[TableRow]) -> None:
        """Show other rows; free where nothing changed."""
        if tuple(rows) != self._rows:
            if len(rows) != len(self._rows):
                self.setMinimumHeight(len(rows) * LEAST_ROW_PX + 4)
                self.setMaximumHeight(len(rows) * MOST_ROW_PX + 4)
            self._rows = tuple(rows)
            self.parts_changed()
            self.update()

    def _places(self) -> list[QRect]:
        tops = [2 + round(place * self._row_px) for place in range(len(self._rows) + 1)]
        return [QRect(0, a, self.width(), b - a) for a, b in itertools.pairwise(tops)]

    def parts(self) -> list[tuple[QRect, str]]:
        """Return the rows."""
        names = (f"{row.mark.endplate.words}: {row.words or row.state}" for row in self._rows)
        return list(zip(self._places(), names, strict=True))

    def pick(self, index: int) -> None:
        """Ask for an endplate."""
        self.chosen.emit(self._rows[index].mark.endplate)

    def sizeHint(self) -> QSize:
        """As high as its rows like to be."""
        return QSize(300, len(self._rows) * MOST_ROW_PX + 4)

    @property
    def _row_px(self) -> float:
        return max(self.height() - 4, 1) / max(len(self._rows), 1)

    def endplate_at(self, y: float) -> Endplate | None:
        """Return the endplate whose row lies at a height of this widget."""
        place = int((y - 2) / self._row_px)
        return self._rows[place].mark.endplate if 0 <= place < len(self._rows) else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for the endplate that was clicked."""
        endplate = self.endplate_at(event.position().y())
        if endplate is not None:
            self.chosen.emit(endplate)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint every row."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.LABEL_PX))
        for place, row in zip(self._places(), self._rows, strict=True):
            self._paint_row(painter, place, row)
        self.paint_focus(painter)
        painter.end()

    def _paint_row(self, painter: QPainter, place: QRect, row: TableRow) -> None:
        active = row.mark.active
        if active:
            painter.fillRect(place, theme.colour(theme.RAISED))
            painter.fillRect(place.x(), place.y(), 3, place.height(), theme.colour(theme.ACCENT))
        ink = theme.STRONG if active or row.mark.colours[1:] else theme.TEXT
        if not row.mark.graded and not active:
            ink = theme.DIM
        cells = [self._cell(place, column) for column in range(4)]
        _write(painter, cells[0].adjusted(10, 0, 0, 0), row.mark.endplate.short, ink)
        _paint_line(painter, cells[1], row.mark)
        _write(painter, cells[2], row.words, ink)
        halves = cells[3]
        size = QRect(halves.x(), halves.y(), SIZE_PX, halves.height())
        _write(painter, size, row.height, ink, right=True)
        state = halves.adjusted(SIZE_PX + 6, 0, -6, 0)
        _write(painter, state, row.state, theme.WARNING if row.alarm else theme.DIM, right=True)

    def _cell(self, place: QRect, column: int) -> QRect:
        left, right = (round(share * place.width()) for share in COLUMNS[column : column + 2])
        return QRect(left, place.y(), right - left, place.height())


def _write(painter: QPainter, place: QRect, text: str, ink: str, *, right: bool = False) -> None:
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.setPen(theme.colour(ink))
    painter.drawText(place, int(side | Qt.AlignmentFlag.AlignVCenter), shown)


def _paint_line(painter: QPainter, cell: QRect, mark: LevelMark) -> None:
    """Draw the endplate as on the images: colour and style both say the type."""
    left, right, y = cell.x() + 2, cell.right() - 10, cell.center().y()
    if mark.style == MarkStyle.HOLLOW:
        pen = QPen(theme.colour(theme.DIM), 1)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.drawLine(left, y, right, y)
        return
    thick = mark.style == MarkStyle.SOLID
    step = (right - left) / len(mark.colours)
    for place, name in enumerate(mark.colours):
        pen = QPen(theme.colour(name), 4 if thick else 1)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        dashes = DASHES.get(name)
        if dashes and thick:
            pen.setDashPattern(dashes)
        painter.setPen(pen)
        painter.drawLine(round(left + place * step), y, round(left + (place + 1) * step), y)
    if mark.style == MarkStyle.CROSSED:
        middle = (left + right) // 2
        painter.drawLine(middle - 4, y - 4, middle + 4, y + 4)
        painter.drawLine(middle - 4, y + 4, middle + 4, y - 4)
