"""Assessing: roll-up, standing of rows, drafts, the trace, and what the result never depends on."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modic_annotate.domain.determination import (
    ROLL_UP_WORDS,
    CriterionOutcome,
    Determination,
    Outcome,
    Reason,
    RollUp,
)
from modic_annotate.domain.screening import ScreeningRecord
from modic_annotate.eligibility import assess, frozen_inputs, list_criteria, load_criteria
from modic_annotate.eligibility.cases import ExampleReading
from modic_annotate.eligibility.evaluate import roll_up
from modic_annotate.eligibility.examples import case, evaluated, example_reading, example_record
from modic_annotate.errors import RecordMismatchError
from modic_annotate.store.canonical import canonical_bytes, parse_record

AS_OF = date(2026, 3, 20)
FDA = load_criteria("fda_510k_bvna")
TRIAL = load_criteria("trial_intracept")
CASES = [
    pytest.param(name, example, id=f"{name}: {example.name}")
    for name in list_criteria()
    for example in load_criteria(name).example
]


@dataclass(frozen=True)
class Row:
    """One row as the roll-up sees it."""

    outcome: Outcome
    provisional: bool = False
    reasons: tuple[Reason, ...] = (Reason.NOT_RECORDED,)

    def full(self) -> CriterionOutcome:
        """Return the row as a determination holds it."""
        return CriterionOutcome.model_validate(
            {
                "criterion": "A",
                "kind": "inclusion",
                "title": "a",
                "outcome": self.outcome,
                "finding": "unknown",
                "comparison": "",
                "provisional": self.provisional,
                "reasons": self.reasons,
                "provenance": "verified",
                "source": "x",
            }
        )


MET, NOT_MET = Row(Outcome.MET, reasons=()), Row(Outcome.NOT_MET, reasons=())
DRAFT = Row(Outcome.NOT_MET, provisional=True, reasons=())
MISSING, REVIEW = Row(Outcome.UNKNOWN), Row(Outcome.NEEDS_REVIEW)
UNVERIFIED = Row(Outcome.UNKNOWN, reasons=(Reason.SOURCE_UNVERIFIED,))


@pytest.mark.parametrize(
    ("rows", "concludes", "expected"),
    [
        ((MET, MET), True, RollUp.CRITERIA_MET),
        ((MET,), False, RollUp.INCOMPLETE_SET),
        ((MET, UNVERIFIED), True, RollUp.INCOMPLETE_SET),
        ((MISSING, UNVERIFIED), True, RollUp.INCOMPLETE),
        ((REVIEW, MISSING), True, RollUp.NEEDS_REVIEW),
        ((DRAFT, REVIEW, MISSING), True, RollUp.PROVISIONAL_NOT_MET),
        ((DRAFT, NOT_MET, REVIEW), True, RollUp.CRITERIA_NOT_MET),
        ((NOT_MET,), False, RollUp.CRITERIA_NOT_MET),
    ],
)
def test_roll_up_by_precedence(rows: tuple[Row, ...], concludes: bool, expected: RollUp) -> None:
    """Not met, then not met by a draft, review, missing data, an open set, and only then met."""
    for order in permutations(rows):
        assert roll_up([row.full() for row in order], concludes=concludes) == expected


def test_every_roll_up_has_words_without_eligible() -> None:
    """A roll-up is printed as a statement about the record, not about the patient."""
    assert set(ROLL_UP_WORDS) == set(RollUp)
    assert not any("eligible" in words for words in ROLL_UP_WORDS.values())


def test_an_unverified_row_shows_what_is_recorded_and_decides_nothing(judge) -> None:
    """The finding of an unverified exclusion is printed; its outcome stays open."""
    row = judge("fda_510k_bvna_contraindications").outcome("FDA-X1-1")
    assert (row.outcome, row.finding, row.reasons) == (
        Outcome.UNKNOWN,
        "absent",
        (Reason.SOURCE_UNVERIFIED,),
    )
    hit = judge(
        "fda_510k_bvna_contraindications", {"exclusions.features.active_implant": True}
    ).outcome("FDA-X1-6")
    assert (hit.outcome, hit.finding) == (Outcome.NEEDS_REVIEW, "present")


def test_an_exclusion_in_review_prints_as_unknown(judge) -> None:
    """An exclusion that a person must judge is printed as unknown, never as met."""
    row = judge("trial_intracept", {"pain.pattern": "mixed", **_asks_nerve()}).outcome("IN-X2")
    assert (row.outcome, row.finding) == (Outcome.NEEDS_REVIEW, "unknown")


def _asks_nerve() -> dict[str, object]:
    return {"exclusions.features.nerve_compression_on_imaging": True}


def test_an_unsigned_absence_prints_as_unknown(judge, make_reading) -> None:
    """What a draft holds absent is not stated as absent."""
    draft = make_reading({"L4-inferior": "1"}, status="draft")
    row = judge("trial_intracept", {}, (draft,)).outcome("IN-X1")
    assert (row.outcome, row.finding, row.reasons) == (
        Outcome.NEEDS_REVIEW,
        "unknown",
        (Reason.UNSIGNED_READING,),
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"status": "incomplete"}, RollUp.INCOMPLETE_SET),
        ({"status": "withdrawn"}, RollUp.INCOMPLETE_SET),
        ({"in_force_from": date(2026, 3, 21)}, RollUp.INCOMPLETE_SET),
        ({"review_by": date(2026, 3, 19)}, RollUp.CRITERIA_MET),
    ],
)
def test_a_set_that_cannot_conclude(changes: dict[str, object], expected: RollUp) -> None:
    """An incomplete set, or one out of force, never concludes; a stale one does and says so."""
    criteria = FDA.replace(**changes)
    found = evaluated(criteria, criteria.example[0])
    assert found.roll_up == expected
    assert len(found.caveats) == len(evaluated(FDA, FDA.example[0]).caveats) + 1


def test_a_reading_of_another_record_is_refused(make_reading) -> None:
    """A reading is judged with its own record only."""
    reading = make_reading()
    other = reading.replace(screening=reading.screening.replace(record_id="other"))
    with pytest.raises(RecordMismatchError, match="belongs to record other"):
        assess(example_record({}), [other], FDA, AS_OF)


def test_which_readings_are_used(make_reading) -> None:
    """Signed readings go before drafts; superseded, returned and other purposes are left out."""
    signed = make_reading({"L4-inferior": "1"}, name="R1")
    old = make_reading(name="R2")
    new = make_reading({"L4-inferior": "2"}, name="R3").replace(supersedes="R2-1")
    draft = make_reading(name="R4", status="draft")
    training = make_reading(name="R5", fields={"purpose": "training"})
    returned = make_reading(name="R6", fields={"returned_to_site": "no T1"})
    given = [returned, training, draft, new, old, signed]
    record = example_record(FDA.baseline.record)
    assert assess(record, given, FDA, AS_OF).readings == ("R1-1", "R3-1")
    assert assess(record, [draft, returned], FDA, AS_OF).readings == ("R4-1",)
    unsigned_amendment = new.replace(status="draft")
    assert assess(record, [old, unsigned_amendment], FDA, AS_OF).readings == ("R2-1",)


def test_a_red_flag_of_a_returned_reading_is_not_lost(make_reading) -> None:
    """A warning counts even where its reading does not."""
    flag = {"kind": "infection", "at": "2026-03-11T10:00:00Z", "origin": "key"}
    returned = make_reading(name="R2", fields={"returned_to_site": "again", "red_flags": [flag]})
    readings = [make_reading({"L4-inferior": "1"}), returned]
    found = assess(example_record(FDA.baseline.record), readings, FDA, AS_OF)
    assert found.outcome("FDA-4").reasons == (Reason.RED_FLAG,)


@pytest.mark.parametrize(("name", "example"), CASES)
def test_every_operand_is_found_where_it_points(name: str, example) -> None:
    """Each operand's pointer leads to its value in the document it names."""
    criteria = load_criteria(name)
    record, readings, as_of = case(criteria, example)
    found = evaluated(criteria, example)
    documents = {f"reading:{r.reading_id}": _json(r) for r in readings}
    documents |= {"screening": _json(record), "frozen": _json(found)}
    for row in found.outcomes:
        assert row.operands or row.outcome == Outcome.UNKNOWN
        for operand in row.operands:
            there = documents[operand.document]
            for step in operand.pointer.split("/")[1:]:
                there = there[int(step) if isinstance(there, list) else step]
            assert _same(there, operand.value, operand.unit, as_of)


