"""Spans of time: pain, care and surgery, from dates, from months and from both."""

from __future__ import annotations

from datetime import date

import pytest

from modic_annotate.domain.screening import CareEpisode
from modic_annotate.eligibility.predicates.duration import (
    CareMonths,
    PainMonths,
    SurgeryOlderThan,
    covered_days,
)

SINCE, MONTHS = "pain.low_back_pain_since", "pain.low_back_pain_months"
CARE, EPISODES = "care.months_without_response", "care.episodes"


@pytest.mark.parametrize(
    ("months", "record", "expected"),
    [
        (6, {SINCE: "2025-09-20"}, "yes"),
        (6, {SINCE: "2025-09-21"}, "no"),
        (12, {SINCE: "2025-03-20"}, "yes"),
        (12, {SINCE: "2025-03-21"}, "no"),
        (6, {MONTHS: 6}, "yes"),
        (12, {MONTHS: 12}, "yes"),
        (6, {MONTHS: 5}, "no"),
        (6, {MONTHS: "absent"}, "no"),
        (6, {}, "unknown"),
        (6, {SINCE: "2026-03-21"}, "review"),
        (6, {SINCE: "2025-03-20", MONTHS: 12}, "yes"),
        (6, {SINCE: "2025-03-20", MONTHS: 11}, "yes"),
        (6, {SINCE: "2025-03-20", MONTHS: 24}, "review"),
        (6, {SINCE: "2025-09-01", MONTHS: 5}, "review"),
        (6, {MONTHS: {"value": 4, "observed_on": "2026-03-10"}}, "no"),
        (6, {MONTHS: {"value": 4, "observed_on": "2025-12-01"}}, "review"),
        (6, {SINCE: "2025-03-20", MONTHS: {"value": 9, "observed_on": "2025-12-20"}}, "yes"),
    ],
)
def test_months_of_pain(truth, months: int, record: dict[str, object], expected: str) -> None:
    """A start date or recorded months decide; what contradicts or is out of date needs review."""
    assert truth(PainMonths(at_least_months=months), record) == expected


def episode(start: str | None, end: str | None, outcome: str = "no_response", **more: object):
    return {"kind": "nsaid", "started_on": start, "ended_on": end, "outcome": outcome, **more}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({CARE: 6}, "yes"),
        ({CARE: 5.9}, "no"),
        ({CARE: "absent"}, "no"),
        ({}, "unknown"),
        ({EPISODES: [episode("2025-01-01", "2025-07-01")]}, "yes"),
        ({EPISODES: [episode("2025-01-01", "2025-06-30")]}, "unknown"),
        ({EPISODES: [episode("2025-09-20", None)]}, "yes"),
        ({EPISODES: [episode("2025-01-01", "2025-07-01", "partial")]}, "review"),
        ({EPISODES: [episode("2025-01-01", "2025-07-01", "not_stated")]}, "review"),
        ({EPISODES: [episode("2025-01-01", "2025-07-01", "relief")]}, "unknown"),
        ({EPISODES: [episode(None, None, months=6)]}, "yes"),
        ({CARE: 4, EPISODES: [episode("2025-01-01", "2025-07-01")]}, "review"),
    ],
)
def test_months_of_care(truth, record: dict[str, object], expected: str) -> None:
    """Stated months decide; episodes can show enough care, never too little."""
    assert truth(CareMonths(at_least_months=6), record) == expected


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], 0),
        ([("2026-01-01", "2026-01-11")], 10),
        ([("2026-01-01", "2026-01-11"), ("2026-01-06", "2026-01-16")], 15),
        ([("2026-01-01", "2026-01-31"), ("2026-01-06", "2026-01-16")], 30),
        ([("2026-01-01", "2026-01-11"), ("2026-02-01", "2026-02-11")], 20),
        ([("2026-03-10", None)], 10),
        ([("2026-03-10", "2027-01-01")], 10),
        ([("2026-04-10", None)], 0),
    ],
)
def test_days_with_care_are_counted_once(spans, expected: int) -> None:
    """Overlapping episodes count once, none counts beyond the as-of date."""
    episodes = [CareEpisode.model_validate(episode(*span)) for span in spans]
    assert covered_days(episodes, date(2026, 3, 20)) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2019-01-01", "yes"),
        ("2025-09-20", "no"),
        ("2025-09-19", "review"),
        ("2025-09-16", "yes"),
        ("2026-01-01", "no"),
        ("2026-03-21", "review"),
        ("not available", "unknown"),
    ],
)
def test_age_of_surgery(truth, day: str, expected: str) -> None:
    """More than six months is certain only beyond the longest six months there are."""
    assert truth(SurgeryOlderThan(months=6), {"exclusions.surgery_on": day}) == expected
