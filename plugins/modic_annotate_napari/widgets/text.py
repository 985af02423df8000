"""Labels that know their place in the type, and cut what does not fit with an ellipsis."""

from __future__ import annotations

from modic_annotate_napari.qt import (
    QFontMetrics,
    QKeyEvent,
    QLabel,
    QPainter,
    QPaintEvent,
    QSize,
    QSizePolicy,
    Qt,
    QWidget,
    Signal,
)
from modic_annotate_napari.widgets.tab_stops import ENTER, make_stop, paint_ring


def label(text: str = "", kind: str = "", parent: QWidget | None = None) -> QLabel:
    """Return a plain-text label of one kind of the style sheet."""
    made = QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if kind:
        made.setProperty("kind", kind)
    return made


def say(target: QLabel, text: str, kind: str | None = None) -> None:
    """Set text, and kind where given; free where nothing changes."""
    if target.text() != text:
        target.setText(text)
    if kind is not None and target.property("kind") != kind:
        target.setProperty("kind", kind)
        target.style().unpolish(target)
        target.style().polish(target)


class ElidedLabel(QLabel):
    """A one-line label that takes the room it gets; the whole text is its tool tip."""

    def __init__(self, kind: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("kind", kind)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """Nothing is too narrow."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, cut at the right where it does not fit."""
        painter = QPainter(self)
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(self.alignment()), shown)
        painter.end()


class Tab(QLabel):
    """A word that can be clicked, or reached by Tab and picked by Enter or Space."""

    clicked = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        make_stop(self, name)

    def mouseReleaseEvent(self, event: object) -> None:
        """Tell of a click."""
        self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell of Enter and Space."""
        if event.key() in ENTER:
            self.clicked.emit()
        else:
            event.ignore()

    def focusInEvent(self, event: object) -> None:
        """Show the ring."""
        self.update()

    def focusOutEvent(self, event: object) -> None:
        """Take the ring away."""
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the word and, while it has the keyboard, the ring."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            paint_ring(painter, self.rect().adjusted(2, 3, -2, -4))
            painter.end()


def wrapped(text: str, metrics: QFontMetrics, width: int) -> list[str]:
    """Break a line between words so that no part is wider than `width`."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and metrics.horizontalAdvance(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def unbroken(text: str) -> str:
    """Keep what stands between triple spaces on one line, so that a key stays with its words."""
    return "   ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in text.split("   "))
