"""Resolutions, signed determinations and the submission log (``determinations/<record>/``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from modic_annotate.domain.resolution import DeterminationSignature, Resolution
from modic_annotate.domain.submission import Submission
from modic_annotate.store.canonical import canonical_bytes, parse_record, sha256_hex
from modic_annotate.store.protocol import Store
from modic_annotate.store.recorded import next_number, put_recorded, recorded_keys

LOCK_TIMEOUT_S = 30.0
RESOLVED = "determination.resolved"
SIGNED = "determination.signed"
RESOLUTION = ".resolution.json"
SUBMITTED = "submission.logged"
SIGNATURE = ".signature.json"
SUBMISSION = ".submission.json"


def folder_of(record_id: str) -> str:
    """Return the folder of a record's determinations."""
    return f"determinations/{record_id}"


def resolutions(
    store: Store, record_id: str, known: Mapping[str, str] | None = None
) -> tuple[Resolution, ...]:
    """Return all resolutions of a record, oldest first.

    `known` is what the record's audit trail vouches for, where it was read already.
    """
    keys = recorded_keys(store, record_id, folder_of(record_id), RESOLUTION, known)
    return tuple(parse_record(Resolution, store.get(key), key) for key in keys)


def add_resolution(store: Store, record_id: str, make: Callable[[str], Resolution]) -> Resolution:
    """Keep a resolution; `make` gives it for its id."""
    with store.lock(f"determinations-{record_id}", LOCK_TIMEOUT_S):
        made = make(f"V{next_number(store, folder_of(record_id), 'V')}")
        key = f"{folder_of(record_id)}/{made.resolution_id}{RESOLUTION}"
        put_recorded(
            store,
            record_id,
            {key: canonical_bytes(made)},
            RESOLVED,
            made.by,
            criteria=made.criteria_id,
            criterion=made.criterion,
            outcome=made.outcome,
        )
    return made


def resolution_sha256(made: Resolution) -> str:
    """Return the hash of a resolution's bytes."""
    return sha256_hex(canonical_bytes(made))


def signatures(store: Store, record_id: str) -> tuple[DeterminationSignature, ...]:
    """Return the signatures over determinations of a record, oldest first."""
    keys = recorded_keys(store, record_id, folder_of(record_id), SIGNATURE)
    return tuple(parse_record(DeterminationSignature, store.get(key), key) for key in keys)


def add_signed(
    store: Store,
    record_id: str,
    determination: bytes,
    sign: Callable[[str], DeterminationSignature],
) -> DeterminationSignature:
    """Keep a determination with its signature; `sign` gives the signature for its id."""
    with store.lock(f"determinations-{record_id}", LOCK_TIMEOUT_S):
        signature = sign(f"D{next_number(store, folder_of(record_id), 'D')}")
        base = f"{folder_of(record_id)}/{signature.determination_id}"
        files = {
            f"{base}.json": determination,
            f"{base}{SIGNATURE}": canonical_bytes(signature),
        }
        put_recorded(
            store,
            record_id,
            files,
            SIGNED,
            signature.signer_id,
            criteria=signature.criteria_id,
            roll_up=signature.roll_up.value,
            as_of=signature.as_of.isoformat(),
        )
    return signature


def signed_bytes(store: Store, record_id: str, signature: DeterminationSignature) -> bytes:
    """Return the bytes of a signed determination."""
    return store.get(f"{folder_of(record_id)}/{signature.determination_id}.json")


def submissions(store: Store, record_id: str) -> tuple[Submission, ...]:
    """Return the log of what was sent for a record, oldest entry first."""
    keys = recorded_keys(store, record_id, folder_of(record_id), SUBMISSION)
    return tuple(parse_record(Submission, store.get(key), key) for key in keys)


def add_submission(store: Store, record_id: str, make: Callable[[str], Submission]) -> Submission:
    """Add an entry to the log; `make` gives it for its id."""
    with store.lock(f"determinations-{record_id}", LOCK_TIMEOUT_S):
        made = make(f"S{next_number(store, folder_of(record_id), 'S')}")
        key = f"{folder_of(record_id)}/{made.submission_id}{SUBMISSION}"
        put_recorded(
            store,
            record_id,
            {key: canonical_bytes(made)},
            SUBMITTED,
            made.by,
            submission=made.event.value,
        )
    return made
