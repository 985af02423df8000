"""The reader's cases over the room: shown on call, chosen by key or click, gone again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modic_annotate_napari import theme
from modic_annotate_napari.keymap import Press
from modic_annotate_napari.qt import (
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRect,
    Qt,
    QWidget,
    Signal,
)

CASE_KEYS = ("Up", "Down", "Home", "End", "Enter", "Escape", "Ctrl+L")
WIDTH_PX, ROW_PX, TOP_PX, FOOT_PX = 560, 30, 96, 56
STATE_PX = 260
"""Where the words of a row begin."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case of the list."""

    record_id: str
    words: str
    is_open: bool = True
    """Whether there is something to do; what is done recedes."""

    is_here: bool = False
    """Whether it is the case on the screen."""


class CaseList(QWidget):
    """A column of cases on a dark ground, the chosen one marked."""

    chosen = Signal(str)
    """The record id of the case to open."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._heading, self.rows = "", tuple[CaseRow, ...]()
        self._at = 0
        self.setObjectName("case-list")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    @property
    def at(self) -> CaseRow | None:
        """The marked row."""
        return self.rows[self._at] if self._at < len(self.rows) else None

    def open(self, heading: str, rows: Sequence[CaseRow]) -> None:
        """Show these cases; the mark stays on its case, and begins on the next one to read."""
        before = self.at.record_id if self.isVisible() and self.at else None
        self._heading, self.rows = heading, tuple(rows)
        ids = [row.record_id for row in self.rows]
        others = [n for n, row in enumerate(self.rows) if not row.is_here]
        self._at = ids.index(before) if before in ids else next(iter(others), 0)
        said = (f"{row.record_id} {row.words}" for row in self.rows)
        self.setAccessibleName(heading)
        self.setAccessibleDescription("; ".join(said))
        self.setGeometry(self._over.rect())
        self.raise_()
        self.show()
        self.update()

    def press(self, press: Press) -> None:
        """Take a key: the arrows move the mark, Enter opens its case, Escape leaves the list."""
        last = max(len(self.rows) - 1, 0)
        moves = {"Up": self._at - 1, "Down": self._at + 1, "Home": 0, "End": last}
        if press.key in moves:
            self._at = min(max(moves[press.key], 0), last)
            self.update()
        elif press.repeated:
            return
        elif press.key == "Enter":
            self._choose(self.at)
        elif press.key in ("Escape", "Ctrl+L"):
            self.hide()

    def _choose(self, row: CaseRow | None) -> None:
        self.hide()
        if row is not None and not row.is_here:
            self.chosen.emit(row.record_id)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the case that is clicked; beside the list, leave it."""
        at = event.position().toPoint()
        row = self._first + (at.y() - TOP_PX) // ROW_PX
        inside = self._left <= at.x() < self._left + WIDTH_PX and at.y() >= TOP_PX
        self._choose(self.rows[row] if inside and 0 <= row < len(self.rows) else None)

    @property
    def _left(self) -> int:
        return max((self.width() - WIDTH_PX) // 2, 12)

    @property
    def _n_shown(self) -> int:
        return max((self.height() - TOP_PX - FOOT_PX) // ROW_PX, 1)

    @property
    def _first(self) -> int:
        """The first row shown: a long list moves under the mark."""
        return min(max(self._at - self._n_shown // 2, 0), max(len(self.rows) - self._n_shown, 0))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the heading, the rows and what the keys do."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(theme.GROUND))
        painter.setFont(theme.font(22))
        self._write(painter, QRect(self._left, 40, WIDTH_PX, 34), self._heading, theme.STRONG)
        painter.setFont(theme.font(theme.DATA_PX))
        first = self._first
        for place, row in enumerate(self.rows[first : first + self._n_shown]):
            self._paint_row(painter, TOP_PX + place * ROW_PX, row, first + place == self._at)
        painter.setFont(theme.font(theme.LABEL_PX))
        foot = "Up Down choose   Enter opens   Escape leaves" if self.rows else "looking ..."
        self._write(painter, QRect(self._left, self.height() - 44, WIDTH_PX, 24), foot, theme.DIM)
        painter.end()

    def _paint_row(self, painter: QPainter, top: int, row: CaseRow, marked: bool) -> None:
        place = QRect(self._left, top, WIDTH_PX, ROW_PX)
        if marked:
            painter.fillRect(place, theme.colour(theme.RAISED))
            painter.fillRect(place.x(), top, 3, ROW_PX, theme.colour(theme.ACCENT))
        ink = theme.STRONG if marked else theme.TEXT if row.is_open else theme.DIM
        left, right = place.adjusted(14, 0, 0, 0), place.adjusted(STATE_PX, 0, -12, 0)
        self._write(painter, left, row.record_id, ink)
        here = f"{row.words}, on the screen" if row.is_here else row.words
        self._write(painter, right, here, ink if marked or row.is_open else theme.DIM)

    @staticmethod
    def _write(painter: QPainter, place: QRect, text: str, ink: str) -> None:
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.setPen(theme.colour(ink))
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, int(side), shown)
