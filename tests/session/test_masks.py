"""Painting lesions and placing corners: which pixels, and how strokes are taken back."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modic_annotate import load_reading
from modic_annotate.domain.finding import Origin
from modic_annotate.domain.grid import Grid
from modic_annotate.domain.reading import LesionMask
from modic_annotate.domain.spine import Endplate
from modic_annotate.errors import ActRefusedError, ReadingSignedError
from modic_annotate.session.growing import Seed, bounds_of, grow
from modic_annotate.session.mask_runs import (
    brushed,
    mask_cells,
    mask_pixels,
    mask_runs,
    pixels_of,
    runs_of,
)
from tests.session.drawing import corners, grade, grid_strategy, place_box, stroke

L4_INF, L4_SUP = Endplate.parse("L4-inferior"), Endplate.parse("L4-superior")
L3_INF = Endplate.parse("L3-inferior")


def mask_of(session, endplate=L4_INF):
    """Return the pixels painted on an endplate, by SOP instance."""
    return {
        m.sop_instance_uid: mask_pixels(m) for m in session.state.masks if m.endplate == endplate
    }


@settings(max_examples=40)
@given(
    grid=grid_strategy(),
    start=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    steps=st.lists(st.tuples(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3)), max_size=4),
    radius_mm=st.floats(0.3, 9.0),
)
def test_a_stroke_holds_the_pixels_within_its_radius(grid: Grid, start, steps, radius_mm):
    """On any grid the brush meets exactly the pixels whose centres lie near enough to its line."""
    _, rows, columns = grid.shape
    places = np.cumsum([start, *steps], axis=0)
    index = np.column_stack([np.ones(len(places)), places[:, 0] * rows, places[:, 1] * columns])
    line = grid.to_lps(index)
    found = brushed(grid, 1, [tuple(p) for p in line.tolist()], radius_mm)
    every = np.stack(np.meshgrid([1], range(rows), range(columns), indexing="ij"), axis=-1)
    centres = grid.to_lps(every)[0]
    nearest = np.full((rows, columns), np.inf)
    for a, b in itertools.pairwise(line) if len(line) > 1 else [(line[0], line[0])]:
        for share in np.linspace(0, 1, 100):
            distance = np.linalg.norm(centres - (a + share * (b - a)), axis=-1)
            nearest = np.minimum(nearest, distance)
    sampled = np.max(np.linalg.norm(np.diff(line, axis=0), axis=-1), initial=0.0) / 99
    sure = np.abs(nearest - radius_mm) > sampled + 1e-4
    assert np.array_equal(found[sure], (nearest <= radius_mm)[sure])


@given(st.lists(st.booleans(), min_size=12, max_size=12))
def test_runs_are_pixels_and_back(flags):
    """Runs give back the very pixels they were made of; none goes over the end of a row."""
    pixels = np.array(flags).reshape(3, 4)
    runs = runs_of(pixels)
    assert np.array_equal(pixels_of(runs, (3, 4)), pixels)
    mask = LesionMask(
        endplate=L4_INF,
        series_uid="1.2",
        sop_instance_uid="1.3",
        rows=3,
        columns=4,
        runs=mask_runs(pixels),
    )
    assert np.array_equal(mask_cells(mask), np.argwhere(pixels))
    assert all(start // 4 == (start + length - 1) // 4 for start, length in runs)


def test_a_stroke_is_kept_in_the_pixels_of_its_slice(case, numbered):
    """A dab of 2 mm at a pixel of 0.5 mm fills the 49 pixels about it, on that image alone."""
    case.do(numbered, stroke([(0.0, -30.0, 10.0)], radius_mm=2.0))
    (mask,) = numbered.state.masks
    t1 = numbered.series_in("SAG_T1")
    assert mask.sop_instance_uid == t1.instances[7].sop_instance_uid
    assert (mask.rows, mask.columns, mask.origin) == (640, 400, Origin.KEY)
    assert int(mask_pixels(mask).sum()) == 49
    assert numbered.last_words == "L4 inf: painted; Backspace undoes"


def test_erasing_a_stroke_gives_the_mask_before_it(case, numbered):
    """Erasing the very stroke that was added alone leaves what was there before."""
    one, other = [(0.0, -30.0, 10.0), (0.0, -24.0, 10.0)], [(0.0, -10.0, 5.0)]
    case.do(numbered, stroke(one))
    before = mask_of(numbered)
    case.do(numbered, stroke(other), stroke(other, erase=True))
    after = mask_of(numbered)
    assert before.keys() == after.keys()
    assert all(np.array_equal(before[uid], after[uid]) for uid in before)
    case.do(numbered, stroke(one, erase=True))
    assert numbered.state.masks == ()


def test_a_stroke_is_undone_and_redone_as_one(case, numbered):
    """Undo takes one stroke back, however long it was; redo paints it again."""
    case.do(numbered, grade(), stroke([(0.0, -30.0, 10.0)]))
    first = numbered.state
    case.do(numbered, stroke([(4.0, -30.0, 10.0), (4.0, -22.0, 12.0)]))
    second = numbered.state
    case.do(numbered, {"act": "undo"})
    assert numbered.state.masks == first.masks
    assert numbered.state.findings == first.findings
    case.do(numbered, {"act": "redo"})
    assert numbered.state.masks == second.masks


SEED = {"act": "grow_region", "endplate": "L4-inferior", "role": "SAG_T1"}
SEED |= {"seed_lps_mm": (0.0, -30.0, 10.0), "tolerance": 5.0, "runs": [[300 * 400 + 140, 3]]}


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (stroke([(0.0, -30.0, 10.0)], role="AX_T2"), "on a sagittal series"),
        (stroke([(0.0, -30.0, 900.0)]), "outside the images"),
        (stroke([(0.0, -30.0, 10.0), (9.0, -30.0, 10.0)]), "different slices"),
        (stroke([(0.0, -29.75, 10.25)], radius_mm=0.1), "meets the centre of no pixel"),
        (stroke([(0.0, -30.0, 10.0)], erase=True), "no mask of L4 inferior on this slice"),
        (stroke([(0.0, -30.0, 10.0)], endplate="S2-superior"), "is not read in this spine"),
        (SEED | {"runs": [[5, 3]]}, "does not hold its seed"),
        (SEED | {"runs": [[9, 3], [5, 1]]}, "ascend and do not overlap"),
        (SEED | {"runs": [[640 * 400 - 1, 2]]}, "beyond the 640 x 400 pixels"),
        ({"act": "clear_mask", "endplate": "L4-inferior"}, "has no mask to clear"),
        (corners("L4") | {"vertebra": "S2"}, "does not exist in this spine"),
        (corners("L4", flip=True), "out of order"),
        (corners("L4") | {"role": "AX_T2"}, "on a sagittal series"),
    ],
)
def test_what_cannot_be_drawn_is_refused(case, numbered, act, why):
    """A drawing that means nothing here is refused in words, and nothing is kept of it."""
    before = numbered.state
    with pytest.raises(ActRefusedError, match=why):
        case.do(numbered, act)
    assert numbered.state is before


def test_a_stroke_that_changes_nothing_is_refused(case, numbered):
    """Painting over what is painted makes no act; it is said instead."""
    case.do(numbered, stroke([(0.0, -30.0, 10.0)]))
    with pytest.raises(ActRefusedError, match="holds all that"):
        case.do(numbered, stroke([(0.0, -30.0, 10.0)], radius_mm=1.0))


def test_a_grown_region_is_kept_with_its_seed(case, numbered):
    """The act's runs are the mask; seed and tolerance stay with it as where it came from."""
    case.do(numbered, SEED)
    (mask,) = numbered.state.masks
    assert [(r.start, r.length) for r in mask.runs] == [(300 * 400 + 140, 3)]
    assert mask.seeds[0].tolerance == 5.0
    assert mask.seeds[0].at_lps_mm == (0.0, -30.0, 10.0)


