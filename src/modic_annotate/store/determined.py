"""Resolutions, signed determinations and the submission log (``determinations/<record>/``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic import JsonValue

from modic_annotate.domain.resolution import DeterminationSignature, Resolution
from modic_annotate.domain.submission import Submission
from modic_annotate.store.canonical import canonical_bytes, parse_record, sha256_hex
from modic_annotate.store.protocol import Store
from modic_annotate.store.recorded import Entry, Shelf, add_numbered, recorded_keys

FOLDER = "determinations"
RESOLVED = "determination.resolved"
SIGNED = "determination.signed"
RESOLUTION = ".resolution.json"
SUBMITTED = "submission.logged"
SIGNATURE = ".signature.json"
SUBMISSION = ".submission.json"


def folder_of(record_id: str) -> str:
    """Return the folder of a record's determinations."""
    return f"{FOLDER}/{record_id}"


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

    def entry(made: Resolution) -> Entry:
        facts: dict[str, JsonValue] = {
            "criteria": made.criteria_id,
            "criterion": made.criterion,
            "outcome": made.outcome,
        }
        return Entry({RESOLUTION: canonical_bytes(made)}, RESOLVED, made.by, facts)

    return add_numbered(store, record_id, Shelf(FOLDER, "V"), make, entry)


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

    def entry(made: DeterminationSignature) -> Entry:
        facts: dict[str, JsonValue] = {
            "criteria": made.criteria_id,
            "roll_up": made.roll_up.value,
            "as_of": made.as_of.isoformat(),
        }
        files = {".json": determination, SIGNATURE: canonical_bytes(made)}
        return Entry(files, SIGNED, made.signer_id, facts)

    return add_numbered(store, record_id, Shelf(FOLDER, "D"), sign, entry)


def signed_bytes(store: Store, record_id: str, signature: DeterminationSignature) -> bytes:
    """Return the bytes of a signed determination."""
    return store.get(f"{folder_of(record_id)}/{signature.determination_id}.json")


def submissions(store: Store, record_id: str) -> tuple[Submission, ...]:
    """Return the log of what was sent for a record, oldest entry first."""
    keys = recorded_keys(store, record_id, folder_of(record_id), SUBMISSION)
    return tuple(parse_record(Submission, store.get(key), key) for key in keys)


def add_submission(store: Store, record_id: str, make: Callable[[str], Submission]) -> Submission:
    """Add an entry to the log; `make` gives it for its id."""

    def entry(made: Submission) -> Entry:
        facts: dict[str, JsonValue] = {"submission": made.event.value}
        return Entry({SUBMISSION: canonical_bytes(made)}, SUBMITTED, made.by, facts)

    return add_numbered(store, record_id, Shelf(FOLDER, "S"), make, entry)
