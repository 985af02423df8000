"""Sizes, zones and categories that follow from a mask, and what a reader says against them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.grid import Grid
from modic_annotate.domain.modic import ExtentCategory
from modic_annotate.domain.spine import Endplate
from modic_annotate.phantom.masks import runs_of
from modic_annotate.phantom.truth import Truth
from modic_annotate.samples import sample_folder
from modic_annotate.session.deriving import derived_fields
from modic_annotate.session.draft import Draft
from modic_annotate.session.lesion_slices import Frame, on_slice
from modic_annotate.store.canonical import parse_record
from tests.session.drawing import centre_of, corners, grade, grid_strategy, place_box, stroke

L4_INF = Endplate.parse("L4-inferior")
E = {"endplate": "L4-inferior"}


@settings(max_examples=60)
@given(
    grid=grid_strategy(),
    tilt=st.floats(-0.5, 0.5),
    share=st.tuples(st.floats(0.25, 0.6), st.floats(0.25, 0.6)),
    upper=st.booleans(),
)
def test_a_rectangle_is_measured_to_within_a_pixel(grid: Grid, tilt, share, upper):
    """On any grid and at any tilt height and AP extent of a rectangle are true to one pixel."""
    _, rows, columns = grid.shape
    unit = grid.matrix[:3, :3] / grid.spacing_mm
    back = np.cos(tilt) * unit[:, 2] + np.sin(tilt) * unit[:, 1]
    deep = np.cos(tilt) * unit[:, 1] - np.sin(tilt) * unit[:, 2]
    size = np.array([rows, columns]) * grid.spacing_mm[1:]
    ap_mm, height_mm = np.array(share) * size.min()
    assume(min(ap_mm, height_mm) > 2 * max(grid.spacing_mm[1:]))
    middle = grid.to_lps((1, (rows - 1) / 2, (columns - 1) / 2))
    front = middle - ap_mm / 2 * back - height_mm / 2 * deep
    every = np.stack(np.meshgrid([1], range(rows), range(columns), indexing="ij"), axis=-1)
    offsets = grid.to_lps(every)[0] - front
    along, depth = offsets @ back, offsets @ deep
    pixels = (along >= 0) & (along <= ap_mm) & (depth >= 0) & (depth <= height_mm)
    assume(pixels.any())
    edge = np.array([front - 2 * back, front + (ap_mm + 2) * back])
    opposite = edge + 2 * height_mm * deep
    near, far = (edge, opposite) if upper else (opposite, edge)
    into = 1.0 if upper else -1.0
    frame = Frame(deep, back, into, near, far, near)
    cells = np.argwhere(pixels)
    found = on_slice(grid, 1, cells, frame)
    pixel_mm = float(np.hypot(*grid.spacing_mm[1:]))
    expected = height_mm if upper else 2 * height_mm
    assert found.height_mm == pytest.approx(expected, abs=pixel_mm)
    assert found.ap_mm == pytest.approx(ap_mm, abs=pixel_mm)
    assert found.body_height_mm == pytest.approx(2 * height_mm, rel=1e-6)
    free = on_slice(grid, 1, cells, Frame(deep, back, into))
    assert free.height_mm == pytest.approx(height_mm, abs=2 * pixel_mm)
    assert found.max_diameter_mm == pytest.approx(np.hypot(ap_mm, height_mm), abs=2 * pixel_mm)


@pytest.fixture
def painted(case, numbered):
    """A body with corners on three slices and a lesion of 8 x 18 mm on its lower front."""
    return case.do(numbered, grade(), *place_box("L4"))


def test_a_mask_gives_every_size(painted):
    """Three slices of 8 x 18 mm in a body of 25 x 34 x 44 mm give all shares and zones."""
    finding = painted.state.findings[L4_INF]
    pixel = 0.5
    assert finding.height_mm == pytest.approx(8.0, abs=pixel)
    assert finding.body_height_mm == pytest.approx(25.0)
    assert finding.height_percent == pytest.approx(32.0, abs=2.0)
    assert finding.height_category == ExtentCategory.FROM_25_TO_50
    assert finding.ap_mm == pytest.approx(18.0, abs=pixel)
    assert finding.ap_percent == pytest.approx(100 * 18 / 34, abs=1.5)
    assert finding.left_right_mm == pytest.approx(12.0)
    assert finding.left_right_percent == pytest.approx(100 * 12 / 44, abs=0.1)
    assert finding.area_percent == pytest.approx(100 * 18 * 12 / (34 * 44), abs=1.0)
    assert finding.area_category == ExtentCategory.UNDER_25
    box_mm2 = 10 * 8 + np.pi * 4**2
    assert finding.volume_percent == pytest.approx(100 * 12 * box_mm2 / (34 * 25 * 44), abs=0.3)
    assert [str(z) for z in finding.zones] == ["anterior-central", "middle-central"]
    t1 = painted.series_in("SAG_T1")
    assert finding.sop_instance_uids == tuple(t1.instances[i].sop_instance_uid for i in (6, 7, 8))
    assert finding.max_diameter_mm == pytest.approx(18.0, abs=1.0)
    assert set(finding.derived) >= {"height_percent", "zones", "area_category", "left_right_mm"}


def test_each_size_says_how_it_was_found(painted):
    """Method, series, image, denominator and the error of one pixel at each end are kept."""
    finding = painted.state.findings[L4_INF]
    t1 = painted.series_in("SAG_T1")
    made = finding.height_measurement
    assert (made.method, made.series_uid) == ("mask", t1.series_uid)
    assert made.sop_instance_uid in finding.sop_instance_uids
    assert made.error_percent == pytest.approx(100 * 2 * 0.5 / 25)
    assert "placed endplates" in made.reference_source
    assert finding.ap_measurement.error_percent == pytest.approx(100 * 2 * 0.5 / 34, abs=1e-3)
    assert finding.left_right_measurement.error_percent == pytest.approx(100 * 4 / 44, abs=1e-3)
    assert "outlines" in finding.area_measurement.reference_source
    assert finding.origins["height_mm"] == Origin.KEY


def test_without_outlines_there_is_no_share(case, numbered):
    """A mask alone gives millimetres, slices and zones; nothing is said in percent."""
    _, y, z = centre_of("L4")
    line = [(0.0, y - 10, z - 8), (0.0, y, z - 8)]
    case.do(numbered, grade(), stroke(line))
    finding = numbered.state.findings[L4_INF]
    assert finding.height_mm == pytest.approx(4.0, abs=0.6)
    assert finding.left_right_mm == pytest.approx(4.0)
    assert finding.zones
    shares = ("height", "ap", "left_right", "area", "volume")
    assert all(getattr(finding, f"{name}_percent") is None for name in shares)
    assert finding.area_category is None
    case.do(numbered, corners("L4"))
    finding = numbered.state.findings[L4_INF]
    assert finding.height_percent == pytest.approx(100 * 6.5 / 25, abs=4)
    assert finding.area_percent is None


def test_two_outlines_in_the_middle_tell_no_width(case, numbered):
    """Corners placed 8 mm apart say nothing of how wide the body is."""
    _, y, z = centre_of("L4")
    case.do(numbered, grade(), corners("L4", x=-4.0), corners("L4", x=4.0))
    case.do(numbered, stroke([(0.0, y - 10, z - 8), (0.0, y, z - 8)]))
    finding = numbered.state.findings[L4_INF]
    assert finding.height_percent is not None
    assert (finding.left_right_percent, finding.area_percent) == (None, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("zones", ["posterior-left"]),
        ("left_right_percent", 60.0),
        ("left_right_mm", 30.0),
        ("area_category", "[50,100]"),
        ("area_percent", 55.0),
        ("height_category", "endplate_only"),
    ],
)
def test_a_reader_overrides_what_was_derived(case, painted, field, value):
    """A value set by key stands with its origin through later strokes, until it is taken back."""
    before = painted.state.findings[L4_INF]
    case.do(painted, {"act": "set_field", **E, "field": field, "value": value})
    more = stroke([(8.0, -20.0, -48.0)])
    case.do(painted, more, origin=Origin.MOUSE)
    finding = painted.state.findings[L4_INF]
    kept = finding.model_dump(mode="json")[field]
    assert kept == value
    assert finding.origins[field] == Origin.KEY
    assert field not in finding.derived
    assert finding.origins["sop_instance_uids"] == Origin.MOUSE
    case.do(
        painted, more | {"erase": True}, {"act": "set_field", **E, "field": field, "value": None}
    )
    back = painted.state.findings[L4_INF]
    assert getattr(back, field) == getattr(before, field)
    assert field in back.derived


def test_what_was_said_before_painting_stands(case, numbered):
    """Zones typed before the mask are the reader's; a height estimated by eye gives way."""
    typed = {"act": "set_field", **E, "field": "zones", "value": ["posterior-right"]}
    eye = {"act": "set_field", **E, "field": "height_category", "value": "[50,100]"}
    case.do(numbered, grade(), typed, eye, *place_box("L4"))
    finding = numbered.state.findings[L4_INF]
    assert [str(z) for z in finding.zones] == ["posterior-right"]
    assert finding.height_category == ExtentCategory.FROM_25_TO_50
    assert finding.height_measurement.method == "mask"