def _json(record) -> object:
    return json.loads(canonical_bytes(record))


def _same(there, value, unit: str | None, as_of: date) -> bool:
    if unit == "d":
        return (as_of - date.fromisoformat(there)).days == value
    if isinstance(there, list) and value is not None:
        return ", ".join(there) == value
    return value is None or there == value


@pytest.mark.parametrize(("name", "example"), CASES)
def test_a_determination_holds_no_date_and_no_hash(name: str, example) -> None:
    """Nothing in a determination changes when all dates are shifted by one amount."""
    text = canonical_bytes(evaluated(load_criteria(name), example)).decode()
    assert not re.search(r"\d{4}-\d\d-\d\d", text.replace("2026-01-01", ""))
    assert not re.search(r"[0-9a-f]{64}", text)


@pytest.mark.parametrize(("name", "example"), CASES)
def test_a_determination_comes_back_from_its_bytes(name: str, example) -> None:
    """Written and read again, a determination is the same value and the same bytes."""
    found = evaluated(load_criteria(name), example)
    written = canonical_bytes(found)
    again = parse_record(Determination, written, "determination")
    assert (again, canonical_bytes(again)) == (found, written)


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


@pytest.mark.parametrize(
    ("born", "as_of", "expected"),
    [
        (1979, date(2026, 3, 20), (46, 47)),
        (1979, date(2026, 12, 31), (47, 47)),
        (2026, date(2026, 3, 20), (0, 0)),
        (2030, date(2026, 3, 20), (None, None)),
        (None, date(2026, 3, 20), (None, None)),
    ],
)
def test_frozen_age(born: int | None, as_of: date, expected: tuple[int | None, int | None]) -> None:
    """A birth year gives two possible ages, on the last day of the year one."""
    record = example_record({} if born is None else {"subject.birth_year": born})
    found = frozen_inputs(record, FDA, as_of)
    assert (found.age_years_min, found.age_years_max) == expected


def test_a_row_that_is_not_there() -> None:
    """Asking a determination for an unknown row is a KeyError with its name."""
    with pytest.raises(KeyError, match="FDA-9"):
        evaluated(FDA, FDA.example[0]).outcome("FDA-9")
