"""Grading endplates: what a key may and may not do to a finding."""

from __future__ import annotations

import pytest

from modic_annotate.domain.finding import Finding, Origin
from modic_annotate.domain.modic import Assessment, ModicType, Presence, Signal
from modic_annotate.domain.spine import Endplate
from modic_annotate.errors import ActRefusedError

L4_INF = Endplate.parse("L4-inferior")


def grade(component=None, endplate="L4-inferior"):
    modic = "absent" if component is None else "present"
    return {"act": "grade", "endplate": endplate, "modic": modic, "component": component}


def add(component):
    return {"act": "add_component", "endplate": "L4-inferior", "component": component}


EQUAL = {"act": "equal_shares", "endplate": "L4-inferior"}
UNDETERMINED = {"act": "type_undetermined", "endplate": "L4-inferior"}
CLEAR = {"act": "clear_finding", "endplate": "L4-inferior"}
CANNOT = {"act": "cannot_read", "endplate": "L4-inferior", "reason": "motion"}


@pytest.mark.parametrize(
    ("acts", "words"),
    [
        ([grade()], "none"),
        ([grade("1")], "type 1"),
        ([grade("2"), add("1")], "type 2 > 1"),
        ([grade("1"), add("2"), EQUAL], "type 1 = 2"),
        ([grade("3"), add("1"), add("2")], "type 3 > 1 > 2"),
        ([grade("1"), add("3"), EQUAL, add("2")], "type 1 = 3 > 2"),
        ([UNDETERMINED], "type undetermined"),
        ([CANNOT], "cannot be read"),
        ([grade("1"), CLEAR], "not read"),
        ([grade("1"), CLEAR, grade()], "none"),
    ],
)
def test_acts_give_these_words(case, numbered, acts, words):
    """Each way of grading gives the finding its words, in the order of the components."""
    case.do(numbered, *acts)
    assert numbered.state.findings[L4_INF].words == words


@pytest.mark.parametrize("first", [grade(), grade("2"), UNDETERMINED, CANNOT])
@pytest.mark.parametrize("second", [grade(), grade("1"), UNDETERMINED, CANNOT])
def test_graded_endplate_is_not_overwritten(case, numbered, first, second):
    """A stray digit on a read endplate is refused, says how to go on, and changes nothing."""
    case.do(numbered, first)
    before = numbered.state
    n_lines = len(numbered.journal.entries)
    with pytest.raises(ActRefusedError, match="press Delete to reopen, or Backspace to undo"):
        case.do(numbered, second)
    assert numbered.state is before
    assert len(numbered.journal.entries) == n_lines


def test_refusal_names_endplate_and_finding(case, numbered):
    """The refusal says which endplate is graded, and as what."""
    case.do(numbered, grade("2"))
    with pytest.raises(ActRefusedError) as refused:
        case.do(numbered, grade())
    assert str(refused.value) == (
        "L4 inferior is already graded (type 2); press Delete to reopen, or Backspace to undo"
    )


@pytest.mark.parametrize(
    ("acts", "why"),
    [
        ([grade(endplate="S1-inferior")], "scope runs from T12 inferior to S1 superior"),
        ([grade(endplate="L6-superior")], "is not read in this spine"),
        ([{**grade(), "component": "1"}], "no change has no type"),
        ([{**grade("1"), "component": None}], "needs its type"),
        ([add("1")], "not read yet"),
        ([grade(), add("1")], "holds no Modic change"),
        ([grade("1"), add("1")], "has type 1 already"),
        ([UNDETERMINED, add("1")], "undetermined type"),
        ([grade("1"), EQUAL], "one component"),
        ([grade("1"), add("2"), EQUAL, EQUAL], "equal shares already"),
        ([CLEAR], "open already"),
    ],
)
def test_acts_without_meaning_are_refused(case, numbered, acts, why):
    """An act that has no meaning in the present state is refused with the reason."""
    case.do(numbered, *acts[:-1])
    with pytest.raises(ActRefusedError, match=why):
        case.do(numbered, acts[-1])


