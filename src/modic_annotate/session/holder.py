"""Who holds a reading, for another window that finds it held: since when, on which account.

The note names no person and no computer: the reader is known from what is held, the account is
a hash that only says whether it is one's own.
"""

from __future__ import annotations

from datetime import datetime

from modic_annotate.domain.base import Record, Sha256, Utc, utc_now
from modic_annotate.errors import InvalidRecordError
from modic_annotate.session import keys
from modic_annotate.session.place import Place
from modic_annotate.store.account import os_account_sha256
from modic_annotate.store.canonical import canonical_bytes, parse_record
from modic_annotate.store.workspace import Workspace


class HolderNote(Record):
    """What a process leaves beside the lock of a reading while it holds it."""

    since: Utc
    os_account_sha256: Sha256 | None = None


def holder_note() -> bytes:
    """Return the note of this process, from now on."""
    return canonical_bytes(HolderNote(since=utc_now(), os_account_sha256=os_account_sha256()))


def held_words(ws: Workspace, record_id: str, reader_id: str) -> str:
    """Return who holds a reading that was found held, in one sentence.

    E.g. ``Read only: open in another window since 14:05 by reader R01``.
    """
    place = Place.of(ws, record_id, reader_id)
    found = ws.store.lock_note(keys.lock_name(place.record_id, place.reader.id))
    try:
        note = parse_record(HolderNote, found, "the holder's note") if found else None
    except InvalidRecordError:
        note = None
    since = "" if note is None else f" since {_clock(note.since)}"
    elsewhere = note is not None and note.os_account_sha256 != os_account_sha256()
    where = "on another account" if elsewhere else "in another window"
    return f"Read only: open {where}{since} by reader {place.reader.id}"


def _clock(at: datetime) -> str:
    """Return a local time of day; with its date where that is not today's."""
    local, today = at.astimezone(), utc_now().astimezone().date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%Y-%m-%d %H:%M}"
