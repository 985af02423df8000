"""Numbering by keys and clicks, without a window."""

from __future__ import annotations

import pytest

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Vertebra
from modic_annotate.session import acts
from modic_annotate_napari.desk.where import Step
from tests.plugin.room.desk.hand import made, press


def test_clicks_count_themselves_from_s1_upward(desk, truth):
    """The first click is S1, the next L5, and so on to T12."""
    press(desk, "Enter")
    for centre in truth.centres.values():
        desk.click(SeriesRole.SAG_T1, centre)
    clicked = [act.vertebra for act in made(desk, acts.PlaceBody)]
    assert clicked == [Vertebra(v) for v in ["S1", "L5", "L4", "L3", "L2", "L1", "T12"]]
    assert {e.origin for e in desk.session.journal.entries} == {Origin.MOUSE}


def test_a_click_near_a_centre_moves_it(desk, truth):
    """A click within a few millimetres of a centre corrects that body and names no new one."""
    press(desk, "Enter")
    x, y, z = truth.centres[Vertebra.S1]
    desk.click(SeriesRole.SAG_T1, (x, y, z))
    desk.click(SeriesRole.SAG_T1, (x, y + 4, z + 2))
    bodies = desk.session.state.numbering.bodies
    assert [b.vertebra for b in bodies] == [Vertebra.S1]
    assert bodies[0].centroid_lps_mm == pytest.approx((x, y + 4, z + 2), abs=1e-3)


def test_nothing_is_signed_before_everything_is_said(desk, truth):
    """Enter does not sign a numbering that lacks bodies, method or confidence; it says what."""
    press(desk, "Enter", "Enter")
    assert desk.step == Step.NUMBERING
    assert desk.message.refused
    assert "place S1" in desk.message.text


def test_each_question_of_the_numbering_is_a_letter_and_an_answer(desk):
    """Method, confidence, count and transitional anatomy take two keys each."""
    press(desk, "Enter", "m", "r", "c", "d", "b", "x", "t", "a", "v", "i", "d", "l")
    said = desk.session.state.numbering
    assert (said.method, said.confidence, said.lumbar_count) == ("thoracolumbar_rib", "definite", 6)
    assert (said.lstv_castellvi, said.lstv_variant) == ("Ia", "indeterminate")
    assert said.report_offset == 1


def test_an_l6_spine_has_fourteen_endplates(desk, truth):
    """Stating six lumbar bodies renames those placed, asks for one more, and widens the scope."""
    press(desk, "Enter")
    for centre in truth.centres.values():
        desk.click(SeriesRole.SAG_T1, centre)
    press(desk, "b", "x")
    x, y, z = truth.centres[Vertebra.T12]
    desk.click(SeriesRole.SAG_T1, (x, y + 6, z + 33))
    press(desk, "m", "a", "c", "p", "t", "n", "Enter")
    assert len(desk.session.scope) == 14


def test_the_usual_numbering_needs_the_bodies_first(desk, truth):
    """One key states the common case, but never before S1 to T12 are clicked."""
    press(desk, "Enter", "g")
    assert desk.message.refused
    assert desk.session.state.numbering.method is None


def test_endplates_open_once_the_numbering_is_signed(desk):
    """The steps behind the numbering are closed until it is signed."""
    press(desk, "]", "]")
    assert desk.step == Step.NUMBERING
    assert "Sign the numbering first" in desk.message.text


def test_reopening_asks_for_a_reason(numbered):
    """A signed numbering reopens with words, not without."""
    press(numbered, "[", "u")
    numbered.submit("  ")
    assert numbered.session.state.numbering.signed_at is not None
    numbered.submit("L5 was S1")
    assert numbered.session.state.numbering.signed_at is None
