"""Where labels stand: no overlap, and nothing near an endplate."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate_napari.canvas.boxes import between, between_segments, from_box
from modic_annotate_napari.canvas.furniture import arrange
from modic_annotate_napari.canvas.layout import CLEAR_MM, lay_out, push_apart
from modic_annotate_napari.canvas.view import View

LABEL = (62.0, 16.0)
CANVAS = (560.0, 900.0)


@st.composite
def spines(draw):
    """Twelve endplates of a spine with its curve, discs and slips, head to foot, in mm."""
    x, y, tilt = draw(st.floats(-20, 20)), draw(st.floats(-60, 20)), draw(st.floats(-0.2, 0.2))
    lines = []
    for _ in range(6):
        disc, body = draw(st.floats(1.0, 14.0)), draw(st.floats(18.0, 32.0))
        length, lordosis = draw(st.floats(25.0, 42.0)), draw(st.floats(-0.05, 0.16))
        for gap in (0.0, disc):
            x, y = x + draw(st.floats(-1.5, 3.0)), y + gap
            lines.append(
                ((x, y), (x + length / 2, y - tilt * length / 2), (x + length, y - tilt * length))
            )
            tilt += lordosis
        x, y = x + draw(st.floats(-8.0, 8.0)), y + body
    return lines


def placed(lines_mm, zoom):
    """The layout of lines in mm, drawn about the middle of the canvas."""
    lines = [[(280 + x * zoom, 300 + y * zoom) for x, y in line] for line in lines_mm]
    return lines, lay_out(lines, [LABEL] * len(lines), zoom, CANVAS)


@given(spines(), st.floats(0.8, 8.0))
def test_labels_never_overlap(lines_mm, zoom):
    """Whatever the spine and the zoom, no two labels share a pixel, and all lie on the canvas."""
    _, places = placed(lines_mm, zoom)
    for one, other in itertools.combinations(places, 2):
        assert not one.box.overlaps(other.box)
    for place in places:
        assert place.box.left >= 0
        assert place.box.top >= -1e-9


@given(spines(), st.floats(0.8, 8.0))
def test_nothing_at_rest_lies_within_3_mm_of_an_endplate(lines_mm, zoom):
    """Every box and every tick keeps 3 mm from every endplate, its own included."""
    lines, places = placed(lines_mm, zoom)
    for place, line in itertools.product(places, lines):
        assert from_box(place.box, line) >= CLEAR_MM * zoom - 1e-6
        if place.tick is not None:
            assert between(place.tick, line) >= CLEAR_MM * zoom - 1e-6


@given(spines())
def test_labels_stand_in_front_and_in_order(lines_mm):
    """Labels lie anterior of their endplate, in the order of the endplates' front ends."""
    lines, places = placed(lines_mm, 2.0)
    for place in places:
        assert place.box.right < lines[place.index][0][0]
        if place.tick is not None:
            assert place.tick[1][0] <= lines[place.index][0][0] - 2 * CLEAR_MM


def test_an_ordinary_spine_shows_every_label_with_its_tick():
    """Twelve endplates at reading zoom all have a label and a short tick."""
    lines_mm = [((0.1 * k, y), (34, y - 1)) for k, y in enumerate(
        y for level in range(6) for y in (level * 37.0, level * 37.0 + 9)
    )]  # fmt: skip
    _, places = placed([[(x, y - 60) for x, y in line] for line in lines_mm], 2.2)
    assert sorted(p.index for p in places) == list(range(12))
    for place in places:
        assert place.tick is not None
        (x0, y0), (x1, y1) = place.tick
        assert 5 <= x1 - x0 <= 25
        assert abs(y1 - y0) <= 12


def test_without_room_in_front_there_is_no_label():
    """Zoomed so far that the body fills the canvas, a label gives way rather than cover it."""
    lines = [[(30.0, 300.0), (500.0, 280.0)], [(250.0, 700.0), (520.0, 700.0)]]
    assert [place.index for place in lay_out(lines, [LABEL] * 2, 9.0, CANVAS)] == [1]


