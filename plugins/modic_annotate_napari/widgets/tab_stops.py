"""What the Tab key reaches: painted parts of a widget, one after the other, with a ring.

While a part has the keyboard, Enter and Space are its own (see ``key_filter``); every other key
of the reading gives the keyboard back to the images first, so that no later Enter strays.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from modic_annotate_napari import theme
from modic_annotate_napari.qt import (
    QFocusEvent,
    QKeyEvent,
    QLineEdit,
    QPainter,
    QPen,
    QRect,
    QScrollArea,
    Qt,
    QWidget,
    Signal,
)

TAB_STOP = "tabStop"
"""Property of a widget whose Enter and Space are its own while it has the keyboard."""

RING_PX = 2
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


def make_stop(widget: QWidget, name: str) -> None:
    """Let Tab reach a widget, and say what it is to a screen reader."""
    widget.setProperty(TAB_STOP, True)
    widget.setAccessibleName(name)
    widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)


def is_stop(widget: QWidget | None) -> bool:
    """Return whether Enter and Space belong to a widget."""
    return widget is not None and bool(widget.property(TAB_STOP))


def paint_ring(painter: QPainter, place: QRect) -> None:
    """Draw the ring round what has the keyboard."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour(theme.STRONG), RING_PX))
    painter.drawRect(place)


def in_order(*parents: QWidget) -> None:
    """Let Tab go through the stops and fields of some widgets, in this order."""
    ways = [
        widget
        for parent in parents
        for widget in parent.findChildren(QWidget)
        if is_stop(widget) or isinstance(widget, QLineEdit)
    ]
    for one, following in itertools.pairwise(ways):
        QWidget.setTabOrder(one, following)


def keep_in_sight(area: QScrollArea, stops: TabStops) -> None:
    """Let a scroll area follow what has the keyboard in it."""

    def follow(place: QRect) -> None:
        middle = place.center()
        area.ensureVisible(middle.x(), middle.y(), 0, place.height() // 2 + 2)

    stops.turned.connect(follow)


class TabStops(QWidget):
    """A painted widget whose parts Tab goes through one by one; Enter or Space picks one."""

    turned = Signal(object)
    """Where the part lies that has the keyboard now; a scroll area keeps it in sight."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._at = 0
        make_stop(self, name)

    def parts(self) -> Sequence[tuple[QRect, str]]:
        """Return where each part lies and what it is called."""
        raise NotImplementedError

    def pick(self, index: int) -> None:
        """Do what a click on a part does."""
        raise NotImplementedError

    def parts_changed(self) -> None:
        """Keep the ring on a part that is there; without parts Tab passes by."""
        count = len(self.parts())
        self._at = min(self._at, max(count - 1, 0))
        stop = Qt.FocusPolicy.TabFocus if count else Qt.FocusPolicy.NoFocus
        if self.focusPolicy() != stop:
            self.setFocusPolicy(stop)

    def paint_focus(self, painter: QPainter) -> None:
        """Draw the ring; the last thing a widget paints."""
        parts = self.parts()
        if self.hasFocus() and self._at < len(parts):
            inside = self.rect().adjusted(1, 1, -1, -1)
            paint_ring(painter, parts[self._at][0].adjusted(-1, -1, 1, 1).intersected(inside))

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's own name
        """Go to the next part, and past the last one to the next widget."""
        to = self._at + (1 if next else -1)
        if self.hasFocus() and 0 <= to < len(self.parts()):
            self._turn_to(to)
            return True
        return super().focusNextPrevChild(next)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the first part, or at the last one when coming backwards."""
        backwards = event.reason() == Qt.FocusReason.BacktabFocusReason
        self._turn_to(len(self.parts()) - 1 if backwards else 0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pick by Enter or Space; leave everything else to others."""
        if event.key() in ENTER and self._at < len(self.parts()):
            self.pick(self._at)
        else:
            event.ignore()

    def _turn_to(self, index: int) -> None:
        self._at = max(index, 0)
        parts = self.parts()
        if self._at < len(parts):
            self.setAccessibleDescription(parts[self._at][1])
            self.turned.emit(parts[self._at][0])
        self.update()
