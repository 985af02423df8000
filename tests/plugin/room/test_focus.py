"""The keyboard's way through the controls: every one by Tab, a ring to see, no stray act."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

pytest.importorskip("napari", reason="napari is not installed (modic-annotate[gui])")

from qtpy.QtCore import Qt
from qtpy.QtGui import QColor
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication, QWidget

from modic_annotate.domain.spine import Endplate
from modic_annotate.session import acts
from modic_annotate_napari import theme
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.replay.hands import Hands
from modic_annotate_napari.widgets.grade_bar import GRADES
from modic_annotate_napari.widgets.tab_stops import TabStops, is_stop
from tests.plugin.room.looking import luminance, screenshot

LEAST_NON_TEXT_CONTRAST = 3.0
"""WCAG 2.2, 1.4.11 and 2.4.13 (focus appearance)."""

LEAST_TEXT_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3."""

MOST_STOPS = 80


@pytest.fixture
def hands(open_room) -> Hands:
    """Hands on a fresh room."""
    return Hands(open_room((1366, 768)).room)


@pytest.fixture
def grading(hands, number) -> Hands:
    """Hands on a room whose numbering is signed."""
    number(hands)
    return hands


def tab(hands: Hands, *, back: bool = False) -> QWidget:
    """Press Tab; return what has the keyboard then."""
    key = Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab
    QTest.keyClick(hands.window, key)
    hands.settle()
    return QApplication.focusWidget()


def place(widget: QWidget) -> tuple[QWidget, int]:
    """What has the keyboard, to its very part."""
    return widget, widget._at if isinstance(widget, TabStops) else 0


def go_round(hands: Hands) -> list[tuple[QWidget, int]]:
    """Tab from the images until they have the keyboard again."""
    hands.room.setFocus()
    stops = []
    for _ in range(MOST_STOPS):
        widget = tab(hands)
        if widget is hands.room:
            return stops
        stops.append(place(widget))
    raise AssertionError("Tab does not come round")


def reach(hands: Hands, name: str, part: int = 0) -> QWidget:
    """Tab to the part of a control."""
    hands.room.setFocus()
    for _ in range(MOST_STOPS):
        widget = tab(hands)
        if widget.accessibleName() == name and place(widget)[1] == part:
            return widget
    raise AssertionError(f"Tab does not reach {name}")


def made(hands: Hands) -> int:
    """How many acts but slices shown are journalled."""
    entries = hands.room.session.journal.entries
    return sum(not isinstance(e.act, acts.Show) for e in entries)


def controls(hands: Hands) -> set[QWidget]:
    """Every visible widget of the room that the mouse can press."""
    found = (w for w in hands.room.findChildren(QWidget) if w.isVisible() and is_stop(w))
    return {w for w in found if not isinstance(w, TabStops) or w.parts()}


def test_tab_goes_through_every_control_of_every_step_and_makes_no_act(grading):
    """In each step Tab reaches each control once, all named, and returns to the images."""
    expected = {
        Step.SERIES: {"Series of the case"},
        Step.NUMBERING: {"Questions of the numbering"},
        Step.ENDPLATES: {
            "Grade of the active endplate",
            "Fields of the active endplate",
            "Endplates in scope",
        },
        Step.REVIEW: {"Endplates with their findings", "Endplates in scope"},
        Step.SIGN: {"Endplates in scope"},
    }
    grading.press("[", "[")
    for step in Step:
        assert grading.room.desk.step == step
        before = made(grading)
        stops = go_round(grading)
        assert len(set(stops)) == len(stops), step
        assert {widget for widget, _ in stops} == controls(grading), step
        names = {widget.accessibleName() for widget, _ in stops}
        assert all(names)
        assert expected[step] <= names
        assert made(grading) == before
        grading.press("]")


def test_tab_goes_from_the_steps_over_the_panel_to_the_table(grading):
    """The order is that of reading: header, grades, fields, table, footer; Shift+Tab goes back."""
    stops = [widget.accessibleName() for widget, _ in go_round(grading)]
    assert [name for name, _ in itertools.groupby(stops)] == [
        f"Case {grading.room.case.record_id}, the list of cases",
        *(f"Step {step.value.capitalize()}" for step in Step),
        "Grade of the active endplate",
        "Fields of the active endplate",
        "Endplates in scope",
        "Show the keys",
    ]
    backwards = [tab(grading, back=True).accessibleName() for _ in stops]
    assert backwards == stops[::-1]


