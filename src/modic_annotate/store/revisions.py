"""Revisions of screening records (``screening/<record>/r<n>.json``), written once each."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import PurePosixPath

from pydantic import JsonValue

from modic_annotate.domain.reading import ScreeningLink
from modic_annotate.domain.screening import ScreeningRecord
from modic_annotate.errors import (
    AlreadyExistsError,
    RecordError,
    RecordMismatchError,
    UnknownRecordError,
)
from modic_annotate.store import linking
from modic_annotate.store.audit import append_event, read_chain
from modic_annotate.store.audited_files import NOT_WRITTEN, staged_key, vouched
from modic_annotate.store.canonical import canonical_bytes, parse_record, sha256_hex
from modic_annotate.store.chain import WORKSPACE
from modic_annotate.store.protocol import Store

FOLDER = "screening"
EVENT = "screening.revision"
LOCK_TIMEOUT_S = 30.0
_FILE = re.compile(r"^r([1-9][0-9]*)\.json$")


def key_of(record_id: str, revision: int) -> str:
    """Return the key of one revision."""
    return f"{FOLDER}/{record_id}/r{revision}.json"


def record_ids(store: Store) -> dict[str, str]:
    """Return every record id as stored, by its spelling without case."""
    ids = {PurePosixPath(key).parts[1] for key in store.list(FOLDER) if key.count("/") == 2}  # noqa: PLR2004
    return {record_id.casefold(): record_id for record_id in ids}


def numbers(store: Store, record_id: str) -> tuple[int, ...]:
    """Return the revisions there are, ascending."""
    names = (PurePosixPath(key).name for key in store.list(f"{FOLDER}/{record_id}"))
    return tuple(sorted(int(m.group(1)) for name in names if (m := _FILE.match(name))))


def read(store: Store, record_id: str, revision: int | None) -> tuple[ScreeningRecord, str]:
    """Return one revision (the latest for None) and the sha256 of its bytes."""
    present = numbers(store, record_id)
    wanted = revision if revision is not None else max(present, default=0)
    if wanted not in present:
        raise UnknownRecordError(f"Record {record_id} has no revision {wanted}")
    key = key_of(record_id, wanted)
    content = store.get(key)
    return parse_record(ScreeningRecord, content, key), sha256_hex(content)


def assignment(store: Store, trial_id: str, record_id: str) -> ScreeningLink:
    """Return the latest revision and its hash as the audit trail has them."""
    prefix = f"{FOLDER}/{record_id}/"
    known = vouched(read_chain(store, record_id))
    found = {
        int(match.group(1)): digest
        for key, digest in known.items()
        if key.startswith(prefix) and (match := _FILE.match(key.removeprefix(prefix)))
        if not store.exists(staged_key(digest)) or store.exists(key)
    }
    if not found:
        raise UnknownRecordError(
            f"The audit trail knows no revision of record {record_id}; run: audit WS verify"
        )
    revision = max(found)
    return ScreeningLink(
        trial_id=trial_id, record_id=record_id, revision=revision, sha256=found[revision]
    )


def add(store: Store, trial_id: str, record: ScreeningRecord, by: str) -> str:
    """Write the next revision; the audit entry comes first, so that no file goes unrecorded.

    The content is staged under a hidden name before that, so that a crash between the two is told
    from a file that somebody removed.
    """
    content = canonical_bytes(record)
    digest = sha256_hex(content)
    with store.lock(FOLDER, LOCK_TIMEOUT_S):
        key = key_of(record.record_id, record.revision)
        if store.exists(key) and store.get(key) == content:
            return digest
        _check(store, trial_id, record)
        try:
            store.replace(staged_key(digest), content)
            append_event(store, record.record_id, EVENT, by, **_facts(record, digest))
            store.put_new(key, content)
        except RecordError:
            with suppress(RecordError):  # the same disk may refuse this too; what is staged tells
                _take_back(store, record, by, digest)
            raise
        with suppress(RecordError):
            store.discard(staged_key(digest))
    return digest


def _take_back(store: Store, record: ScreeningRecord, by: str, digest: str) -> None:
    """Undo an announcement whose file did not come; keep what is staged where that fails too."""
    key = key_of(record.record_id, record.revision)
    if not store.exists(key):
        if vouched(read_chain(store, record.record_id)).get(key) == digest:
            undone = _facts(record, digest) | {NOT_WRITTEN: True}
            append_event(store, record.record_id, EVENT, by, **undone)
        store.discard(staged_key(digest))


def _facts(record: ScreeningRecord, digest: str) -> dict[str, JsonValue]:
    key = key_of(record.record_id, record.revision)
    return {"revision": record.revision, "files": {key: digest}}


def _check(store: Store, trial_id: str, record: ScreeningRecord) -> None:
    name = f"Record {record.record_id}"
    stored = record_ids(store).get(record.record_id.casefold(), record.record_id)
    if stored != record.record_id or record.record_id.casefold() == WORKSPACE:
        raise AlreadyExistsError(
            f"{name}: the id is taken by {stored!r}, and ids are compared without case; "
            "choose another id"
        )
    if record.trial_id != trial_id:
        raise RecordMismatchError(
            f"{name} is of trial {record.trial_id!r} and this workspace of {trial_id!r}"
        )
    _check_follows(store, record, name)


def _check_follows(store: Store, record: ScreeningRecord, name: str) -> None:
    last = max(numbers(store, record.record_id), default=0)
    present, digest = read(store, record.record_id, last) if last else (None, None)
    if (record.revision, record.previous_sha256) != (last + 1, digest):
        raise RecordMismatchError(
            f"{name} revision {record.revision} does not follow revision {last}, the present one; "
            "read the present one and make the change there"
        )
    if present is None or present.subject.subject_id == record.subject.subject_id:
        return
    if linking.read(store, record.record_id):
        raise RecordMismatchError(
            f"{name} has images or readings of its subject, so its subject id cannot change; "
            "make a new record"
        )
