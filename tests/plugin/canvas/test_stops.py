"""The union of slice positions."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate_napari.canvas.display import DisplayMap
from modic_annotate_napari.canvas.stops import are_parallel, plane_positions, stops_of

stacks = st.lists(
    st.tuples(st.integers(1, 20), st.floats(2.0, 6.0), st.floats(-40, 40)).map(
        lambda s: s[2] + s[1] * np.arange(s[0])
    ),
    min_size=1,
    max_size=3,
)


@given(stacks)
def test_one_pass_shows_every_slice_of_every_stack(positions):
    """Each slice of each stack is shown at some stop, and each stop shows something new."""
    stops = stops_of(positions)
    for member, slices in enumerate(positions):
        assert {stop.slices[member] for stop in stops} == set(range(len(slices)))
    shown = [stop.slices for stop in stops]
    assert all(a != b for a, b in itertools.pairwise(shown))
    assert [s.position_mm for s in stops] == sorted(s.position_mm for s in stops)


@given(stacks)
def test_each_stop_shows_the_nearest_slices(positions):
    """A stop between merged positions is off the nearest slice by half a spacing at most."""
    for stop in stops_of(positions):
        for slices, index in zip(positions, stop.slices, strict=True):
            distances = np.abs(slices - stop.position_mm)
            half = np.diff(slices).min(initial=1e9) / 2
            assert distances[index] <= distances.min() + half


def test_stacks_on_one_grid_have_as_many_stops_as_slices():
    """Equal positions, to within rounding, are one stop."""
    one = 4.5 * np.arange(11)
    assert len(stops_of([one, one + 1e-7, one - 1e-7])) == 11


def test_a_small_shift_adds_no_empty_step():
    """Slices shifted by 0.3 mm come together: no turn of the wheel leaves the screen unchanged."""
    one = 4.5 * np.arange(11)
    assert [s.slices for s in stops_of([one, one + 0.3])] == [(k, k) for k in range(11)]


def test_positions_are_compared_on_the_axis_of_the_leader(make_grid):
    """A stack tilted about its own middle crosses the leader's axis at the same places."""
    leader = DisplayMap(make_grid((5, 41, 41), (4, 1, 1), (-8, -20, 20)))
    c, s = np.cos(0.08), np.sin(0.08)
    directions = ((c, s, 0), (0, 0, -1), (-s, c, 0))
    origin = np.array([-8 * c + 20 * s, -8 * s - 20 * c, 20])
    tilted = DisplayMap(make_grid((5, 41, 41), (4, 1, 1), origin, directions))
    assert are_parallel(leader, tilted)
    assert plane_positions(leader, leader) == pytest.approx([-8, -4, 0, 4, 8])
    assert plane_positions(tilted, leader) == pytest.approx(np.array([-8, -4, 0, 4, 8]) / c)


def test_axial_is_not_parallel_to_sagittal(make_grid):
    """Stacks of different planes are not stepped together."""
    axial = DisplayMap(
        make_grid((4, 20, 20), (4, 1, 1), directions=((0, 0, -1), (0, 1, 0), (1, 0, 0)))
    )
    assert not are_parallel(DisplayMap(make_grid((4, 20, 20), (4, 1, 1))), axial)
