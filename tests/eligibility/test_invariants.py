"""What a determination never depends on, and what more information never does to it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from modic_annotate.domain.determination import Outcome, RollUp
from modic_annotate.domain.screening import ScreeningRecord
from modic_annotate.eligibility import assess, load_criteria
from modic_annotate.eligibility.cases import ExampleReading
from modic_annotate.eligibility.examples import example_reading, example_record
from modic_annotate.store.canonical import canonical_bytes, parse_record

AS_OF = date(2026, 3, 20)
TRIAL = load_criteria("trial_intracept")


def test_the_order_of_readings_does_not_matter(make_reading) -> None:
    """All orders of three readings give the same bytes."""
    readings = [
        make_reading({"L4-inferior": "1", "L1-superior": "2"}, name="R1"),
        make_reading({"L4-inferior": "1 > 2"}, name="R2"),
        make_reading({"L4-inferior": "none"}, name="R3", discs={"L4/5": {"listhesis_mm": 3.0}}),
    ]
    record = example_record(TRIAL.baseline.record)
    found = {canonical_bytes(assess(record, p, TRIAL, AS_OF)) for p in permutations(readings)}
    assert len(found) == 1


def shifted(record: ScreeningRecord, days: int) -> ScreeningRecord:
    """Return a record with every date moved; times and the birth year stay."""

    def moved(match: re.Match[str]) -> str:
        return f'"{date.fromisoformat(match[1]) + timedelta(days=days)}"'

    text = canonical_bytes(record).decode()
    return parse_record(
        ScreeningRecord, re.sub(r'"(\d{4}-\d\d-\d\d)"', moved, text).encode(), "shifted"
    )


EPISODES = [
    {
        "kind": "nsaid",
        "started_on": "2025-02-03",
        "ended_on": "2025-09-30",
        "outcome": "no_response",
    }
]
DATED = {
    "care.episodes": EPISODES,
    "pain.low_back_pain_months": {"value": 16, "observed_on": "2026-03-10"},
    "exclusions.features.prior_lumbar_surgery": True,
    "exclusions.surgery_on": "2020-02-29",
    "exclusions.features.prior_surgery_discectomy_only": True,
    "exclusions.features.radicular_pain_resolved": True,
}


@given(days=st.integers(-20000, 20000))
@settings(max_examples=40, deadline=None)
def test_shifting_all_dates_changes_no_byte(days: int) -> None:
    """A copy with all dates shifted by one amount evaluates to the same bytes."""
    record = example_record({**TRIAL.baseline.record, **DATED})
    readings = [example_reading(TRIAL.baseline.readings[0], "R1-1")]
    as_of = date(2026, 3, 20)
    first = assess(record, readings, TRIAL, as_of)
    again = assess(
        shifted(record, days), readings, TRIAL, as_of + timedelta(days=days), first.frozen
    )
    assert first.roll_up == RollUp.CRITERIA_MET
    assert canonical_bytes(again) == canonical_bytes(first)


@given(days=st.integers(-78, 285))
@settings(max_examples=20, deadline=None)
def test_within_the_year_nothing_needs_to_be_frozen(days: int) -> None:
    """As long as the as-of date stays in its year, age comes out the same without help."""
    record = example_record({**TRIAL.baseline.record, **DATED})
    first = assess(record, [], TRIAL, AS_OF)
    again = assess(shifted(record, days), [], TRIAL, AS_OF + timedelta(days=days))
    assert canonical_bytes(again) == canonical_bytes(first)


NAMES = sorted(TRIAL.baseline.record)
DECIDED = (Outcome.MET, Outcome.NOT_MET)
FOUND_ENDPLATES = ("T12-inferior", "L2-inferior", "L3-superior", "L4-inferior", "S1-superior")


@given(
    asked=st.sets(st.sampled_from(NAMES)),
    more=st.sets(st.sampled_from(NAMES)),
    read=st.dictionaries(
        st.sampled_from(FOUND_ENDPLATES), st.sampled_from(("none", "1", "2 > 3", "3"))
    ),
    then=st.dictionaries(
        st.sampled_from(FOUND_ENDPLATES), st.sampled_from(("none", "1", "2 > 3", "3"))
    ),
)
@settings(max_examples=60, deadline=None)
def test_more_information_never_leaves_a_row_unknown_again(asked, more, read, then) -> None:
    """A row that is met or not met stays as it is when values are added to what was missing."""

    def outcomes(names: set[str], findings: dict[str, str]) -> dict[str, Outcome]:
        record = example_record({n: TRIAL.baseline.record[n] for n in names})
        described = ExampleReading(findings=findings, others="not read")
        readings = [example_reading(described, "R1-1")]
        found = assess(record, readings, TRIAL, AS_OF)
        return {row.criterion: row.outcome for row in found.outcomes}

    before, after = outcomes(asked, read), outcomes(asked | more, then | read)
    for criterion, outcome in before.items():
        if outcome in DECIDED:
            assert after[criterion] == outcome
