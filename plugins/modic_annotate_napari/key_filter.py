"""Keys reach the reading before anything else, once per press, and never out of a text field.

napari binds digits to its layers, so a grade typed with a layer active would be lost without a
word. The filter sits on the main window's own ``QWindow``: every key the window system delivers
passes it first, other windows and text fields keep theirs.
"""

from __future__ import annotations

from collections.abc import Callable

from modic_annotate_napari.held_keys import HeldKeys
from modic_annotate_napari.keymap import Press
from modic_annotate_napari.qt import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QEvent,
    QKeyEvent,
    QLineEdit,
    QObject,
    QPlainTextEdit,
    Qt,
    QTextEdit,
    QWidget,
)
from modic_annotate_napari.widgets.tab_stops import is_stop

ANSWERED = ("Enter", "Space")
"""Keys that belong to the control Tab went to; all others are the reading's from anywhere."""

TEXT_FIELDS = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox)

NAMES = {
    Qt.Key.Key_Up: "Up",
    Qt.Key.Key_Down: "Down",
    Qt.Key.Key_Left: "Left",
    Qt.Key.Key_Right: "Right",
    Qt.Key.Key_Home: "Home",
    Qt.Key.Key_End: "End",
    Qt.Key.Key_PageUp: "PgUp",
    Qt.Key.Key_PageDown: "PgDown",
    Qt.Key.Key_Return: "Enter",
    Qt.Key.Key_Enter: "Enter",
    Qt.Key.Key_Escape: "Escape",
    Qt.Key.Key_Backspace: "Backspace",
    Qt.Key.Key_Delete: "Delete",
    Qt.Key.Key_Space: "Space",
    Qt.Key.Key_F1: "F1",
}

_COMMAND = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)

_ALT_GR = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
"""As Windows tells of AltGr."""


def key_name(event: QKeyEvent) -> str | None:
    """Return the name of a key event as the key table spells it, or None for a bare modifier.

    Letters follow Shift alone, not Caps Lock; everything else printed is taken by what it prints,
    so that the keypad and other layouts need no names of their own.
    """
    code, modifiers = event.key(), event.modifiers()
    if modifiers & _ALT_GR == _ALT_GR and _printed(event):
        return _printed(event)  # AltGr gives brackets and the like on many layouts
    shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    name = NAMES.get(Qt.Key(code)) if code in _KNOWN else None
    if name is None and Qt.Key.Key_A <= code <= Qt.Key.Key_Z:
        name = chr(code) if shift or modifiers & _COMMAND else chr(code).lower()
    if name is None:
        name = _printed(event)
    return name and _with_command(name, modifiers, shift)


def _printed(event: QKeyEvent) -> str | None:
    """Return the one character a key prints, or None."""
    text = event.text()
    return text if len(text) == 1 and text.isprintable() else None


_KNOWN = frozenset(int(key) for key in NAMES)


def _with_command(name: str, modifiers: Qt.KeyboardModifier, shift: bool) -> str | None:
    if not modifiers & _COMMAND:
        return name
    if modifiers & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier):
        return None  # the window system's own
    return f"Ctrl+Shift+{name}" if shift else f"Ctrl+{name}"


def in_text_field() -> bool:
    """Return whether the keyboard is in a field that takes text."""
    widget = QApplication.focusWidget()
    if isinstance(widget, QComboBox):
        return widget.isEditable()
    return isinstance(widget, TEXT_FIELDS)


class KeyFilter(QObject):
    """Turns key events of one main window into presses of the key table.

    Parameters
    ----------
    window
        The main window; its keys are filtered while the filter is installed.
    wants
        Says whether a key is the reading's; others go on to the host.
    pressed, released
        Called once for each press and release that is the reading's.
    """

    def __init__(
        self,
        window: QWidget,
        wants: Callable[[str], bool],
        pressed: Callable[[Press], None],
        released: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._wants = wants
        self._pressed = pressed
        self._released = released
        self._held = HeldKeys()
        self.seen: set[str] = set()
        """Every key that came through since the filter stands."""

        window.installEventFilter(self)
        self._on_handle()

    def _on_handle(self) -> None:
        handle = self._window.windowHandle()
        if handle is not None:
            handle.removeEventFilter(self)
            handle.installEventFilter(self)

    def lost(self, keys: str) -> tuple[str, ...]:
        """Return those of some characters that do not reach this filter; they make no act.

        Each is offered as the window system offers a key before any shortcut (ShortcutOverride).
        """
        handle = self._window.windowHandle()
        self.seen.clear()
        for key in keys:
            probe = QKeyEvent(
                QEvent.Type.ShortcutOverride, ord(key), Qt.KeyboardModifier.NoModifier, key
            )
            QApplication.sendEvent(handle, probe)
        return tuple(key for key in keys if key not in self.seen)

    def dispose(self) -> None:
        """Give the window its keys back."""
        self._window.removeEventFilter(self)
        handle = self._window.windowHandle()
        if handle is not None:
            handle.removeEventFilter(self)
        self.setParent(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the reading's keys; leave text fields and everything else alone."""
        kind = event.type()
        if kind in _WINDOW_EVENTS:
            self._window_changed(kind)
            return False
        if kind not in _KEY_EVENTS or not isinstance(event, QKeyEvent):
            return False
        return self._key(kind, event)

    def _window_changed(self, kind: QEvent.Type) -> None:
        if kind == QEvent.Type.Show:
            self._on_handle()
        else:
            for name in self._held.clear():  # releases may go to another window from here
                self._released(name)

    def _key(self, kind: QEvent.Type, event: QKeyEvent) -> bool:
        if kind == QEvent.Type.KeyRelease:
            self._let_go(event)
        if in_text_field():
            return False
        name = key_name(event)
        if name is None or not self._wants(name):
            return False
        if name in ANSWERED and is_stop(QApplication.focusWidget()):
            return self._to_control(kind, event, name)
        self.seen.add(name)
        if kind == QEvent.Type.ShortcutOverride:
            event.accept()  # no shortcut of the host fires; the press follows as a plain key
            return True
        if kind == QEvent.Type.KeyPress:
            if is_stop(QApplication.focusWidget()):
                self._window.setFocus(Qt.FocusReason.OtherFocusReason)
            self._pressed(Press(name, repeated=self._held.press(event, name)))
        return True

    def _to_control(self, kind: QEvent.Type, event: QKeyEvent, name: str) -> bool:
        """Let the control that Tab went to have Enter and Space, once for each press."""
        if kind == QEvent.Type.ShortcutOverride:
            event.accept()
        return kind == QEvent.Type.KeyPress and self._held.press(event, name)

    def _let_go(self, event: QKeyEvent) -> None:
        """Tell of a key let go, wherever the keyboard is by now."""
        name = self._held.release(event)
        if name is not None:
            self._released(name)


_WINDOW_EVENTS = (QEvent.Type.Show, QEvent.Type.WindowDeactivate, QEvent.Type.FocusOut)
_KEY_EVENTS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
