"""File operations that survive a crash: all or nothing, and on the disk when they return."""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

TEMPORARY_PREFIX = ".tmp-"
"""Names of unfinished files; never listed, safe to delete when nothing runs."""

PUBLIC, PRIVATE = 0o666, 0o600
"""Modes of new files: as the system's mask allows, and for the owner's eyes alone."""

_NO_FOLDER_SYNC = (errno.EINVAL, errno.EBADF, errno.ENOTSUP)
_NO_HARD_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder durable, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folders; its rename is durable by itself
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, each name durable."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for new in reversed(missing):
        new.mkdir(exist_ok=True)
        sync_folder(new.parent)


def write_temporary(folder: Path, content: bytes, mode: int = PUBLIC) -> Path:
    """Write content durably under a fresh name in a folder; leave nothing on failure.

    `mode` is what the system's mask leaves of it, from the first moment on.
    """
    path = folder / f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def link_new(temporary: Path, final: Path) -> bool:
    """Give a finished file its name if that is free, atomically; FileExistsError otherwise.

    Returns
    -------
    bool
        False where the file system knows no hard links (some network and USB disks).
    """
    try:
        os.link(temporary, final)
    except OSError as error:
        if _is_same(temporary, final):  # a network share may report a link it made as failed
            return True
        if error.errno not in _NO_HARD_LINKS:
            raise
        return False
    return True


def _is_same(temporary: Path, final: Path) -> bool:
    try:
        return temporary.samefile(final)
    except OSError:
        return False


def rename_new(temporary: Path, final: Path) -> None:
    """Do the same by renaming; only safe while the caller holds a lock on the name."""
    if final.exists():
        raise FileExistsError(errno.EEXIST, "exists", final.name)
    try:
        temporary.rename(final)
    except OSError:
        if temporary.exists() or not final.exists():
            raise  # else a network share reported as failed what it did


def append_line(path: Path, line: bytes) -> bool:
    """Add a line with one write and wait for the disk; on failure the file is as before.

    Returns
    -------
    bool
        False where the file ends in an unfinished line, and nothing was written.
    """
    is_new = not path.exists()
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o666)
    try:
        size = os.fstat(handle).st_size
        if size and _last_byte(handle, size) != b"\n":
            return False
        _write_or_take_back(handle, line, size)
        if is_new:
            sync_folder(path.parent)
    finally:
        os.close(handle)
    return True


def _write_or_take_back(handle: int, line: bytes, size: int) -> None:
    try:
        _write_whole(handle, line)
        os.fsync(handle)
    except OSError:
        os.ftruncate(handle, size)
        raise


def _write_whole(handle: int, line: bytes) -> None:
    if os.write(handle, line) != len(line):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def cut(path: Path, size: int) -> None:
    """Shorten a file, durably."""
    with path.open("r+b") as file:
        file.truncate(size)
        file.flush()
        os.fsync(file.fileno())


def _last_byte(handle: int, size: int) -> bytes:
    os.lseek(handle, size - 1, os.SEEK_SET)
    return os.read(handle, 1)
