"""Slices are hung as a radiologist expects, by whole-axis changes alone."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate.domain.grid import Grid
from modic_annotate.imaging import (
    display_orientation,
    load_series,
    scan,
    side_label,
    slice_offset_mm,
)
from modic_annotate.imaging.geometry.patient import direction_letters

AXES = np.eye(3)
LEFT_LPS, BACK_LPS, HEAD_LPS = AXES
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


X, Y, Z = np.eye(3)
POSITIONS = {
    "HFS": (X, -Z), "HFP": (-X, -Z), "HFDR": (Y, -Z), "HFDL": (-Y, -Z),
    "FFS": (-X, Z), "FFP": (X, Z), "FFDR": (Y, Z), "FFDL": (-Y, Z),
}  # fmt: skip
"""The patient's left and head in a room seen from the front of the magnet: X right, Y up, Z out of
the bore (PS3.3 C.7.3.1.1.2); DR lies on the right side, so the left is up."""

N_RIGHT_TO_LEFT, N_HEAD_TO_FOOT, N_FRONT_TO_BACK = 5, 8, 9


def hung_values() -> np.ndarray:
    """Voxels as they must hang: slices from right to left, rows from head, columns from front."""
    k, r, c = np.indices((N_RIGHT_TO_LEFT, N_HEAD_TO_FOOT, N_FRONT_TO_BACK))
    return (100 * k + 10 * r + c).astype(np.uint16)


@pytest.mark.parametrize(
    "raster", list(itertools.product((1, -1), (1, -1), (False, True), (1, -1)))
)
@pytest.mark.parametrize("position", POSITIONS)
def test_any_patient_position_hangs_alike(mr, position, raster) -> None:
    """However the patient lay and however the room's raster was stored, the same picture hangs."""
    left, head = POSITIONS[position]
    back = np.cross(head, left)
    to_patient = np.stack([left, back, head])  # room -> LPS
    along, down = (back, head) if not raster[2] else (head, back)
    row, column = to_patient @ (raster[0] * along), to_patient @ (raster[1] * down)
    right_to_left = np.cross(row, column) @ LEFT_LPS * raster[3]
    for n in range(N_RIGHT_TO_LEFT):
        k = n if right_to_left > 0 else N_RIGHT_TO_LEFT - 1 - n
        stored = hung_values()[k] if not raster[2] else hung_values()[k].T
        flips = [int(np.sign(direction @ hung)) for direction, hung in (
            (column, -HEAD_LPS if not raster[2] else BACK_LPS),
            (row, BACK_LPS if not raster[2] else -HEAD_LPS),
        )]  # fmt: skip
        stored = stored[:: flips[0], :: flips[1]]
        place = np.cross(row, column) * raster[3] * 4.5 * n
        ds = mr.dataset(
            place, np.ascontiguousarray(stored), InstanceNumber=n + 1, PatientPosition=position,
            ImageOrientationPatient=[*row.tolist(), *column.tolist()],
        )  # fmt: skip
        mr.write(ds, f"F{n}")
    (series,) = scan(mr.folder).series
    volume = load_series(series)
    display = display_orientation(volume.grid)
    assert series.acquisition.patient_position == position
    assert display.letters == ("H", "F", "A", "P")
    assert np.array_equal(display.array(volume.array), hung_values())
    assert np.shares_memory(display.array(volume.array), volume.array)
    assert direction_letters(display.grid(volume.grid).matrix[:3, 0]) == "L"


@given(turn=st.tuples(*[st.floats(-np.pi, np.pi)] * 3), handed=st.sampled_from((1, -1)))
def test_any_orientation_is_hung_by_whole_axes(turn, handed) -> None:
    """Whatever the tilt, each shown axis goes within the half space it should, nothing is cut."""
    c, s = np.cos(turn), np.sin(turn)
    about_z = np.array([[c[2], -s[2], 0], [s[2], c[2], 0], [0, 0, 1]])
    about_y = np.array([[c[1], 0, s[1]], [0, 1, 0], [-s[1], 0, c[1]]])
    about_x = np.array([[1, 0, 0], [0, c[0], -s[0]], [0, s[0], c[0]]])
    grid = grid_of((about_z @ about_y @ about_x) * [[handed], [1], [1]])
    display = display_orientation(grid)
    shown = display.grid(grid)
    steps = shown.matrix[:3, :3].T / np.linalg.norm(shown.matrix[:3, :3].T, axis=1, keepdims=True)
    forward, down, right = steps
    axis = int(np.argmax(np.abs(forward)))
    wanted = {0: (LEFT_LPS, -HEAD_LPS, BACK_LPS), 1: (BACK_LPS, -HEAD_LPS, LEFT_LPS),
              2: (-HEAD_LPS, BACK_LPS, LEFT_LPS)}[axis]  # fmt: skip
    assert forward @ wanted[0] > 0
    assert down @ wanted[1] >= 0
    assert right @ wanted[2] >= 0
    assert sorted(shown.shape) == sorted(grid.shape)
    corners = [grid.to_lps(i) for i in itertools.product(*((0, n - 1) for n in grid.shape))]
    again = [shown.to_lps(i) for i in itertools.product(*((0, n - 1) for n in shown.shape))]
    assert np.allclose(np.sort(corners, axis=0), np.sort(again, axis=0), atol=1e-9)
    opposite = {"L": "R", "R": "L", "A": "P", "P": "A", "H": "F", "F": "H"}
    top, bottom, at_left, at_right = display.letters
    assert top == "".join(opposite[letter] for letter in bottom)
    assert at_left == "".join(opposite[letter] for letter in at_right)
