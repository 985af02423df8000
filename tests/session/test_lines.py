"""Endplate lines: placed by the reader, else estimated from the body centres."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest

from modic_annotate.domain.numbering import BodyCentre, Numbering
from modic_annotate.domain.spine import Endplate, Vertebra, endplates_between, spine_order
from modic_annotate.errors import ActRefusedError
from modic_annotate.session.lines import body_outlines
from modic_annotate.session.spine_geometry import (
    AP_LENGTH_MM,
    BODY_SHARE,
    USUAL_AP_LENGTH_MM,
    SpineCurve,
)

ROOT = Path(__file__).parents[2]


def arc(count=5, radius=180.0):
    """Place bodies on a lordotic arc: 34 mm apart, the hollow of the back behind."""
    names = ("S1", *(f"L{i}" for i in range(count, 0, -1)), "T12")
    points = {}
    for i, name in enumerate(names):
        angle = 34.0 / radius * (i - 3)
        y = -40.0 + radius * (1 - math.cos(angle))
        points[name] = (0.0, y, radius * math.sin(angle))
    return points


def place(points):
    return [
        {"act": "place_body", "vertebra": v, "centroid_lps_mm": p, "role": "SAG_T1"}
        for v, p in points.items()
    ]


def test_estimates_lie_on_the_endplates_of_an_arc(case, session):
    """On an even arc every estimated line lies within half a millimetre of its endplate."""
    points = arc()
    case.do(session, *place(points))
    lines = {str(line.endplate): line for line in session.estimated_lines()}
    assert len(lines) == 12
    radius, half = 180.0, BODY_SHARE * 34.0 / 2
    for name, line in lines.items():
        vertebra, surface = name.split("-")
        position = list(points).index(vertebra)
        angle = 34.0 / radius * (position - 3) + (half if surface == "superior" else -half) / radius
        middle = np.array([0.0, -40.0 + radius * (1 - math.cos(angle)), radius * math.sin(angle)])
        anterior = np.array([0.0, -math.cos(angle), math.sin(angle)])
        reach = AP_LENGTH_MM.get(Vertebra(vertebra), USUAL_AP_LENGTH_MM) / 2 * anterior
        expected = [middle + reach, middle - reach]
        assert np.max(np.abs(np.array(line.polyline_lps_mm) - expected)) < 0.6, name
        assert line.method == "estimated"


def test_estimates_turn_with_an_oblique_series(case, kit):
    """In a series turned about the head-foot axis the lines stay in its slice plane."""
    angle = math.radians(12)
    turn = np.array(
        [[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0], [0, 0, 1]]
    )
    turned = []
    for used in kit.three_series():
        matrix = used.grid.matrix.copy()
        matrix[:3] = turn @ matrix[:3]
        grid = used.grid.replace(affine_lps=tuple(map(tuple, matrix.tolist())))
        turned.append(used.replace(grid=grid))
    case.put_images(*turned)
    with case.open() as session:
        case.do(session, *place({v: (turn @ p).tolist() for v, p in arc().items()}))
        normal = session.series_in("SAG_T1").grid.slice_normal_lps
        for line in session.estimated_lines():
            anterior, posterior = np.array(line.polyline_lps_mm)
            assert abs(np.dot(posterior - anterior, normal)) < 1e-3
            assert anterior[1] < posterior[1]


def test_no_estimate_from_less_than_two_bodies(case, session):
    """One centre gives no direction, and so no line."""
    case.do(session, *place({"L5": (0.0, -30.0, 0.0)}))
    assert session.lines == ()


def test_no_estimate_across_a_gap(case, session):
    """Where a body between others is not placed, its endplates have no line."""
    points = arc()
    points.pop("L3")
    case.do(session, *place(points))
    names = {str(line.endplate) for line in session.lines}
    assert not names & {"L3-superior", "L3-inferior", "L2-inferior", "L4-superior"}
    assert "L5-inferior" in names
    outlined = {b.vertebra for b in body_outlines(session.state, session.series)}
    assert "L3" not in outlined
    assert "S1" in outlined
    case.do(session, {"act": "remove_body", "vertebra": "L5"})
    names = {str(line.endplate) for line in session.lines}
    assert not names & {"S1-superior", "L5-inferior"}


def test_bodies_outside_the_spine_have_no_axis_and_no_edge():
    """A label this spine does not have gives no geometry."""
    curve = SpineCurve.of(Numbering(), None)
    assert curve.axis(Vertebra.L6) is None
    assert curve.edge(Endplate.parse("L6-inferior")) is None
    assert curve.axis(Vertebra.L3) is None


def test_two_bodies_give_their_endplates(case, session):
    """Two neighbouring centres give lines, carried on straight beyond them."""
    case.do(session, *place({"L4": (0.0, -30.0, 17.0), "L5": (0.0, -30.0, -17.0)}))
    names = [str(line.endplate) for line in session.lines]
    expected = ["L4-superior", "L4-inferior", "L5-superior", "L5-inferior"]
    assert set(expected) <= set(names)


def test_placed_line_takes_the_place_of_the_estimate(case, numbered, kit):
    """A drawn endplate replaces its estimate and says on which slice it was drawn."""
    x, y, z = kit.centre_of("L4")
    polyline = [[x, y - 17, z - 12], [x, y, z - 11], [x, y + 17, z - 12]]
    act = {
        "act": "place_endplate",
        "endplate": "L4-inferior",
        "polyline_lps_mm": polyline,
        "role": "SAG_T2",
    }
    case.do(numbered, act)
    (placed,) = [line for line in numbered.lines if line.method == "placed"]
    t2 = numbered.series_in("SAG_T2")
    assert placed.series_uid == t2.series_uid
    assert placed.sop_instance_uid == t2.instances[8].sop_instance_uid
    assert len(numbered.lines) == 12
    assert len(numbered.estimated_lines()) == 11
    case.do(numbered, act | {"polyline_lps_mm": polyline[:2]})
    assert len([line for line in numbered.lines if line.method == "placed"]) == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"endplate": "L6-inferior"}, "does not exist in this spine"),
        ({"polyline_lps_mm": [[0, 10, 0], [0, -20, 0]]}, "draw it from the front"),
        ({"polyline_lps_mm": [[0, -10, 0], [0, 500, 0]]}, "outside the images"),
    ],
)
def test_lines_that_make_no_sense_are_refused(case, numbered, change, why):
    """A line of no endplate, drawn backwards or outside the images is refused."""
    act = {
        "act": "place_endplate",
        "endplate": "L4-inferior",
        "polyline_lps_mm": [[0, -40, 0], [0, -10, 0]],
        "role": "SAG_T1",
    }
    with pytest.raises(ActRefusedError, match=why):
        case.do(numbered, act | change)


def test_bodies_are_outlined_between_their_lines(case, session, kit):
    """A signed reading outlines every body from its upper edge round to its lower one."""
    case.do(session, *kit.read_normal(), kit.sign)
    reading, _ = case.ws.reading("case1", "r1-1")
    assert [b.vertebra for b in reading.bodies] == ["T12", "L1", "L2", "L3", "L4", "L5", "S1"]
    for body in reading.bodies:
        top_front, top_back, bottom_back, bottom_front = body.polyline_lps_mm
        assert top_front[1] < top_back[1]
        assert bottom_front[1] < bottom_back[1]
        assert bottom_back[2] < top_back[2]


def test_estimates_are_near_the_endplates_of_the_sample():
    """On the sample's anatomy every estimated line lies within 3 mm of the true endplate."""
    truth = json.loads((ROOT / "sample_dicom" / "truth.json").read_text("utf-8"))
    bodies = tuple(
        BodyCentre(vertebra=b["vertebra"], centroid_lps_mm=b["centroid_lps_mm"], origin="mouse")
        for b in truth["bodies"]
        if b["vertebra"] in spine_order(5)
    )
    curve = SpineCurve.of(Numbering(bodies=bodies, lumbar_count=5), None)
    edges = {e["endplate"]: np.array(e["polyline_lps_mm"]) for e in truth["endplates"]}
    for endplate in endplates_between(spine_order(5)):
        front, back = np.array(curve.edge(endplate))
        for share in np.linspace(0, 1, 9):
            point = front + share * (back - front)
            assert off_polyline_mm(point, edges[str(endplate)]) < 3.0, endplate


def off_polyline_mm(point, polyline):
    """Return the distance of a point from a polyline."""
    found = []
    for a, b in itertools.pairwise(polyline):
        share = np.clip(np.dot(point - a, b - a) / np.dot(b - a, b - a), 0, 1)
        found.append(float(np.linalg.norm(point - a - share * (b - a))))
    return min(found)
