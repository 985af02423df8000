"""What holds of roles whatever a header says."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modic_annotate.domain.series import FatTechnique, Plane, SeriesRole, Weighting
from modic_annotate.imaging.roles.image_types import Mark
from modic_annotate.imaging.roles.judging import role_of, slot_of
from modic_annotate.imaging.roles.numbers import numbers_of
from tests.imaging.role_cases import NAMES, NUMBERS
from tests.imaging.role_headers import AXIAL, CORONAL, SAGITTAL, header, judged

NOISE = ("lumbar", "spine", "Smith", "rpt", "4mm", "320", "neu", "hosp", "#2", "LWS", "routine")
"""Words that say nothing of a technique."""

unhurried = settings(deadline=None)  # a busy machine is no fault

names = st.sampled_from([case.words for case in NAMES])
times = st.sampled_from([case.facts for case in NUMBERS])
texts = names | st.text(max_size=24)
marks = st.frozensets(st.sampled_from(list(Mark)))


def words_removed(facts: dict) -> dict:
    """Return facts without the fields that hold words."""
    return {k: v for k, v in facts.items() if k not in ("protocol_name", "sequence_name")}


@unhurried
@given(words=texts, facts=times)
def test_words_never_change_the_weighting_that_numbers_give(words, facts) -> None:
    """Where numbers name a weighting, no name of the series makes it another, but STIR is T2."""
    said = header(words, **words_removed(facts))
    shown = numbers_of(said).weighting
    found = role_of(said)
    if shown is not None and found.fat is not FatTechnique.STIR:
        assert found.weighting is shown


@unhurried
@given(words=texts, facts=times)
def test_words_never_open_a_slot_of_another_weighting(words, facts) -> None:
    """A name over T1 numbers never makes a T2 slot, nor the other way round."""
    said = header(words, **words_removed(facts))
    shown, role = numbers_of(said).weighting, role_of(said).role
    if shown is Weighting.T1:
        assert role in (SeriesRole.SAG_T1, SeriesRole.OTHER)
    if shown is Weighting.T2:
        assert role in (SeriesRole.SAG_T2, SeriesRole.SAG_FS, SeriesRole.OTHER)


@unhurried
@given(words=texts, facts=times, orientation=st.sampled_from([SAGITTAL, AXIAL, CORONAL, None]))
def test_an_agent_keeps_t1_and_fat_suppressed_slots_closed(words, facts, orientation) -> None:
    """With an agent stated no series fills SAG_T1, SAG_FS or AX_T1, whatever else it says."""
    given_agent = header(words, **{**facts, "agent": True}, orientation=orientation)
    closed = (SeriesRole.SAG_T1, SeriesRole.SAG_FS, SeriesRole.AX_T1)
    assert role_of(given_agent).role not in closed


@unhurried
@given(case=st.sampled_from(NAMES), word=st.sampled_from(NOISE), in_front=st.booleans())
def test_words_without_meaning_change_nothing(case, word, in_front) -> None:
    """A site, a size or a name in front or behind leaves role and technique as they are."""
    if case.fat in ("water", "fat") or case.words == "MR MYELO":
        return  # GE's WATER: stands in front and others' _Water at the end
    text = f"{word} {case.words}" if in_front else f"{case.words} {word}"
    alone = judged(words=case.words, sequence=None, options=None)
    assert judged(words=text, sequence=None, options=None) == alone


@unhurried
@given(case=st.sampled_from(NAMES), style=st.sampled_from([str.upper, str.lower, str.swapcase]))
def test_case_changes_nothing(case, style) -> None:
    """Upper and lower case mean the same."""
    alone = judged(words=case.words, sequence=None, options=None)
    assert judged(words=style(case.words), sequence=None, options=None) == alone


@pytest.mark.parametrize("case", NAMES, ids=lambda case: case.id)
def test_signs_between_words_change_nothing(case) -> None:
    """Underscores, dots and commas are blanks."""
    alone = judged(words=case.words, sequence=None, options=None)
    for sign in ("_", "  ", ".", ",", ";", " : "):
        text = sign.join(case.words.replace("_", " ").split())
        assert judged(words=text, sequence=None, options=None) == alone, text


@unhurried
@given(words=texts, protocol=texts, facts=times)
def test_the_role_follows_from_what_is_shown_beside_it(words, protocol, facts) -> None:
    """Two series of one plane, weighting, fat technique and marks fill the same slot."""
    one = header(words, **{**facts, "protocol_name": protocol})
    found = role_of(one)
    unmarked = slot_of(Plane.SAGITTAL, found.weighting, found.fat, set())
    assert found.role in (unmarked, SeriesRole.OTHER)
    assert role_of(one) == found


@unhurried
@given(st.sampled_from(list(product(Plane, Weighting, FatTechnique))), marks)
def test_a_slot_holds_only_its_technique(technique, marked) -> None:
    """No plane, weighting, fat technique or mark puts a series into a slot that belies it."""
    plane, weighting, fat = technique
    role = slot_of(plane, weighting, fat, marked)
    if role is SeriesRole.OTHER:
        return
    assert plane is (Plane.AXIAL if role.startswith("AX") else Plane.SAGITTAL)
    plain = fat in (FatTechnique.NONE, FatTechnique.IN_PHASE)
    assert plain is (role is not SeriesRole.SAG_FS)
    assert (
        weighting
        in {
            SeriesRole.SAG_T1: (Weighting.T1,),
            SeriesRole.AX_T1: (Weighting.T1,),
            SeriesRole.SAG_T2: (Weighting.T2,),
            SeriesRole.AX_T2: (Weighting.T2,),
            SeriesRole.SAG_FS: (Weighting.T2, Weighting.PD),
        }[role]
    )
    assert marked <= {Mark.CONTRAST}


@unhurried
@given(st.sampled_from(list(product(Plane, Weighting, FatTechnique))), marks, marks)
def test_marks_only_close_slots(technique, some, more) -> None:
    """A further mark leaves the slot or makes it OTHER, never another slot."""
    before = slot_of(*technique, some)
    assert slot_of(*technique, some | more) in (before, SeriesRole.OTHER)


@unhurried
@given(text=st.text(max_size=60))
def test_any_text_can_be_judged(text) -> None:
    """Whatever stands in a description, judging it gives a role; without words it gives none."""
    found = role_of(header(text, sequence=None, options=None))
    assert (found.confidence == "none") == (found.weighting is Weighting.UNKNOWN)
