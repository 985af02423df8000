"""What the mouse does on a canvas, taken from Qt before vispy sees it.

wheel: slice; Ctrl+wheel: zoom at the pointer; left drag: pan, or move what was grabbed; left
click: a point; Shift+left drag: cross; right drag: window. While a brush is out left drag paints
and Ctrl+left drag erases. The right button never paints.
Positions are continuous logical pixels: the event at pixel (x, y) is the point (x + 0.5, y + 0.5).
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from modic_annotate_napari.qt import (
    QEvent,
    QMouseEvent,
    QObject,
    Qt,
    QWheelEvent,
    QWidget,
    Signal,
)

NOTCH = 120
"""Wheel angle of one notch, in eighths of a degree (Qt)."""

ZOOM_PER_NOTCH = 1.15
CLICK_SLACK_PX = 3
"""A press that moves less than this before its release is a click."""


class Drag(Enum):
    """What a drag does."""

    PAN = auto()
    GRAB = auto()
    CROSS = auto()
    WINDOW = auto()
    PAINT = auto()


class Stroke(Enum):
    """How far a stroke of the brush is."""

    BEGUN = auto()
    GOING_ON = auto()
    DONE = auto()


class Mouse(QObject):
    """Event filter of one canvas widget.

    Parameters
    ----------
    canvas
        The widget that receives the events.
    grab
        Asked at each left press for a movable thing under (x, y), or None.
    """

    stepped = Signal(int)
    zoomed = Signal(float, float, float)
    panned = Signal(float, float)
    clicked = Signal(float, float)
    grabbed = Signal(object, float, float, bool)
    """The thing, where it is now, and whether it was let go."""

    cross = Signal(float, float, bool)
    """Where the cross is, and whether it was let go."""

    windowed = Signal(float, float, bool)
    """Pixels since the press, right and down, and whether the drag begins."""

    stroked = Signal(float, float, object, bool)
    """Where the brush is, how far its stroke is, and whether Ctrl was held as it began."""

    def __init__(self, canvas: QWidget, grab: Callable[[float, float], object | None]) -> None:
        super().__init__(canvas)
        self._grab = grab
        self._button: Qt.MouseButton | None = None
        self._drag = Drag.PAN
        self._thing: object | None = None
        self._start = self._last = (0.0, 0.0)
        self._moved = False
        self._erases = False
        self._turned = 0
        self.has_brush = False
        """Whether left drags paint."""

        self._handlers: dict[QEvent.Type, Callable[..., None]] = {
            QEvent.Type.MouseButtonPress: self._press,
            QEvent.Type.MouseButtonDblClick: self._press,
            QEvent.Type.MouseMove: self._move,
            QEvent.Type.MouseButtonRelease: self._release,
            QEvent.Type.Wheel: self._wheel,
            QEvent.Type.ContextMenu: lambda _event: None,  # the right button windows, no menu
            QEvent.Type.Hide: self._forget,
        }
        canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle mouse events and keep them from vispy; let everything else pass."""
        handler = self._handlers.get(event.type())
        if handler is None:
            return False
        handler(event)
        if event.type() == QEvent.Type.Hide:
            return False
        event.accept()
        return True

    def _press(self, event: QMouseEvent) -> None:
        held = self._button
        if held is not None and held != event.button() and held & event.buttons():
            return
        self._button, self._moved = event.button(), False
        self._start = self._last = x, y = _place(event)
        if event.button() == Qt.MouseButton.RightButton:
            self._drag = Drag.WINDOW
            self.windowed.emit(0.0, 0.0, True)
        elif event.button() != Qt.MouseButton.LeftButton:
            self._button = None
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._drag = Drag.CROSS
            self.cross.emit(x, y, False)
        elif self.has_brush:
            self._drag = Drag.PAINT
            self._erases = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self.stroked.emit(x, y, Stroke.BEGUN, self._erases)
        else:
            self._thing = self._grab(x, y)
            self._drag = Drag.PAN if self._thing is None else Drag.GRAB

    def _move(self, event: QMouseEvent) -> None:
        if self._button is None:
            return
        x, y = _place(event)
        dx, dy = x - self._start[0], y - self._start[1]
        slack = 0 if self._drag is Drag.PAINT else CLICK_SLACK_PX
        if not self._moved and max(abs(dx), abs(dy)) < slack:
            return
        self._moved = True
        step = x - self._last[0], y - self._last[1]
        self._last = x, y
        if self._drag is Drag.PAN:
            self.panned.emit(*step)
        elif self._drag is Drag.WINDOW:
            self.windowed.emit(dx, dy, False)
        elif self._drag is Drag.CROSS:
            self.cross.emit(x, y, False)
        elif self._drag is Drag.PAINT:
            self.stroked.emit(x, y, Stroke.GOING_ON, self._erases)
        else:
            self.grabbed.emit(self._thing, x, y, False)

    def _release(self, event: QMouseEvent) -> None:
        if event.button() != self._button:
            return
        x, y = _place(event)
        moved, drag, thing = self._moved, self._drag, self._thing
        self._forget(event)
        if drag is Drag.CROSS:
            self.cross.emit(x, y, True)
        elif drag is Drag.PAINT:
            self.stroked.emit(x, y, Stroke.DONE, self._erases)
        elif drag is Drag.GRAB and moved:
            self.grabbed.emit(thing, x, y, True)
        elif drag in (Drag.PAN, Drag.GRAB) and not moved:
            self.clicked.emit(x, y)

    def _wheel(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            at = event.position()
            self.zoomed.emit(ZOOM_PER_NOTCH ** (turn / NOTCH), at.x() + 0.5, at.y() + 0.5)
            return
        self._turned = self._turned + turn if self._turned * turn >= 0 else turn
        while abs(self._turned) >= NOTCH:
            direction = 1 if self._turned < 0 else -1
            self._turned += direction * NOTCH
            self.stepped.emit(direction)

    def _forget(self, event: QEvent) -> None:
        self._button, self._thing, self._moved = None, None, False


def _place(event: QMouseEvent) -> tuple[float, float]:
    at = event.position()
    return at.x() + 0.5, at.y() + 0.5
