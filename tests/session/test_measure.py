"""Measuring a change: millimetres, shares, categories, and where they come from."""

from __future__ import annotations

import math

import numpy as np
import pytest

from modic_annotate.domain.modic import ExtentCategory
from modic_annotate.domain.spine import Endplate
from modic_annotate.errors import ActRefusedError
from modic_annotate.session.measuring import Plane, from_endplate, lesion_size, thickness

L4_INF, L4_SUP = Endplate.parse("L4-inferior"), Endplate.parse("L4-superior")
PIXEL_MM = 0.5
CHORD = "the line through the lesion's two ends"
Y, Z = -30.0, -10.0
"""Middle of an upright test body of 30 mm height and 36 mm depth."""


def grade(endplate="L4-inferior"):
    return {"act": "grade", "endplate": endplate, "modic": "present", "component": "1"}


def turned(point, degrees):
    """Turn a (y, z) point about the middle of the body."""
    a = math.radians(degrees)
    y, z = point[0] - Y, point[1] - Z
    return [0.0, Y + y * math.cos(a) - z * math.sin(a), Z + y * math.sin(a) + z * math.cos(a)]


def edge(endplate, degrees=0.0):
    """Place an endplate of the test body."""
    z = Z - 15 if endplate.endswith("inferior") else Z + 15
    line = [turned((Y + y, z), degrees) for y in (-18, 0, 18)]
    return {
        "act": "place_endplate",
        "endplate": endplate,
        "polyline_lps_mm": line,
        "role": "SAG_T1",
    }


def measure(height_mm, ap_mm=18.0, endplate="L4-inferior", degrees=0.0, **more):
    """Measure a lesion of known height, its ends on the endplate."""
    sign = 1 if endplate.endswith("inferior") else -1
    z = Z - sign * 15
    lesion = [
        turned((Y - 18, z), degrees),
        turned((Y - 18 + ap_mm, z), degrees),
        turned((Y - 10, z + sign * height_mm), degrees),
    ]
    return {
        "act": "measure",
        "endplate": endplate,
        "role": "SAG_T1",
        "lesion_lps_mm": lesion,
    } | more


@pytest.mark.parametrize(
    ("height_mm", "category"),
    [
        (7.4, ExtentCategory.UNDER_25),
        (7.499, ExtentCategory.UNDER_25),
        (7.5, ExtentCategory.FROM_25_TO_50),
        (14.999, ExtentCategory.FROM_25_TO_50),
        (15.0, ExtentCategory.FROM_50),
        (30.0, ExtentCategory.FROM_50),
    ],
)
def test_boundary_belongs_to_the_upper_category(case, numbered, height_mm, category):
    """Categories are [0,25) [25,50) [50,100] of the body height, halves open."""
    case.do(numbered, grade(), edge("L4-inferior"), edge("L4-superior"), measure(height_mm))
    finding = numbered.state.findings[L4_INF]
    assert finding.height_mm == pytest.approx(height_mm)
    assert finding.body_height_mm == pytest.approx(30.0)
    assert finding.height_percent == pytest.approx(100 * height_mm / 30, abs=1e-3)
    assert finding.height_category == category


@pytest.mark.parametrize("degrees", [-35, -10, 20, 40])
@pytest.mark.parametrize("endplate", ["L4-inferior", "L4-superior"])
def test_sizes_do_not_depend_on_how_the_body_lies(case, numbered, degrees, endplate):
    """A tilted body gives the same sizes as an upright one."""
    case.do(
        numbered,
        grade(endplate),
        edge("L4-inferior", degrees),
        edge("L4-superior", degrees),
        measure(9.0, endplate=endplate, degrees=degrees),
    )
    finding = numbered.state.findings[Endplate.parse(endplate)]
    assert finding.height_mm == pytest.approx(9.0, abs=1e-3)
    assert finding.body_height_mm == pytest.approx(30.0, abs=1e-3)
    assert finding.ap_mm == pytest.approx(18.0, abs=1e-3)
    assert finding.endplate_length_mm == pytest.approx(36.0, abs=1e-3)
    assert finding.ap_percent == pytest.approx(50.0, abs=1e-3)


