"""Many series as they are named and timed, each with the slot radiology gives it."""

from __future__ import annotations

import pytest

from modic_annotate.imaging.roles.judging import role_of
from tests.imaging.role_cases import NAMES, NUMBERS, Case
from tests.imaging.role_headers import header, judged

WORDS_ALONE = {"sequence": None, "options": None}


@pytest.mark.parametrize("case", NAMES, ids=lambda case: case.id)
def test_names_say_what_a_radiologist_reads_in_them(case: Case) -> None:
    """Where the numbers are silent, words give role and technique, or nothing at all."""
    found = judged(words=case.words, **WORDS_ALONE)
    assert found == (case.role, case.weighting, case.fat), case.why


@pytest.mark.parametrize("case", NUMBERS, ids=lambda case: case.id)
def test_numbers_say_what_physics_makes_of_them(case: Case) -> None:
    """Timing, sequence, options and image type decide, with and against words."""
    found = judged(words=case.words, **case.facts)
    assert found == (case.role, case.weighting, case.fat), case.why


@pytest.mark.parametrize("case", NAMES, ids=lambda case: case.id)
def test_words_alone_are_never_sure(case: Case) -> None:
    """A role that rests on words has low confidence, one without evidence none."""
    found = role_of(header(case.words, **WORDS_ALONE))
    assert found.confidence == ("none" if case.weighting == "unknown" else "low")
