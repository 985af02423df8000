"""The site's secret: by how many days a subject's dates are moved, and how originals are named.

A keyed hash of the record's id gives the days, so nothing but the key has to be kept. Whoever has
it could move the dates back: it lies in ``identity/``, readable by its owner, and is never
exported. The audit trail holds a check value, by which another key in its place is found.

A plain digest of an original would betray the days: whoever has the copy could move it back by 1,
2, 3 .. 364 days and see which gives the digest. So originals are named by a keyed digest, which
only the site can compute; in a package the same original has the same one everywhere.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from modic_annotate.errors import AlreadyExistsError, ExportError
from modic_annotate.store.audit import append_event, read_chain
from modic_annotate.store.durable import PRIVATE
from modic_annotate.store.protocol import Store

KEY = "identity/date-shift.key"
MADE = "identity.date_shift_key"
KEY_BYTES = 32
FEWEST_DAYS, MOST_DAYS = 1, 364
CHECKED = b"modic-annotate date shift key"


def shift_days(key: bytes, record_id: str) -> int:
    """Return the whole days, 1 to 364, that a record's dates are moved into the past.

    Parameters
    ----------
    key
        The site's secret.
    record_id
        The record; its spelling's case does not matter.
    """
    digest = hmac.digest(key, f"record {record_id.casefold()}".encode(), hashlib.sha256)
    return FEWEST_DAYS + int.from_bytes(digest) % (MOST_DAYS - FEWEST_DAYS + 1)


def keyed_digest(key: bytes, sha256: str) -> str:
    """Return what names an original in a trial's package, instead of its plain sha256."""
    return hmac.digest(key, f"original {sha256}".encode(), hashlib.sha256).hex()


def shift_key(store: Store, by: str) -> bytes:
    """Return the workspace's key, made and announced in the audit trail the first time.

    Raises
    ------
    ExportError
        The key is gone or another, although packages may have been made with it.
    """
    announced = _announced(store)
    if not store.exists(KEY):
        if announced is not None:
            raise ExportError(
                f"{KEY} is gone, and earlier packages of this workspace were dated with it; "
                "restore it from the site's backup"
            )
        _make(store)
    key = _read(store)
    if announced is None:
        append_event(store, None, MADE, by, check=_check(key))
    elif announced != _check(key):
        raise ExportError(
            f"{KEY} is not the key the audit trail knows; restore it from the site's backup"
        )
    return key


def _make(store: Store) -> None:
    try:
        store.put_new(KEY, f"{secrets.token_hex(KEY_BYTES)}\n".encode(), mode=PRIVATE)
    except AlreadyExistsError:  # another process was first; its key counts
        return


def _read(store: Store) -> bytes:
    try:
        key = bytes.fromhex(store.get(KEY).decode("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ExportError(f"{KEY} is damaged; restore it from the site's backup")
    return key


def _announced(store: Store) -> str | None:
    entries = read_chain(store, None).entries
    made = (str(one.facts.get("check")) for one in entries if one and one.event == MADE)
    return next(made, None)


def _check(key: bytes) -> str:
    """Return what tells one key from another and says nothing of either."""
    return hmac.digest(key, CHECKED, hashlib.sha256).hex()
