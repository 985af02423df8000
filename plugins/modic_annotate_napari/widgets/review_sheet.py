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
from modic_annotate_napari.widgets.text import label, wrapped

CROP_SHARE = CROP_MM[1] / CROP_MM[0]
MOST_CROP_PX, LEAST_CROP_PX, TEXT_PX = 176, 100, 214
GAP_PX, TEXT_LINE_PX = 4, 19
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

    open: bool = False


class SheetRows(QWidget):
    """Paints the rows in one or two columns; a click turns to an endplate."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[SheetRow, ...] = ()
        self._selected = 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_rows(self, rows: Sequence[SheetRow], selected: int) -> None:
        """Show rows, the selected one (from 1; 0 is none) marked."""
        self._rows, self._selected = tuple(rows), selected
        self._fit()
        self.update()

    @property
    def _columns(self) -> int:
        return 2 if self.width() >= TWO_COLUMNS_PX else 1

    @property
    def _crop_px(self) -> tuple[int, int]:
        n_crops = max((len(row.crops) for row in self._rows), default=1)
        width = (self.width() // self._columns - TEXT_PX) // max(n_crops, 1) - GAP_PX
        width = min(max(width, LEAST_CROP_PX), MOST_CROP_PX)
        return width, round(width * CROP_SHARE)

    @property
    def row_px(self) -> int:
        """How high a row is."""
        return max(self._crop_px[1], 4 * TEXT_LINE_PX) + 10

    def _fit(self) -> None:
        per_column = -(-len(self._rows) // self._columns)
        self.setMinimumHeight(per_column * self.row_px + 8)

    def resizeEvent(self, event: object) -> None:
        """Lay out anew."""
        self._fit()

    def place_of(self, index: int) -> QRect:
        """Return where a row stands; rows run down the first column, then the second."""
        per_column = -(-len(self._rows) // self._columns)
        width = self.width() // self._columns
        column, row = divmod(index, per_column)
        return QRect(column * width, row * self.row_px, width, self.row_px)

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
        for index, row in enumerate(self._rows):
            self._paint(painter, self.place_of(index), row, index + 1 == self._selected)
        painter.end()

    def _paint(self, painter: QPainter, place: QRect, row: SheetRow, selected: bool) -> None:
        if selected:
            painter.fillRect(place, theme.colour(theme.RAISED))
            painter.fillRect(place.x(), place.y(), 3, place.height(), theme.colour(theme.ACCENT))
        x, y = place.x() + 10, place.y() + 5
        width, height = self._crop_px
        for caption, picture in row.crops:
            _paint_crop(painter, QRect(x, y, width, height), caption, picture)
            x += width + GAP_PX
        self._write(painter, QRect(x + 8, y, place.right() - x - 14, place.height() - 10), row)

    def _write(self, painter: QPainter, place: QRect, row: SheetRow) -> None:
        painter.setFont(theme.font(theme.DATA_PX, strong=True))
        head = theme.DIM if row.open else theme.STRONG
        metrics = theme.metrics(theme.LABEL_PX)
        texts = [(row.title, head)]
        for lines, ink in ((row.words, theme.TEXT), (row.problems, theme.WARNING)):
            parts = (part for line in lines for part in wrapped(line, metrics, place.width()))
            texts += [(part, ink) for part in parts]
        side = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for n, (text, ink) in enumerate(texts[: place.height() // TEXT_LINE_PX]):
            line = QRect(place.x(), place.y() + n * TEXT_LINE_PX, place.width(), TEXT_LINE_PX)
            shown = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, line.width()
            )
            painter.setPen(theme.colour(ink))
            painter.drawText(line, side, shown)
            painter.setFont(theme.font(theme.LABEL_PX))


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

    def show_rows(self, rows: Sequence[SheetRow], selected: int) -> None:
        """Show rows and keep the selected one in sight."""
        self.rows.show_rows(rows, selected)
        if selected:
            place = self.rows.place_of(selected - 1)
            self._area.ensureVisible(place.center().x(), place.center().y(), 0, self.rows.row_px)
