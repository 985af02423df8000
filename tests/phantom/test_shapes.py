"""Shapes, the frozen generator and the stacking of the spine."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate.phantom import NORMAL, SAMPLE, make_truth
from modic_annotate.phantom.anatomy import ANCHOR_YZ_MM, build_spine
from modic_annotate.phantom.geometry import Frame
from modic_annotate.phantom.lesion import depth_percent
from modic_annotate.phantom.noise import lattice, normal, random_bits, texture
from modic_annotate.phantom.shapes import ramp, smooth_min

LENGTH = st.floats(-200, 200)


def test_the_generator_is_frozen() -> None:
    """The first numbers of splitmix64 from seed 0 are those of its reference."""
    expected = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    assert [int(v) for v in random_bits(0, 3)] == expected


def test_noise_is_centred_with_deviation_one() -> None:
    """Noise has mean 0 and deviation 1 within what 100,000 numbers show."""
    values = normal(7, (1000, 100))
    assert abs(values.mean()) < 0.02
    assert values.std() == pytest.approx(1.0, abs=0.02)


def test_texture_stays_within_bounds_and_is_continuous() -> None:
    """Texture lies in -1..1 and hardly changes over a hundredth of a grain."""
    x = np.linspace(-300.0, 300.0, 20001)
    values = texture(lattice(3), (x, x * 0.3, -x), (5.0, 4.0, 6.0))
    assert np.abs(values).max() <= 1
    assert np.abs(np.diff(values)).max() < 0.1


@given(u=LENGTH, v=LENGTH, tilt=st.floats(-60, 60))
def test_a_frame_goes_there_and_back(u: float, v: float, tilt: float) -> None:
    """Points given by (u, v) are found again at the same (u, v)."""
    frame = Frame(3.0, -20.0, tilt)
    y, z = frame.at(u, v)
    assert frame.local(np.array(y), np.array(z)) == pytest.approx((u, v), abs=1e-6)


@given(a=LENGTH, b=LENGTH)
def test_a_smooth_minimum_is_never_above_the_minimum(a: float, b: float) -> None:
    """Rounding a corner takes away a quarter of the radius at most."""
    value = float(smooth_min(np.array(a), np.array(b), 2.0))
    assert min(a, b) - 0.5 - 1e-9 <= value <= min(a, b)


def test_a_ramp_is_half_at_the_edge() -> None:
    """A pixel whose centre lies on an edge belongs to it by half."""
    assert ramp(np.array([-1.0, 0.0, 0.25, 1.0])).tolist() == [0.0, 0.5, 0.75, 1.0]


def test_the_anchor_body_lies_at_its_place() -> None:
    """The centre of L3 lies where the anatomy says."""
    middle = build_spine(SAMPLE).body("L3").middle
    assert (middle.y, middle.z) == pytest.approx(ANCHOR_YZ_MM)


def test_neighbours_do_not_overlap() -> None:
    """Every body's lower corners lie above the upper corners of the next."""
    bodies = build_spine(SAMPLE).bodies
    for upper, lower in itertools.pairwise(bodies):
        for sign in (-1, 1):
            y, z = upper.bottom.frame.at(sign * upper.bottom.half_mm, 0)
            _, below = lower.top.frame.local(np.array(y), np.array(z))
            assert below < 0


def test_the_column_is_lordotic() -> None:
    """The endplates of L1 and S1 open to the back by 30 to 60 degrees."""
    spine = build_spine(SAMPLE)
    angle = spine.body("S1").top.frame.tilt_deg - spine.body("L1").top.frame.tilt_deg
    assert 30 <= angle <= 60


@pytest.mark.parametrize("lesion", SAMPLE.lesions, ids=lambda lesion: str(lesion.endplate))
def test_a_change_is_deepest_where_it_says(lesion) -> None:
    """A change reaches its full height at its deepest place and nothing beyond its ends."""
    middle = (lesion.left + lesion.right) / 2
    along = np.linspace(-1, 1, 401)
    depth = depth_percent(lesion, along, np.full_like(along, middle))
    assert depth.max() == pytest.approx(lesion.height_percent, rel=1e-3)
    place = (along + 1) * 50
    outside = (place < lesion.anterior_percent) | (place > lesion.posterior_percent)
    assert np.all(depth[outside] == 0)
    covered = np.ptp(place[depth > 0])
    assert covered == pytest.approx(lesion.ap_percent, abs=1.0)
    edge = depth_percent(lesion, np.zeros(2), np.array([lesion.right, lesion.left]))
    assert edge.tolist() == [0.0, 0.0]


def test_the_normal_recipe_has_no_change() -> None:
    """The normal spine has no change and lies where the sample's does not differ."""
    truth = make_truth(NORMAL)
    assert truth.lesions == ()
    assert truth.study_uid != make_truth(SAMPLE).study_uid
