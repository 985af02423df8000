"""Where the plane of one stack cuts a slice of another, and what is drawn of it at rest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate_napari.canvas.boxes import Box
from modic_annotate_napari.canvas.cuts import TICK_PX, cross, crossing, ticks, within
from modic_annotate_napari.canvas.display import DisplayMap

AXIAL = ((0, 0, -1), (0, 1, 0), (1, 0, 0))
CORONAL = ((0, 1, 0), (0, 0, -1), (1, 0, 0))


@pytest.fixture(scope="module")
def sagittal(make_grid) -> DisplayMap:
    """Five slices 4 mm apart from x = -8, 60 x 80 pixels of 1 mm from y = -30, z = 30."""
    return DisplayMap(make_grid((5, 60, 80), (4.0, 1.0, 1.0), (-8, -30, 30)))


def test_an_axial_plane_is_a_level_line(sagittal, make_grid):
    """An axial slice at z = 14 cuts a sagittal one at v = 16, from edge to edge of both."""
    axial = DisplayMap(make_grid((4, 40, 60), (8.0, 1.0, 1.0), (-30, -20, 30), AXIAL))
    (u, v), (u1, v1) = crossing(sagittal, 2, axial, 2)
    assert (v, v1) == pytest.approx((16.0, 16.0))
    assert (u, u1) == pytest.approx((10 - 0.5, 10 + 39.5))


def test_a_sagittal_plane_stands_upright_on_an_axial_slice(sagittal, make_grid):
    """The sagittal slice at x = -4 is an upright line 26 mm from an axial slice's right edge."""
    axial = DisplayMap(make_grid((4, 40, 60), (8.0, 1.0, 1.0), (-30, -20, 30), AXIAL))
    (u, v), (u1, v1) = crossing(axial, 2, sagittal, 1)
    assert (u, u1) == pytest.approx((26.0, 26.0))
    assert (v, v1) == pytest.approx((-0.5, 39.5))


def test_beyond_the_stack_nothing_is_cut(sagittal, make_grid):
    """A slice above the sagittal images, and one beside them, lie outside."""
    above = DisplayMap(make_grid((2, 40, 60), (8.0, 1.0, 1.0), (-30, -20, 90), AXIAL))
    beside = DisplayMap(make_grid((2, 40, 10), (8.0, 1.0, 1.0), (40, -20, 20), AXIAL))
    assert crossing(sagittal, 2, above, 0) is None
    assert crossing(sagittal, 2, beside, 0) is None
    assert crossing(sagittal, 2, sagittal, 1) is None


@pytest.mark.parametrize(
    ("directions", "wanted"),
    [(AXIAL, True), (CORONAL, True), (((1, 0, 0), (0, 0, -1), (0, 1, 0)), False)],
)
def test_only_planes_at_an_angle_cross(sagittal, make_grid, directions, wanted):
    """Axial and coronal stacks cut sagittal ones; another sagittal one does not."""
    other = DisplayMap(make_grid((2, 40, 60), (8.0, 1.0, 1.0), (-30, -20, 20), directions))
    assert cross(sagittal, other) is cross(other, sagittal) is wanted


@given(
    tilt=st.floats(-0.6, 0.6),
    turn=st.floats(-0.6, 0.6),
    at=st.integers(0, 4),
    cut=st.integers(0, 3),
)
def test_every_point_of_a_cut_lies_in_both_planes(sagittal, make_grid, tilt, turn, at, cut):
    """Whatever the tilt, the ends of a cut are points of both slices, inside both."""
    cos, sin, cot, sot = np.cos(tilt), np.sin(tilt), np.cos(turn), np.sin(turn)
    down = np.array([0, cos, sin])
    right = np.array([cot, -sin * sot, cos * sot])
    normal = np.cross(down, right)
    axial = DisplayMap(
        make_grid((4, 60, 60), (8.0, 1.0, 1.0), (-30, -20, 12), (normal, down, right))
    )
    found = crossing(sagittal, at, axial, cut)
    if found is None:
        return
    for u, v in found:
        lps = sagittal.to_lps(u, v, at)
        other_u, other_v, k = axial.to_display(lps)
        assert k == pytest.approx(cut, abs=1e-6)
        assert -0.5 - 1e-6 <= u <= 79.5 + 1e-6
        assert -0.5 - 1e-6 <= v <= 59.5 + 1e-6
        assert -0.5 - 1e-6 <= other_u <= 59.5 + 1e-6
        assert -0.5 - 1e-6 <= other_v <= 59.5 + 1e-6


def test_a_line_is_kept_to_the_canvas():
    """What runs over the canvas is cut at its edges; what misses it is gone."""
    box = Box(0, 0, 100, 50)
    assert within(((-20, 10), (200, 10)), box) == ((0, 10), (100, 10))
    assert within(((-20, 60), (200, 60)), box) is None


def test_at_rest_a_cut_is_two_marks_clear_of_every_endplate():
    """Marks stand at both ends; the one within reach of an endplate is left away."""
    line = ((0.0, 100.0), (300.0, 100.0))
    both = ticks(line, [], 12.0)
    assert both == (((0.0, 100.0), (TICK_PX, 100.0)), ((300 - TICK_PX, 100.0), (300.0, 100.0)))
    assert ticks(line, [((20.0, 95.0), (60.0, 96.0))], 12.0) == both[1:]
    assert ticks(((0.0, 0.0), (TICK_PX, 0.0)), [], 12.0) == ()