def test_an_endplate_placed_upright_has_a_level_tick():
    """A line without horizontal extent gives no slope, and its tick is level."""
    (place,) = lay_out([[(300.0, 300.0), (300.0, 340.0)]], [LABEL], 2.0, CANVAS)
    assert place.tick is not None
    assert place.tick[0][1] == place.tick[1][1]


def test_endplates_off_the_canvas_have_no_label():
    """An endplate whose front end is out of view gets no label, so no label points nowhere."""
    lines = [[(300.0, -50.0), (380.0, -50.0)], [(-5.0, 90.0), (80.0, 90.0)]]
    assert lay_out(lines, [LABEL] * 2, 2.0, CANVAS) == ()


@given(
    st.lists(st.floats(0, 900), min_size=1, max_size=16).map(sorted),
    st.floats(400, 1000),
)
def test_pushing_apart_keeps_order_and_distance_and_moves_little(targets, room):
    """Labels end in order, a height apart, inside the room if they fit; free ones do not move."""
    heights = [18.0] * len(targets)
    centres = push_apart(targets, heights, room)
    assert all(b - a >= 18 - 1e-6 for a, b in itertools.pairwise(centres))
    assert centres[0] >= 9 - 1e-9
    if len(targets) * 18 <= room:
        assert centres[-1] <= room - 9 + 1e-6
    gaps = [b - a for a, b in itertools.pairwise(targets)]
    if all(gap >= 18 for gap in gaps) and targets[0] >= 9 and targets[-1] <= room - 9:
        assert centres == pytest.approx(targets)


point = st.tuples(st.floats(0, 50), st.floats(0, 50))


@given(point, point, point, point)
def test_the_distance_of_segments_is_that_of_their_nearest_points(a, b, c, d):
    """Measured by dense sampling, no pair of points comes nearer, and one pair comes as near."""

    def sample(p, q):
        return [(p[0] + (q[0] - p[0]) * t / 40, p[1] + (q[1] - p[1]) * t / 40) for t in range(41)]

    pairs = itertools.product(sample(a, b), sample(c, d))
    sampled = min(((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2) ** 0.5 for p, q in pairs)
    exact = between_segments(a, b, c, d)
    assert exact <= sampled + 1e-6
    assert sampled <= exact + 2.6


@given(spines(), st.floats(0.8, 6.0), st.floats(-200, 200))
def test_letters_and_scale_bar_cover_neither_endplates_nor_labels(lines_mm, zoom, shift):
    """What stands at the edges gives way to endplates and labels, wherever the image is panned."""
    lines = [[(280 + x * zoom + shift, 300 + y * zoom) for x, y in line] for line in lines_mm]
    labels = [p.box for p in lay_out(lines, [LABEL] * 12, zoom, CANVAS)]
    view = View(0, 0, zoom, *CANVAS)
    pieces = arrange(
        ("H", "F", "A", "P"), lambda text: (9.0 * len(text), 16.0), view, lines, labels
    )
    for piece in pieces:
        assert all(from_box(piece.box, line) >= CLEAR_MM * zoom for line in lines)
        assert not any(piece.box.overlaps(box) for box in labels)
    for one, other in itertools.combinations(pieces, 2):
        assert not one.box.overlaps(other.box)


def test_an_empty_canvas_has_all_letters_and_a_true_scale_bar():
    """Without endplates all four letters and a bar of exactly 10 mm are there."""
    view = View(0, 0, 3.0, *CANVAS)
    pieces = arrange(("H", "F", "A", "P"), lambda text: (9.0 * len(text), 16.0), view, [], [])
    assert [piece.text for piece in pieces] == ["H", "F", "A", "P", "10 mm"]
    assert pieces[-1].bar_px == 30.0
