"""What had been shown of a body when its endplate was graded."""

from __future__ import annotations

import pytest

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.spine import Endplate

L4_INF, L5_SUP = Endplate.parse("L4-inferior"), Endplate.parse("L5-superior")
THROUGH_T1, THROUGH_T2 = range(2, 13), range(3, 14)
"""Slices 4 mm apart within 20 mm of a centre on the middle one of 15, or of 17."""


def show(role, *slices):
    return {"act": "show", "role": role, "slices": slices}


def none(endplate="L4-inferior"):
    return {"act": "grade", "endplate": endplate, "modic": "absent"}


@pytest.mark.parametrize(
    ("shown", "percent"),
    [
        ([], 0),
        ([show("SAG_T1", *THROUGH_T1)], 50),
        ([show("SAG_T1", *THROUGH_T1), show("SAG_T2", *THROUGH_T2)], 100),
        ([show("SAG_T2", 7, 8), show("SAG_T2", 8)], 100 * 2 / 22),
        ([show("SAG_T1", 0, 1, 13, 14), show("SAG_T2", 0, 1, 2, 14, 15, 16)], 0),
        ([{"act": "show", "role": "SAG_FS", "slices": "all"}], 0),
    ],
)
def test_share_of_the_slices_through_the_body(case, numbered, shown, percent):
    """T1 and T2 slices through the body count once each; those beside it and others do not."""
    case.do(numbered, *shown, none())
    assert numbered.state.findings[L4_INF].coverage_percent == pytest.approx(percent, abs=1e-3)


@pytest.mark.parametrize(
    "graded",
    [
        [none()],
        [{"act": "grade", "endplate": "L4-inferior", "modic": "present", "component": "1"}],
        [{"act": "type_undetermined", "endplate": "L4-inferior"}],
        [{"act": "cannot_read", "endplate": "L4-inferior", "reason": "motion"}],
    ],
)
def test_it_is_what_was_shown_when_the_endplate_was_graded(case, numbered, kit, graded):
    """Slices shown later do not count; an endplate graded anew counts them."""
    case.do(numbered, show("SAG_T1", *THROUGH_T1), *graded, *kit.show_all())
    assert numbered.state.findings[L4_INF].coverage_percent == 50
    case.do(numbered, {"act": "clear_finding", "endplate": "L4-inferior"})
    assert numbered.state.findings[L4_INF].coverage_percent is None
    case.do(numbered, *graded)
    assert numbered.state.findings[L4_INF].coverage_percent == 100


def test_a_changed_grade_is_a_new_moment_and_a_description_is_none(case, numbered, kit):
    """A further component commits the grade again; a field set afterwards does not."""
    case.do(numbered, *kit.read_lesion(), *kit.show_all())
    finding = numbered.state.findings[L4_INF]
    assert finding.coverage_percent == 0
    case.do(numbered, {"act": "add_component", "endplate": "L4-inferior", "component": "2"})
    again = numbered.state.findings[L4_INF]
    assert again.coverage_percent == 100
    assert again.committed_at > finding.committed_at
    case.do(numbered, {"act": "undo"})
    assert numbered.state.findings[L4_INF] == finding


def test_bulk_is_graded_under_full_coverage(case, numbered, kit):
    """Remaining endplates graded none at once were all shown whole."""
    case.do(numbered, *kit.show_all(), {"act": "all_remaining_none"})
    assert {f.coverage_percent for f in numbered.state.findings.values()} == {100}


def test_what_a_script_claims_is_not_shown(case, kit):
    """Under a script nothing was on a screen, whatever it claims."""
    with case.open(driven_by="acts_file") as session:
        case.do(session, *kit.read_normal(), origin=Origin.SCRIPT)
        assert {f.coverage_percent for f in session.state.findings.values()} == {0}


def test_slices_follow_the_bodys_own_place(case, numbered, kit):
    """A body that lies 16 mm to the left has other slices through it than its neighbour."""
    x, y, z = kit.centre_of("L5")
    moved = {"act": "place_body", "vertebra": "L5", "role": "SAG_T1"}
    case.do(
        numbered,
        {"act": "reopen_numbering", "reason": "L5 lies to the left"},
        moved | {"centroid_lps_mm": [x + 16, y, z]},
        {"act": "sign_numbering"},
        show("SAG_T1", *range(8)),
        show("SAG_T2", *range(9)),
        none(),
        none("L5-superior"),
    )
    findings = numbered.state.findings
    assert findings[L4_INF].coverage_percent == pytest.approx(100 * 12 / 22, abs=1e-3)
    assert findings[L5_SUP].coverage_percent == pytest.approx(100 * 17 / 19, abs=1e-3)


def test_only_the_series_there_are_count(case, kit):
    """Without T2 the T1 slices alone count; without both nothing is known."""
    by_role = {used.role: used for used in kit.three_series()}
    case.put_images(by_role["SAG_T1"])
    with case.open() as session:
        case.do(session, *kit.number_the_spine(), show("SAG_T1", *THROUGH_T1), none())
        assert session.state.findings[L4_INF].coverage_percent == 100
        case.do(session, {"act": "return_to_site", "reason": "T2 is missing"})
    case.put_images(by_role["SAG_FS"])
    with case.open() as session:
        on_fs = [
            act | {"role": "SAG_FS"} if "role" in act else act for act in kit.number_the_spine()
        ]
        case.do(session, *on_fs, none())
        assert session.state.findings[L4_INF].coverage_percent is None


def test_what_the_session_cannot_know_stays_unknown(case, numbered, kit):
    """When an endplate was first looked at, and how long, is not guessed from other acts."""
    case.do(numbered, *kit.show_all(), *kit.read_lesion())
    finding = numbered.state.findings[L4_INF]
    assert finding.committed_at is not None
    assert (finding.first_view_at, finding.active_seconds) == (None, None)
