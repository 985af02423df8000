"""The series of a case: what each is, on what evidence, how good, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modic_annotate_napari import theme
from modic_annotate_napari.qt import (
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRect,
    Qt,
    Signal,
)
from modic_annotate_napari.widgets.tab_stops import TabStops
from modic_annotate_napari.widgets.text import wrapped

COMPACT_PX, HEAD_PX = 26, 30
LINE_PX = 18
PAD_PX = 12


@dataclass(frozen=True, slots=True)
class SeriesCard:
    """One series in the list."""

    title: str
    quality: str
    lines: tuple[str, ...]
    """Evidence, geometry, reasons; none for a series that only can be called up."""

    selected: bool = False


class SeriesList(TabStops):
    """Cards, one under the other; a click selects."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__("Series of the case")
        self._cards: tuple[SeriesCard, ...] = ()
        self._tops: list[tuple[int, int]] = []
        self._lines: list[list[str]] = []
        self.parts_changed()

    def show_cards(self, cards: Sequence[SeriesCard]) -> None:
        """Show other cards; free where nothing changed."""
        if tuple(cards) == self._cards:
            return
        self._cards = tuple(cards)
        self._fit()
        self.parts_changed()
        self.update()

    def parts(self) -> list[tuple[QRect, str]]:
        """Return the cards."""
        return [
            (QRect(0, top, self.width(), height), f"{card.title} {card.quality}".strip())
            for card, (top, height) in zip(self._cards, self._tops, strict=True)
        ]

    def pick(self, index: int) -> None:
        """Select a card."""
        self.chosen.emit(index)

    def resizeEvent(self, event: object) -> None:
        """Wrap the lines anew."""
        self._fit()

    def _fit(self) -> None:
        metrics = theme.metrics(theme.LABEL_PX)
        self._lines = [
            [
                part
                for line in card.lines
                for part in wrapped(line, metrics, self.width() - 2 * PAD_PX)
            ]
            for card in self._cards
        ]
        self._tops, y = [], 0
        for lines in self._lines:
            height = COMPACT_PX if not lines else HEAD_PX + LINE_PX * len(lines) + 8
            self._tops.append((y, height))
            y += height
        self.setMinimumHeight(y)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Select the card that was clicked."""
        y = event.position().y()
        for place, (top, height) in enumerate(self._tops):
            if top <= y < top + height:
                self.chosen.emit(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint every card."""
        painter = QPainter(self)
        rows = zip(self._cards, self._lines, self._tops, strict=True)
        for card, lines, (top, height) in rows:
            self._paint(painter, QRect(0, top, self.width(), height), card, lines)
        self.paint_focus(painter)
        painter.end()

    def _paint(
        self, painter: QPainter, place: QRect, card: SeriesCard, lines: Sequence[str]
    ) -> None:
        if card.selected:
            painter.fillRect(place, theme.colour(theme.RAISED))
            painter.fillRect(place.x(), place.y(), 3, place.height(), theme.colour(theme.ACCENT))
        top = QRect(PAD_PX, place.y() + 3, place.width() - 2 * PAD_PX, 24)
        painter.setFont(theme.font(theme.DATA_PX, strong=bool(card.lines)))
        ink = theme.STRONG if card.lines else theme.DIM
        painter.setPen(theme.colour(ink))
        sides = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(top, int(sides | Qt.AlignmentFlag.AlignLeft), card.title)
        painter.setFont(theme.font(theme.LABEL_PX))
        painter.setPen(theme.colour(theme.TEXT if card.quality else theme.DIM))
        quality = card.quality or ("not rated" if card.lines else "")
        painter.drawText(top, int(sides | Qt.AlignmentFlag.AlignRight), quality)
        painter.setPen(theme.colour(theme.DIM))
        for n, line in enumerate(lines):
            room = QRect(PAD_PX, place.y() + 28 + n * LINE_PX, place.width() - PAD_PX, LINE_PX)
            painter.drawText(room, int(sides | Qt.AlignmentFlag.AlignLeft), line)
