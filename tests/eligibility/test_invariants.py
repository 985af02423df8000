"""What a determination never depends on, and what more information never does to it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from modic_annotate.domain.determination import Outcome, RollUp
from modic_annotate.domain.reading import Reading
from modic_annotate.domain.screening import ExclusionKey, ScreeningRecord
from modic_annotate.eligibility import assess, list_criteria, load_criteria
from modic_annotate.eligibility.cases import ExampleReading
from modic_annotate.eligibility.examples import example_reading, example_record
from modic_annotate.store.canonical import canonical_bytes, parse_record

AS_OF = date(2026, 3, 20)
TRIAL = load_criteria("trial_intracept")
SETS = [criteria for name in list_criteria() if (criteria := load_criteria(name)).criterion]


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


@pytest.mark.parametrize("criteria", SETS, ids=lambda c: c.id)
def test_the_order_within_the_inputs_does_not_matter(criteria, make_reading) -> None:
    """Findings, discs and features in another order give the same outcomes, in every set."""
    reading = make_reading(
        {"L4-inferior": "1 > 2", "L5-superior": "2", "L2-inferior": "not read"},
        discs={"L4/5": {"listhesis_mm": 3.0}, "L5/S1": {"spondylolysis": "present"}},
    )
    turned = reading.replace(findings=reading.findings[::-1], discs=reading.discs[::-1])
    record = example_record(criteria.baseline.record)
    features = dict(reversed(record.exclusions.features.items()))
    other = record.replace(exclusions=record.exclusions.replace(features=features))

    def outcomes(record: ScreeningRecord, reading: Reading) -> list[tuple[Outcome, str]]:
        found = assess(record, [reading], criteria, AS_OF)
        return [(row.outcome, row.comparison) for row in found.outcomes]

    assert outcomes(other, turned) == outcomes(record, reading)


@pytest.mark.parametrize("criteria", SETS, ids=lambda c: c.id)
@pytest.mark.parametrize("days", [-12345, -59, 1, 366, 20000])
def test_shifted_dates_change_no_byte_of_any_set(criteria, days: int) -> None:
    """Every set's baseline, all dates shifted by one amount, evaluates to the same bytes."""
    base = criteria.baseline
    record = example_record(base.record)
    readings = [example_reading(r, f"R{n}-1") for n, r in enumerate(base.readings)]
    first = assess(record, readings, criteria, base.as_of)
    as_of = base.as_of + timedelta(days=days)
    again = assess(shifted(record, days), readings, criteria, as_of, first.frozen)
    assert canonical_bytes(again) == canonical_bytes(first)


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


DECIDED = (Outcome.MET, Outcome.NOT_MET)
FOUND_ENDPLATES = ("T12-inferior", "L2-inferior", "L3-superior", "L4-inferior", "S1-superior")


def facts_of(name: str) -> dict[str, JsonValue]:
    """What a set's baseline records, every feature by its own name."""
    record = dict(load_criteria(name).baseline.record)
    every = record.pop("exclusions.features.*", None)
    features = {f"exclusions.features.{key}": every for key in ExclusionKey if every is not None}
    return features | record


FACTS = {criteria.id: facts_of(criteria.id) for criteria in SETS}


@given(
    data=st.data(),
    criteria=st.sampled_from(SETS),
    read=st.dictionaries(
        st.sampled_from(FOUND_ENDPLATES), st.sampled_from(("none", "1", "2 > 3", "3"))
    ),
    then=st.dictionaries(
        st.sampled_from(FOUND_ENDPLATES), st.sampled_from(("none", "1", "2 > 3", "3"))
    ),
)
@settings(max_examples=100, deadline=None)
def test_more_information_never_leaves_a_row_unknown_again(data, criteria, read, then) -> None:
    """A row that is met or not met stays as it is when values are added to what was missing."""
    facts = FACTS[criteria.id]
    names = st.sets(st.sampled_from(sorted(facts)))
    asked, more = data.draw(names), data.draw(names)

    def outcomes(names: set[str], findings: dict[str, str]) -> dict[str, Outcome]:
        record = example_record({n: facts[n] for n in names})
        described = ExampleReading(findings=findings, others="not read")
        readings = [example_reading(described, "R1-1")]
        found = assess(record, readings, criteria, AS_OF)
        return {row.criterion: row.outcome for row in found.outcomes}

    before, after = outcomes(asked, read), outcomes(asked | more, then | read)
    for criterion, outcome in before.items():
        if outcome in DECIDED:
            assert after[criterion] == outcome
