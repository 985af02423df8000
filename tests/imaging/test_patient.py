"""Slices are hung as a radiologist expects, by whole-axis changes alone."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate.domain.grid import Grid
from modic_annotate.imaging import display_orientation, side_label, slice_offset_mm
from modic_annotate.imaging.patient import direction_letters

AXES = np.eye(3)
SHAPE = (5, 7, 9)
WANTED = {
    0: ("H", "F", "A", "P", "L"),
    1: ("H", "F", "R", "L", "P"),
    2: ("A", "P", "R", "L", "F"),
}
"""By the axis of the normal: letters at top, bottom, left, right; where stepping forward goes."""


def grid_of(directions, spacing=(4.5, 0.5, 0.7)) -> Grid:
    """A grid whose slice, row and column index go along the given directions."""
    affine = np.eye(4)
    affine[:3, :3] = np.transpose(directions) * spacing
    affine[:3, 3] = (-13.0, 20.0, 7.0)
    return Grid(shape=SHAPE, affine_lps=affine.tolist())


ALL = [
    np.array([AXES[a] * s for a, s in zip(order, signs, strict=True)])
    for order in itertools.permutations(range(3))
    for signs in itertools.product((1, -1), repeat=3)
]
"""All 48 ways to lay an array along the patient's axes: prone, on the side, feet first, ..."""


@pytest.mark.parametrize("directions", ALL, ids=lambda d: "".join(map(direction_letters, d)))
def test_every_orientation_is_hung_alike(directions) -> None:
    """Whatever the storage, letters stand where they belong and the wheel goes the same way."""
    grid = grid_of(directions)
    display = display_orientation(grid)
    *letters, forward = WANTED[int(np.argmax(np.abs(directions[0])))]
    shown = display.grid(grid)
    assert list(display.letters) == letters
    assert direction_letters(shown.matrix[:3, 0]) == forward
    assert direction_letters(shown.matrix[:3, 1]) == letters[1]
    assert direction_letters(shown.matrix[:3, 2]) == letters[3]


turns = st.tuples(*[st.floats(-0.5, 0.5)] * 3)


@given(directions=st.sampled_from(ALL), turn=turns)
def test_hanging_moves_no_voxel(directions, turn) -> None:
    """Each voxel of the array as shown keeps its value and its place in the patient."""
    tilt, _ = np.linalg.qr(np.eye(3) + np.cross(np.eye(3), turn))
    tilt *= np.sign(np.diag(tilt))
    grid = grid_of(directions @ tilt.T)
    display = display_orientation(grid)
    stored = np.arange(np.prod(SHAPE)).reshape(SHAPE)
    shown, shown_grid = display.array(stored), display.grid(grid)
    assert shown.shape == shown_grid.shape
    assert np.shares_memory(shown, stored)
    for index in [(0, 0, 0), (4, 3, 1), tuple(n - 1 for n in shown.shape)]:
        place = shown_grid.to_lps(index)
        original = tuple(np.rint(grid.to_index(place)).astype(int))
        assert shown[index] == stored[original]
        assert grid.to_lps(original) == pytest.approx(place, abs=1e-9)
        assert display.stored_slice(index[0], SHAPE[0]) == original[0]


@given(directions=st.sampled_from(ALL))
def test_hanging_twice_changes_nothing(directions) -> None:
    """What is hung already needs no flip."""
    grid = grid_of(directions)
    again = display_orientation(display_orientation(grid).grid(grid))
    changes = (again.transpose, again.flip_rows, again.flip_columns, again.flip_slices)
    assert not any(changes)


@pytest.mark.parametrize(
    ("direction", "letters"),
    [
        ((1, 0, 0), "L"),
        ((-1, 0, 0), "R"),
        ((0, 1, 0), "P"),
        ((0, -1, 0), "A"),
        ((0, 0, 2), "H"),
        ((0, 0, -1), "F"),
        ((0, -1, 0.3), "A"),
        ((0, -1, -0.8), "AF"),
        ((1, 1, 1), "LP"),
    ],
)
def test_letters_name_a_direction(direction, letters) -> None:
    """One letter for the nearest side, two where the direction lies well between."""
    assert direction_letters(direction) == letters


def test_slice_offsets_name_the_side() -> None:
    """Offsets count from mid-stack, by the patient's side, whichever way the slices are stored."""
    to_right = grid_of([-AXES[0], AXES[1], AXES[2]])
    to_left = grid_of([AXES[0], AXES[1], AXES[2]])
    labels = ["L 9 mm", "L 4.5 mm", "mid", "R 4.5 mm", "R 9 mm"]
    assert [side_label(to_right, i) for i in range(5)] == labels
    assert [side_label(to_left, i) for i in range(5)] == labels[::-1]
    assert slice_offset_mm(to_right, 0) == pytest.approx(9.0)
    assert side_label(grid_of([AXES[2], AXES[1], AXES[0]]), 4) == "H 9 mm"
