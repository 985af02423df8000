"""A quiet list: the key, the name of the field, its value, and what still stands open."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from modic_annotate_napari import theme
from modic_annotate_napari.qt import QMouseEvent, QPainter, QPaintEvent, QRect, QSize, Qt, Signal
from modic_annotate_napari.widgets.tab_stops import TabStops

ROW_PX, LEAST_ROW_PX = 24, 18
KEY_PX, TITLE_PX, GAP_PX = 22, 78, 10
CELL_PX = 6


class RowState(Enum):
    """How much a row asks for the eye."""

    FILLED = auto()
    OPEN = auto()
    """Asked for and not answered."""

    NEXT = auto()
    """The one that is answered next."""

    QUIET = auto()
    """Not asked for."""


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One line of the list."""

    key: str
    title: str
    value: str = ""
    state: RowState = RowState.QUIET
    mark: str = ""
    """How the value came about, in a word (``calliper``, ``estimated``, ``usual``)."""

    cells: tuple[bool, ...] = ()
    """Nine cells of the zone grid, row by row; shown instead of a value."""


class FieldRows(TabStops):
    """Paints `FieldRow`s, one under the other; titles take `title_px`, or what the widest needs."""

    picked = Signal(str)
    """The key of the row that was picked."""

    def __init__(self, title_px: int = TITLE_PX, name: str = "Fields") -> None:
        super().__init__(name)
        self._least_title_px = self._title_px = title_px
        self._rows: tuple[FieldRow, ...] = ()
        self.parts_changed()

    @property
    def rows(self) -> tuple[FieldRow, ...]:
        """What is shown."""
        return self._rows

    def show_rows(self, rows: Sequence[FieldRow]) -> None:
        """Show other rows; free where nothing changed."""
        if tuple(rows) == self._rows:
            return
        if len(rows) != len(self._rows):
            self.setMinimumHeight(len(rows) * LEAST_ROW_PX)
            self.setMaximumHeight(len(rows) * ROW_PX)
        self._rows = tuple(rows)
        metrics = theme.metrics(theme.LABEL_PX)
        widest = max((metrics.horizontalAdvance(row.title) for row in rows), default=0)
        self._title_px = max(self._least_title_px, widest + GAP_PX)
        self.setAccessibleDescription("; ".join(f"{r.title} {r.value}" for r in rows))
        self.parts_changed()
        self.update()

    def _places(self) -> list[QRect]:
        step = self.height() / max(len(self._rows), 1)
        tops = [round(n * step) for n in range(len(self._rows) + 1)]
        return [QRect(0, a, self.width(), b - a) for a, b in itertools.pairwise(tops)]

    def _keyed(self) -> list[tuple[QRect, FieldRow]]:
        rows = zip(self._places(), self._rows, strict=True)
        return [(place, row) for place, row in rows if row.key]

    def parts(self) -> list[tuple[QRect, str]]:
        """Return the rows that a key answers."""
        return [(p, f"{row.title} {row.value or 'open'}") for p, row in self._keyed()]

    def pick(self, index: int) -> None:
        """Ask for what the row's key does."""
        self.picked.emit(self._keyed()[index][1].key)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pick the row that was clicked."""
        at = event.position().toPoint()
        for place, row in self._keyed():
            if place.contains(at):
                self.picked.emit(row.key)

    def sizeHint(self) -> QSize:
        """As high as its rows like to be."""
        return QSize(300, len(self._rows) * ROW_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint every row."""
        painter = QPainter(self)
        for place, row in zip(self._places(), self._rows, strict=True):
            self._paint(painter, place, row)
        self.paint_focus(painter)
        painter.end()

    def _paint(self, painter: QPainter, place: QRect, row: FieldRow) -> None:
        if row.state == RowState.NEXT:
            painter.fillRect(place, theme.colour(theme.RAISED))
            painter.fillRect(place.x(), place.y(), 3, place.height(), theme.colour(theme.ACCENT))
        painter.setFont(theme.font(theme.LABEL_PX))
        ink = theme.STRONG if row.state == RowState.NEXT else theme.DIM
        _write(painter, QRect(12, place.y(), KEY_PX, place.height()), row.key, theme.ACCENT)
        left = 12 + (KEY_PX if any(r.key for r in self._rows) else 0)
        _write(painter, QRect(left, place.y(), self._title_px, place.height()), row.title, ink)
        rest = QRect(left + self._title_px, place.y(), place.width(), place.height())
        rest.setRight(place.right() - 10)
        if row.mark and _has_room(rest, row, painter):
            width = painter.fontMetrics().horizontalAdvance(row.mark)
            edge = QRect(rest.right() - width, place.y(), width + 1, place.height())
            _write(painter, edge, row.mark, theme.DIM)
            rest.setRight(rest.right() - width - 8)
        if any(row.cells):
            _paint_cells(painter, rest, row.cells)
            rest.setLeft(rest.left() + 3 * CELL_PX + 12)
        painter.setFont(theme.font(theme.DATA_PX))
        if row.value:
            _write(painter, rest, row.value, theme.TEXT)
        elif row.state in (RowState.OPEN, RowState.NEXT) and not any(row.cells):
            _write(painter, rest, "open", theme.DIM)


def _has_room(place: QRect, row: FieldRow, painter: QPainter) -> bool:
    """Whether value and mark stand side by side; a value that needs the mark's place takes it."""
    value = theme.metrics(theme.DATA_PX).horizontalAdvance(row.value)
    mark = painter.fontMetrics().horizontalAdvance(row.mark) + 8
    return value + mark <= place.width() or value > place.width()


def _write(painter: QPainter, place: QRect, text: str, ink: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.setPen(theme.colour(ink))
    sides = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(place, int(sides), shown)


def _paint_cells(painter: QPainter, place: QRect, cells: Sequence[bool]) -> None:
    """Draw the 3 x 3 grid of an endplate: anterior left, the patient's right at the top."""
    top = place.center().y() - (3 * CELL_PX) // 2
    for index, on in enumerate(cells):
        x = place.x() + (index % 3) * CELL_PX
        y = top + (index // 3) * CELL_PX
        ink = theme.colour(theme.TEXT if on else theme.LINE)
        painter.fillRect(x, y, CELL_PX - 1, CELL_PX - 1, ink)