def test_growing_stops_at_other_greys_and_at_the_body():
    """A region holds what is joined to the seed and alike, but for threads, within its polygon."""
    pixels = np.zeros((20, 20))
    pixels[5:12, 5:16] = 100
    pixels[5:12, 10] = 40
    whole = grow(pixels, Seed(7, 6, 20.0))
    assert int(whole.sum()) == 7 * 5
    loose = grow(pixels, Seed(7, 6, 70.0))
    assert int(loose.sum()) == 7 * 11
    body = [(3, 3), (3, 7.5), (14, 7.5), (14, 3)]
    assert int(grow(pixels, Seed(7, 6, 70.0), body).sum()) == 7 * 3
    assert not grow(pixels, Seed(7, 14, 70.0), body).any()
    pixels[2:5, 7:9] = 100
    assert int(grow(pixels, Seed(7, 6, 20.0)).sum()) == 7 * 5
    assert int(grow(pixels, Seed(3, 7, 20.0)).sum()) == 7 * 5 + 3 * 2


def test_growing_is_bounded_by_the_body_as_known(case, numbered):
    """The bounds are the placed corners, and before that about the estimated body."""
    t1 = numbered.series_in("SAG_T1")
    about = bounds_of(numbered.state, t1, L4_INF, 7)
    case.do(numbered, corners("L4"))
    exact = bounds_of(numbered.state, t1, L4_INF, 7)
    expected = t1.grid.to_index(corners("L4")["corners_lps_mm"])[:, 1:]
    assert np.allclose(exact, expected)
    assert np.ptp(about[:, 0]) > np.ptp(exact[:, 0])


