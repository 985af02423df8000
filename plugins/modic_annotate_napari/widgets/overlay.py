"""A sheet over the whole room: the key table, or a definition; it takes no key and no time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modic_annotate_napari import theme
from modic_annotate_napari.qt import QPainter, QPaintEvent, QRect, Qt, QWidget

LINE_PX, GAP_PX, MARGIN_PX, KEY_PX = 19, 14, 28, 132


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with lines of key and words."""

    title: str
    lines: tuple[tuple[str, str], ...]

    @property
    def height_px(self) -> int:
        """How much room it takes."""
        return (len(self.lines) + 1) * LINE_PX + GAP_PX


class Sheet(QWidget):
    """Sections in columns, over everything else."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sections: tuple[Section, ...] = ()
        self._room = parent
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Open the sheet with these sections."""
        self._sections = tuple(sections)
        self.setGeometry(self._room.rect())
        self.raise_()
        self.show()
        self.update()

    def mouseReleaseEvent(self, event: object) -> None:
        """Close the sheet by a click."""
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the columns on a dark ground."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(theme.GROUND))
        columns = flow(self._sections, self.height() - 2 * MARGIN_PX)
        width = (self.width() - 2 * MARGIN_PX) // max(len(columns), 1)
        for place, column in enumerate(columns):
            y = MARGIN_PX
            for section in column:
                x = MARGIN_PX + place * width
                self._paint(painter, QRect(x, y, width - GAP_PX, section.height_px), section)
                y += section.height_px
        painter.end()

    def _paint(self, painter: QPainter, place: QRect, section: Section) -> None:
        side = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(theme.font(theme.DATA_PX, strong=True))
        painter.setPen(theme.colour(theme.STRONG))
        painter.drawText(QRect(place.x(), place.y(), place.width(), LINE_PX), side, section.title)
        painter.setFont(theme.font(theme.LABEL_PX))
        for n, (key, words) in enumerate(section.lines, start=1):
            top = place.y() + n * LINE_PX
            painter.setPen(theme.colour(theme.ACCENT))
            painter.drawText(QRect(place.x(), top, KEY_PX, LINE_PX), side, key)
            painter.setPen(theme.colour(theme.TEXT))
            room = QRect(place.x() + KEY_PX, top, place.width() - KEY_PX, LINE_PX)
            metrics = painter.fontMetrics()
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, side, shown)


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
