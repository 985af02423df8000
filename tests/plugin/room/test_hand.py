"""The reader's hand: what keys and wheel can do to a reading, and what they cannot."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

pytest.importorskip("napari", reason="napari is not installed (modic-annotate[gui])")

from qtpy.QtCore import QPoint, QPointF, Qt
from qtpy.QtGui import QWheelEvent
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication, QWidget

import modic_annotate_napari
from modic_annotate.domain.spine import Endplate
from modic_annotate.session import acts
from modic_annotate_napari.desk import letters
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.replay.hands import Hands

T12_INF, L1_SUP = Endplate.parse("T12-inferior"), Endplate.parse("L1-superior")
PLUGIN = Path(modic_annotate_napari.__file__).parent


@pytest.fixture
def hands(open_room) -> Hands:
    """Hands on a fresh room."""
    return Hands(open_room().room)


@pytest.fixture
def grading(hands, number) -> Hands:
    """Hands on a room whose numbering is signed."""
    number(hands)
    assert hands.room.desk.step == Step.ENDPLATES
    return hands


def made(hands: Hands) -> list[acts.Act]:
    """Every journalled act but what was seen, and for how long."""
    entries = hands.room.session.journal.entries
    return [e.act for e in entries if not isinstance(e.act, acts.Show | acts.Attend)]


def turn_wheel(widget: QWidget) -> None:
    """Turn the wheel by two notches up and down in the middle of a widget."""
    middle = widget.rect().center()
    for angle in (240, -240):
        event = QWheelEvent(
            QPointF(middle),
            QPointF(widget.mapToGlobal(middle)),
            QPoint(),
            QPoint(0, angle),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)


def turn_everywhere(hands: Hands) -> None:
    """Turn the wheel over everything that is visible in the room."""
    for widget in (hands.room, *hands.room.findChildren(QWidget)):
        if widget.isVisible():
            turn_wheel(widget)
    hands.settle()


def test_no_widget_changes_a_value_by_wheel(grading):
    """In every step, over every widget and with every kind of question, the wheel makes no act."""
    before: dict[str, object] = {}
    for keys in ("2gvb", "c", "z", "e", "n"):
        if grading.room.desk.prompt is not None:
            grading.press("Escape")
        grading.press(*keys)
        before[keys] = made(grading), grading.room.desk.active, grading.room.session.state
        turn_everywhere(grading)
        assert (made(grading), grading.room.desk.active) == before[keys][:2]
        assert grading.room.session.state.findings == before[keys][2].findings
    QTest.keyClick(grading.room.side.prompt.field, Qt.Key.Key_Escape)
    for step in ("[", "[", "]", "]", "]", "]"):
        grading.press(step)
        count = len(made(grading))
        turn_everywhere(grading)
        assert len(made(grading)) == count, grading.room.desk.step


@pytest.mark.parametrize("folder", ["desk", "steps"])
def test_no_key_waits_for_time(folder):
    """What keys mean depends on no clock: nothing between key and act knows timers or time."""
    files = [*(PLUGIN / folder).glob("*.py"), *PLUGIN.glob("key*.py"), PLUGIN / "held_keys.py"]
    assert len(files) > 6
    for file in files:
        tree = ast.parse(file.read_text("utf-8"))
        names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        names |= {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        names |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        assert not names & {"QTimer", "QElapsedTimer", "time", "threading", "asyncio", "datetime"}


def test_a_slow_hand_types_the_same(grading):
    """A pause of a second between the keys of a mixed finding changes nothing."""
    grading.press("1")
    QTest.qWait(1000)
    grading.press("+")
    QTest.qWait(1000)
    grading.press("2")
    assert grading.room.session.state.findings[T12_INF].words == "type 1 > 2"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("0", "T12 inf: none"),
        ("1", "T12 inf: type 1"),
        ("1+2", "T12 inf: type 1 > 2"),
        ("3!=", "T12 inf: type 3 = 1"),
        ("8", "T12 inf: type undetermined"),
        ("9h", "T12 inf: cannot be read, hardware"),
        ("2ci", "T12 inf: contour irregular, intact"),
        ("2v", "T12 inf: height"),
    ],
)
def test_the_footer_says_what_was_recorded_and_how_to_undo(grading, keys, said):
    """After each act its words and the key that takes it back stand in the footer."""
    grading.press(*keys)
    message = grading.room.footer.message.text()
    assert message.startswith(said)
    assert "Backspace undoes" in message


TABLE = {
    "0": "none",
    "1": "type 1",
    "2": "type 2",
    "3": "type 3",
    "8": "type undetermined",
    "9m": "cannot be read",
    "1+2": "type 1 > 2",
    "2+1": "type 2 > 1",
    "1+2=": "type 1 = 2",
    "2@": "type 2",
    "1@#": "type 1 > 2 > 3",
    "3!": "type 3 > 1",
}


@pytest.mark.parametrize("keys", TABLE)
def test_keys_of_the_line_grade_as_the_table_says(grading, keys):
    """By real key events each row of the table gives its words; Delete and Backspace undo it."""
    grading.press(*keys)
    finding = grading.room.session.state.findings
    assert finding[T12_INF].words == TABLE[keys]
    grading.press("Home", "Delete")
    assert finding is not grading.room.session.state.findings
    assert grading.room.session.state.findings[T12_INF].words == "not read"
    grading.press("Backspace")
    assert grading.room.session.state.findings[T12_INF].words == TABLE[keys]
    grading.press("Ctrl+Shift+Z")
    assert not grading.room.session.state.findings[T12_INF].is_read
    grading.press("Ctrl+Z")
    assert grading.room.session.state.findings[T12_INF].words == TABLE[keys]


def test_no_key_grades_an_endplate_outside_the_t1_view(grading):
    """Zoomed in elsewhere, neither a type nor a component, share or bulk is recorded."""
    grading.see_everything()
    grading.press("1", "+", "2", "Down")
    grading.room.canvases.link.look_at(grading.room.session.lines[-1].polyline_lps_mm[0], 20.0)
    before = made(grading)
    for key in "01238+!@#=A":
        grading.press(key)
        assert made(grading) == before, key
        assert "outside the T1 view" in grading.room.footer.message.text(), key
    grading.press("Up", "+", "=", "#")
    assert made(grading) == before


def test_digits_answer_no_question(grading):
    """Every answer to every question is a letter, but the component after plus."""
    tables = [*letters.FIELDS.values(), *letters.NUMBERING.values()]
    tables += [letters.CANNOT_READ, letters.MIMICS, letters.ZONES, letters.RED_FLAGS, letters.ROLES]
    assert all(option.key.isalpha() for table in tables for option in table)
    assert [option.key for option in letters.COMPONENTS] == ["1", "2", "3"]


def test_digits_do_nothing_outside_the_endplates(grading):
    """In the steps before and after, with and without an open question, no digit makes an act."""
    keys = [("[",), ("m",), ("[",), ("a",), ("]", "]", "]"), ("]",)]
    for way in keys:
        grading.press(*way)
        before = made(grading)
        grading.press(*"0123456789")
        assert made(grading) == before, (grading.room.desk.step, way)
        if grading.room.desk.prompt is not None:
            grading.press("Escape")


def test_a_digit_during_a_question_never_overwrites(grading):
    """While 'cannot be read' is asked a digit grades; the open question cannot take it back."""
    grading.press("9", "2", "m")
    assert grading.room.session.state.findings[T12_INF].words == "type 2"
    assert [type(a) for a in made(grading)].count(acts.Grade) == 1


def test_correcting_a_draft_asks_for_no_reason(grading):
    """A finding is cleared and graded anew without a question; the journal keeps old and new."""
    before = len(made(grading))
    grading.press("2", "Delete", "1", "+", "3", "c", "s", "c", "i")
    assert grading.room.desk.prompt is None
    kept = made(grading)[before:]
    assert [a.act for a in kept] == [
        "grade", "clear_finding", "grade", "add_component", "set_field", "set_field",
    ]  # fmt: skip
    assert [a.component for a in kept if isinstance(a, acts.Grade)] == ["2", "1"]
    values = [a.value for a in kept if isinstance(a, acts.SetField)]
    assert values == ["smooth", "irregular_intact"]


def test_changing_a_signed_numbering_asks_for_a_reason(grading):
    """After its signature the numbering changes only once a reason was typed."""
    grading.press("[", "m", "r")
    assert "reopen" in grading.room.footer.message.text().lower()
    assert grading.room.session.state.numbering.signed_at is not None
    grading.press("u")
    assert grading.room.desk.prompt.required
    grading.type("L5 was S1")
    assert grading.room.session.state.numbering.signed_at is None
    (reopened,) = [a for a in made(grading) if isinstance(a, acts.ReopenNumbering)]
    assert reopened.reason == "L5 was S1"
