"""Where pixels lie: on the display and in the patient."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate_napari.canvas.display import DisplayMap

POSITIONS = {
    "sagittal, rows to the back, columns to the feet": ((1, 0, 0), (0, 0, -1), (0, 1, 0)),
    "stored feet up": ((1, 0, 0), (0, 0, 1), (0, 1, 0)),
    "stored facing right": ((1, 0, 0), (0, 0, -1), (0, -1, 0)),
    "stored from left to right": ((-1, 0, 0), (0, 0, -1), (0, 1, 0)),
    "stored lying": ((1, 0, 0), (0, 1, 0), (0, 0, -1)),
    "stored lying, head right": ((1, 0, 0), (0, -1, 0), (0, 0, 1)),
}
"""LPS directions of (slice, row, column): what prone, decubitus and feet-first exams may store."""

SIGNED_AXES = [
    np.diag(signs)[list(order)]
    for order in itertools.permutations(range(3))
    for signs in itertools.product((1.0, -1.0), repeat=3)
]


def tilted(directions, angles):
    """Turn three directions by small angles about x, y and z."""
    turn = np.eye(3)
    for axis, angle in enumerate(angles):
        c, s = np.cos(angle), np.sin(angle)
        a, b = [k for k in range(3) if k != axis]
        step = np.eye(3)
        step[a, a] = step[b, b] = c
        step[a, b], step[b, a] = -s, s
        turn = step @ turn
    return np.asarray(directions) @ turn.T


angle = st.floats(-0.3, 0.3)
spacing = st.floats(0.2, 6.0)
maps = st.builds(
    lambda make, directions, angles, spacing_mm, origin, shape: (
        directions, angles, spacing_mm, origin, shape
    ),
    st.none(),
    st.sampled_from(SIGNED_AXES),
    st.tuples(angle, angle, angle),
    st.tuples(spacing, spacing, spacing),
    st.tuples(*[st.floats(-300, 300)] * 3),
    st.tuples(st.integers(1, 9), st.integers(2, 30), st.integers(2, 30)),
)  # fmt: skip


def build(make_grid, case):
    directions, angles, spacing_mm, origin, shape = case
    return DisplayMap(make_grid(shape, spacing_mm, origin, tilted(directions, angles)))


@pytest.mark.parametrize("name", POSITIONS)
def test_sagittal_stands_anterior_left_head_up_and_steps_to_the_left(name, make_grid):
    """Whatever was stored, anterior is left, head is up and a step goes to the patient's left."""
    shown = DisplayMap(make_grid((5, 40, 30), (4, 1, 1), (0, 0, 0), POSITIONS[name]))
    assert shown.orientation.letters == ("H", "F", "A", "P")
    right = np.subtract(shown.to_lps(9, 0, 2), shown.to_lps(0, 0, 2))
    down = np.subtract(shown.to_lps(0, 9, 2), shown.to_lps(0, 0, 2))
    step = np.subtract(shown.to_lps(0, 0, 2 + shown.step), shown.to_lps(0, 0, 2))
    assert right == pytest.approx((0, 9, 0))
    assert down == pytest.approx((0, 0, -9))
    assert step == pytest.approx((4, 0, 0))


@given(
    case=maps,
    place=st.tuples(st.floats(-50, 200), st.floats(-50, 200), st.floats(-2, 12)),
)
def test_display_and_patient_go_back_and_forth(make_grid, case, place):
    """Display to patient to display is the identity, for any orientation."""
    shown = build(make_grid, case)
    assert shown.to_display(shown.to_lps(*place)) == pytest.approx(place, abs=1e-6)


@given(case=maps, seed=st.integers(0, 999))
def test_a_pixel_is_shown_where_its_voxel_lies(make_grid, case, seed):
    """Each pixel of a shown slice holds the value of the voxel at that patient point."""
    shown = build(make_grid, case)
    rng = np.random.default_rng(seed)
    array = rng.permutation(np.prod(shown.grid.shape)).reshape(shown.grid.shape).astype(np.int32)
    index = int(rng.integers(shown.n_slices))
    pixels = shown.pixels(array, index)
    assert pixels.shape == shown.shape
    row, column = (int(rng.integers(n)) for n in shown.shape)
    lps = shown.to_lps(column * shown.pixel_mm[1], row * shown.pixel_mm[0], index)
    voxel = tuple(np.rint(shown.grid.to_index(lps)).astype(int))
    assert voxel[0] == index
    assert pixels[row, column] == array[voxel]


@given(case=maps, distance=st.floats(-30, 30))
def test_the_distance_from_a_slice_is_measured_along_its_normal(make_grid, case, distance):
    """A point moved along the normal by d is d away, positive on the stepping side."""
    shown = build(make_grid, case)
    point = np.array(shown.to_lps(5, 5, 0)) + distance * shown.normal_lps
    assert shown.distance_mm(tuple(point), 0) == pytest.approx(distance, abs=1e-6)
    ahead = shown.to_lps(5, 5, shown.step)
    assert shown.distance_mm(ahead, 0) > 0


def test_only_pixels_are_contained(make_grid):
    """A slice reaches half a pixel beyond the centres of its outer pixels and no further."""
    shown = DisplayMap(make_grid((1, 10, 20), (4, 2, 1)))
    assert shown.contains(-0.49, -0.99)
    assert shown.contains(19.49, 18.99)
    assert not shown.contains(-0.51, 0)
    assert not shown.contains(0, 19.01)


def test_the_real_exam_stands_as_a_radiologist_hangs_it(real_data):
    """The sagittal series of the real exam are shown anterior left, head up, as stored."""
    imaging = pytest.importorskip("modic_annotate.imaging")
    if not hasattr(imaging, "scan"):
        pytest.skip("the scanner is not built yet")
    catalogue = imaging.scan(real_data / "lumbar-hitachi-0.3t")
    sagittal = [s for s in catalogue.series if s.plane == "sagittal"]
    assert len(sagittal) == 3
    for series in sagittal:
        assert DisplayMap(series.grid).orientation.letters == ("H", "F", "A", "P")
