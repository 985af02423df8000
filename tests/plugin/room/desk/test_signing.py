"""Discs, notes, notices, undo, review and signature by keys, without a window."""

from __future__ import annotations

import pytest

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import Contour, ModicType
from modic_annotate.domain.spine import DiscLevel, Endplate
from modic_annotate.session import acts
from modic_annotate.session.session import open_session
from modic_annotate.store.workspace import Workspace
from modic_annotate_napari.desk.desk import Desk
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.keymap import KeyMap
from modic_annotate_napari.present.finding import ROWS
from modic_annotate_napari.steps import returning, review
from modic_annotate_napari.steps.asked import open_fields
from modic_annotate_napari.steps.skills import SKILLS
from tests.plugin.room.desk.hand import L1_SUP, T12_INF, Views, made, press, see_everything


def test_discs_are_none_of_these_by_two_keys(numbered):
    """After full coverage e Enter says of every disc that none of the features is seen."""
    press(numbered, "e", "Enter")
    assert "full coverage" in numbered.message.text
    see_everything(numbered)
    press(numbered, "e", "Enter")
    states = {d.spondylolysis for d in numbered.session.state.discs.values()}
    assert states == {"absent"}


def test_a_disc_feature_is_a_letter_and_a_length_is_typed(numbered):
    """In the disc panel y steps through the states and l takes millimetres."""
    press(numbered, "End", "e", "y", "l")
    numbered.submit("4,5")
    disc = numbered.session.state.discs[DiscLevel.parse("L5/S1")]
    assert disc.spondylolysis == "present"
    assert disc.listhesis_mm == 4.5
    press(numbered, "l")
    numbered.submit("much")
    assert "not a length" in numbered.message.text


def test_a_red_flag_is_out_before_any_signature(numbered):
    """F and a letter notify the site at once."""
    press(numbered, "f", "i")
    (flag,) = numbered.session.state.red_flags
    assert flag.kind == "infection"


@pytest.mark.parametrize("step", Step)
def test_the_site_is_notified_from_every_step(numbered, step):
    """F and a letter, wherever the reader stands; the footer says that the site knows."""
    numbered.go(step)
    press(numbered, "f", "c")
    assert [flag.kind for flag in numbered.session.state.red_flags] == ["cauda_equina"]
    assert numbered.message.text.startswith("Site notified: cauda equina")
    assert numbered.step == step


def test_an_endplate_without_change_is_asked_nothing(numbered):
    """After 0 no field is open, signals least of all; Enter there leads on."""
    press(numbered, "0", "Up")
    assert numbered.active == T12_INF
    assert open_fields(numbered) == ()
    press(numbered, "Enter")
    assert numbered.prompt is None
    assert numbered.active == L1_SUP


def test_scores_volumes_and_derived_labels_stay_off_the_screen():
    """The panel has no row for the endplate score, volume or any derived label."""
    shown = {field for _, _, fields in ROWS for field in fields}
    assert not {f for f in shown if "score" in f or "volume" in f or "teps" in f}
    assert shown <= set(Finding.model_fields)


def test_a_wrong_key_costs_one_undo(numbered):
    """After any one act in the endplates step a single Backspace brings the state before it."""
    see_everything(numbered)
    press(numbered, "2")
    for keys in (("+", "1"), ("=",), ("v",), ("b",), ("g",), ("c", "s"), ("A",), ("e", "Enter")):
        before = numbered.session.state
        press(numbered, *keys)
        if keys == ("=",):
            assert numbered.message.refused  # one component has no equal
            continue
        assert numbered.session.state != before, keys
        press(numbered, "Backspace")
        assert numbered.session.state == before, keys


def test_backspace_undoes_and_redo_redoes(numbered):
    """Backspace and Ctrl+Z take back, Ctrl+Shift+Z does again."""
    press(numbered, "2", "c", "s", "Backspace", "Ctrl+Z")
    assert not numbered.session.state.findings[T12_INF].is_read
    press(numbered, "Ctrl+Shift+Z", "Ctrl+Shift+Z")
    assert numbered.session.state.findings[T12_INF].contour == Contour.SMOOTH


def test_review_leads_to_an_endplate_and_on_to_the_signature(numbered):
    """Enter turns to the chosen row; with none chosen it goes on."""
    press(numbered, "]", "Down", "Down", "Enter")
    assert numbered.step == Step.ENDPLATES
    assert numbered.active == L1_SUP
    press(numbered, "]", "Enter")
    assert numbered.step == Step.SIGN


