"""Whether an MRI is of the person a screening record is of."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from modic_annotate.conduct.cleaning import cleaner_of
from modic_annotate.domain.links import IdentityCheck, Match
from modic_annotate.domain.screening import Recorded, ScreeningRecord, Sex
from modic_annotate.errors import RecordMismatchError
from modic_annotate.imaging import PatientIdentity, Series

FIELDS = ("birth_year", "sex", "study_date")
UID_ENDING = 8
"""Characters of a study's UID that tell it from others to a person."""

UNKNOWN_SEX = ("", "U")
"""What some scanners write for a sex nobody stated."""


@dataclass(frozen=True)
class ShownIdentity:
    """Who the images say they are of: for a coordinator's eyes, never for a file or a log."""

    series: tuple[Series, ...] = field(repr=False)

    def for_the_terminal(self) -> str:
        """Return name, id, birth year, sex and study date of each study as lines of text."""
        seen = {(s.study_uid, s.patient.key): s.patient for s in self.series}
        return "\n".join(
            f"Patient {p.name or '(no name)'}, id {p.patient_id or '(none)'}, "
            f"born {p.birth_year or '(not stated)'}, sex {p.sex or '(not stated)'}, "
            f"MRI of {p.study_date or '(no date)'}, study ...{uid[-UID_ENDING:]}"
            for (uid, _), p in seen.items()
        )


def check_identity(
    record: ScreeningRecord, study: Sequence[Series], by: str, reason: str | None
) -> IdentityCheck:
    """Compare birth year, sex and study date of an MRI with a screening record.

    Raises
    ------
    RecordMismatchError
        A field contradicts the record, and nobody gave a reason to accept that.
    """
    patients = [series.patient for series in study]
    results = {
        "birth_year": _compare({p.birth_year for p in patients}, _known(record.subject.birth_year)),
        "sex": _compare({_sex(p) for p in patients}, _known(record.subject.sex)),
        "study_date": _compare(
            {p.study_date for p in patients},
            {m.study_date.isoformat() for m in record.mri if m.study_date},
        ),
    }
    contradicting = [name.replace("_", " ") for name in FIELDS if results[name] == Match.MISMATCH]
    if contradicting and not (reason or "").strip():
        raise RecordMismatchError(
            f"The MRI contradicts record {record.record_id} in {' and '.join(contradicting)}; "
            "check that it is the right study, or accept it with --reason"
        )
    kept = cleaner_of(patients).text(reason) if reason and contradicting else None
    return IdentityCheck(**results, checked_by=by, reason=kept)


def in_words(check: IdentityCheck) -> str:
    """Return the result field by field, e.g. ``birth year match, sex not available, ...``."""
    return ", ".join(f"{n} {getattr(check, n)}".replace("_", " ") for n in FIELDS)


def _compare(stated: set[Hashable | None], recorded: set[Hashable]) -> Match:
    found = {value for value in stated if value is not None}
    if not found or not recorded:
        return Match.NOT_AVAILABLE
    return Match.MATCH if found <= recorded else Match.MISMATCH


def _known(value: Recorded[int] | Recorded[Sex]) -> set[Hashable]:
    return set() if value.value is None else {value.value}


def _sex(patient: PatientIdentity) -> str | None:
    sex = (patient.sex or "").strip().upper()
    return None if sex in UNKNOWN_SEX else sex


def studies_in_words(studies: Iterable[Sequence[Series]]) -> str:
    """List studies so that a person can tell them apart, without naming anybody."""
    return "; ".join(
        f"study ...{study[0].study_uid[-UID_ENDING:]} "
        f"of {study[0].patient.study_date or 'no date'} "
        f"with {len({s.series_uid for s in study})} series"
        for study in studies
    )
