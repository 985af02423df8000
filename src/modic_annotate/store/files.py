"""The store on a file system: one file per key."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from modic_annotate.errors import (
    AlreadyExistsError,
    DraftInUseError,
    RecordError,
    UnknownRecordError,
)
from modic_annotate.store import durable
from modic_annotate.store.durable import PUBLIC

LOCK_FOLDER = ".locks"
NOTE_SUFFIX = ".note"
_PLAIN_KEY = re.compile(r"\w[\w.-]*(/\w[\w.-]*)*", re.ASCII)
"""What nearly every key looks like: nothing in it can lead out of the folder."""

PUT_TIMEOUT_S = 30.0
"""How long a write waits for others, on file systems without hard links."""


def _refuse_leaving(key: str) -> None:
    parts = PurePosixPath(key).parts
    if not parts or any(p in {"..", "/"} or set(p) & set('\\:\0*?"<>|') for p in parts):
        raise RecordError(f"{key!r} is not a valid key; use a relative path without '..'")


class FileStore:
    """Keys as files under one folder; see ``store.protocol.Store`` for what is promised."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def path(self, key: str) -> Path:
        """Return the file of a key; RecordError for a key that would leave the folder."""
        return Path(self._place(key))

    def _place(self, key: str) -> str:
        """Return `path` as a text: to make the object takes as long as to read a small file."""
        if not _PLAIN_KEY.fullmatch(key):
            _refuse_leaving(key)
        return f"{self.root}/{key}"

    def get(self, key: str) -> bytes:
        """Return the bytes of a key."""
        try:
            with open(self._place(key), "rb") as file:  # noqa: PTH123 - see there
                return file.read()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            raise UnknownRecordError(f"There is no {key} in {self.root.name}") from error
        except OSError as error:
            raise _failed("read", key, error) from error

    def exists(self, key: str) -> bool:
        """Whether a key holds anything."""
        try:
            return stat.S_ISREG(os.stat(self._place(key)).st_mode)  # noqa: PTH116 - see there
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:  # not to know is not the same as to know that it is absent
            raise _failed("looked up", key, error) from error

    def put_new(self, key: str, content: bytes, mode: int = PUBLIC) -> None:
        """Write a key once, durably and whole."""
        path = self.path(key)
        try:
            durable.make_folder(path.parent)
            temporary = durable.write_temporary(path.parent, content, mode)
            try:
                self._publish(temporary, path)
            finally:
                with suppress(OSError):  # an unfinished name left over harms nobody
                    temporary.unlink(missing_ok=True)
        except FileExistsError as error:
            raise AlreadyExistsError(
                f"{key} is already written and never overwritten; choose another name"
            ) from error
        except OSError as error:
            raise _failed("written", key, error) from error

    def _publish(self, temporary: Path, final: Path) -> None:
        if not durable.link_new(temporary, final):
            with self.lock("put", PUT_TIMEOUT_S):
                durable.rename_new(temporary, final)
        try:
            durable.sync_folder(final.parent)
        except OSError:
            final.unlink(missing_ok=True)
            raise

    def replace(self, key: str, content: bytes) -> None:
        """Write a key over what it holds; readers see the old or the new bytes, never a mix."""
        path = self.path(key)
        try:
            durable.make_folder(path.parent)
            temporary = durable.write_temporary(path.parent, content)
            try:
                os.replace(temporary, path)  # noqa: PTH105 - beside os.link in durable
            finally:
                temporary.unlink(missing_ok=True)
            durable.sync_folder(path.parent)
        except OSError as error:
            raise _failed("written", key, error) from error

    def append(self, key: str, line: bytes) -> None:
        """Add one whole line with a single write and fsync."""
        if not line.endswith(b"\n") or b"\n" in line[:-1]:
            raise RecordError(f"{key} takes whole single lines; this content is not one")
        path = self.path(key)
        try:
            durable.make_folder(path.parent)
            is_whole = durable.append_line(path, line)
        except OSError as error:
            raise _failed("written", key, error) from error
        if not is_whole:
            raise RecordError(f"{key} ends in an unfinished line; drop that before adding more")

    def drop_torn_line(self, key: str) -> bytes:
        """Cut off a last line without newline and return it."""
        path = self.path(key)
        if not self.exists(key):
            return b""
        content = self.get(key)
        torn = content[content.rfind(b"\n") + 1 :]
        if torn:
            try:
                durable.cut(path, len(content) - len(torn))
            except OSError as error:
                raise _failed("written", key, error) from error
        return torn

    def discard(self, key: str) -> None:
        """Remove a hidden key; nothing happens where there is none."""
        path = self.path(key)
        if not _is_hidden(path):
            raise RecordError(f"{key} is a record, and records are never removed")
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise _failed("removed", key, error) from error

    def list(self, prefix: str) -> tuple[str, ...]:
        """Return all keys under a folder, sorted; unfinished files and locks left out.

        A folder that cannot be looked into is an error: an empty answer would be a wrong one.
        """

        def tell(error: OSError) -> None:
            if not isinstance(error, FileNotFoundError | NotADirectoryError):
                raise _failed("listed", prefix or "the workspace", error) from error

        folder = self.path(prefix) if prefix else self.root
        found = []
        for parent, folders, names in os.walk(folder, onerror=tell):
            inside = Path(parent).relative_to(self.root).as_posix()
            before = "" if inside == "." else f"{inside}/"
            folders[:] = [name for name in folders if name != LOCK_FOLDER]
            found += [
                f"{before}{name}" for name in names if not name.startswith(durable.TEMPORARY_PREFIX)
            ]
        return tuple(sorted(found))

    @contextmanager
    def lock(self, name: str, timeout: float = 0, note: bytes = b"") -> Iterator[None]:
        """Hold a name against other processes, at most waiting `timeout` seconds."""
        path = self._lock_path(name)
        try:
            durable.make_folder(path.parent)
            lock = FileLock(path)
            lock.acquire(timeout=timeout)
        except Timeout as error:
            raise DraftInUseError(
                f"{name} is in use by another process; close it there and try again"
            ) from error
        except OSError as error:
            raise _failed("locked", name, error) from error
        note_path = path.with_suffix(NOTE_SUFFIX)
        try:
            with suppress(OSError):  # a note that is not there is no harm: the lock holds
                if note:
                    note_path.write_bytes(note)
            yield
        finally:
            with suppress(OSError):
                if note:
                    note_path.unlink(missing_ok=True)
            lock.release()

    def lock_note(self, name: str) -> bytes:
        """Return what the holder of a name noted; empty where nothing is known."""
        try:
            return self._lock_path(name).with_suffix(NOTE_SUFFIX).read_bytes()
        except OSError:
            return b""

    def _lock_path(self, name: str) -> Path:
        return self.root / LOCK_FOLDER / f"{name.replace('/', '__')}.lock"


def _is_hidden(path: Path) -> bool:
    return LOCK_FOLDER in path.parts or path.name.startswith(durable.TEMPORARY_PREFIX)


def _failed(what: str, key: str, error: OSError) -> RecordError:
    reason = error.strerror or type(error).__name__
    return RecordError(f"{key} could not be {what}: {reason}; check the disk and try again")
