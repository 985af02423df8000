"""Set and check the passphrase a reader signs with."""

from __future__ import annotations

from modic_annotate.errors import UnknownReaderError
from modic_annotate.store.passphrase import hash_passphrase, is_passphrase
from modic_annotate.store.workspace import Workspace


def set_passphrase(ws: Workspace, reader_id: str, passphrase: str) -> None:
    """Give a registered reader a passphrase; it replaces the one before.

    Raises
    ------
    UnknownReaderError
        The reader is not registered.
    InvalidRecordError
        The passphrase is too short.
    """
    reader = ws.reader(reader_id)
    ws.update_reader(reader.replace(passphrase=hash_passphrase(passphrase)))


def check_passphrase(ws: Workspace, reader_id: str, passphrase: str) -> bool:
    """Whether the passphrase is the reader's; UnknownReaderError where none was set."""
    kept = ws.reader(reader_id).passphrase
    if kept is None:
        raise UnknownReaderError(
            f"Reader {reader_id!r} has no passphrase; set one with: readers WS passphrase ID"
        )
    return is_passphrase(passphrase, kept)
