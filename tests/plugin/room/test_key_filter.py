"""Key events of a window as presses of the key table."""

from __future__ import annotations

import pytest

pytest.importorskip("PySide6", reason="Qt is not installed (modic-annotate[gui])")

from qtpy.QtCore import QEvent, Qt
from qtpy.QtGui import QKeyEvent, QShortcut
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QLineEdit, QMainWindow, QSpinBox, QVBoxLayout, QWidget

from modic_annotate_napari.key_filter import KeyFilter, key_name

NONE, SHIFT, CTRL, ALT, KEYPAD = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.KeypadModifier,
)


@pytest.mark.parametrize(
    ("code", "modifiers", "text", "name"),
    [
        (Qt.Key.Key_0, NONE, "0", "0"),
        (Qt.Key.Key_0, KEYPAD, "0", "0"),
        (Qt.Key.Key_Plus, KEYPAD, "+", "+"),
        (Qt.Key.Key_Plus, SHIFT, "+", "+"),
        (Qt.Key.Key_Enter, KEYPAD, "\r", "Enter"),
        (Qt.Key.Key_1, SHIFT, "1", "1"),  # a layout whose digits need Shift
        (Qt.Key.Key_Exclam, SHIFT, "!", "!"),
        (Qt.Key.Key_A, NONE, "a", "a"),
        (Qt.Key.Key_A, NONE, "A", "a"),  # Caps Lock
        (Qt.Key.Key_A, SHIFT, "a", "A"),  # Caps Lock and Shift
        (Qt.Key.Key_A, SHIFT, "A", "A"),
        (Qt.Key.Key_Z, CTRL, "\x1a", "Ctrl+Z"),
        (Qt.Key.Key_Z, CTRL | SHIFT, "\x1a", "Ctrl+Shift+Z"),
        (Qt.Key.Key_F, ALT, "f", None),
        (Qt.Key.Key_BracketLeft, CTRL | ALT, "[", "["),  # AltGr, as Windows tells of it
        (Qt.Key.Key_F, CTRL | ALT, "", None),
        (Qt.Key.Key_Shift, SHIFT, "", None),
        (Qt.Key.Key_Backspace, NONE, "\b", "Backspace"),
        (Qt.Key.Key_Space, NONE, " ", "Space"),
        (Qt.Key.Key_Eacute, NONE, "é", "é"),
    ],
)
def test_a_key_is_named_as_the_table_spells_it(code, modifiers, text, name):
    """Letters follow Shift alone, everything else is what it prints, keypad or not."""
    assert key_name(QKeyEvent(QEvent.Type.KeyPress, code, modifiers, text)) == name


class Desk:
    """A window with a text field, a number field and a shortcut of the host on every digit."""

    def __init__(self) -> None:
        self.window, self.body = QMainWindow(), QWidget()
        self.text, self.number = QLineEdit(), QSpinBox()
        column = QVBoxLayout(self.body)
        column.addWidget(self.text)
        column.addWidget(self.number)
        self.window.setCentralWidget(self.body)
        self.body.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.stolen: list[str] = []
        for digit in "0123":
            shortcut = QShortcut(digit, self.window)
            shortcut.activated.connect(lambda digit=digit: self.stolen.append(digit))
        self.presses: list[tuple[str, bool]] = []
        self.releases: list[str] = []
        self.filter = KeyFilter(
            self.window,
            lambda key: len(key) == 1,
            lambda press: self.presses.append((press.key, press.repeated)),
            self.releases.append,
        )


@pytest.fixture
def desk(qapp, until):
    """The window on the screen, with the keyboard."""
    made = Desk()
    made.window.show()
    made.window.activateWindow()
    until(made.window.isActiveWindow)  # shortcuts of a window fire only while it is active
    made.body.setFocus()
    yield made
    made.filter.dispose()
    made.window.close()
    made.window.deleteLater()


