"""Where the files of readings lie in a workspace."""

from __future__ import annotations

from modic_annotate.store.protocol import Store

JOURNAL = ".journal.jsonl"
LONGEST_READER = 58
"""Characters of a reader id that a reading id takes over, so that it stays a valid id."""


def folder(record_id: str, reader_id: str) -> str:
    """Return the folder of one reader's readings of one record."""
    return f"readings/{record_id}/{reader_id}"


def journal_key(record_id: str, reader_id: str, reading_id: str) -> str:
    """Return the key of a reading's journal."""
    return f"{folder(record_id, reader_id)}/{reading_id}{JOURNAL}"


def reading_key(record_id: str, reader_id: str, reading_id: str) -> str:
    """Return the key of a sealed reading."""
    return f"{folder(record_id, reader_id)}/{reading_id}.json"


def signature_key(record_id: str, reader_id: str, reading_id: str) -> str:
    """Return the key of a reading's signature."""
    return f"{folder(record_id, reader_id)}/{reading_id}.signature.json"


def lock_name(record_id: str, reader_id: str) -> str:
    """Return the name that one process holds while it reads."""
    return f"reading-{record_id}-{reader_id}"


def reading_id(reader_id: str, number: int) -> str:
    """Return the id of a reader's n-th reading of a record."""
    return f"{reader_id[:LONGEST_READER].rstrip('.')}-{number}"


def reading_ids(store: Store, record_id: str, reader_id: str) -> tuple[str, ...]:
    """Return the ids of one reader's readings of a record, oldest first, drafts included."""
    prefix = f"{folder(record_id, reader_id)}/"
    names = (
        key.removeprefix(prefix).removesuffix(JOURNAL)
        for key in store.list(prefix.rstrip("/"))
        if key.endswith(JOURNAL)
    )
    numbers = (name.rpartition("-")[2] for name in names)
    ordered = sorted(int(number) for number in numbers if number.isdecimal())
    return tuple(reading_id(reader_id, number) for number in ordered)
