"""Every file below some paths, once, in a fixed order; a zip archive counts as a folder."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from modic_annotate.errors import NothingReadableError
from modic_annotate.imaging.model import Refused
from modic_annotate.imaging.sources.archive_directory import ARCHIVE_SUFFIX, directory
from modic_annotate.imaging.sources.archives import ArchiveMember, ImageFile
from modic_annotate.imaging.sources.regular import open_regular

DICOMDIR = "DICOMDIR"
ARCHIVE_MARK = b"PK\x03\x04"


def walk(paths: Iterable[Path]) -> Iterator[ImageFile | Refused]:
    """Yield each file once, sorted by name within its folder; links into a loop are skipped.

    A DICOMDIR given as a path stands for its folder: the index may be stale, the files are not.
    Of a zip archive come the files in it, in its own order.

    Raises
    ------
    NothingReadableError
        When a path does not exist.
    """
    seen: set[str] = set()
    given = list(paths)
    for path in given:
        _check_there(path)
        start = path.parent if path.name.upper() == DICOMDIR and path.is_file() else path
        if len(given) == 1 and path.is_file() and _is_zip(path):
            yield from _members(path)  # whatever its name: who gives it alone wants to see into it
        else:
            yield from _below(start, str(start.resolve()), seen)


def _check_there(path: Path) -> None:
    try:
        is_there = path.exists()
    except OSError as error:
        raise NothingReadableError(
            f"{path} cannot be opened ({error.strerror}); give a folder you may read"
        ) from error
    if not is_there:
        raise NothingReadableError(f"There is no {path}; give a DICOM file or folder")


def _below(path: Path, real: str, seen: set[str]) -> Iterator[ImageFile | Refused]:
    if real in seen:
        return
    seen.add(real)
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
    except OSError as error:
        yield Refused(path, "unreadable", f"it cannot be looked up: {error.strerror}")
        return
    if is_folder:
        yield from _inside(path, real, seen)
    elif is_file:
        yield from _file(path)
    else:
        yield Refused(path, "not_a_file", "neither a file nor a folder that can be opened")


def _inside(folder: Path, real: str, seen: set[str]) -> Iterator[ImageFile | Refused]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        yield Refused(folder, "unreadable", f"the folder cannot be listed: {error.strerror}")
        return
    for entry in entries:
        path, inner = folder / entry.name, os.path.join(real, entry.name)  # noqa: PTH118 - quicker
        if entry.is_symlink():
            yield from _linked(path, seen)
        elif entry.is_file():  # the usual case, without another look at the disk
            if inner not in seen:
                seen.add(inner)
                yield from _file(path)
        else:
            yield from _below(path, inner, seen)


def _linked(path: Path, seen: set[str]) -> Iterator[ImageFile | Refused]:
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: a loop of links, before Python 3.13
        yield Refused(path, "broken_link", "a link that leads nowhere")
        return
    yield from _below(path, str(real), seen)


def _file(path: Path) -> Iterable[ImageFile | Refused]:
    return _members(path) if path.name.lower().endswith(ARCHIVE_SUFFIX) else (path,)


def _is_zip(path: Path) -> bool:
    """Whether a file not named as an archive is one."""
    if path.name.lower().endswith(ARCHIVE_SUFFIX):
        return False  # opened already
    try:
        with open_regular(path) as file:
            return file.read(len(ARCHIVE_MARK)) == ARCHIVE_MARK
    except OSError:
        return False


def _members(archive: Path) -> Iterator[ImageFile | Refused]:
    try:
        found = directory(archive)
    except OSError as error:
        yield Refused(archive, "unreadable", f"the archive cannot be read: {error.strerror}")
        return
    if found.fault:
        yield Refused(archive, "archive", found.fault)
    for name, code, reason in found.refused:
        yield Refused(ArchiveMember(archive, name), code, reason)
    for name in found.entries:
        yield ArchiveMember(archive, name)