def test_enter_returns_to_the_line_of_the_review(numbered):
    """From a row of the review Enter asks what is open there, then stands on that row again."""
    press(numbered, "2", "g", "]", "Down", "Enter")
    assert numbered.active == T12_INF
    press(numbered, "Enter")
    assert numbered.prompt.row == "fs_signal"
    press(numbered, "Enter", "u")
    while numbered.prompt is not None:
        press(numbered, "Enter")
    press(numbered, "Enter")
    assert numbered.step == Step.REVIEW
    assert [row.endplate for row in review.rows(numbered.session)][numbered.row - 1] == T12_INF
    press(numbered, "[", "Enter")
    assert numbered.step == Step.ENDPLATES


def test_the_signature_leads_to_what_is_missing_and_back(numbered):
    """G goes to the first gap; when it is closed Enter stands before the signature again."""
    press(numbered, "]", "Enter", "g")
    assert (numbered.step, numbered.active) == (Step.ENDPLATES, T12_INF)
    press(numbered, "0", "Enter")
    assert numbered.step == Step.SIGN
    assert "T12" not in " ".join(returning.gaps(numbered.session))
    press(numbered, "[", "[", "[", "u")
    numbered.submit("looked again")
    press(numbered, "Enter", "]", "]", "g")
    assert numbered.active == L1_SUP


def test_every_gap_leads_somewhere(numbered):
    """What is missing leads to its endplate, to the images, or to the numbering."""
    press(numbered, "2")
    wanted = {returning.goal_of(numbered.session, gap).step for gap in numbered.session.missing()}
    assert wanted == {Step.ENDPLATES}
    press(numbered, "[", "u")
    numbered.submit("looked again")
    first, *_ = numbered.session.missing()
    assert returning.goal_of(numbered.session, first) == returning.Goal(Step.NUMBERING)


def test_signing_says_what_is_missing(numbered):
    """An incomplete reading is not signed; the message lists what is missing."""
    press(numbered, "]", "Enter", "Enter")
    numbered.submit("the patient moved")
    assert not numbered.session.state.signed
    assert "is not read" in numbered.message.text


def test_the_meaning_of_the_signature_can_be_changed(numbered):
    """In the sign step m changes what the signature says."""
    press(numbered, "]", "Enter", "m")
    numbered.submit("second reading")
    assert numbered.meaning == "second reading"


def test_series_are_rated_by_one_key_each(desk):
    """D rates the selected series and selects the next; a lesser rating asks why."""
    press(desk, "d", "l", "Enter")
    assert "a letter, or o for words" in desk.message.text
    press(desk, "m", "n", "Enter", "u", "m", "o")
    desk.submit("")
    assert desk.prompt is not None
    desk.submit("motion; low field")
    rated = made(desk, acts.RateQuality)
    assert [a.rating for a in rated] == ["RID12", "RID13", "RID14"]
    assert [a.reasons for a in rated] == [(), ("motion", "noise"), ("motion", "low field")]


def test_a_case_goes_back_to_the_site_with_a_reason(desk):
    """T closes the case as not read; afterwards nothing is recorded any more."""
    press(desk, "t")
    desk.submit("no sagittal T1")
    assert desk.session.state.returned_to_site == "no sagittal T1"
    press(desk, "d")
    assert desk.message.refused


def test_a_reading_goes_on_where_it_stood(workspace, numbered):
    """Opened again, the desk stands at the endplate of the last act."""
    press(numbered, "0", "Down", "2")
    numbered.session.close()
    with open_session(Workspace.open(workspace), "K7Q-04", "R01") as session:
        again = Desk(session, Views(session), KeyMap(), SKILLS)
        assert again.step == Step.ENDPLATES
        assert again.active == Endplate.parse("L1-inferior")


def test_an_unknown_key_is_answered_in_words(numbered):
    """A key without a meaning changes nothing and points to the key table."""
    before = len(numbered.session.journal.entries)
    press(numbered, "7", "u", "Left")
    assert len(numbered.session.journal.entries) == before
    assert "? shows the keys" in numbered.message.text


def test_components_are_typed_values(numbered):
    """What a digit records is a Modic type, predominant first."""
    press(numbered, "3", "+", "1")
    assert [c.modic_type for c in numbered.finding.components] == [
        ModicType.TYPE_3,
        ModicType.TYPE_1,
    ]


@pytest.mark.parametrize(
    ("percent", "said"),
    [
        (49.97, "49.97% [25,50)"),
        (49.9, "49.9% [25,50)"),
        (50.0, "50% [50,100]"),
        (24.6, "24.6% [0,25)"),
        (31.2, "31% [25,50)"),
    ],
)
def test_a_share_close_to_a_boundary_is_told_more_closely(percent, said):
    """A share is rounded to whole percent, but not so that it seems to lie in another category."""
    from modic_annotate_napari.present.finding import _share

    assert _share(percent, None) == said
