"""Warnings: values that do not go together are named, and never corrected."""

from __future__ import annotations

import pytest

from modic_annotate.domain.finding import Finding, Measurement, MeasurementMethod
from modic_annotate.domain.modic import Component, Presence
from modic_annotate.session.contradictions import contradictions

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
            change(height_percent=48.0, height_category="[25,50)", height_measurement=CALLIPER),
            "height 48 % lies 2.0 from the boundary 50 %, within its error of 5.0",
        ),
        (change(height_percent=40.0, height_measurement=CALLIPER), None),
        (
            change(ap_percent=26.0, ap_measurement=CALLIPER),
            "AP extent 26 % lies 1.0 from the boundary 25 %",
        ),
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
