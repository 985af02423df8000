"""Discs, notices to the site, the note, and the signature's conditions."""

from __future__ import annotations

import pytest

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.modic import Assessment, TriState
from modic_annotate.domain.spine import DiscLevel
from modic_annotate.errors import ActRefusedError, IncompleteReadingError, ReadingSignedError
from modic_annotate.store.audit import read_chain

L4_5 = DiscLevel.parse("L4/5")


def disc(name, value, level="L4/5"):
    return {"act": "set_disc_field", "disc": level, "field": name, "value": value}


NONE = {"act": "discs_none"}


def test_discs_follow_the_numbering(numbered):
    """Every disc from T12/L1 to L5/S1 begins not read."""
    discs = numbered.state.discs
    assert [str(d) for d in discs] == ["T12/L1", "L1/2", "L2/3", "L3/4", "L4/5", "L5/S1"]
    assert {d.assessment for d in discs.values()} == {Assessment.NOT_READ}


def test_a_set_field_makes_a_disc_read(case, numbered):
    """A disc of which something is said counts as read, with the value's origin."""
    case.do(numbered, disc("extrusion_mm", 4.5), origin=Origin.MOUSE)
    finding = numbered.state.discs[L4_5]
    assert (finding.extrusion_mm, finding.assessment) == (4.5, Assessment.ASSESSED)
    assert finding.origins["extrusion_mm"] == Origin.MOUSE
    case.do(numbered, disc("extrusion_mm", None))
    assert numbered.state.discs[L4_5].extrusion_mm is None


def test_none_of_these_comes_after_coverage_and_spares_what_is_read(case, numbered, kit):
    """One act says of the unread discs that nothing is seen, after coverage, kept as bulk."""
    with pytest.raises(ActRefusedError, match="full coverage"):
        case.do(numbered, NONE)
    case.do(numbered, disc("stenosis", "present"), *kit.show_all(), NONE)
    discs = numbered.state.discs
    assert discs[L4_5].stenosis == TriState.PRESENT
    assert discs[L4_5].spondylolysis is None
    other = discs[DiscLevel.parse("L5/S1")]
    assert (other.extrusion_mm, other.facet_effusion) == (0.0, TriState.ABSENT)
    assert set(other.origins.values()) == {Origin.BULK}
    with pytest.raises(ActRefusedError, match="read already"):
        case.do(numbered, NONE)


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (disc("extrusion_mm", -1), "Disc L4/5 does not take this"),
        (disc("stenosis", "maybe"), "Disc L4/5 does not take this"),
        (disc("origins", {}), "settable are"),
        (disc("note", None), "never null"),
        (disc("stenosis", "absent", level="L5/6"), "is no disc of this spine"),
    ],
)
def test_disc_values_that_do_not_fit_are_refused(case, numbered, act, why):
    """Unknown discs and fields, and invalid values, are refused with the reason."""
    with pytest.raises(ActRefusedError, match=why):
        case.do(numbered, act)


def test_discs_wait_for_the_numbering(case, session):
    """No disc is read before the numbering is signed."""
    with pytest.raises(ActRefusedError, match="before reading discs"):
        case.do(session, disc("stenosis", "absent"))


def test_red_flag_stands_and_is_audited_without_its_text(case, session):
    """A notice reaches the audit trail at once, without free text, and no undo takes it back."""
    flag = {"act": "raise_red_flag", "kind": "infection", "note": "paravertebral fluid at L2/3"}
    case.do(session, {"act": "note", "text": "motion"}, flag, {"act": "undo"})
    assert session.state.note == ""
    assert [f.kind for f in session.state.red_flags] == ["infection"]
    events = [e for e in read_chain(case.ws.store, "case1").entries if "red_flag" in e.event]
    assert [e.facts["kind"] for e in events] == ["infection"]
    assert "paravertebral" not in str(events)


def test_returned_case_is_closed(case, session):
    """A case returned to the site takes no further act and says why."""
    case.do(session, {"act": "return_to_site", "reason": "no T1"})
    with pytest.raises(ActRefusedError, match="returned to the site"):
        case.do(session, {"act": "note", "text": "late"})
    assert not session.can_undo
    with pytest.raises(ActRefusedError, match="returned to the site"):
        case.do(session, {"act": "undo"})


def test_signature_lists_all_that_is_missing(case, session, kit):
    """A person's signature is refused with everything that is missing, in one list."""
    case.do(session, *kit.number_the_spine())
    case.do(
        session,
        {"act": "grade", "endplate": "L4-inferior", "modic": "present", "component": "1"},
        {"act": "show", "role": "SAG_T1", "slices": [0, 1, 2]},
    )
    with pytest.raises(IncompleteReadingError) as refused:
        case.do(session, kit.sign)
    assert refused.value.missing == session.missing()
    assert "T12 inferior is not read" in refused.value.missing
    assert "12 of 15 slices of SAG T1 not shown" in refused.value.missing
    assert "17 of 17 slices of SAG T2 not shown" in refused.value.missing
    lacking = "L4 inferior lacks T1 signal, T2 signal, height, contour, cause, confidence"
    assert lacking in refused.value.missing
    assert not session.state.signed


def test_unsigned_numbering_says_what_it_needs(session):
    """Before numbering, the list says that it is not signed and what it needs."""
    first = session.missing()[0]
    assert first.startswith("the numbering is not signed; say how the levels were counted")
    assert "place S1" in first


def test_missing_fields_come_in_the_protocols_order(case, numbered):
    """What is open of a change is listed in the order the protocol asks, optional ones too."""
    case.do(
        numbered,
        {"act": "grade", "endplate": "L4-inferior", "modic": "present", "component": "2"},
        {"act": "apply_usual", "endplate": "L4-inferior"},
    )
    finding = next(f for f in numbered.state.findings.values() if f.is_read)
    expected = ("fs_signal", "height_category", "ap_category", "zones")
    assert numbered.missing_fields(finding) == expected


def test_reason_stands_for_short_coverage(case, session, kit):
    """A person who says why may sign with slices not shown; the reason is kept."""
    case.do(session, *kit.read_normal()[3:-1])
    none = [
        {"act": "grade", "endplate": str(e), "modic": "absent"}
        for e in session.state.open_endplates
    ]
    case.do(session, *none)
    with pytest.raises(IncompleteReadingError, match="not shown"):
        case.do(session, kit.sign)
    case.do(session, kit.sign | {"not_covered_reason": "outer slices show no bone"})
    reading, _ = case.ws.reading("case1", "r1-1")
    assert reading.not_covered_reason == "outer slices show no bone"
    assert {c.shown_percent for c in reading.coverage} == {0}


def test_nothing_follows_a_signature(case, session, kit):
    """A signed reading refuses every act, undo included."""
    case.do(session, *kit.read_normal(), kit.sign)
    for act in ({"act": "undo"}, {"act": "note", "text": "late"}, kit.sign):
        with pytest.raises(ReadingSignedError, match="start an amendment"):
            case.do(session, act)
    assert not session.can_undo


def test_signature_needs_words(case, session, kit):
    """A signature without a meaning in words is refused."""
    case.do(session, *kit.read_normal())
    with pytest.raises(ActRefusedError, match="meaning in words"):
        case.do(session, kit.sign | {"meaning": "  "})