def calliper(x: float, height_mm: float, ap_mm: float = 12.0):
    """Measure from the front of the lower endplate, on one slice."""
    _, y, z = centre_of("L4")
    low, front = z - 12.5, y - 17.0
    points = ((x, front, low), (x, front + ap_mm, low), (x, front + 6, low + height_mm))
    return {"act": "measure", **E, "role": "SAG_T1", "lesion_lps_mm": points}


def test_a_mask_decides_over_callipers_and_clearing_it_returns_them(case, numbered):
    """Where both are there the mask gives the sizes, and disagreement is said."""
    case.do(numbered, grade(), corners("L4"), calliper(0.0, 15.0))
    measured = numbered.state.findings[L4_INF]
    case.do(numbered, *place_box("L4"))
    assert numbered.state.findings[L4_INF].height_measurement.method == "mask"
    said = [text for text in numbered.notices() if "by calliper" in text]
    assert "height 33 % by mask, 60 % by calliper" in said[0]
    assert "AP extent 53 % by mask, 35 % by calliper" in said[1]
    case.do(numbered, {"act": "clear_mask", **E})
    finding = numbered.state.findings[L4_INF]
    assert (finding.height_mm, finding.height_measurement.method) == (15.0, "calliper")
    assert finding.ap_percent == measured.ap_percent
    assert (finding.area_percent, finding.zones, finding.left_right_mm) == (None, (), None)