def test_what_has_the_keyboard_wears_a_ring_that_can_be_seen(grading):
    """Each stop changes the screen, and the ring has 3 : 1 or more against what was there."""
    before = screenshot(grading.room)
    for _ in range(14):
        tab(grading)
        now = screenshot(grading.room)
        changed = (now != before).any(axis=2)
        ring = QColor(theme.STRONG)
        drawn = changed & (np.abs(now.astype(int) - ring.getRgb()[:3]).max(axis=2) < 8)
        assert drawn.sum() > 60
        lit, ground = luminance(now[drawn]), luminance(before[drawn])
        contrast = (np.maximum(lit, ground) + 0.05) / (np.minimum(lit, ground) + 0.05)
        assert np.median(contrast) >= LEAST_NON_TEXT_CONTRAST
        tab(grading, back=True)
        before = screenshot(grading.room)
        tab(grading)


def test_enter_and_space_press_the_control_that_has_the_keyboard(grading):
    """A grade, a field, an endplate and a step are picked as by a click."""
    reach(grading, "Grade of the active endplate", [key for key, *_ in GRADES].index("2"))
    QTest.keyClick(grading.window, Qt.Key.Key_Space)
    grading.settle()
    assert grading.room.session.state.findings[Endplate.parse("T12-inferior")].words == "type 2"
    reach(grading, "Fields of the active endplate", 4)
    QTest.keyClick(grading.window, Qt.Key.Key_Return)
    grading.settle()
    assert grading.room.desk.prompt.row == "contour"
    reach(grading, "Answers", 1)
    QTest.keyClick(grading.window, Qt.Key.Key_Return)
    grading.settle()
    assert grading.room.desk.finding.contour == "irregular_intact"
    reach(grading, "Endplates in scope", 8)
    QTest.keyClick(grading.window, Qt.Key.Key_Return)
    grading.settle()
    assert str(grading.room.desk.active) == "L4-inferior"
    reach(grading, "Step Series")
    QTest.keyClick(grading.window, Qt.Key.Key_Return)
    grading.settle()
    assert grading.room.desk.step == Step.SERIES


def test_digits_grade_wherever_the_keyboard_is_and_give_it_back(grading):
    """With the ring on a step a digit grades, and the next Enter is the reading's again."""
    reach(grading, "Step Series")
    grading.press("2")
    assert grading.room.session.state.findings[Endplate.parse("T12-inferior")].words == "type 2"
    assert QApplication.focusWidget() is grading.room
    grading.press("Enter")
    assert grading.room.desk.step == Step.ENDPLATES
    assert grading.room.desk.prompt is not None


def test_a_held_enter_presses_a_control_once(grading):
    """Repeats of Enter on a control do nothing more."""
    reach(grading, "Grade of the active endplate", 0)
    for _ in range(4):
        QTest.keyPress(grading.window, Qt.Key.Key_Return)
    QTest.keyRelease(grading.window, Qt.Key.Key_Return)
    grading.settle()
    graded = [e for e in grading.room.session.journal.entries if isinstance(e.act, acts.Grade)]
    assert len(graded) == 1


def test_the_palette_of_the_room_keeps_its_contrasts():
    """Every ink has 4.5 : 1 on both grounds, the ring 3 : 1."""
    lit = {
        name: float(luminance(np.array(QColor(name).getRgb()[:3], np.uint8)))
        for name in (theme.TEXT, theme.STRONG, theme.DIM, theme.ACCENT, theme.WARNING)
    }
    for ground in (theme.GROUND, theme.RAISED):
        dark = float(luminance(np.array(QColor(ground).getRgb()[:3], np.uint8)))
        for name, light in lit.items():
            assert (light + 0.05) / (dark + 0.05) >= LEAST_TEXT_CONTRAST, (name, ground)
