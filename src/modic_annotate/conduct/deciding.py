"""A named person's part: resolve a row that needs review, sign a determination."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from modic_annotate.conduct.case import assess_case
from modic_annotate.conduct.passphrase import check_passphrase
from modic_annotate.domain.base import utc_now
from modic_annotate.domain.determination import Outcome
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.reading import SignatureClass
from modic_annotate.domain.resolution import DeterminationSignature, Resolution
from modic_annotate.eligibility import load_criteria
from modic_annotate.eligibility.resolving import basis_sha256
from modic_annotate.errors import ActRefusedError, UnknownRecordError
from modic_annotate.evidence.criteria_file import site_criteria
from modic_annotate.evidence.gather import Gathered, gather
from modic_annotate.session.software import software
from modic_annotate.store import determined
from modic_annotate.store.canonical import sha256_hex
from modic_annotate.store.workspace import Workspace

MEANING = "I have reviewed the record and this is what it states under the set named"


@dataclass(frozen=True, slots=True)
class Judged:
    """Which determination a person judges: the set and the day."""

    criteria: str | Path
    as_of: date


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person makes of one row."""

    criterion: str
    outcome: str
    """``met`` or ``not_met``; for an exclusion, met means that it is absent."""

    reason: str
    by: str


def resolve(ws: Workspace, record_id: str, judged: Judged, decision: Decision) -> Resolution:
    """Record a person's decision on a row that needs review.

    Raises
    ------
    UnknownReaderError
        The person is not registered.
    UnknownRecordError
        The set has no such row.
    ActRefusedError
        The row does not need review; missing data are recorded, not resolved.
    """
    person = ws.reader(decision.by)
    stored = ws.resolve(record_id)
    criteria = load_criteria(judged.criteria)
    determination = assess_case(ws, stored, str(judged.criteria), judged.as_of)
    row = next((r for r in determination.outcomes if r.criterion == decision.criterion), None)
    if row is None:
        known = ", ".join(r.criterion for r in determination.outcomes)
        raise UnknownRecordError(
            f"Set {criteria.id} has no row {decision.criterion!r}; its rows are {known}"
        )
    if row.outcome != Outcome.NEEDS_REVIEW:
        raise ActRefusedError(
            f"Row {row.criterion} is {row.finding}, it does not need review; "
            "a person resolves only what needs review"
        )

    def make(resolution_id: str) -> Resolution:
        return Resolution(
            resolution_id=resolution_id,
            record_id=stored,
            criteria_id=criteria.id,
            criteria_version=criteria.version,
            criterion=row.criterion,
            outcome=Outcome(decision.outcome).value,
            reason=decision.reason,
            by=person.id,
            at=utc_now(),
            basis_sha256=basis_sha256(row),
        )

    return determined.add_resolution(ws.store, stored, make)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, and how."""

    by: str
    meaning: str = MEANING
    passphrase: str | None = None


def sign_determination(
    ws: Workspace, record_id: str, judged: Judged, signer: Signer
) -> DeterminationSignature:
    """Sign what a set says of a record on a day; the bytes signed are kept beside it.

    Raises
    ------
    UnknownReaderError
        The signer is not registered.
    ActRefusedError
        The passphrase is missing or wrong where the signer has one.
    """
    person = ws.reader(signer.by)
    signature_class = _class_of(ws, person, signer)
    stored = ws.resolve(record_id)
    found = gathered(ws, stored, judged)
    determination, content = found.determination, found.signable.content
    at = utc_now()

    def sign(determination_id: str) -> DeterminationSignature:
        return DeterminationSignature(
            determination_id=determination_id,
            determination_sha256=sha256_hex(content),
            record_id=stored,
            criteria_id=determination.criteria_id,
            roll_up=determination.roll_up,
            as_of=judged.as_of,
            inputs=found.signable.inputs,
            signer_id=person.id,
            signer_display_name=person.display_name or person.id,
            signer_role=person.role,
            signer_title=person.title,
            meaning=signer.meaning,
            signature_class=signature_class,
            signed_at=at,
            local_time=at.astimezone().isoformat(timespec="seconds"),
            software=software(),
        )

    return determined.add_signed(ws.store, stored, content, sign)


def gathered(ws: Workspace, record_id: str, judged: Judged) -> Gathered:
    """Return a record with what a set says of it on a day, and how that is signed."""
    return gather(ws, record_id, site_criteria(ws, judged.criteria), judged.as_of)


def _class_of(ws: Workspace, person: Reader, signer: Signer) -> SignatureClass:
    if person.passphrase is None:
        return SignatureClass.ATTESTATION
    if signer.passphrase is None or not check_passphrase(ws, person.id, signer.passphrase):
        raise ActRefusedError(f"This is not the passphrase of {person.id}; try again")
    return SignatureClass.ELECTRONIC