def test_callipers_on_several_slices_give_the_largest_and_the_width(case, numbered):
    """The largest slice counts; two slices tell left-right extent, zones and slices."""
    case.do(numbered, grade(), *(corners("L4", x) for x in (-20.0, 0.0, 20.0)), calliper(0.0, 8.0))
    assert numbered.state.findings[L4_INF].left_right_mm is None
    case.do(numbered, calliper(-8.0, 5.0, ap_mm=20.0))
    finding = numbered.state.findings[L4_INF]
    assert (finding.height_mm, finding.ap_mm) == (pytest.approx(8.0), pytest.approx(20.0))
    assert finding.left_right_mm == pytest.approx(12.0)
    assert finding.left_right_measurement.method == "calliper"
    assert finding.left_right_percent == pytest.approx(100 * 12 / 44, abs=0.1)
    case.do(numbered, calliper(0.0, 4.0))
    assert numbered.state.findings[L4_INF].height_mm == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("percent", "category"),
    [(24.0, "[0,25)"), (26.0, "[25,50)"), (48.0, "[25,50)"), (52.0, "[50,100]")],
)
def test_a_category_near_its_boundary_is_told(case, numbered, percent, category):
    """Height by mask falls into halves-open categories, and nearness to one is a notice."""
    _, y, z = centre_of("L4")
    low, height = z - 12.5, 25.0 * percent / 100
    radius = height / 2
    line = [(0.0, y - 10.0, low + radius), (0.0, y, low + radius)]
    case.do(numbered, grade(), corners("L4"), stroke(line, radius_mm=radius))
    finding = numbered.state.findings[L4_INF]
    assert finding.height_percent == pytest.approx(percent, abs=2.0)
    assert finding.height_category == ExtentCategory.of_percent(finding.height_percent)
    assert any("from the boundary" in text for text in numbered.notices())


def test_a_mask_beyond_its_body_is_told(case, numbered):
    """A mask higher than the body keeps 100 % and says so."""
    _, y, z = centre_of("L4")
    case.do(numbered, grade(), corners("L4"), stroke([(0.0, y, z - 10), (0.0, y, z + 18)]))
    finding = numbered.state.findings[L4_INF]
    assert finding.height_percent == 100.0
    assert any("higher than the body" in text for text in numbered.notices())


def test_t1_decides_where_several_series_are_painted(case, numbered):
    """A mask on STIR alone is measured there; once T1 is painted too, T1 is."""
    _, y, z = centre_of("L4")
    on = {role: stroke([(0.0, y, z - 8)], role=role) for role in ("SAG_FS", "SAG_T1")}
    case.do(numbered, grade(), on["SAG_FS"])
    for role in ("SAG_FS", "SAG_T1"):
        case.do(numbered, *([on[role]] if role == "SAG_T1" else []))
        finding = numbered.state.findings[L4_INF]
        assert finding.height_measurement.series_uid == numbered.series_in(role).series_uid


