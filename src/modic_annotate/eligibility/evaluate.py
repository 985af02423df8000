"""Evaluate a criteria set over a record and its readings: pure, without clock, files or network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from modic_annotate.domain.attachment import Transcription
from modic_annotate.domain.determination import (
    CriterionKind,
    CriterionOutcome,
    Determination,
    FrozenInputs,
    Outcome,
    Provenance,
    Reason,
    RollUp,
)
from modic_annotate.domain.reading import Reading
from modic_annotate.domain.screening import ScreeningRecord
from modic_annotate.eligibility.caveats import caveats_of
from modic_annotate.eligibility.criteria import CriteriaSet, Criterion
from modic_annotate.eligibility.inputs import Inputs, usable
from modic_annotate.eligibility.kleene import Answer, Truth, all_of, implies, negate
from modic_annotate.errors import RecordMismatchError

SEMANTICS = 1
"""Version of the rules in this package; raised when any of them changes what a row means."""

Finding = Literal[
    "met", "not met", "absent", "present", "unknown", "needs review", "not applicable"
]

_OUTCOMES = {
    Truth.YES: Outcome.MET,
    Truth.NO: Outcome.NOT_MET,
    Truth.UNKNOWN: Outcome.UNKNOWN,
    Truth.REVIEW: Outcome.NEEDS_REVIEW,
}
_PRESENCE: dict[Truth, Finding] = {Truth.YES: "present", Truth.NO: "absent"}
_WORDS: dict[Outcome, Finding] = {
    Outcome.MET: "met",
    Outcome.NOT_MET: "not met",
    Outcome.UNKNOWN: "unknown",
    Outcome.NEEDS_REVIEW: "needs review",
    Outcome.NOT_APPLICABLE: "not applicable",
}


def assess(
    screening: ScreeningRecord,
    readings: Sequence[Reading],
    criteria: CriteriaSet,
    as_of: date,
    frozen: FrozenInputs | None = None,
    report: Transcription | None = None,
) -> Determination:
    """Say what a criteria set makes of a record and its readings.

    Parameters
    ----------
    screening
        The screening record, at one revision.
    readings
        Readings of that record's MRI, in any order, signed or not.
    criteria
        The set.
    as_of
        The day on which the statement is made; all dates enter as intervals to it.
    frozen
        Calendar inputs of an earlier determination, to evaluate it again on shifted dates;
        None derives them from `screening`, `criteria` and `as_of`.
    report
        The transcription of the radiologist's report; None where there is none.

    Raises
    ------
    RecordMismatchError
        A reading belongs to another record.
    """
    for reading in readings:
        _check_same_record(screening, reading)
    in_use, draft = usable(readings)
    flagged = tuple(r for r in sorted(readings, key=lambda r: r.reading_id) if r.red_flags)
    given = frozen or frozen_inputs(screening, criteria, as_of)
    inputs = Inputs(screening, in_use, flagged, draft, as_of, given, report)
    outcomes = tuple(_judged(row, inputs) for row in criteria.criterion)
    return Determination(
        trial_id=screening.trial_id,
        record_id=screening.record_id,
        criteria_id=criteria.id,
        criteria_version=criteria.version,
        criteria_title=criteria.title,
        semantics=SEMANTICS,
        roll_up=roll_up(outcomes, concludes=given.set_in_force and criteria.status == "current"),
        outcomes=outcomes,
        missing=tuple(dict.fromkeys(m for row in outcomes for m in row.missing)),
        caveats=caveats_of(inputs, criteria, readings),
        readings=tuple(r.reading_id for r in in_use),
        frozen=given,
    )


def frozen_inputs(screening: ScreeningRecord, criteria: CriteriaSet, as_of: date) -> FrozenInputs:
    """Return the inputs that follow from the calendar and are held as they are."""
    born = screening.subject.birth_year.value
    oldest = None if born is None or born > as_of.year else as_of.year - born
    had_birthday = (as_of.month, as_of.day) == (12, 31)
    return FrozenInputs(
        age_years_min=None if oldest is None else max(oldest - (not had_birthday), 0),
        age_years_max=oldest,
        set_in_force=criteria.in_force(as_of),
        set_stale=criteria.stale(as_of),
    )


def _judged(row: Criterion, inputs: Inputs) -> CriterionOutcome:
    """Evaluate a row, with its condition where it has one."""
    answer = row.predicate.evaluate(inputs)
    if row.applies_when is None:
        return outcome_of(row, answer)
    condition = row.applies_when.evaluate(inputs)
    excludes = row.kind == CriterionKind.EXCLUSION
    whole = all_of([condition, answer]) if excludes else implies(condition, answer)
    found = outcome_of(row, whole)
    if condition.truth != Truth.NO or found.outcome != Outcome.MET:
        return found
    finding: Finding = "absent" if excludes else "not applicable"
    return found.replace(outcome=Outcome.NOT_APPLICABLE, finding=finding)


def outcome_of(row: Criterion, answer: Answer) -> CriterionOutcome:
    """Turn the answer to a row's predicate into the row's outcome."""
    excludes = row.kind == CriterionKind.EXCLUSION
    outcome, answer = _standing(row, *_unsigned(negate(answer) if excludes else answer))
    truth = negate(answer).truth if excludes else answer.truth
    return CriterionOutcome(
        criterion=row.id,
        kind=row.kind,
        title=row.title,
        outcome=outcome,
        finding=_PRESENCE.get(truth, "unknown") if excludes else _WORDS[outcome],
        comparison=answer.text or " ".join(answer.missing),
        reasons=answer.reasons,
        missing=answer.missing,
        provisional=answer.provisional,
        operands=answer.operands,
        provenance=row.standing,
        verified_by=row.verification.by if row.verification else None,
        source=row.source,
    )


def _unsigned(answer: Answer) -> tuple[Outcome, Answer]:
    """Keep a draft from satisfying a row; what it does not meet is provisional."""
    if answer.truth != Truth.YES or not answer.provisional:
        return _OUTCOMES[answer.truth], answer
    sentence = ("The reading is not signed.",)
    held = replace(answer, truth=Truth.REVIEW, reasons=(Reason.UNSIGNED_READING,), missing=sentence)
    return Outcome.NEEDS_REVIEW, held


def _standing(row: Criterion, outcome: Outcome, answer: Answer) -> tuple[Outcome, Answer]:
    """Keep a row with an unverified source from deciding: a hit on it needs review."""
    if row.standing != Provenance.UNVERIFIED:
        return outcome, answer
    effect = {Outcome.MET: Outcome.UNKNOWN, Outcome.NOT_MET: Outcome.NEEDS_REVIEW}
    sentence = f"The source of row {row.id} is not verified; read it and verify the row."
    reasons = (*answer.reasons, Reason.SOURCE_UNVERIFIED)
    told = replace(answer, reasons=reasons, missing=(*answer.missing, sentence))
    return effect.get(outcome, outcome), told


def roll_up(outcomes: Iterable[CriterionOutcome], *, concludes: bool) -> RollUp:
    """Return the result over all rows.

    Not met by signed input comes first, then not met by a draft, what a person must judge,
    missing data, and a set that cannot conclude (`concludes` false, or a row unverified).
    """
    rows = tuple(outcomes)
    not_met = [row for row in rows if row.outcome == Outcome.NOT_MET]
    lacking = [row for row in rows if row.outcome == Outcome.UNKNOWN]
    if not_met:
        signed = any(not row.provisional for row in not_met)
        return RollUp.CRITERIA_NOT_MET if signed else RollUp.PROVISIONAL_NOT_MET
    if any(row.outcome == Outcome.NEEDS_REVIEW for row in rows):
        return RollUp.NEEDS_REVIEW
    if any(row.reasons != (Reason.SOURCE_UNVERIFIED,) for row in lacking):
        return RollUp.INCOMPLETE
    unread = any(Reason.SOURCE_UNVERIFIED in row.reasons for row in rows)  # resolved or not
    return RollUp.CRITERIA_MET if concludes and not unread else RollUp.INCOMPLETE_SET


def _check_same_record(screening: ScreeningRecord, reading: Reading) -> None:
    link = reading.screening
    if (link.trial_id, link.record_id) != (screening.trial_id, screening.record_id):
        raise RecordMismatchError(
            f"Reading {reading.reading_id} belongs to record {link.record_id} of trial "
            f"{link.trial_id}, not to {screening.record_id} of {screening.trial_id}; "
            "assess each record with its own readings"
        )
