"""Pictures of slices: the right place, the right way up, the right size."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate.domain.grid import Grid
from modic_annotate.evidence.render.view import SliceView, grey, window_of
from modic_annotate.imaging.geometry.patient import display_orientation

SHAPE = (5, 24, 30)
STEP_MM = (4.0, 1.5, 0.9)
WINDOW = (500.5, 1001.0)
"""Shows 0 black and 1000 white."""


def sagittal(row_to: str, column_to: str, flip_slices: bool, turn_deg: float = 0.0) -> Grid:
    """A sagittal grid whose rows and columns run to given patient directions, then turned."""
    directions = {"P": (0, 1, 0), "A": (0, -1, 0), "H": (0, 0, 1), "F": (0, 0, -1)}
    row, column = np.array(directions[row_to]), np.array(directions[column_to])
    normal = np.array([-1.0 if flip_slices else 1.0, 0, 0])
    angle = np.deg2rad(turn_deg)
    turn = np.array(
        [[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]]
    )
    affine = np.eye(4)
    affine[:3, :3] = turn @ np.stack([normal, row, column], axis=1) * STEP_MM
    affine[:3, 3] = (3.0, -20.0, 40.0)
    return Grid(shape=SHAPE, affine_lps=affine.tolist())


ORIENTATIONS = [
    (row, column, flip)
    for row, column in itertools.product("PAHF", "PAHF")
    for flip in (False, True)
    if (row in "PA") != (column in "PA")
]


@pytest.fixture(params=ORIENTATIONS, ids=lambda p: f"{p[0]}{p[1]}{int(p[2])}")
def grid(request: pytest.FixtureRequest) -> Grid:
    return sagittal(*request.param, turn_deg=12.0)


def view_of(grid: Grid, px_per_mm: float = 4.0) -> SliceView:
    return SliceView.whole(grid, 2, display_orientation(grid), px_per_mm)


def test_anterior_is_left_and_head_is_up(grid: Grid) -> None:
    """Whatever way the rows and columns were stored."""
    view = view_of(grid)
    centre = grid.to_lps((2, 11.5, 14.5))
    x, y = view.to_pixel(centre)
    assert view.to_pixel(np.add(centre, (0, -5, 0)))[0] < x - 10
    assert view.to_pixel(np.add(centre, (0, 0, 5)))[1] < y - 10


def test_a_bright_voxel_shines_where_its_place_is_mapped_to(grid: Grid) -> None:
    """Geometry of marks and of pixels is one and the same, to half a picture pixel."""
    pixels = np.zeros(SHAPE[1:])
    pixels[7, 19] = 1000
    view = view_of(grid, px_per_mm=6.0)
    picture = view.picture(pixels, WINDOW)
    y, x = np.unravel_index(np.argmax(picture), picture.shape)
    weights = picture.astype(float)
    centre = [np.average(axis, weights=weights) for axis in np.indices(picture.shape)]
    expected = view.to_pixel(grid.to_lps((2, 7, 19)))
    assert np.allclose((x, y), expected, atol=3)
    assert np.allclose(centre[::-1], expected, atol=0.5)


def test_millimetres_are_square(grid: Grid) -> None:
    """Ten millimetres are forty pixels along the body and across it."""
    view = view_of(grid)
    along_rows, along_columns = (grid.matrix[:3, axis] / STEP_MM[axis] * 10 for axis in (1, 2))
    start = grid.to_lps((2, 5, 5))
    for step in (along_rows, along_columns):
        moved = view.to_pixel(start + step) - view.to_pixel(start)
        assert np.linalg.norm(moved) == pytest.approx(40)


@given(x=st.floats(-50, 500), y=st.floats(-50, 500), which=st.sampled_from(ORIENTATIONS))
def test_pixels_and_patient_map_back_and_forth(
    x: float, y: float, which: tuple[str, str, bool]
) -> None:
    """A picture point taken to the patient and back is where it was, on the slice shown."""
    view = view_of(sagittal(*which, turn_deg=-8.0))
    lps = view.to_lps((x, y))
    assert np.allclose(view.to_pixel(lps), (x, y), atol=1e-6)
    assert view.grid.to_index(lps)[0] == pytest.approx(2)
    assert np.allclose(view.pixel_to_lps @ (x, y, 1), lps)


def test_a_crop_has_its_centre_in_the_middle(grid: Grid) -> None:
    """The point asked for lies in the middle of the picture, of the size asked for."""
    centre = tuple(map(float, grid.to_lps((2, 4, 25))))
    view = SliceView.around(grid, 2, display_orientation(grid), centre, (20.0, 10.0), 5.0)
    assert view.size == (100, 50)
    assert np.allclose(view.to_pixel(centre), (49.5, 24.5))


def test_outside_the_image_is_dark(grid: Grid) -> None:
    """What was not imaged is as dark as the darkest pixel, not a repeated edge."""
    pixels = np.full(SHAPE[1:], 700.0)
    pixels[0, 0] = 0.0
    centre = tuple(map(float, grid.to_lps((2, 11.5, 14.5))))
    view = SliceView.around(grid, 2, display_orientation(grid), centre, (80.0, 80.0), 2.0)
    assert view.picture(pixels, WINDOW)[:10].max() == 0


@pytest.mark.parametrize(
    ("value", "shown"), [(-10, 0), (0, 0), (499.5, 127), (500.5, 128), (1000, 255), (5000, 255)]
)
def test_window_is_the_linear_voi_function(value: float, shown: int) -> None:
    """Centre and width mean what DICOM says they mean."""
    assert abs(int(grey(np.array([value]), (500.5, 1001.0))[0]) - shown) <= 1


def test_a_series_without_a_window_gets_one_from_its_pixels() -> None:
    """A flat picture too has a grey scale with some width."""
    assert window_of(np.zeros((4, 4)))[1] == 1.0
    centre, width = window_of(np.arange(1000.0).reshape(20, 50))
    assert centre - width / 2 == pytest.approx(10, abs=1)
    assert centre + width / 2 == pytest.approx(994, abs=1)
