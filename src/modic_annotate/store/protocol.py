"""What the records need of the place that keeps them."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from modic_annotate.store.durable import PUBLIC


class Store(Protocol):
    """Bytes under keys; a key is a relative path with ``/`` between its parts.

    Whatever a method has written is durable when it returns; a method that raises has written
    nothing. Every failure is a ``ModicAnnotateError``.
    """

    def path(self, key: str) -> Path:
        """Return where a key lies on this machine."""
        ...

    def get(self, key: str) -> bytes:
        """Return the bytes of a key; UnknownRecordError where there are none."""
        ...

    def exists(self, key: str) -> bool:
        """Whether a key holds anything."""
        ...

    def put_new(self, key: str, content: bytes, mode: int = PUBLIC) -> None:
        """Write a key once; AlreadyExistsError where it is taken, by whomever.

        `mode` says who may read it, where the store is a file system.
        """
        ...

    def replace(self, key: str, content: bytes) -> None:
        """Write a key over what it holds, in one step (rebuildable indexes, readers).

        Where it raises, the key holds the old or the new bytes, whole.
        """
        ...

    def append(self, key: str, line: bytes) -> None:
        """Add one whole line, its newline included."""
        ...

    def drop_torn_line(self, key: str) -> bytes:
        """Cut off a last line without newline and return it; empty where there is none."""
        ...

    def discard(self, key: str) -> None:
        """Remove a hidden key (``store.durable.TEMPORARY_PREFIX``); records are never removed."""
        ...

    def list(self, prefix: str) -> tuple[str, ...]:
        """Return all keys under a folder, sorted; hidden ones left out."""
        ...

    def lock(
        self, name: str, timeout: float = 0, note: bytes = b""
    ) -> AbstractContextManager[None]:
        """Hold a name against other processes; DraftInUseError after `timeout` seconds.

        A note is for those who find the name held; it goes with the lock, or with the next note
        where its holder was killed.
        """
        ...

    def lock_note(self, name: str) -> bytes:
        """Return what the holder of a name noted; empty where nothing is known."""
        ...
