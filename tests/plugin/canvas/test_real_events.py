"""The same mouse by real X events, as a hand on a real desk would send them."""

from __future__ import annotations

import shutil
import subprocess

import pytest

pytest.importorskip("qtpy")

from qtpy.QtCore import QPoint


@pytest.fixture
def hand(panel, settle):
    """Run xdotool on the panel's canvas; positions are canvas pixels."""
    if shutil.which("xdotool") is None:
        pytest.skip("xdotool is not installed; real X events need it")

    def at(x, y):
        place = panel.canvas_widget.mapToGlobal(QPoint(x, y))
        return ["mousemove", str(place.x()), str(place.y())]

    def do(*steps):
        words = [
            w for step in steps for w in (at(*step) if isinstance(step, tuple) else step.split())
        ]
        subprocess.run(["xdotool", *words], check=True)
        settle(20)

    return do


def test_the_wheel_steps_slices(panel, hand):
    """Wheel down asks for the next slice, wheel up for the one before."""
    steps = []
    panel.slice_stepped.connect(steps.append)
    hand((300, 200), "click 5", "click 5", "click 4")
    assert steps == [1, 1, -1]


def test_ctrl_wheel_zooms(panel, hand):
    """Ctrl and wheel up zooms in and steps nothing."""
    zoom, steps = panel.px_per_mm, []
    panel.slice_stepped.connect(steps.append)
    hand((300, 200), "keydown ctrl", "click 4", "keyup ctrl")
    assert panel.px_per_mm > zoom
    assert steps == []


def test_quick_clicks_all_count(panel, hand):
    """Four clicks in a row are four points, however fast."""
    points = []
    panel.clicked.connect(points.append)
    hand((300, 200), "click --repeat 4 --delay 15 1")
    assert [panel.position_of(p) for p in points] == [QPoint(300, 200)] * 4


def test_right_drag_windows_and_left_drag_pans(panel, hand):
    """The right button changes the grey window, the left one the place."""
    window, place = panel.window_level, panel.centre_lps
    hand((300, 200), "mousedown 3", (340, 230), (380, 260), "mouseup 3")
    assert panel.window_level != window
    assert panel.centre_lps == place
    window = panel.window_level
    hand((300, 200), "mousedown 1", (340, 230), (380, 260), "mouseup 1")
    assert panel.centre_lps != place
    assert panel.window_level == window
