"""Values that do not go together, or are less sure than they look, are named, never corrected."""

from __future__ import annotations

import pytest

from modic_annotate.domain.finding import Finding, Measurement, MeasurementMethod
from modic_annotate.domain.modic import Component, Presence
from modic_annotate.session.contradictions import contradictions, notices

L4_INF = "L4-inferior"


def change(types="1", **fields):
    """Build a read change of some types."""
    return Finding.model_validate(
        {
            "endplate": L4_INF,
            "assessment": "assessed",
            "modic": Presence.PRESENT,
            "components": tuple(Component(modic_type=t) for t in types),
        }
        | fields
    )


CALLIPER = Measurement(method=MeasurementMethod.CALLIPER, error_percent=5.0)


@pytest.mark.parametrize(
    ("finding", "warning"),
    [
        (change("1", t1_signal="hypo", t2_signal="hyper", fs_signal="high"), None),
        (change("2", t1_signal="hyper", t2_signal="iso", fs_signal="partly_suppressed"), None),
        (change("3", t1_signal="hypo", t2_signal="hypo"), None),
        (change("12", t1_signal="mixed", t2_signal="hyper"), None),
        (change("2", t1_signal="hypo"), "type 2 is hyper on T1, recorded is hypo"),
        (change("1", t2_signal="hypo"), "type 1 is hyper on T2, recorded is hypo"),
        (change("1", t1_signal="mixed"), "type 1 is hypo on T1, recorded is mixed"),
        (change("3", t2_signal="not_available"), "type 3 rests on T1 and T2"),
        (change("1", fs_signal="iso"), "type 1 is high on a fat-suppressed series"),
        (change("2", fs_signal="high"), "without type 1, yet high on a fat-suppressed series"),
        (
            change(height_percent=40.0, height_category="endplate_only"),
            "height category is endplate only, yet the height is 40 %",
        ),
        (change(height_percent=12.0, height_category="endplate_only"), None),
        (
            change(attribution="degenerative", mimics=("infection",)),
            "cause degenerative, yet infection was considered",
        ),
        (
            change(attribution="degenerative", contour="destructive"),
            "cause degenerative, yet the contour is destructive",
        ),
        (change(attribution="degenerative", mimics=("hemangioma",)), None),
        (change(attribution="other", contour="destructive", mimics=("infection",)), None),
        (change("", type_undetermined=True, t1_signal="hyper"), None),
    ],
)
def test_warning_names_both_values(numbered, finding, warning):
    """A contradiction names what was said and what speaks against it; agreement is silent."""
    found = contradictions(numbered.state.with_finding(finding))
    if warning is None:
        assert found == ()
    else:
        assert len(found) == 1
        assert found[0].startswith("L4 inferior: ")
        assert warning in found[0]


@pytest.mark.parametrize(
    ("finding", "noticed"),
    [
        (
            change(height_percent=48.0, height_category="[25,50)", height_measurement=CALLIPER),
            "L4 inferior: height 48 % lies 2.0 from the boundary 50 %, within its error of 5.0",
        ),
        (change(height_percent=40.0, height_measurement=CALLIPER), None),
        (change(height_percent=48.0, height_category="[25,50)"), None),
        (
            change(ap_percent=26.0, ap_measurement=CALLIPER),
            "L4 inferior: AP extent 26 % lies 1.0 from the boundary 25 %, within its error of 5.0",
        ),
    ],
)
def test_closeness_to_a_boundary_is_noticed_and_no_contradiction(numbered, finding, noticed):
    """A share whose error reaches over a boundary is named, and contradicts nothing."""
    draft = numbered.state.with_finding(finding)
    assert notices(draft) == ((noticed,) if noticed else ())
    assert contradictions(draft) == ()


def test_a_measured_boundary_is_noticed_by_the_session_and_not_stored(case, numbered, kit):
    """The session tells of a boundary nearby; the signed reading holds no contradiction of it."""
    case.do(numbered, *kit.show_all(), *kit.read_lesion(height="[0,25)"))
    assert numbered.notices() == ()
    points = [[0.0, -38.0, -22.0], [0.0, -20.0, -22.0], [0.0, -30.0, -15.0]]
    body = [[0.0, -30.0, -22.0], [0.0, -30.0, 6.0]]
    measured = {"act": "measure", "endplate": "L4-inferior", "role": "SAG_T1"}
    case.do(numbered, measured | {"lesion_lps_mm": points, "body_height_lps_mm": body})
    (noticed,) = numbered.notices()
    assert noticed.startswith("L4 inferior: height 25 % lies 0.0 from the boundary 25 %")
    assert numbered.contradictions() == ()
    case.do(numbered, {"act": "all_remaining_none"}, kit.sign)
    assert case.ws.reading("case1", "r1-1")[0].contradictions == ()


@pytest.mark.parametrize(("kind", "warned"), [("infection", True), ("cauda_equina", False)])
def test_notice_to_the_site_speaks_against_degeneration(case, numbered, kit, kind, warned):
    """A site notified of infection or tumour does not go with a change called degenerative."""
    case.do(numbered, *kit.read_lesion(), {"act": "raise_red_flag", "kind": kind})
    assert bool(numbered.contradictions()) == warned


def test_wide_gap_between_bodies_is_suspected(case, session, kit):
    """Centres much further apart than the others suggest a skipped body."""
    *placed, _, _ = kit.number_the_spine()
    case.do(session, *placed, {"act": "remove_body", "vertebra": "L3"})
    (warning,) = session.contradictions()
    assert warning.startswith("L2 and L4 lie ")
    assert "no body was skipped" in warning