def send(desk: Desk, kind: QEvent.Type, key: str, *, repeat: bool = False) -> None:
    """Send one key event to the window as the window system does."""
    from qtpy.QtWidgets import QApplication

    event = QKeyEvent(kind, ord(key), NONE, key, repeat)
    QApplication.sendEvent(desk.window.windowHandle(), event)


def test_digits_come_before_any_shortcut_of_the_host(desk):
    """A host that binds digits does not get them."""
    for digit in "0123":
        QTest.keyClick(desk.window.windowHandle(), digit)
    assert [key for key, _ in desk.presses] == list("0123")
    assert desk.stolen == []
    assert desk.filter.lost("0123") == ()


def test_a_thief_of_digits_is_noticed(desk, thief):
    """The start-up check names the digits that another filter catches."""
    thief(desk.window)
    assert desk.filter.lost("0123") == tuple("0123")


def test_text_and_number_fields_keep_their_keys(desk, until):
    """While a field has the keyboard its digits are text."""
    for field in (desk.text, desk.number):
        field.setFocus()
        until(field.hasFocus)
        QTest.keyClicks(field, "20")
    assert desk.text.text() == "20"
    assert desk.number.text().endswith("20")
    assert desk.presses == []


def test_a_held_key_is_one_press(desk):
    """Repeats are marked, by the system's flag or because the key was never let go."""
    send(desk, QEvent.Type.KeyPress, "0")
    for _ in range(3):
        send(desk, QEvent.Type.KeyRelease, "0", repeat=True)
        send(desk, QEvent.Type.KeyPress, "0", repeat=True)
    send(desk, QEvent.Type.KeyPress, "0")
    assert desk.presses == [("0", False), *[("0", True)] * 4]
    assert desk.releases == []
    send(desk, QEvent.Type.KeyRelease, "0")
    send(desk, QEvent.Type.KeyPress, "0")
    assert desk.presses[-1] == ("0", False)
    assert desk.releases == ["0"]


def test_a_release_that_went_to_a_text_field_is_not_forgotten(desk, until):
    """A key that opened a text field can be pressed again afterwards."""
    send(desk, QEvent.Type.KeyPress, "n")
    desk.text.setFocus()
    until(desk.text.hasFocus)
    send(desk, QEvent.Type.KeyRelease, "n")
    desk.body.setFocus()
    until(desk.body.hasFocus)
    send(desk, QEvent.Type.KeyPress, "n")
    assert desk.presses == [("n", False), ("n", False)]


def test_keys_that_are_not_wanted_go_on_to_the_host(desk):
    """Ctrl+O and the like stay the host's."""
    opened = []
    shortcut = QShortcut("Ctrl+O", desk.window)
    shortcut.activated.connect(lambda: opened.append(True))
    QTest.keyClick(desk.window.windowHandle(), Qt.Key.Key_O, CTRL)
    assert desk.presses == []
    assert opened == [True]


def test_a_disposed_filter_takes_nothing_more(desk):
    """After the room is closed the host has its digits again."""
    desk.filter.dispose()
    QTest.keyClick(desk.window.windowHandle(), "2")
    assert desk.presses == []
    assert desk.stolen == ["2"]


def test_a_held_key_that_comes_as_release_and_press_is_one_press(desk):
    """A release and a press in one and the same millisecond are a repeat; a later press is none."""

    def send(kind, at_ms):
        event = QKeyEvent(kind, Qt.Key.Key_0, NONE, "0")
        event.setTimestamp(at_ms)
        desk.filter.eventFilter(desk.window, event)

    send(QEvent.Type.KeyPress, 100)
    for at_ms in (760, 800, 840):
        send(QEvent.Type.KeyRelease, at_ms)
        send(QEvent.Type.KeyPress, at_ms)
    send(QEvent.Type.KeyRelease, 900)
    send(QEvent.Type.KeyPress, 912)
    assert desk.presses == [("0", False), ("0", True), ("0", True), ("0", True), ("0", False)]
