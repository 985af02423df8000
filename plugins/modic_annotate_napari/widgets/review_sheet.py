"""All endplates on one sheet: a crop of each series beside what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modic_annotate.domain.spine import Endplate
from modic_annotate_napari import theme
from modic_annotate_napari.crops import CROP_MM
from modic_annotate_napari.qt import (
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRect,
    QScrollArea,
    Qt,
    QVBoxLayout,
    QWidget,
    Signal,
)
from modic_annotate_napari.widgets.tab_stops import TabStops, keep_in_sight
from modic_annotate_napari.widgets.text import label, wrapped

CROP_SHARE = CROP_MM[1] / CROP_MM[0]
MOST_CROP_PX, LEAST_CROP_PX, TEXT_PX = 176, 100, 214
GAP_PX, PAD_PX, MARGIN_PX, TEXT_LINE_PX = 4, 6, 10, 19
TWO_COLUMNS_PX = 900


@dataclass(frozen=True, slots=True, eq=False)
class SheetRow:
    """One endplate on the sheet."""

    endplate: Endplate
    title: str
    words: tuple[str, ...]
    problems: tuple[str, ...]
    crops: tuple[tuple[str, QImage], ...]
    """Caption and picture of each series."""

    notices: tuple[str, ...] = ()
    """What makes a value less sure; quiet, below the problems."""

    open: bool = False


class SheetRows(TabStops):
    """Paints the rows in one or two columns; a click turns to an endplate."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__("Endplates with their findings")
        self._rows: tuple[SheetRow, ...] = ()
        self._places: list[QRect] = []
        self._texts: list[list[tuple[str, str]]] = []
        self._selected = 0
        self.parts_changed()

    @property
    def rows(self) -> tuple[SheetRow, ...]:
        """What is shown."""
        return self._rows

    def show_rows(self, rows: Sequence[SheetRow], selected: int) -> None:
        """Show rows, the selected one (from 1; 0 is none) marked."""
        self._rows, self._selected = tuple(rows), selected
        self._fit()
        self.parts_changed()
        self.update()

    def parts(self) -> list[tuple[QRect, str]]:
        """Return the rows."""
        names = (" ".join((row.title, *row.problems)) for row in self._rows)
        return list(zip(self._places, names, strict=True))

    def pick(self, index: int) -> None:
        """Turn to an endplate."""
        self.chosen.emit(self._rows[index].endplate)

    @property
    def _columns(self) -> int:
        return 2 if self.width() >= TWO_COLUMNS_PX else 1

    @property
    def _crop_px(self) -> tuple[int, int]:
        n_crops = max((len(row.crops) for row in self._rows), default=1)
        width = (self.width() // self._columns - TEXT_PX) // max(n_crops, 1) - GAP_PX
        width = min(max(width, LEAST_CROP_PX), MOST_CROP_PX)
        return width, round(width * CROP_SHARE)

    def _fit(self) -> None:
        """Give every row its place: down the first column, then down the second."""
        columns, (crop_width, crop_height) = self._columns, self._crop_px
        per_column = -(-len(self._rows) // columns)
        width = self.width() // columns
        tops = [0] * columns
        self._places, self._texts = [], []
        for index, row in enumerate(self._rows):
            column = index // max(per_column, 1)
            text_px = width - len(row.crops) * (crop_width + GAP_PX) - 2 * MARGIN_PX
            text = _text(row, text_px)
            height = max(crop_height, len(text) * TEXT_LINE_PX) + 2 * PAD_PX
            self._places.append(QRect(column * width, tops[column], width, height))
            self._texts.append(text)
            tops[column] += height
        self.setMinimumHeight(max(tops, default=0) + PAD_PX)

    def resizeEvent(self, event: object) -> None:
        """Lay out anew."""
        self._fit()

    def place_of(self, index: int) -> QRect:
        """Return where a row stands."""
        return self._places[index]

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Turn to the endplate that was clicked."""
        at = event.position().toPoint()
        for index, row in enumerate(self._rows):
            if self.place_of(index).contains(at):
                self.chosen.emit(row.endplate)
                return

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint every row."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for index, place in enumerate(self._places):
            self._paint(painter, place, index)
        self.paint_focus(painter)
        painter.end()

    def _paint(self, painter: QPainter, place: QRect, index: int) -> None:
        if index + 1 == self._selected:
            painter.fillRect(place, theme.colour(theme.RAISED))
            painter.fillRect(place.x(), place.y(), 3, place.height(), theme.colour(theme.ACCENT))
        x, y = place.x() + MARGIN_PX, place.y() + PAD_PX
        width, height = self._crop_px
        for caption, picture in self._rows[index].crops:
            _paint_crop(painter, QRect(x, y, width, height), caption, picture)
            x += width + GAP_PX
        side = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        x += MARGIN_PX - GAP_PX
        for n, (text, ink) in enumerate(self._texts[index]):
            painter.setFont(theme.font(theme.LABEL_PX, strong=n == 0))
            painter.setPen(theme.colour(ink))
            line = QRect(x, y + n * TEXT_LINE_PX, place.right() - x, TEXT_LINE_PX)
            painter.drawText(line, side, text)


def _text(row: SheetRow, width: int) -> list[tuple[str, str]]:
    """Return the lines of a row with their colours, broken to a width."""
    metrics = theme.metrics(theme.LABEL_PX)
    lines = [(row.title, theme.DIM if row.open else theme.STRONG)]
    blocks = (row.words, theme.TEXT), (row.problems, theme.WARNING), (row.notices, theme.DIM)
    for words, ink in blocks:
        lines += [(part, ink) for text in words for part in wrapped(text, metrics, width)]
    return lines


def _paint_crop(painter: QPainter, place: QRect, caption: str, picture: QImage) -> None:
    """Draw a crop, its caption, and a tick at the height of its endplate."""
    painter.drawImage(place, picture)
    painter.fillRect(place.x(), place.center().y(), 7, 2, theme.colour(theme.STRONG))
    painter.setFont(theme.font(11))
    ground = painter.fontMetrics().boundingRect(caption).adjusted(-4, -1, 4, 1)
    ground.moveBottomLeft(place.bottomLeft())
    painter.fillRect(ground, theme.colour(theme.GROUND, 0.75))
    painter.setPen(theme.colour(theme.TEXT))
    painter.drawText(ground, int(Qt.AlignmentFlag.AlignCenter), caption)


class ReviewSheet(QWidget):
    """A heading and the rows."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 10, 0, 0)
        heading = label("Contradictions and gaps first", "dim")
        heading.setContentsMargins(10, 0, 0, 0)
        column.addWidget(heading)
        self.rows = SheetRows()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.rows)
        column.addWidget(area, 1)
        self._area = area
        keep_in_sight(area, self.rows)

    def show_rows(self, rows: Sequence[SheetRow], selected: int) -> None:
        """Show rows and keep the selected one in sight."""
        self.rows.show_rows(rows, selected)
        if selected:
            place = self.rows.place_of(selected - 1)
            self._area.ensureVisible(place.center().x(), place.center().y(), 0, place.height())
