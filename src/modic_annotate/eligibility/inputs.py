"""What a predicate may look at: the record, the readings in use, intervals and frozen inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from modic_annotate.domain.attachment import Transcription
from modic_annotate.domain.determination import FrozenInputs, Operand, Reason
from modic_annotate.domain.reading import Purpose, Reading
from modic_annotate.domain.screening import Recorded, ScreeningRecord, ValueState
from modic_annotate.eligibility.kleene import Answer, review, unknown

SCREENING = "screening"
_STATE_WORDS = {
    ValueState.NOT_ASKED: "is not recorded",
    ValueState.NOT_AVAILABLE: "is recorded as not available",
    ValueState.ILLEGIBLE: "is recorded as illegible",
    ValueState.NOT_APPLICABLE: "is recorded as not applicable",
    ValueState.ASSERTED_ABSENT: "is recorded as absent",
}


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything an evaluation rests on."""

    screening: ScreeningRecord
    readings: tuple[Reading, ...]
    """The readings in use, by id: the signed ones, or the drafts where none is signed."""

    flagged: tuple[Reading, ...]
    """All readings that hold a red flag, whatever their state: a warning is never lost."""

    draft: bool
    """Whether the readings in use are drafts."""

    as_of: date
    frozen: FrozenInputs
    report: Transcription | None = None
    """What the radiologist's report says per endplate, where somebody transcribed it."""

    def days_since(self, day: date) -> int:
        """Return the whole days from `day` to the as-of date."""
        return (self.as_of - day).days


class Taken(NamedTuple):
    """A recorded value that is known."""

    value: Any  # typed by the record's own model; each predicate names the field it takes
    operand: Operand
    recorded: Recorded[Any]


def usable(readings: Sequence[Reading]) -> tuple[tuple[Reading, ...], bool]:
    """Choose the readings to use, and say whether they are drafts.

    Readings for another purpose, returned to the site or superseded by a signed one are left out.
    """
    signed_over = {r.supersedes for r in readings if r.status == "signed"}
    wanted = [
        r
        for r in sorted(readings, key=lambda r: r.reading_id)
        if r.purpose in (Purpose.ELIGIBILITY, Purpose.ADJUDICATION)
        and r.returned_to_site is None
        and r.reading_id not in signed_over
    ]
    signed = tuple(r for r in wanted if r.status == "signed")
    return (signed, False) if signed else (tuple(wanted), bool(wanted))


def of_reading(reading: Reading, pointer: str, value: str | float | None) -> Operand:
    """Return an operand that stands in a reading."""
    return Operand(document=f"reading:{reading.reading_id}", pointer=pointer, value=value)


def of_day(inputs: Inputs, pointer: str, day: date) -> Operand:
    """Return a date of the screening record as its interval to the as-of date, in days."""
    days = inputs.days_since(day)
    return Operand(document=SCREENING, pointer=pointer, value=days, unit="d")


def take(inputs: Inputs, pointer: str, words: str, absent: object = None) -> Taken | Answer:
    """Take a value from the screening record.

    Parameters
    ----------
    inputs
        Where from.
    pointer
        JSON pointer of a recorded value, e.g. ``/scores/odi_percent``.
    words
        The value as a sentence's subject, e.g. ``The ODI score``.
    absent
        What "asked and absent" means as a value; None where it means nothing.

    Returns
    -------
    The value with its operand, or the answer why there is none.
    """
    recorded = _at(inputs.screening, pointer)
    value = absent if recorded.state == ValueState.ASSERTED_ABSENT else recorded.value
    operand = _operand(inputs, pointer, recorded)
    if value is None:
        return unknown(Reason.NOT_RECORDED, f"{words} {_STATE_WORDS[recorded.state]}.", operand)
    late = [d for d in (recorded.observed_on, value) if isinstance(d, date) and d > inputs.as_of]
    if late:
        return review(Reason.AFTER_AS_OF, f"{words} is dated after the as-of date.", operand)
    return Taken(value, operand, recorded)


def _operand(inputs: Inputs, pointer: str, recorded: Recorded[Any]) -> Operand:
    value = recorded.value
    if recorded is _NOT_THERE:
        return Operand(document=SCREENING, pointer=pointer.rpartition("/")[0])
    if value is None:
        return Operand(document=SCREENING, pointer=f"{pointer}/state", value=recorded.state)
    if isinstance(value, date):
        return of_day(inputs, f"{pointer}/value", value)
    shown = ", ".join(value) if isinstance(value, tuple) else value
    return Operand(document=SCREENING, pointer=f"{pointer}/value", value=shown)


def _at(record: ScreeningRecord, pointer: str) -> Recorded[Any]:
    found: Any = record  # a step into the record at a time, down to a Recorded
    for step in pointer.split("/")[1:]:
        found = found.get(step, _NOT_THERE) if isinstance(found, dict) else getattr(found, step)
    value: Recorded[Any] = found
    return value


_NOT_THERE: Recorded[Any] = Recorded()
