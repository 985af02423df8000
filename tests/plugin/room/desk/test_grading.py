"""Grading by keys, without a window."""

from __future__ import annotations

import itertools

import pytest

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.modic import Presence
from modic_annotate.domain.spine import Endplate
from modic_annotate_napari.key_file import PRESETS
from modic_annotate_napari.keymap import KeyMap, Press
from tests.plugin.room.desk.hand import L1_SUP, S1_SUP, T12_INF, press, see_everything


def test_none_leads_on_to_the_next_open_endplate(numbered):
    """After 0 the endplate below becomes active."""
    assert numbered.active == T12_INF
    press(numbered, "0")
    assert numbered.active == L1_SUP


def test_a_type_stays_for_its_fields(numbered):
    """After 1, 2 or 3 the endplate stays active."""
    press(numbered, "2")
    assert numbered.active == T12_INF


def test_the_way_on_never_leads_to_a_graded_endplate(numbered):
    """Graded endplates are passed over, and after the last one the first open one follows."""
    press(numbered, "Down", "2", "Up", "0")
    assert numbered.active == Endplate.parse("L1-inferior")
    press(numbered, "End", "0")
    assert numbered.active == Endplate.parse("L1-inferior")


def test_a_stray_digit_does_not_overwrite(numbered):
    """2 then 0 stays 2, and the message says how to reopen or undo."""
    press(numbered, "2", "0")
    assert numbered.finding.words == "type 2"
    assert numbered.message.refused
    assert "Delete" in numbered.message.text
    assert "Backspace" in numbered.message.text
    press(numbered, "Delete", "0")
    assert numbered.session.state.findings[T12_INF].modic == Presence.ABSENT


def test_no_grade_outside_the_t1_view(numbered):
    """An endplate that is not inside the T1 canvas cannot be graded, and the message says so."""
    numbered.views.outside = {T12_INF}
    press(numbered, "0", "1", "8")
    assert not numbered.finding.is_read
    assert "outside the T1 view" in numbered.message.text


@pytest.mark.parametrize("repeated", ["0", "1", "A", "Enter", "Backspace", "Down"])
def test_a_held_key_does_nothing(numbered, repeated):
    """Key repeat makes no act and moves nothing but slices."""
    before = len(numbered.session.journal.entries), numbered.active
    for _ in range(30):
        numbered.press(Press(repeated, repeated=True))
    assert (len(numbered.session.journal.entries), numbered.active) == before


def test_a_held_slice_key_goes_on(numbered):
    """Slices may be stepped through by holding the key."""
    for _ in range(5):
        numbered.press(Press(".", repeated=True))
    assert numbered.views.commands == ["slice.next"] * 5


ORDERS = [order for n in (1, 2, 3) for order in itertools.permutations("123", n)]


@pytest.mark.parametrize("order", ORDERS, ids=["".join(o) for o in ORDERS])
def test_every_mixture_takes_few_keys(numbered, order):
    """Each order of components is typed as digit, then plus and digit; the words follow."""
    keys = [order[0], *itertools.chain.from_iterable(("+", c) for c in order[1:])]
    press(numbered, *keys)
    assert numbered.finding.words == "type " + " > ".join(order)
    shifted = {"1": "!", "2": "@", "3": "#"}
    assert len([order[0], *(shifted[c] for c in order[1:])]) <= 4


def test_a_french_keyboard_mixes_without_shift(numbered):
    """With the azerty preset & + é is type 1 > 2: a digit answers whatever key gives it."""
    numbered.keymap = KeyMap().changed(PRESETS["azerty"])
    press(numbered, "&", "+", "é")
    assert numbered.finding.words == "type 1 > 2"
    press(numbered, "+", '"', "=")
    assert numbered.finding.words == "type 1 = 2 > 3"
    press(numbered, "Down", "ç", "h")
    assert numbered.session.state.findings[L1_SUP].words == "cannot be read"


def test_shift_and_digit_adds_a_component(numbered):
    """Shift+2 after 1 is the same as plus and 2."""
    press(numbered, "1", "@", "=")
    assert numbered.finding.words == "type 1 = 2"


def test_undetermined_and_unreadable_have_keys_of_their_own(numbered):
    """8 is a change of unknown type; 9 asks why, and h says hardware."""
    press(numbered, "8", "Down", "9")
    assert numbered.prompt is not None
    press(numbered, "h")
    findings = numbered.session.state.findings
    assert findings[T12_INF].words == "type undetermined"
    assert findings[L1_SUP].words == "cannot be read"
    assert findings[L1_SUP].assessment_reason == "hardware"


def test_all_remaining_none_needs_every_slice(numbered):
    """A before full coverage is refused in words; after it, every open endplate is none."""
    press(numbered, "2", "A")
    assert "full coverage" in numbered.message.text
    see_everything(numbered)
    press(numbered, "A")
    assert not numbered.session.state.open_endplates
    assert numbered.finding.words == "type 2"
    assert numbered.session.state.findings[S1_SUP].origins["modic"] == Origin.BULK
