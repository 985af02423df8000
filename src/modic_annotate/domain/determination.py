"""What a criteria set says of one record and its readings, with the trace of every row.

A determination holds no date, no hash and no file name: operands are named by logical id and JSON
pointer, times are intervals in whole days, so that a copy of the inputs with all dates shifted by
one amount evaluates to the same bytes. Digests and the as-of date stand beside it in a package.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from modic_annotate.domain.base import Record, RecordId


class Outcome(StrEnum):
    """Result of one row; for an exclusion ``met`` means that it is absent."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NEEDS_REVIEW = "needs_review"
    NOT_APPLICABLE = "not_applicable"


class RollUp(StrEnum):
    """Result over all rows of a set."""

    CRITERIA_MET = "criteria_met"
    CRITERIA_NOT_MET = "criteria_not_met"
    PROVISIONAL_NOT_MET = "provisional_not_met"
    """A row is not met, but only by a reading that is not signed yet."""

    NEEDS_REVIEW = "needs_review"
    INCOMPLETE = "incomplete"
    """Data are missing."""

    INCOMPLETE_SET = "incomplete_set"
    """No data are missing, but the set cannot conclude: it lacks rows or verified sources."""


ROLL_UP_WORDS = {
    RollUp.CRITERIA_MET: "criteria met as recorded",
    RollUp.CRITERIA_NOT_MET: "criteria not met as recorded",
    RollUp.PROVISIONAL_NOT_MET: "provisionally not met: the reading is not signed",
    RollUp.NEEDS_REVIEW: "needs review by a person",
    RollUp.INCOMPLETE: "incomplete: data are missing",
    RollUp.INCOMPLETE_SET: "incomplete set: rows are missing or their sources not verified",
}
"""How a roll-up is printed; never as a statement about the patient."""


class CriterionKind(StrEnum):
    """What a row is for."""

    INCLUSION = "inclusion"
    EXCLUSION = "exclusion"
    LIMIT = "limit"


class Provenance(StrEnum):
    """How the text of a row was seen."""

    VERIFIED = "verified"
    THIRD_PARTY = "third_party"
    UNVERIFIED = "unverified"
    SITE_VERIFIED = "site_verified"
    """Unverified as shipped; a named person at the site has read the source."""


PROVENANCE_WORDS = {
    Provenance.VERIFIED: "read in the source itself",
    Provenance.THIRD_PARTY: "read in a third-party copy or summary",
    Provenance.UNVERIFIED: "source not verified: shown, never decides",
    Provenance.SITE_VERIFIED: "source read and verified at the site",
}


class Reason(StrEnum):
    """Why a row is unknown, needs review or does not decide."""

    NOT_RECORDED = "not_recorded"
    NO_READING = "no_reading"
    NOT_READ = "not_read"
    CANNOT_BE_READ = "cannot_be_read"
    NOT_STATED = "not_stated"
    IMPRECISE = "imprecise"
    UNSIGNED_READING = "unsigned_reading"
    READERS_DISAGREE = "readers_disagree"
    REPORT_DISAGREES = "report_disagrees"
    NUMBERING_UNCERTAIN = "numbering_uncertain"
    EXTRA_BODY = "extra_body"
    MIXED_WITH_OTHER_TYPE = "mixed_with_other_type"
    TYPE_UNDETERMINED = "type_undetermined"
    PRESENCE_INDETERMINATE = "presence_indeterminate"
    LOW_CONFIDENCE = "low_confidence"
    ATTRIBUTION = "attribution"
    MIMIC = "mimic"
    RED_FLAG = "red_flag"
    NON_DIAGNOSTIC_SERIES = "non_diagnostic_series"
    OTHER_INSTRUMENT = "other_instrument"
    CONTRADICTION = "contradiction"
    AFTER_AS_OF = "after_as_of"
    BOUNDARY = "boundary"
    AMBIGUOUS_SOURCE = "ambiguous_source"
    SOURCE_UNVERIFIED = "source_unverified"


class Operand(Record):
    """One input of a row: where it stands, and what stood there."""

    document: str
    """``screening``, ``reading:<id>``, ``transcription:<id>`` of a report, or ``frozen`` for an
    input this determination holds."""

    pointer: str
    """JSON pointer (RFC 6901) into that document; the empty string is the whole document."""

    value: bool | int | float | str | None = None
    """What stands there; None where nothing does. A date is given as its interval (see unit)."""

    unit: str | None = None
    """UCUM unit of a number; ``d`` marks a date, given as whole days before the as-of date."""


class ResolvedBy(Record):
    """A named person's decision on a row that needed review; what it was before is kept."""

    resolution_id: RecordId
    by: RecordId
    was: Outcome
    asked: tuple[str, ...] = ()
    """What had to be judged, one sentence each."""


class CriterionOutcome(Record):
    """One row: its result, in machine and in human words, and everything it rests on."""

    criterion: str
    kind: CriterionKind
    title: str
    outcome: Outcome
    finding: Literal[
        "met", "not met", "absent", "present", "unknown", "needs review", "not applicable"
    ]
    """Words to print: exclusions are absent, present or unknown, never met."""

    comparison: str
    """What was compared, e.g. ``36 % >= 30 %``."""

    reasons: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()
    """What is needed to decide this row, one sentence each."""

    provisional: bool = False
    """Whether the result rests on a reading that is not signed."""

    operands: tuple[Operand, ...] = ()
    provenance: Provenance
    verified_by: str | None = None
    """Who at the site verified the row's source; only with ``site_verified``."""

    source: str
    resolved: ResolvedBy | None = None
    """Who decided the row where it needed review."""


class FrozenInputs(Record):
    """Inputs that follow from calendar dates and are held as they were, not derived again."""

    age_years_min: Annotated[int, Field(ge=0)] | None = None
    """Age in full years on the as-of date at least; a birth year leaves one year open."""

    age_years_max: Annotated[int, Field(ge=0)] | None = None
    set_in_force: bool
    set_stale: bool = False
    """Whether the set's review date had passed."""


class Determination(Record):
    """All outcomes of one criteria set for one record, and their roll-up."""

    schema_id: Annotated[Literal["modic-annotate/determination/1"], Field(alias="schema")] = (
        "modic-annotate/determination/1"
    )
    trial_id: RecordId
    record_id: RecordId
    criteria_id: RecordId
    criteria_version: str
    criteria_title: str
    semantics: int
    """Version of the evaluator's rules; a later one never changes what this one means."""

    roll_up: RollUp
    outcomes: tuple[CriterionOutcome, ...]
    missing: tuple[str, ...] = ()
    """What is needed to conclude, one sentence each, without repeats."""

    caveats: tuple[str, ...] = ()
    """What limits the statement although it stands, one sentence each."""

    readings: tuple[RecordId, ...] = ()
    """Ids of the readings it rests on."""

    frozen: FrozenInputs

    def outcome(self, criterion: str) -> CriterionOutcome:
        """Return the row of one criterion.

        Raises
        ------
        KeyError
            The set has no such criterion.
        """
        for row in self.outcomes:
            if row.criterion == criterion:
                return row
        raise KeyError(criterion)
