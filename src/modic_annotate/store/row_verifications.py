"""Verified rows of criteria sets (``criteria/<set>/<row>/r<n>.json``), written once each."""

from __future__ import annotations

import re
from contextlib import suppress

from modic_annotate.domain.row_verification import RowVerification
from modic_annotate.errors import RecordError, RecordMismatchError
from modic_annotate.store.audit import append_event
from modic_annotate.store.audited_files import staged_key
from modic_annotate.store.canonical import canonical_bytes, parse_record, sha256_hex
from modic_annotate.store.protocol import Store

FOLDER = "criteria"
VERIFIED = "criteria.row_verified"
WITHDRAWN = "criteria.row_withdrawn"
LOCK_TIMEOUT_S = 30.0
_KEY = re.compile(rf"{FOLDER}/[^/]+/([^/]+)/r([1-9][0-9]*)\.json")


def key_of(one: RowVerification) -> str:
    """Return the key of one revision."""
    return f"{FOLDER}/{one.criteria_id}/{one.criterion}/r{one.revision}.json"


def present(store: Store, criteria_id: str) -> tuple[RowVerification, ...]:
    """Return the latest revision of every row of a set that was ever verified, by row."""
    latest: dict[str, int] = {}
    for key in store.list(f"{FOLDER}/{criteria_id}"):
        if match := _KEY.fullmatch(key):
            latest[match[1]] = max(latest.get(match[1], 0), int(match[2]))
    keys = [f"{FOLDER}/{criteria_id}/{row}/r{n}.json" for row, n in sorted(latest.items())]
    return tuple(parse_record(RowVerification, store.get(key), key) for key in keys)


def add(store: Store, one: RowVerification) -> None:
    """Write the next revision of a row, its audit entry first.

    Raises
    ------
    RecordMismatchError
        It does not follow the row's present revision.
    """
    content, key = canonical_bytes(one), key_of(one)
    digest = sha256_hex(content)
    with store.lock(FOLDER, LOCK_TIMEOUT_S):
        found = [
            v.revision for v in present(store, one.criteria_id) if v.criterion == one.criterion
        ]
        if one.revision != max(found, default=0) + 1:
            raise RecordMismatchError(
                f"Row {one.criterion} of {one.criteria_id} was verified or withdrawn by someone "
                "else meanwhile; look at it again"
            )
        store.replace(staged_key(digest), content)
        facts = {"criteria_id": one.criteria_id, "criterion": one.criterion}
        event = WITHDRAWN if one.withdrawn else VERIFIED
        append_event(store, None, event, one.by, **facts, files={key: digest})
        store.put_new(key, content)
        with suppress(RecordError):
            store.discard(staged_key(digest))
