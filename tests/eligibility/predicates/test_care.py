"""Single kinds of care, care without a gap, and care of no stated length."""

from __future__ import annotations

import pytest

from modic_annotate.domain.determination import Reason
from modic_annotate.domain.screening import CareKind
from modic_annotate.eligibility.predicates.care import (
    CareComponent,
    CareFailed,
    ConsecutiveCareMonths,
)

MONTHS, EPISODES = "care.months_without_response", "care.episodes"
NSAID = CareComponent(kinds=(CareKind.NSAID,), at_least_weeks=4)
EXERCISE = CareComponent(
    kinds=(CareKind.SUPERVISED_EXERCISE,),
    perhaps=(CareKind.PHYSICAL_THERAPY,),
    at_least_sessions=12,
)
ANY_NSAID = CareComponent(kinds=(CareKind.NSAID, CareKind.STEROID))


def episode(kind: str, **fields: object) -> dict[str, object]:
    return {"kind": kind, **fields}


def nsaid(start: str, end: str | None) -> dict[str, object]:
    return episode("nsaid", started_on=start, ended_on=end, outcome="no_response")


@pytest.mark.parametrize(
    ("rule", "episodes", "expected"),
    [
        (NSAID, [], "unknown"),
        (NSAID, [nsaid("2025-03-03", "2025-03-31")], "yes"),
        (NSAID, [nsaid("2025-03-03", "2025-03-30")], "unknown"),
        (NSAID, [nsaid("2025-03-03", "2025-03-17"), nsaid("2025-05-01", "2025-05-15")], "yes"),
        (NSAID, [nsaid("2025-03-03", "2025-03-17"), nsaid("2025-03-10", "2025-03-20")], "unknown"),
        (NSAID, [nsaid("2026-03-01", None)], "unknown"),
        (NSAID, [episode("nsaid", months=1)], "yes"),
        (NSAID, [episode("nsaid", months=0)], "no"),
        (NSAID, [episode("steroid", months=6)], "unknown"),
        (NSAID, [nsaid("2026-03-21", "2026-09-21")], "unknown"),
        (NSAID, [episode("nsaid", months=0), nsaid("2025-03-03", "2025-03-31")], "review"),
        (ANY_NSAID, [episode("nsaid", months=0), episode("steroid")], "review"),
        (ANY_NSAID, [episode("steroid")], "yes"),
        (EXERCISE, [episode("supervised_exercise", sessions=12)], "yes"),
        (EXERCISE, [episode("supervised_exercise", sessions=11)], "unknown"),
        (EXERCISE, [episode("supervised_exercise", sessions=6)] * 2, "yes"),
        (EXERCISE, [episode("supervised_exercise", sessions=0)], "no"),
        (EXERCISE, [episode("physical_therapy", sessions=12)], "review"),
        (EXERCISE, [episode("physical_therapy", sessions=11)], "unknown"),
        (EXERCISE, [episode("physical_therapy", sessions=0)], "unknown"),
    ],
)
def test_a_kind_of_care(truth, rule, episodes: list[object], expected: str) -> None:
    """What is documented suffices or not; a short list is open, a recorded none is a no."""
    assert truth(rule, {EPISODES: episodes}) == expected


RUN = ConsecutiveCareMonths(at_least_months=6)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, "unknown"),
        ({MONTHS: 5}, "no"),
        ({MONTHS: "absent"}, "no"),
        ({MONTHS: 9}, "review"),
        ({EPISODES: [nsaid("2025-02-01", "2025-08-01")]}, "yes"),
        ({EPISODES: [nsaid("2025-02-01", "2025-07-31")]}, "unknown"),
        ({EPISODES: [nsaid("2025-02-01", "2025-05-01"), nsaid("2025-05-02", "2025-08-02")]}, "yes"),
        (
            {EPISODES: [nsaid("2025-02-01", "2025-05-01"), nsaid("2025-05-03", "2025-08-09")]},
            "unknown",
        ),
        ({EPISODES: [nsaid("2025-08-01", None)]}, "yes"),
        ({MONTHS: 9, EPISODES: [nsaid("2025-02-01", "2025-08-01")]}, "yes"),
        ({MONTHS: 3, EPISODES: [nsaid("2025-02-01", "2025-08-01")]}, "review"),
        ({EPISODES: [episode("nsaid", months=9, outcome="no_response")]}, "unknown"),
    ],
)
def test_care_without_a_gap(truth, record: dict[str, object], expected: str) -> None:
    """Dated episodes prove a run, a day's gap breaks it, and recorded months alone do not say."""
    assert truth(RUN, record) == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, "unknown"),
        ({MONTHS: 1}, "yes"),
        ({MONTHS: 0}, "no"),
        ({MONTHS: "absent"}, "no"),
        ({EPISODES: [nsaid("2025-03-03", None)]}, "yes"),
        ({EPISODES: [episode("nsaid", months=0, outcome="no_response")]}, "unknown"),
        ({EPISODES: [episode("nsaid", outcome="partial")]}, "unknown"),
        ({MONTHS: 0, EPISODES: [nsaid("2025-03-03", None)]}, "review"),
    ],
)
def test_care_of_no_stated_length(truth, record: dict[str, object], expected: str) -> None:
    """Any care without response suffices where the source names no months."""
    assert truth(CareFailed(), record) == expected


def test_every_value_of_an_episode_is_in_the_trace(make_inputs) -> None:
    """Kind, sessions, months and outcome are named by pointer with their units."""
    record = {EPISODES: [episode("supervised_exercise", months=3, sessions=12)]}
    answer = EXERCISE.evaluate(make_inputs(record))
    assert [(o.pointer, o.value, o.unit) for o in answer.operands] == [
        ("/care/episodes/0/kind", "supervised_exercise", None),
        ("/care/episodes/0/months", 3.0, "mo"),
        ("/care/episodes/0/sessions", 12, "{sessions}"),
        ("/care/episodes/0/outcome", "not_stated", None),
    ]
    assert answer.text == "supervised exercise at least 12 sessions"


def test_what_contradicts_itself_says_so(make_inputs) -> None:
    """Given and not given at once is a contradiction, with its reason."""
    record = {EPISODES: [episode("nsaid", months=0), nsaid("2025-03-03", "2025-03-31")]}
    answer = NSAID.evaluate(make_inputs(record))
    assert answer.reasons == (Reason.CONTRADICTION,)
    assert answer.missing == ("Nsaid is recorded as given and as not given.",)
