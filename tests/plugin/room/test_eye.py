"""The reader's eye: how images are shown, what changes that, and what lies over them."""

from __future__ import annotations

import numpy as np
import pydicom
import pytest

pytest.importorskip("napari", reason="napari is not installed (modic-annotate[gui])")

from qtpy.QtCore import QEvent, Qt
from qtpy.QtGui import QKeyEvent
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication

from modic_annotate.domain.series import SeriesRole
from modic_annotate.samples import sample_folder
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.replay.hands import Hands
from tests.plugin.room.looking import near_pixels, screenshot

ROLES = (SeriesRole.SAG_T1, SeriesRole.SAG_T2, SeriesRole.SAG_FS)
SPACE, CTRL = Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier


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


def windows(hands: Hands) -> list[tuple[float, float]]:
    """Centre and width of each canvas."""
    return [(w.centre, w.width) for w in (hands.panel(role).window_level for role in ROLES)]


def views(hands: Hands) -> list[tuple[float, ...]]:
    """Zoom and the place in the middle of each canvas, as they are, not rounded."""
    found = []
    for role in ROLES:
        view = hands.panel(role)._view
        found.append((view.px_per_mm, view.u, view.v))
    return found


def on_endplates(hands: Hands) -> int:
    """How many pixels are drawn over the images within 3 mm of any endplate."""
    lines = [np.array(line.polyline_lps_mm) for line in hands.room.session.lines]
    return sum(near_pixels(hands.panel(role), lines) for role in ROLES)


def test_the_first_window_is_that_of_the_images(hands):
    """Each canvas begins with the VOI window its DICOM files state."""
    stated = {}
    for path in (sample_folder() / "study").glob("*.dcm"):
        ds = pydicom.dcmread(path, stop_before_pixels=True)
        window = float(ds.WindowCenter), float(ds.WindowWidth)
        stated[ds.SeriesNumber] = window, ds.SeriesDescription
    expected = [w for name in ("T1", "T2", "STIR") for w, said in stated.values() if name in said]
    assert len(set(expected)) == 3
    assert windows(hands) == expected


def test_no_key_but_w_changes_the_window_and_no_key_but_r_the_view(grading):
    """Grades, fields, endplates, slices, marks and steps leave window, zoom and pan untouched."""
    hands = grading
    hands.panel(SeriesRole.SAG_T2).set_window(500.0, 900.0)
    panel = hands.panel(SeriesRole.SAG_T1)
    hands.room.canvases.link.look_at(panel.centre_lps, panel.px_per_mm * 1.02)
    window, view = windows(hands), views(hands)
    keys = (
        *("0", "Down", "Up", "Home", "End", ".", ".", ",", "1", "+", "2", "g", "v", "b", "k"),
        *(
            "z",
            "q",
            "Enter",
            "c",
            "i",
            "Delete",
            "Backspace",
            "h",
            "h",
            "i",
            "i",
            "Space",
            "(",
            ")",
        ),
        *("[", "]", "]", "]", "[", "[", "?", "?", "F1", "Escape", "Enter", "Escape"),
    )
    for key in keys:
        hands.press(key)
        assert windows(hands) == window, key
        assert views(hands) == view, key
    for direction in (1, 1, -1):
        hands.wheel(panel, direction)
    assert (windows(hands), views(hands)) == (window, view)
    hands.press("w")
    assert windows(hands) != window
    assert views(hands) == view
    hands.press("r")
    assert views(hands) != view


def test_w_goes_through_the_presets_and_comes_back(grading):
    """W takes the next window of the canvas under the pointer, says whose, and comes round."""
    hands = grading
    first, said = windows(hands), []
    presets = len(hands.panel(SeriesRole.SAG_T1)._presets) + 1  # and the one from marrow
    for _ in range(presets):
        hands.press("w")
        said.append(hands.room.footer.message.text())
    assert windows(hands) == first
    assert len(set(said)) == presets
    assert all(text.startswith("SAG T1: window ") for text in said)


def test_r_shows_whole_images_again(grading):
    """After zoom and pan r brings back the view the room opened with, in every canvas."""
    hands = grading
    whole = views(hands)
    hands.room.canvases.link.look_at(hands.room.session.lines[-1].polyline_lps_mm[0], 9.0)
    assert views(hands) != whole
    hands.press("r")
    assert np.allclose(views(hands), whole, atol=1e-9)


def test_images_are_smooth_until_i_shows_their_pixels(grading, settle):
    """On the screen grey steps are small; after i each pixel is one square of one grey."""
    hands = grading
    panel = hands.panel(SeriesRole.SAG_T1)
    hands.press("h")  # marks would lie over the pixels looked at
    hands.room.canvases.link.look_at(panel.centre_lps, 16.0)
    canvas = panel.canvas_widget

    def equal_neighbours() -> float:
        settle()
        at = canvas.mapTo(hands.room.window(), canvas.rect().center())
        shot = screenshot(hands.room.window())[at.y() - 90 : at.y() + 90, at.x() - 90 : at.x() + 90]
        return float((np.diff(shot[..., 0].astype(int), axis=1) == 0).mean())

    smooth = equal_neighbours()
    hands.press("i")
    plain = equal_neighbours()
    assert "Plain pixels" in hands.room.footer.message.text()
    hands.press("i")
    assert equal_neighbours() == smooth
    px_per_pixel = 16.0 * panel.display.pixel_mm[1]
    assert plain > 1 - 1.5 / px_per_pixel > smooth


@pytest.mark.parametrize("left", ["released", "with Ctrl held", "into a note", "window left"])
def test_lines_lie_on_endplates_while_space_is_held_and_no_longer(grading, until, left):
    """However space is let go, nothing stays within 3 mm of an endplate afterwards."""
    window = grading.window
    assert on_endplates(grading) == 0
    QTest.keyPress(window, SPACE)
    grading.settle()
    assert on_endplates(grading) > 1000
    if left == "released":
        QTest.keyRelease(window, SPACE)
    elif left == "with Ctrl held":
        QTest.keyRelease(window, SPACE, CTRL)
    elif left == "into a note":
        grading.press("0", "Up", "n")
        until(grading.room.side.prompt.field.hasFocus)
        QTest.keyRelease(window, SPACE)
    else:
        QApplication.sendEvent(grading.room.window(), QEvent(QEvent.Type.WindowDeactivate))
    grading.settle()
    assert on_endplates(grading) == 0


def test_a_held_space_stays_one_press(grading):
    """While the system repeats a held space the lines stay, and no act is made."""
    window, none = grading.window, Qt.KeyboardModifier.NoModifier
    count = len(grading.room.session.journal.entries)
    QTest.keyPress(window, SPACE)
    for _ in range(20):
        for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress):
            QApplication.sendEvent(window, QKeyEvent(kind, SPACE, none, " ", True))
        assert on_endplates(grading) > 1000
    QTest.keyRelease(window, SPACE)
    grading.settle()
    assert on_endplates(grading) == 0
    assert len(grading.room.session.journal.entries) == count