def test_measurement_says_where_and_how(case, numbered):
    """Each size keeps series, slice, points, denominator and the error of one pixel at each end."""
    body = [[0.0, Y - 10, Z - 15], [0.0, Y - 10, Z + 15]]
    case.do(numbered, grade(), measure(9.0, body_height_lps_mm=body))
    finding = numbered.state.findings[L4_INF]
    made = finding.height_measurement
    t1 = numbered.series_in("SAG_T1")
    assert (made.method, made.series_uid) == ("calliper", t1.series_uid)
    assert made.sop_instance_uid == t1.instances[7].sop_instance_uid
    assert len(made.points_lps_mm) == 5
    assert made.reference_source == f"two points on the same slice; height from {CHORD}"
    assert made.error_percent == pytest.approx(100 * 2 * PIXEL_MM / 30, abs=1e-3)
    assert finding.max_diameter_mm == pytest.approx(18.0, abs=1e-3)
    assert {"height_mm", "height_percent", "ap_mm"} <= set(finding.origins)
    assert numbered.last_words.startswith("L4 inf: height 9.0 mm, 30 %")


def test_body_height_measured_once_serves_the_other_endplate(case, numbered):
    """The body's height measured at one endplate is the denominator at the other."""
    body = [[0.0, Y, Z - 15], [0.0, Y, Z + 15]]
    case.do(numbered, grade(), measure(9.0, body_height_lps_mm=body))
    case.do(numbered, grade("L4-superior"), measure(6.0, endplate="L4-superior"))
    finding = numbered.state.findings[L4_SUP]
    assert finding.height_percent == pytest.approx(20.0, rel=0.01)
    assert "other endplate" in finding.height_measurement.reference_source


def test_without_a_denominator_there_is_no_share(case, numbered):
    """Millimetres are kept without a share where no body height is known; nothing is guessed."""
    case.do(numbered, grade(), measure(9.0))
    finding = numbered.state.findings[L4_INF]
    assert finding.height_mm == pytest.approx(9.0, rel=0.05)
    assert finding.height_percent is None
    assert finding.height_category is None
    assert finding.ap_percent is None


def test_slanting_points_measure_along_the_body(case, numbered):
    """Height runs along the body's axis, also where the lesion's ends lie on a slope."""
    points = [[0.0, Y - 10, Z - 15], [0.0, Y + 10, Z - 11], [0.0, Y, Z - 3]]
    body = [[0.0, Y, Z - 15], [0.0, Y, Z + 15]]
    by_hand = {"lesion_lps_mm": points, "body_height_lps_mm": body}
    case.do(numbered, grade(), measure(0) | by_hand)
    assert numbered.state.findings[L4_INF].height_mm == pytest.approx(10.0)


def hollow(endplate, dip_mm, degrees=0.0, x=0.0):
    """Place an endplate of the test body that dips into it."""
    sign = 1 if endplate.endswith("inferior") else -1
    rim = Z - sign * 15
    line = [(Y - 18, rim), (Y, rim + sign * dip_mm), (Y + 18, rim)]
    points = [[x, *turned(point, degrees)[1:]] for point in line]
    return edge(endplate) | {"polyline_lps_mm": points}


@pytest.mark.parametrize("degrees", [-30, 0, 25])
@pytest.mark.parametrize("endplate", ["L4-inferior", "L4-superior"])
@pytest.mark.parametrize("dip_mm", [3.6, 0.0, -1.8])
def test_height_begins_at_the_drawn_endplate(case, numbered, endplate, degrees, dip_mm):
    """On a hollow or humped endplate height runs from the bone below, not from the chord."""
    dip_there = dip_mm * 10 / 18
    other = "L4-superior" if endplate == "L4-inferior" else "L4-inferior"
    lines = hollow(endplate, dip_mm, degrees), edge(other, degrees)
    case.do(numbered, grade(endplate), *lines)
    sizes = {"ap_mm": 36.0, "degrees": degrees, "endplate": endplate}
    lesion = measure(0.0, **sizes)
    lesion["lesion_lps_mm"][2] = turned((Y - 8, Z), degrees)
    case.do(numbered, lesion)
    finding = numbered.state.findings[Endplate.parse(endplate)]
    assert finding.height_mm == pytest.approx(15 - dip_there, abs=1e-3)
    assert finding.body_height_mm == pytest.approx(30 - dip_there, abs=1e-3)
    assert finding.height_measurement.reference_source == (
        "the body's two placed endplates, at the lesion; height from the placed endplate"
    )
    assert finding.ap_measurement.reference_source == "the placed endplate"


def test_without_a_drawn_endplate_height_begins_at_the_chord(case, numbered):
    """Where no endplate is drawn below the deepest point the lesion's own chord serves."""
    case.do(numbered, grade(), measure(9.0))
    made = numbered.state.findings[L4_INF].height_measurement
    assert made.reference_source == f"height from {CHORD}"
    short = {"polyline_lps_mm": [[0.0, Y - 4, Z - 12], [0.0, Y + 18, Z - 15]]}
    case.do(numbered, edge("L4-inferior") | short, measure(9.0))
    finding = numbered.state.findings[L4_INF]
    assert finding.height_mm == pytest.approx(9.0, rel=0.05)
    assert finding.height_measurement.reference_source == f"height from {CHORD}"