def test_corners_are_carried_between_and_beyond_slices(case, numbered):
    """Between two outlines corners are interpolated; beyond the last they are moved straight."""
    from modic_annotate.session.outlines import shape_of

    case.do(numbered, corners("L4", x=-8.0), corners("L4", x=8.0, wider_mm=4.0))
    shape = shape_of(numbered.state, numbered.series_in("SAG_T2"), "L4")
    length = {
        x: float(np.ptp(shape.at(-x if shape.normal[0] < 0 else x)[:2, 1])) for x in (-16, 0, 4, 16)
    }
    assert length == pytest.approx({-16: 34.0, 0: 38.0, 4: 40.0, 16: 42.0}, abs=1e-3)
    at = shape.at(-16 if shape.normal[0] > 0 else 16)
    assert at[:, 0] == pytest.approx([-16.0] * 4)


@pytest.fixture(scope="module")
def phantom() -> Truth:
    """The truth of the sample study."""
    path = sample_folder() / "truth.json"
    return parse_record(Truth, path.read_bytes(), "the truth")


def truly_drawn(phantom: Truth, lesion, draft: Draft, series) -> dict[str, object]:
    """Return what the lesion's true masks give, its body drawn as it truly lies."""
    from modic_annotate.domain.finding import Finding
    from modic_annotate.domain.reading import BodyOutline, EndplateLine, LesionMask, MaskRun

    t1 = phantom.series_in("SAG_T1")
    body = phantom.body(lesion.endplate.vertebra)
    frame = phantom.frame_of_reference_uid
    outlines = []
    for side in (-1, 1):
        moved = tuple((x + side * body.width_mm / 2, y, z) for x, y, z in body.corners_lps_mm)
        outlines.append(
            BodyOutline(
                vertebra=body.vertebra,
                polyline_lps_mm=moved,
                frame_of_reference_uid=frame,
                series_uid=t1.series_uid,
                sop_instance_uid=t1.sop_instance_uids[0],
                origin=Origin.MOUSE,
            )
        )
    lines = [
        EndplateLine(
            endplate=one.endplate,
            polyline_lps_mm=one.polyline_lps_mm,
            frame_of_reference_uid=frame,
            sop_instance_uid=None,
            origin=Origin.MOUSE,
        )
        for one in phantom.endplates
        if one.endplate.vertebra == body.vertebra
    ]
    masks = [
        LesionMask(
            endplate=lesion.endplate,
            series_uid=t1.series_uid,
            sop_instance_uid=mask.sop_instance_uid,
            rows=t1.grid.shape[1],
            columns=t1.grid.shape[2],
            runs=tuple(MaskRun(start=a, length=n) for a, n in mask.runs),
        )
        for mask in lesion.masks
        if mask.role == "SAG_T1"
    ]
    drawn = draft.replace(outlines=tuple(outlines), lines=tuple(lines), masks=tuple(masks))
    return derived_fields(drawn, series, Finding(endplate=lesion.endplate))


def test_true_masks_give_the_true_sizes(phantom, session, kit):
    """The phantom's own masks, with its own outlines, give the sizes it was built with."""
    template = kit.three_series()[0]
    t1 = phantom.series_in("SAG_T1")
    instance = template.instances[0]
    used = template.replace(
        series_uid=t1.series_uid,
        frame_of_reference_uid=phantom.frame_of_reference_uid,
        grid=t1.grid,
        instances=tuple(instance.replace(sop_instance_uid=uid) for uid in t1.sop_instance_uids),
    )
    for lesion in phantom.lesions:
        found = truly_drawn(phantom, lesion, session.state, (used,))
        ragged_mm = 2.5  # the drawn outline of a change is rough and half faded
        body = phantom.body(lesion.endplate.vertebra)
        heights = (body.front_height_mm, body.middle_height_mm, body.back_height_mm)
        assert found["height_mm"] == pytest.approx(lesion.height_mm, abs=ragged_mm)
        assert min(heights) - 1 < found["body_height_mm"] < max(heights) + 1
        assert found["height_category"] == ExtentCategory.of_percent(lesion.height_percent)
        assert found["ap_mm"] == pytest.approx(lesion.ap_mm, abs=2 * ragged_mm)
        assert found["left_right_mm"] == pytest.approx(
            lesion.left_right_mm, abs=2 * t1.grid.spacing_mm[0]
        )
        assert set(found["zones"]) >= set(lesion.zones[:1])


def test_both_writers_of_runs_agree_on_pixels():
    """Runs of the phantom and of the reader name the same pixels, however they are split."""
    from modic_annotate.session.mask_runs import pixels_of
    from modic_annotate.session.mask_runs import runs_of as by_row

    pixels = np.random.default_rng(3).random((5, 7)) > 0.4
    for runs in (runs_of(pixels), by_row(pixels)):
        assert np.array_equal(pixels_of(runs, (5, 7)), pixels)
