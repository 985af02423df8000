"""Images and marks on a screen with two pixels per point."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("qtpy")

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def measured(display: str) -> dict:
    """What a canvas under twice the scale shows, measured in a process of its own."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    scaled = {"QT_SCALE_FACTOR": "2", "DISPLAY": display, "PYTHONPATH": os.pathsep.join(paths)}
    run = subprocess.run(
        [sys.executable, "-m", "tests.plugin.canvas.high_dpi"],
        env=os.environ | scaled,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return json.loads(run.stdout.strip().splitlines()[-1])


def test_the_canvas_fills_every_pixel_of_its_place(measured):
    """It is drawn in the screen's own pixels, two for each point, not enlarged afterwards."""
    assert measured["ratio"] == 2.0
    assert measured["shape"] == [2 * side for side in measured["size"]]


def test_a_voxel_lies_where_a_click_would_find_it(measured):
    """The middle of a bright voxel is where its patient point is said to be, to two pixels."""
    assert measured["voxel"] == pytest.approx(measured["voxel_due"], abs=2.0)


def test_a_mark_lies_on_its_patient_point(measured):
    """The hairlines of the cross run through the pixel of their point, to two pixels."""
    assert measured["cross"] == pytest.approx(measured["cross_due"], abs=2.0)
