"""Linking by hand: where a move takes the image, and how it is said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate_napari.canvas.display import DisplayMap
from modic_annotate_napari.canvas.nudge import DIRECTIONS, moved, shift_words

BACK = {"left": "right", "right": "left", "up": "down", "down": "up", "back": "on", "on": "back"}


@pytest.fixture(scope="module")
def display(make_grid) -> DisplayMap:
    """An ordinary sagittal stack."""
    return DisplayMap(make_grid((5, 60, 80), (4.0, 1.0, 1.0), (-8, -30, 30)))


@pytest.mark.parametrize(
    ("way", "shift"),
    [
        ("right", (0, 1, 0)),
        ("down", (0, 0, -1)),
        ("on", (1, 0, 0)),
    ],
)
def test_a_step_moves_the_image_as_the_hand_says(display, way, shift):
    """On a sagittal image right is back, down is towards the feet, on is to the patient's left."""
    assert moved(None, way, display) == pytest.approx(shift)
    assert moved((1.0, 1.0, 1.0), way, display) == pytest.approx(np.add(shift, 1.0))


@given(ways=st.lists(st.sampled_from(sorted(DIRECTIONS)), max_size=12))
def test_steps_back_undo_steps(display, ways):
    """A way there and back ends where it began."""
    shift = (0.0, 0.0, 0.0)
    for way in [*ways, *(BACK[way] for way in reversed(ways))]:
        shift = moved(shift, way, display)
    assert shift == pytest.approx((0.0, 0.0, 0.0), abs=1e-9)


@pytest.mark.parametrize(
    ("shift", "words"),
    [
        ((3.0, 0.0, -1.0), "linked by hand, 3.0 mm L, 1.0 mm F"),
        ((-2.0, 4.04, 0.01), "linked by hand, 2.0 mm R, 4.0 mm P"),
        ((0.0, 0.0, 0.0), "linked by hand, 0.0 mm"),
    ],
)
def test_a_move_is_said_in_patient_directions(shift, words):
    """Each direction with its letter, what is nothing left away."""
    assert shift_words(shift) == words