def test_an_endplate_drawn_on_another_slice_is_told(case, numbered):
    """Height may begin at an endplate drawn on another slice; then it says how far beside."""
    case.do(numbered, grade(), hollow("L4-inferior", 2.0, x=8.0), measure(9.0))
    made = numbered.state.findings[L4_INF].height_measurement
    assert made.reference_source == (
        "height from the placed endplate, drawn 8.0 mm beside this slice"
    )


def test_measuring_again_replaces_an_estimate(case, numbered):
    """A measured category takes the place of one set by eye."""
    by_eye = {
        "act": "set_field",
        "endplate": "L4-inferior",
        "field": "height_category",
        "value": "[50,100]",
    }
    case.do(numbered, grade(), by_eye, edge("L4-inferior"), edge("L4-superior"), measure(3.0))
    finding = numbered.state.findings[L4_INF]
    assert finding.height_category == ExtentCategory.UNDER_25
    assert finding.height_measurement.method == "calliper"
    with pytest.raises(ActRefusedError, match=r"contradicts height_percent"):
        case.do(numbered, by_eye)
    case.do(numbered, by_eye | {"value": None})
    assert numbered.state.findings[L4_INF].height_mm is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"role": "AX_T2"}, "on a sagittal series"),
        ({"role": "SAG_FS"}, "No series fills"),
        ({"lesion_lps_mm": [[0, Y, Z], [0, Y, Z], [0, Y, Z + 5]]}, "same point"),
        ({"lesion_lps_mm": [[0, Y, Z], [8, Y + 9, Z], [0, Y, Z + 5]]}, "different slices"),
        ({"lesion_lps_mm": [[0, 0, 900], [0, 9, 900], [0, 5, 890]]}, "outside the images"),
        ({"body_height_lps_mm": [[0, Y, Z], [0, Y, Z]]}, "length is zero"),
        ({"body_height_lps_mm": [[0, Y, Z], [0, Y, Z + 5]]}, "of the whole"),
    ],
)
def test_points_that_make_no_sense_are_refused(case, kit, change, why):
    """Points that cannot be a measurement are refused with the reason."""
    case.put_images(*(s for s in kit.three_series() if s.role != "SAG_FS"))
    with case.open() as session:
        case.do(session, *kit.number_the_spine(), grade())
        with pytest.raises(ActRefusedError, match=why):
            case.do(session, measure(9.0) | change)


def test_only_a_change_is_measured(case, numbered):
    """An endplate without a change has no size."""
    none = {"act": "grade", "endplate": "L4-inferior", "modic": "absent"}
    with pytest.raises(ActRefusedError, match="holds no Modic change"):
        case.do(numbered, none, measure(9.0))


def test_short_lines_are_carried_on_along_their_chord(case, numbered):
    """Where the other endplate's line ends in front of the lesion its chord is carried on."""
    short = edge("L4-superior") | {
        "polyline_lps_mm": [[0.0, Y - 5, Z + 15], [0.0, Y, Z + 15], [0.0, Y + 5, Z + 15]]
    }
    case.do(numbered, grade(), edge("L4-inferior"), short, measure(9.0))
    assert numbered.state.findings[L4_INF].body_height_mm == pytest.approx(30.0)


def test_a_line_along_the_body_axis_is_no_start_of_a_height():
    """An endplate line that runs along the height or ends before it leaves the chord."""
    plane = Plane(np.array([1.0, 0.0, 0.0]))
    size = lesion_size(plane, [(0, 0, 0), (0, 10, 0), (0, 5, 5)], None)
    assert from_endplate(plane, size, ((0.0, 5.0, -20.0), (0.0, 5.0, 20.0))) is None
    assert from_endplate(plane, size, ((0.0, 6.0, 1.0), (0.0, 9.0, 1.0))) is None
    folded = ((0.0, 0.0, -4.0), (0.0, 9.0, -4.0), (0.0, 9.0, 1.0), (0.0, 0.0, 1.0))
    assert from_endplate(plane, size, folded).height_mm == pytest.approx(4.0)


def test_lines_along_the_body_axis_give_no_body_height():
    """Two lines that run along the lesion's height have no distance along it."""
    plane = Plane(np.array([1.0, 0.0, 0.0]))
    size = lesion_size(plane, [(0, 0, 0), (0, 10, 0), (0, 5, 5)], None)
    upright = ((0.0, 3.0, -20.0), (0.0, 3.0, 20.0))
    level = ((0.0, 0.0, 30.0), (0.0, 10.0, 30.0))
    assert thickness(plane, size, (upright, level)) is None
    assert thickness(plane, size, (level, upright)) is None
