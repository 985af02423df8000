"""The one-line strip above a canvas: what is shown, where it lies, how it is windowed."""

from __future__ import annotations

from dataclasses import dataclass

from modic_annotate_napari.qt import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QRect,
    QResizeEvent,
    Qt,
    QWidget,
)

FONT_PX = 12
LINE_PX = 20
GAP_PX = 10
PAD_PX = 6
GROUND = QColor("#16181B")
STRONG = QColor("#F0F0F0")
PLAIN = QColor("#C4C8CC")
WARNING = QColor("#E69F00")

NAME_PX = 100
"""The room a name is given when one line or two is decided: by the width of the panel alone, so
that images of equally wide panels stand level."""

WIDEST = ("Im 000", "R 000.0 mm", "+00.0 mm", "W 0000 L 0000")
"""The room each changing field is given, so that figures stand still while slices change."""


@dataclass(frozen=True, slots=True)
class Title:
    """What the strip says."""

    name: str
    image: str = ""
    side: str = ""
    offset: str = ""
    window: str = ""
    warning: str = ""
    missing: str = ""
    """Said where a slice has no image."""

    @property
    def remark(self) -> str:
        """What must not be overlooked: the slice that is not there, then what else is wrong."""
        return "; ".join(filter(None, (self.missing, self.warning)))


class TitleStrip(QWidget):
    """Paints a `Title`; two lines where one is too narrow, never less than 12 px text."""

    def __init__(self, title: Title, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plain, strong = QFont(self.font()), QFont(self.font())
        plain.setPixelSize(FONT_PX)
        strong.setPixelSize(FONT_PX)
        strong.setBold(True)
        self._fonts = plain, strong
        self._metrics = QFontMetrics(plain)
        self._widths = [self._metrics.horizontalAdvance(text) for text in WIDEST]
        self._title = title
        self.setFixedHeight(LINE_PX)
        self._say()

    @property
    def title(self) -> Title:
        """What is shown now."""
        return self._title

    def show_title(self, title: Title) -> None:
        """Show another title; free where nothing changed."""
        if title != self._title:
            said = self._title.name, self._title.remark
            self._title = title
            if said != (title.name, title.remark):
                self._fit()
                self._say()
            self.update()

    def _say(self) -> None:
        t = self._title
        self.setToolTip(t.remark or t.name)
        self.setAccessibleName(f"{t.name} {t.remark}".strip())

    def _fit(self) -> None:
        needed = NAME_PX + sum(self._widths) + len(WIDEST) * GAP_PX + 2 * PAD_PX
        lines = 1 if needed <= self.width() and not self._title.remark else 2
        self.setFixedHeight(LINE_PX * lines)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose one line or two by the width there is."""
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write the fields, each at its fixed place."""
        t = self._title
        painter = QPainter(self)
        painter.fillRect(self.rect(), GROUND)
        painter.setFont(self._fonts[0])
        one_line = self.height() <= LINE_PX
        right = self.width() - PAD_PX
        left = right - self._widths[3]
        said = self._metrics.horizontalAdvance(t.remark)
        if said + GAP_PX <= left - PAD_PX:  # a warning that needs the whole line takes it
            self._write(painter, t.window, left, right, 0 if one_line else 1, PLAIN)
        self._write(painter, t.remark, PAD_PX, right, 1, WARNING)
        painter.setFont(self._fonts[1])
        x = self._write(painter, t.name, PAD_PX, right, 0, STRONG)
        painter.setFont(self._fonts[0])
        below = not one_line and not t.remark  # where names are long the offset has room below
        for text, width in zip((t.image, t.side, t.offset), self._widths[:3], strict=True):
            x += GAP_PX
            if text is t.offset and below:
                self._write(painter, text, PAD_PX, left - GAP_PX, 1, PLAIN)
            else:
                self._write(painter, text, x, min(x + width + GAP_PX, right), 0, PLAIN)
            x += width
        painter.end()

    def _write(
        self, painter: QPainter, text: str, left: int, right: int, line: int, colour: QColor
    ) -> int:
        """Write elided text between two x on a line; return where it ends."""
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(right - left, 0))
        painter.setPen(colour)
        place = QRect(left, line * LINE_PX, max(right - left, 0), LINE_PX)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        return left + int(metrics.horizontalAdvance(shown))