def test_corners_give_the_outline_and_both_endplates(case, numbered):
    """Four corners on a slice place the body and the two lines between them."""
    case.do(numbered, corners("L4"))
    state, points = numbered.state, corners("L4")["corners_lps_mm"]
    assert state.outlines[0].polyline_lps_mm == points
    assert state.line(L4_SUP).polyline_lps_mm == (points[0], points[1])
    assert state.line(L4_INF).polyline_lps_mm == (points[3], points[2])
    assert numbered.last_words.startswith("L4 corners placed")
    case.do(numbered, corners("L4", wider_mm=2.0))
    assert len(numbered.state.outlines) == 1
    case.do(numbered, corners("L4", x=8.0), {"act": "undo"}, corners("L4", x=-8.0))
    assert [o.polyline_lps_mm[0][0] for o in numbered.state.outlines] == [0.0, -8.0]


def test_a_drawn_curve_outlives_the_corners(case, numbered):
    """An endplate drawn with three points keeps its curve when corners are placed later."""
    x, y, z = corners("L4")["corners_lps_mm"][3]
    curve = ((x, y, z), (x, round(y + 17, 4), z + 2.0), (x, round(y + 34, 4), z))
    drawn = {"act": "place_endplate", "endplate": "L4-inferior", "role": "SAG_T1"}
    case.do(numbered, drawn | {"polyline_lps_mm": curve}, corners("L4"))
    assert numbered.state.line(L4_INF).polyline_lps_mm == curve
    assert len(numbered.state.line(L4_SUP).polyline_lps_mm) == 2


def test_reopening_an_endplate_clears_its_mask(case, numbered):
    """Delete takes back all that is said of an endplate, what was painted too; undo returns it."""
    case.do(
        numbered, stroke([(0.0, -30.0, 10.0)]), stroke([(0.0, 0.0, 60.0)], endplate="L3-inferior")
    )
    case.do(numbered, {"act": "clear_finding", "endplate": "L4-inferior"})
    assert [m.endplate for m in numbered.state.masks] == [L3_INF]
    case.do(numbered, {"act": "undo"})
    assert {m.endplate for m in numbered.state.masks} == {L3_INF, L4_INF}


@pytest.mark.parametrize(("by", "name"), [(1, "L5"), (-1, "L3")])
def test_drawings_go_with_their_body_when_labels_slide(case, numbered, by, name):
    """Masks, outlines and lines keep their places and take the new name of their body."""
    case.do(numbered, grade(), *place_box("L4"))
    before = numbered.state
    reopen = {"act": "reopen_numbering", "reason": "count was wrong"}
    case.do(numbered, reopen, {"act": "shift_labels", "by": by})
    after = numbered.state
    assert {str(m.endplate) for m in after.masks} == {f"{name}-inferior"}
    assert [m.runs for m in after.masks] == [m.runs for m in before.masks]
    assert {o.vertebra for o in after.outlines} == {name}
    old, new = before.findings[L4_INF], after.findings[Endplate.parse(f"{name}-inferior")]
    assert (new.height_percent, new.zones) == (old.height_percent, old.zones)


def test_a_signed_reading_holds_masks_and_outlines(case, kit, numbered):
    """Sealing writes what was drawn; the file parses back, and an amendment begins with it."""
    case.do(numbered, *kit.show_all(), grade(), *place_box("L4"))
    case.do(numbered, stroke([(0.0, 0.0, 60.0)], endplate="L3-inferior"))
    usual = {"act": "apply_usual", "endplate": "L4-inferior"}
    case.do(numbered, usual, {"act": "all_remaining_none"}, origin=Origin.SCRIPT)
    said = numbered.contradictions()
    assert "L3 inferior: a lesion is painted, yet it is graded none" in said
    case.do(numbered, kit.sign, origin=Origin.SCRIPT)
    drawn = numbered.state
    reading = load_reading(case.ws.root / f"readings/{case.record}/{case.reader}/r1-1.json")
    assert reading.masks == drawn.masks
    assert [b for b in reading.bodies if b.vertebra == "L4"] == list(drawn.outlines)
    assert sum(b.method == "estimated" for b in reading.bodies) == 6
    with pytest.raises(ReadingSignedError):
        case.do(numbered, stroke([(0.0, -30.0, 10.0)]))
    numbered.close()
    with case.open(amends="r1-1", reason="a slice was missed") as amended:
        assert amended.state.masks == drawn.masks
        assert amended.state.outlines == drawn.outlines
        assert amended.state.findings[L4_INF].derived == drawn.findings[L4_INF].derived


def test_a_resumed_reading_paints_the_same(case, numbered):
    """The journal alone gives masks and derived sizes back, to the last field."""
    case.do(numbered, grade(), *place_box("L4"), SEED)
    before = numbered.state
    numbered.close()
    with case.open() as again:
        assert again.state == before
