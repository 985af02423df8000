"""A site verifies a row of a criteria set: a person reads the source, and the row decides."""

from __future__ import annotations

from pathlib import Path

from modic_annotate.domain.base import utc_now
from modic_annotate.domain.row_verification import RowVerification
from modic_annotate.eligibility import CriteriaSet, Criterion
from modic_annotate.eligibility.site import row_of, row_sha256
from modic_annotate.errors import CriteriaError
from modic_annotate.evidence.criteria_file import criteria_file
from modic_annotate.store import row_verifications
from modic_annotate.store.canonical import sha256_hex
from modic_annotate.store.workspace import Workspace


def verify_row(
    ws: Workspace, criteria: str, row_id: str, reader_id: str, source: Path
) -> RowVerification:
    """Record that a reader has read the source of an unverified row.

    Parameters
    ----------
    ws
        The workspace the row then decides in.
    criteria
        A shipped set's id, or a set's file.
    row_id
        The row.
    reader_id
        A registered reader.
    source
        What was read; its hash is kept, the file is not.

    Raises
    ------
    UnknownReaderError
        The reader is not registered.
    InvalidCriteriaSetError, CriteriaError
        There is no such row, it needs no verification, or the source cannot be read or is empty.
    """
    reader = ws.reader(reader_id)
    found = criteria_file(criteria).criteria
    row = _unverified(found, row_id)
    content = _source(source)
    before = _present(ws, found, row)
    if before is not None and not before.withdrawn and before.row_sha256 == row_sha256(row):
        raise CriteriaError(
            f"Row {row.id} of {found.id} is verified already, by {before.person}; "
            "withdraw that first"
        )
    verification = RowVerification(
        criteria_id=found.id,
        criterion=row.id,
        row_sha256=row_sha256(row),
        revision=1 if before is None else before.revision + 1,
        by=reader.id,
        by_name=reader.display_name,
        at=utc_now(),
        source_sha256=sha256_hex(content),
        source_bytes=len(content),
    )
    row_verifications.add(ws.store, verification)
    return verification


def withdraw_row(
    ws: Workspace, criteria: str, row_id: str, reader_id: str, reason: str
) -> RowVerification:
    """Take back the verification of a row; it is then unverified as shipped.

    Raises
    ------
    UnknownReaderError, InvalidCriteriaSetError, CriteriaError
        The reader is not registered, there is no such row, or it is not verified here.
    """
    reader = ws.reader(reader_id)
    found = criteria_file(criteria).criteria
    row = row_of(found, row_id)
    before = _present(ws, found, row)
    if before is None or before.withdrawn:
        raise CriteriaError(f"Row {row.id} of {found.id} is not verified here; nothing to withdraw")
    if not reason.strip():
        raise CriteriaError(f"Row {row.id} is withdrawn with a reason; give it with --withdraw")
    withdrawn = before.replace(
        revision=before.revision + 1,
        by=reader.id,
        by_name=reader.display_name,
        at=utc_now(),
        withdrawn=True,
        reason=reason,
    )
    row_verifications.add(ws.store, withdrawn)
    return withdrawn


def _unverified(criteria: CriteriaSet, row_id: str) -> Criterion:
    row = row_of(criteria, row_id)
    if row.provenance != "unverified":
        raise CriteriaError(
            f"Row {row.id} of {criteria.id} needs no verification: its source was read "
            f"({row.provenance.replace('_', ' ')})"
        )
    return row


def _present(ws: Workspace, criteria: CriteriaSet, row: Criterion) -> RowVerification | None:
    known = row_verifications.present(ws.store, criteria.id)
    return next((one for one in known if one.criterion == row.id), None)


def _source(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CriteriaError(
            f"{path} cannot be read ({error.strerror}); give the file of the source you read"
        ) from error
    if not content:
        raise CriteriaError(f"{path} is empty; give the file of the source you read")
    return content
