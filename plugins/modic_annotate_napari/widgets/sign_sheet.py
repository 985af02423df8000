"""What is signed, in words; afterwards where it lies and its digest."""

from __future__ import annotations

from collections.abc import Sequence

from modic_annotate_napari import theme
from modic_annotate_napari.qt import (
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRect,
    QScrollArea,
    Qt,
    Signal,
)
from modic_annotate_napari.widgets.tab_stops import TabStops, keep_in_sight

LINE_PX, WIDTH_PX, TITLE_PX = 24, 760, 190
HEADING_PX, FOOT_PX = 52, 24

Line = tuple[str, str, str]
"""Title, words and colour; a line without a title stands across."""

MISSING, AGAINST = "Still missing", "Contradiction"
"""Titles of the lines that can be picked: each leads to where it is put right."""


class SignPage(TabStops):
    """A heading and lines, as high as its words need; what is missing can be picked."""

    picked = Signal(int)
    """Which of the lines on what is missing or contradicts, from 0."""

    def __init__(self) -> None:
        super().__init__("What is missing")
        self._heading = ""
        self._lines: tuple[Line, ...] = ()
        self.parts_changed()

    @property
    def text(self) -> str:
        """Everything that stands on the page."""
        return "\n".join([self._heading, *(f"{title} {words}" for title, words, _ in self._lines)])

    def show_page(self, heading: str, lines: Sequence[Line]) -> None:
        """Show another page; free where nothing changed."""
        if (heading, tuple(lines)) != (self._heading, self._lines):
            self._heading, self._lines = heading, tuple(lines)
            self.setAccessibleDescription(self.text)
            self._fit()
            self.parts_changed()
            self.update()

    def parts(self) -> list[tuple[QRect, str]]:
        """Return the lines on what is missing."""
        x, width = self._column
        metrics, y, found = theme.metrics(theme.DATA_PX), self._top + HEADING_PX, []
        for title, words, _ in self._lines:
            room = self._room(title, y, metrics.height())
            height = _height(metrics.boundingRect(room, _flags(words), words))
            if title in (MISSING, AGAINST):
                found.append((QRect(x - 8, y - 1, width + 16, height), f"{title}: {words}"))
            y += height
        return found

    def pick(self, index: int) -> None:
        """Ask to go where a line is put right."""
        self.picked.emit(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pick the line that was clicked."""
        at = event.position().toPoint()
        for index, (place, _) in enumerate(self.parts()):
            if place.contains(at):
                self.picked.emit(index)
                return

    def resizeEvent(self, event: object) -> None:
        """Break the lines anew."""
        self._fit()

    def _fit(self) -> None:
        metrics = theme.metrics(theme.DATA_PX)
        needed = HEADING_PX + FOOT_PX
        for title, words, _ in self._lines:
            room = self._room(title, 0, metrics.height())
            needed += _height(metrics.boundingRect(room, _flags(words), words))
        self.setMinimumHeight(self._top + needed)

    @property
    def _top(self) -> int:
        parent = self.parentWidget()
        return max(24, (self.height() if parent is None else parent.height()) // 10)

    @property
    def _column(self) -> tuple[int, int]:
        """Left edge and width of what is written."""
        width = min(WIDTH_PX, self.width() - 48)
        return (self.width() - width) // 2, width

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint heading and lines."""
        painter = QPainter(self)
        (x, width), y = self._column, self._top
        painter.setFont(theme.font(22))
        painter.setPen(theme.colour(theme.STRONG))
        painter.drawText(QRect(x, y, width, 34), _SIDE, self._heading)
        y += HEADING_PX
        painter.setFont(theme.font(theme.DATA_PX))
        for title, words, ink in self._lines:
            painter.setPen(theme.colour(theme.DIM))
            painter.drawText(QRect(x, y, width, LINE_PX), _SIDE, title)
            room = self._room(title, y, painter.fontMetrics().height())
            painter.setPen(theme.colour(ink))
            painter.drawText(room, _flags(words), words)
            y += _height(painter.boundingRect(room, _flags(words), words))
        self.paint_focus(painter)
        painter.end()

    def _room(self, title: str, y: int, type_px: int) -> QRect:
        """Return where the words of a line may stand, from its top on."""
        x, width = self._column
        left = TITLE_PX if title else 0
        return QRect(x + left, y + (LINE_PX - type_px) // 2, width - left, 100 * LINE_PX)


class SignSheet(QScrollArea):
    """One quiet page in the middle of the room; where it is longer than the window it scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self._page = SignPage()
        self.picked = self._page.picked
        keep_in_sight(self, self._page)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._page)

    @property
    def text(self) -> str:
        """Everything that stands on the page."""
        return self._page.text

    def show_page(self, heading: str, lines: Sequence[Line]) -> None:
        """Show another page; free where nothing changed."""
        self._page.show_page(heading, lines)

    def scroll_by(self, direction: int) -> None:
        """Go some lines down (+1) or up (-1)."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + direction * 4 * LINE_PX)


def _flags(words: str) -> int:
    wrap = Qt.TextFlag.TextWordWrap if " " in words else Qt.TextFlag.TextWrapAnywhere
    return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop) | int(wrap)


def _height(used: QRect) -> int:
    """Return how much room a line of so many pixels takes."""
    return max(LINE_PX, used.height() + 6)


_SIDE = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
