"""Assessing: roll-up, standing of rows, drafts, and which readings are used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import permutations

import pytest

from modic_annotate.domain.determination import (
    ROLL_UP_WORDS,
    CriterionOutcome,
    Outcome,
    Reason,
    RollUp,
)
from modic_annotate.eligibility import assess, frozen_inputs, load_criteria
from modic_annotate.eligibility.evaluate import roll_up
from modic_annotate.eligibility.examples import evaluated, example_record
from modic_annotate.errors import RecordMismatchError

AS_OF = date(2026, 3, 20)
FDA = load_criteria("fda_510k_bvna")


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
RESOLVED_UNVERIFIED = Row(Outcome.MET, reasons=(Reason.SOURCE_UNVERIFIED,))
"""A hit on an unverified row that a person resolved: it still satisfies nothing."""

UNVERIFIED = Row(Outcome.UNKNOWN, reasons=(Reason.SOURCE_UNVERIFIED,))


@pytest.mark.parametrize(
    ("rows", "concludes", "expected"),
    [
        ((MET, MET), True, RollUp.CRITERIA_MET),
        ((MET,), False, RollUp.INCOMPLETE_SET),
        ((MET, UNVERIFIED), True, RollUp.INCOMPLETE_SET),
        ((MET, RESOLVED_UNVERIFIED), True, RollUp.INCOMPLETE_SET),
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
