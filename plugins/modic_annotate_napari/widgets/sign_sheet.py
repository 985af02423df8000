"""What is signed, in words; afterwards where it lies and its digest."""

from __future__ import annotations

from collections.abc import Sequence

from modic_annotate_napari import theme
from modic_annotate_napari.qt import QPainter, QPaintEvent, QRect, Qt, QWidget

LINE_PX, WIDTH_PX, TITLE_PX = 24, 760, 190

Line = tuple[str, str, str]
"""Title, words and colour; a line without a title stands across."""


class SignSheet(QWidget):
    """One quiet page in the middle of the room."""

    def __init__(self) -> None:
        super().__init__()
        self._heading = ""
        self._lines: tuple[Line, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def text(self) -> str:
        """Everything that stands on the page."""
        return "\n".join([self._heading, *(f"{title} {words}" for title, words, _ in self._lines)])

    def show_page(self, heading: str, lines: Sequence[Line]) -> None:
        """Show another page; free where nothing changed."""
        if (heading, tuple(lines)) != (self._heading, self._lines):
            self._heading, self._lines = heading, tuple(lines)
            self.setAccessibleDescription(self.text)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint heading and lines."""
        painter = QPainter(self)
        width = min(WIDTH_PX, self.width() - 48)
        x, y = (self.width() - width) // 2, max(24, self.height() // 10)
        painter.setFont(theme.font(22))
        painter.setPen(theme.colour(theme.STRONG))
        painter.drawText(QRect(x, y, width, 34), _SIDE, self._heading)
        y += 52
        painter.setFont(theme.font(theme.DATA_PX))
        for title, words, ink in self._lines:
            y += self._line(painter, QRect(x, y, width, LINE_PX), (title, words, ink))
        painter.end()

    def _line(self, painter: QPainter, place: QRect, line: Line) -> int:
        title, words, ink = line
        painter.setPen(theme.colour(theme.DIM))
        painter.drawText(place, _SIDE, title)
        left = place.x() + (TITLE_PX if title else 0)
        room = QRect(left, place.y(), place.right() - left, 10 * LINE_PX)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        flags |= int(Qt.TextFlag.TextWrapAnywhere if " " not in words else Qt.TextFlag.TextWordWrap)
        room = room.adjusted(0, (LINE_PX - painter.fontMetrics().height()) // 2, 0, 0)
        used = painter.boundingRect(room, flags, words)
        painter.setPen(theme.colour(ink))
        painter.drawText(room, flags, words)
        return max(LINE_PX, used.height() + 6)


_SIDE = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
