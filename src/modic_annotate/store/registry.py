"""The readers of a workspace (``readers.json``)."""

from __future__ import annotations

from modic_annotate.domain.readers import Reader, ReadersFile
from modic_annotate.errors import AlreadyExistsError, UnknownReaderError
from modic_annotate.store.audit import append_event
from modic_annotate.store.canonical import canonical_bytes, parse_record, sha256_hex
from modic_annotate.store.protocol import Store

READERS_KEY = "readers.json"
LOCK_TIMEOUT_S = 30.0


def read(store: Store) -> ReadersFile:
    """Return all readers; none where nobody is registered yet."""
    if not store.exists(READERS_KEY):
        return ReadersFile()
    return parse_record(ReadersFile, store.get(READERS_KEY), READERS_KEY)


def find(store: Store, reader_id: str) -> Reader:
    """Return a registered reader; UnknownReaderError otherwise."""
    reader = read(store).find(reader_id)
    if reader is None:
        raise UnknownReaderError(
            f"Reader {reader_id!r} is not registered here; "
            "register with: modic-annotate readers WS add ID"
        )
    return reader


def add(store: Store, reader: Reader, by: str) -> None:
    """Register a reader under a free id."""
    with store.lock("readers", LOCK_TIMEOUT_S):
        present = read(store)
        if present.find(reader.id) is not None:
            raise AlreadyExistsError(f"Reader {reader.id!r} is registered already")
        _write(store, (*present.readers, reader), "reader.added", reader, by)


def update(store: Store, reader: Reader, by: str) -> None:
    """Replace what is known of a registered reader."""
    with store.lock("readers", LOCK_TIMEOUT_S):
        find(store, reader.id)
        same = reader.id.casefold()
        others = tuple(r for r in read(store).readers if r.id.casefold() != same)
        _write(store, (*others, reader), "reader.changed", reader, by)


def _write(store: Store, readers: tuple[Reader, ...], event: str, reader: Reader, by: str) -> None:
    content = canonical_bytes(ReadersFile(readers=tuple(sorted(readers, key=lambda r: r.id))))
    append_event(store, None, event, by, reader_id=reader.id, readers_sha256=sha256_hex(content))
    store.replace(READERS_KEY, content)
