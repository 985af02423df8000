"""Keys, clicks and wheel turns, posted as Qt events to the room's real widgets."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.series import SeriesRole
from modic_annotate.errors import ReadingError
from modic_annotate_napari.canvas.series_panel import SeriesPanel
from modic_annotate_napari.key_filter import NAMES
from modic_annotate_napari.qt import (
    QApplication,
    QEvent,
    QKeyEvent,
    QMouseEvent,
    QPoint,
    QPointF,
    Qt,
    QWheelEvent,
)
from modic_annotate_napari.qt_test import QTest
from modic_annotate_napari.room import Room

if TYPE_CHECKING:
    from modic_annotate_napari.qt import QWindow

NOTCH = 120
BETWEEN_KEYS_S = 0.002
"""Two strokes of one key carry different time stamps, as two strokes of a finger do."""

PATIENCE_S = 20.0
"""How long a frame or a widget is waited for; a slow software renderer needs a fraction."""

_CODES = {name: key for key, name in NAMES.items() if name != "Enter"} | {
    "Enter": Qt.Key.Key_Return
}


class ReplayError(ReadingError):
    """An act of a file that the room did not make as the file says."""


class Hands:
    """One reader's hands on one room."""

    def __init__(self, room: Room) -> None:
        self.room = room

    @property
    def window(self) -> QWindow:
        """The main window as the window system knows it."""
        handle = self.room.window().windowHandle()
        if handle is None:
            raise ReplayError("The room is not on a screen; open it first")
        return handle

    # keys

    def press(self, *keys: str) -> None:
        """Press keys one after the other, each by its name in the key table."""
        for key in keys:
            *modifiers, name = key.split("+") if len(key) > 1 else [key]
            held = Qt.KeyboardModifier.NoModifier
            if "Ctrl" in modifiers:
                held |= Qt.KeyboardModifier.ControlModifier
            if "Shift" in modifiers or (len(name) == 1 and name.isupper() and not modifiers):
                held |= Qt.KeyboardModifier.ShiftModifier
            self._stroke(name, held)
        self.settle()

    def _stroke(self, name: str, held: Qt.KeyboardModifier) -> None:
        time.sleep(BETWEEN_KEYS_S)
        code = _CODES.get(name)
        if code is None:
            QTest.keyClick(self.window, name, held)  # type: ignore[call-overload]
        else:
            QTest.keyClick(self.window, code, held)

    def action(self, action: str) -> None:
        """Press the main key of an action, as the key table in force has it."""
        keys = self.room.desk.keymap.keys_of(action)
        if not keys:
            raise ReplayError(f"No key is bound to {action}; bind one in the key file")
        self.press(keys[0])

    def type(self, text: str) -> None:
        """Type over the open text field and record it with Enter."""
        field = self.room.side.prompt.field
        self.wait(field.hasFocus, "the text field did not open")
        field.selectAll()
        if not text:
            QTest.keyClick(field, Qt.Key.Key_Delete)
        for character in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                stroke = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, character)
                QApplication.sendEvent(field, stroke)
        QTest.keyClick(field, Qt.Key.Key_Return)
        self.settle()

    # mouse

    def panel(self, role: SeriesRole) -> SeriesPanel:
        """Return the canvas of a slot."""
        panel = self.room.canvases.panel(role)
        if panel is None:
            raise ReplayError(f"No canvas shows {role}; the study has no such series")
        return panel

    def point(self, role: SeriesRole, lps: PointLps) -> tuple[SeriesPanel, QPoint]:
        """Move the pointer onto a patient point of a slot's canvas, on its own slice."""
        panel = self.panel(role)
        self.scroll_to(panel, panel.display.nearest_slice(lps))
        at = panel.position_of(lps)
        if not panel.canvas_widget.rect().contains(at):
            raise ReplayError(f"A point lies outside the canvas of {role}; it cannot be clicked")
        self._mouse(panel, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton)
        return panel, at

    def click(self, role: SeriesRole, lps: PointLps) -> None:
        """Click a patient point on its own slice."""
        panel, at = self.point(role, lps)
        QTest.mouseClick(panel.canvas_widget, Qt.MouseButton.LeftButton, pos=at)
        self.settle()

    def drag(self, role: SeriesRole, begin: PointLps, end: PointLps) -> None:
        """Drag with the left button from one patient point to another, on the slice of the end."""
        panel, to = self.point(role, end)
        start = panel.position_of(begin)
        left = Qt.MouseButton.LeftButton
        self._mouse(panel, QEvent.Type.MouseButtonPress, start, left)
        for share in (0.3, 0.7, 1.0):
            step = QPoint(
                round(start.x() + share * (to.x() - start.x())),
                round(start.y() + share * (to.y() - start.y())),
            )
            self._mouse(panel, QEvent.Type.MouseMove, step, left)
        self._mouse(panel, QEvent.Type.MouseButtonRelease, to, left)
        self.settle()

    def stroke(
        self, role: SeriesRole, line: Sequence[PointLps], *, ctrl: bool = False
    ) -> SeriesPanel:
        """Press the left button at the first point of a line, follow it and let go at the last."""
        panel, begin = self.point(role, line[0])
        held = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
        left = Qt.MouseButton.LeftButton
        places = [panel.position_of(point) for point in line]
        if not all(panel.canvas_widget.rect().contains(at) for at in places):
            raise ReplayError(f"A stroke leaves the canvas of {role}; it cannot be painted")
        self._mouse(panel, QEvent.Type.MouseButtonPress, begin, left, held)
        for at in places[1:]:
            self._mouse(panel, QEvent.Type.MouseMove, at, left, held)
        self._mouse(panel, QEvent.Type.MouseButtonRelease, places[-1], left, held)
        self.settle()
        return panel

    def _mouse(
        self,
        panel: SeriesPanel,
        kind: QEvent.Type,
        at: QPoint,
        button: Qt.MouseButton,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        canvas = panel.canvas_widget
        pressed = button if kind != QEvent.Type.MouseButtonRelease else Qt.MouseButton.NoButton
        own = button if kind != QEvent.Type.MouseMove else Qt.MouseButton.NoButton
        place, everywhere = QPointF(at), QPointF(canvas.mapToGlobal(at))
        event = QMouseEvent(kind, place, everywhere, own, pressed, modifiers)
        QApplication.sendEvent(canvas, event)

    # wheel

    def wheel(self, panel: SeriesPanel, direction: int) -> None:
        """Turn the wheel by one notch over a canvas: +1 from right to left of the patient."""
        canvas = panel.canvas_widget
        middle = canvas.rect().center()
        event = QWheelEvent(
            QPointF(middle),
            QPointF(canvas.mapToGlobal(middle)),
            QPoint(),
            QPoint(0, -NOTCH * direction),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(canvas, event)

    def scroll_to(self, panel: SeriesPanel, index: int) -> None:
        """Turn the wheel until a canvas shows a slice."""
        for _ in range(len(self.room.canvases.link.stops) + 1):
            if panel.slice == index:
                break
            self.wheel(panel, panel.display.step * (1 if index > panel.slice else -1))
        self.settle()
        if panel.slice != index:
            raise ReplayError(f"Slice {index} could not be reached by the wheel")

    def see(self, role: SeriesRole, indices: list[int]) -> None:
        """Turn the wheel through slices, until each has really come to the screen."""
        panel = self.panel(role)
        for index in sorted(indices, key=lambda i: i * panel.display.step):
            self.scroll_to(panel, index)
            self._wait_seen(role, index)

    def see_everything(self) -> None:
        """Turn the wheel once through all stops, from right to left; every series is seen."""
        canvases = self.room.canvases
        link = canvases.link
        for _ in range(link.stop):
            self.wheel(link.leader, -1)
        for step in range(len(link.stops)):
            if step:
                self.wheel(link.leader, 1)
            for used, panel in canvases.panels:
                if used is not canvases.extra:
                    self._wait_seen(used.role, panel.slice)

    def _wait_seen(self, role: SeriesRole, index: int) -> None:
        self.wait(
            lambda: index in self.room.coverage.seen(role),
            f"slice {index} of {role} did not come to the screen with every endplate in view",
        )

    # time

    def settle(self) -> None:
        """Let Qt do what is waiting, deletions too, as its own loop would."""
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()

    def wait(self, done: Callable[[], bool], complaint: str) -> None:
        """Let Qt work until something is so."""
        end = time.monotonic() + PATIENCE_S
        while not done():
            if time.monotonic() > end:
                raise ReplayError(f"Waited {PATIENCE_S:.0f} s: {complaint}")
            self.settle()
            time.sleep(0.002)
