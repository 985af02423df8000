"""A sheet over the whole room: the key table, or a definition; it takes no key and no time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modic_annotate_napari import theme
from modic_annotate_napari.qt import QPainter, QPaintEvent, QRect, QResizeEvent, Qt, QWidget
from modic_annotate_napari.widgets.definitions import Definition, paint_definitions
from modic_annotate_napari.widgets.text import wrapped

LINE_PX, GAP_PX, MARGIN_PX = 18, 14, 28
KEY_GAP_PX = 14
"""Between the widest key of a section and its words."""

MOST_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with lines of key and words."""

    title: str
    lines: tuple[tuple[str, str], ...]

    @property
    def height_px(self) -> int:
        """How much room it takes."""
        return (len(self.lines) + 1) * LINE_PX + GAP_PX

    @property
    def key_px(self) -> int:
        """Where the words begin: after the widest key."""
        metrics = theme.metrics(theme.LABEL_PX)
        return KEY_GAP_PX + max(
            (metrics.horizontalAdvance(key) for key, _ in self.lines), default=0
        )

    def broken(self, width_px: int) -> Section:
        """Return the section with words broken to a width; a line that goes on has no key."""
        metrics, room = theme.metrics(theme.LABEL_PX), width_px - self.key_px
        return Section(
            self.title,
            tuple(
                (key if n == 0 else "", part)
                for key, words in self.lines
                for n, part in enumerate(wrapped(words, metrics, room))
            ),
        )


class Sheet(QWidget):
    """Sections in columns, or definitions with pictures, over everything else."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sections: tuple[Section, ...] = ()
        self._columns: list[list[Section]] = []
        self._definitions: tuple[Definition, ...] = ()
        self._rules: tuple[str, ...] = ()
        self._room = parent
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Open the sheet with these sections."""
        self._sections, self._definitions = tuple(sections), ()
        self._open("\n".join(s.title for s in self._sections))

    def show_definitions(self, definitions: Sequence[Definition], rules: Sequence[str]) -> None:
        """Open the sheet with definitions and the rules that hold for all of them."""
        self._sections, self._definitions, self._rules = (), tuple(definitions), tuple(rules)
        self._open("\n".join((d.title + ": " + " ".join(d.words)) for d in self._definitions))

    def _open(self, description: str) -> None:
        self.setAccessibleDescription(description)
        self.setGeometry(self._room.rect())
        self._fit()
        self.raise_()
        self.show()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew."""
        self._fit()

    def _fit(self) -> None:
        """Take as few columns as hold all sections, so that words have room."""
        room = self.height() - 2 * MARGIN_PX
        for n in range(1, MOST_COLUMNS + 1):
            broken = [section.broken(self._column_px(n) - GAP_PX) for section in self._sections]
            self._columns = flow(broken, room)
            if len(self._columns) <= n:
                return

    def _column_px(self, columns: int) -> int:
        return (self.width() - 2 * MARGIN_PX) // max(columns, 1)

    def mouseReleaseEvent(self, event: object) -> None:
        """Close the sheet by a click."""
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the columns on a dark ground."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(theme.GROUND))
        if self._definitions:
            paint_definitions(painter, self.rect(), self._definitions, self._rules)
        width = self._column_px(len(self._columns))
        for place, column in enumerate(self._columns):
            y = MARGIN_PX
            for section in column:
                x = MARGIN_PX + place * width
                _paint(painter, QRect(x, y, width - GAP_PX, section.height_px), section)
                y += section.height_px
        painter.end()


def _paint(painter: QPainter, place: QRect, section: Section) -> None:
    side = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    painter.setFont(theme.font(theme.DATA_PX, strong=True))
    painter.setPen(theme.colour(theme.STRONG))
    painter.drawText(QRect(place.x(), place.y(), place.width(), LINE_PX), side, section.title)
    painter.setFont(theme.font(theme.LABEL_PX))
    left = section.key_px
    for n, (key, words) in enumerate(section.lines, start=1):
        top = place.y() + n * LINE_PX
        painter.setPen(theme.colour(theme.ACCENT))
        painter.drawText(QRect(place.x(), top, left, LINE_PX), side, key)
        painter.setPen(theme.colour(theme.TEXT))
        room = QRect(place.x() + left, top, place.width() - left, LINE_PX)
        painter.drawText(room, side, words)


def flow(sections: Sequence[Section], height_px: int) -> list[list[Section]]:
    """Lay sections into columns no higher than the sheet, in their order; long ones are split."""
    columns: list[list[Section]] = [[]]
    left = height_px
    for section in _split(sections, height_px):
        if section.height_px > left and columns[-1]:
            columns.append([])
            left = height_px
        columns[-1].append(section)
        left -= section.height_px
    return columns


def _split(sections: Sequence[Section], height_px: int) -> list[Section]:
    most = max((height_px - GAP_PX) // LINE_PX - 1, 1)
    return [
        Section(section.title if start == 0 else f"{section.title} (more)", lines)
        for section in sections
        for start in range(0, max(len(section.lines), 1), most)
        if (lines := section.lines[start : start + most]) or start == 0
    ]