def test_each_field_keeps_its_origin_and_time(case, numbered):
    """What a key graded says so, field by field, with the time of the act."""
    case.do(numbered, grade("1"), origin=Origin.MOUSE)
    case.do(numbered, add("2"))
    finding = numbered.state.findings[L4_INF]
    assert finding.origins["modic"] == Origin.MOUSE
    assert finding.origins["components"] == Origin.KEY
    assert finding.committed_at == numbered.journal.entries[-1].at


def test_cannot_read_keeps_its_reason(case, numbered):
    """An endplate that cannot be read is neither unread nor normal, and says why."""
    case.do(numbered, CANNOT)
    finding = numbered.state.findings[L4_INF]
    assert finding.assessment == Assessment.NOT_ASSESSABLE
    assert finding.modic == Presence.INDETERMINATE
    assert finding.assessment_reason == "motion"


def test_without_t1_only_an_undetermined_type_can_be_said(case, kit):
    """Without a T1 series a change has no named type (T1 decides between 1 and 2)."""
    _, t2, fs = kit.three_series()
    case.put_images(t2, fs)
    acts = [a | {"role": "SAG_T2"} if "role" in a else a for a in kit.number_the_spine()]
    with case.open() as session:
        case.do(session, *acts)
        with pytest.raises(ActRefusedError, match="only 'type undetermined'"):
            case.do(session, grade("1"))
        case.do(session, UNDETERMINED)
        assert session.state.findings[L4_INF].t1_signal == Signal.NOT_AVAILABLE


def test_all_remaining_none_needs_full_coverage(case, numbered, kit):
    """The bulk key is refused, with the slices still to show, until T1 and T2 were seen whole."""
    bulk = {"act": "all_remaining_none"}
    with pytest.raises(ActRefusedError, match="15 of 15 slices of SAG T1 not shown"):
        case.do(numbered, bulk)
    case.do(numbered, grade("1"), *kit.show_all(), bulk)
    findings = numbered.state.findings.values()
    assert [f.words for f in findings].count("none") == 11
    bulk_origins = {f.origins["modic"] for f in findings if f.endplate != L4_INF}
    assert bulk_origins == {Origin.BULK}
    with pytest.raises(ActRefusedError, match="read already"):
        case.do(numbered, bulk)


def test_scripts_are_held_to_the_slices_they_claim(case, kit):
    """A script's bulk key needs its own claim of coverage, and the claim is no coverage."""
    with case.open() as session:
        case.do(session, *kit.number_the_spine(), origin=Origin.SCRIPT)
        with pytest.raises(ActRefusedError, match="full coverage"):
            case.do(session, {"act": "all_remaining_none"}, origin=Origin.SCRIPT)
        case.do(session, *kit.show_all(), origin=Origin.SCRIPT)
        with pytest.raises(ActRefusedError, match="full coverage"):
            case.do(session, {"act": "all_remaining_none"}, origin=Origin.KEY)
        case.do(session, {"act": "all_remaining_none"}, origin=Origin.SCRIPT)
        assert session.coverage_percent("SAG_T1") == 0


def test_macro_signals_follow_an_added_component(case, numbered):
    """Signals the macro filled for one type become those of the mixture; typed ones stay."""
    typed = {"act": "set_field", "endplate": "L4-inferior", "field": "t2_signal", "value": "iso"}
    case.do(numbered, grade("1"), typed, {"act": "apply_usual", "endplate": "L4-inferior"})
    assert numbered.state.findings[L4_INF].t1_signal == Signal.HYPO
    case.do(numbered, add("2"))
    finding = numbered.state.findings[L4_INF]
    assert (finding.t1_signal, finding.t2_signal) == (Signal.MIXED, Signal.ISO)
    assert finding.types == {ModicType.TYPE_1, ModicType.TYPE_2}
    assert finding.fs_signal is None


def test_clearing_gives_a_blank_finding(case, numbered, kit):
    """A reopened endplate holds nothing of what was said before."""
    case.do(numbered, *kit.read_lesion(), CLEAR)
    assert numbered.state.findings[L4_INF] == Finding(endplate=L4_INF)
