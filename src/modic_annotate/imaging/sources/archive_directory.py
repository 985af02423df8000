"""What a zip archive says it holds, judged before anything of it is read.

A zip can hold names that lead elsewhere, files that grow a thousandfold, and several entries
over the same bytes. All of this shows in its directory, so it is refused there, by name.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BufferedReader
from pathlib import Path
from typing import Final

from modic_annotate.imaging.headers.values import MALFORMED
from modic_annotate.imaging.sources.regular import open_regular

MOST_MEMBERS: Final = 100_000
"""Ten times the images of a large exam."""

MOST_DIRECTORY_BYTES: Final = 16 * 2**20
"""Room for as many members with long names; read at once, so it bounds what opening costs."""

MOST_MEMBER_BYTES: Final = 2**30
"""A member is held in memory while it is decoded; the largest MR objects stay under this."""

MOST_TOTAL_BYTES: Final = 64 * 2**30
"""More than a full Blu-ray disc, the largest medium that DICOM knows (PS3.12)."""

LARGE_BYTES: Final = 64 * 2**20
"""Below this the ratio does not matter: blank images shrink a thousandfold."""

MOST_RATIO: Final = 200
"""MR images deflate to a half or a third, mostly empty ones to a tenth."""

ARCHIVE_SUFFIX: Final = ".zip"
LOCAL_HEADER_BYTES: Final = 30
_ENCRYPTED_FLAG: Final = 0x1
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The others cannot be inflated step by step, so their size could not be bounded."""

_DRIVE = re.compile("[A-Za-z]:")
_BACKSLASH = "\\"
_BROKEN = (*MALFORMED, zipfile.BadZipFile, MemoryError)


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a member lies in its archive, and what it inflates to."""

    offset: int
    stored_bytes: int
    size_bytes: int
    deflated: bool
    crc32: int


@dataclass(frozen=True, slots=True)
class Directory:
    """The members of an archive that can be read, in its order, and what speaks against others."""

    entries: Mapping[str, Entry]
    refused: tuple[tuple[str, str, str], ...] = ()
    """Name of a member, code and reason."""

    fault: str | None = None
    """Why nothing of the archive is read."""


def directory(archive: Path) -> Directory:
    """Return what an archive holds; asked again, it is read again only if it changed.

    Raises
    ------
    OSError
        When the archive cannot be opened.
    """
    state = os.stat(archive)  # noqa: PTH116 - faster, and asked for every member
    return _directory(archive, state.st_size, state.st_mtime_ns, state.st_ino)


@lru_cache(maxsize=4)
def _directory(archive: Path, size_bytes: int, mtime_ns: int, inode: int) -> Directory:
    del mtime_ns, inode  # they only tell one state of the archive from another
    try:
        with _Bounded(open_regular(archive).detach()) as file, zipfile.ZipFile(file) as opened:
            infos = opened.infolist()
    except _BROKEN:
        return Directory({}, fault="a zip archive that is damaged; get it again")
    fault = _fault(infos, size_bytes)
    return Directory({}, fault=fault) if fault else _judged(infos)


class _Bounded(BufferedReader):
    """An archive that hands out no more at once than a directory may take."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MOST_DIRECTORY_BYTES:
            raise zipfile.BadZipFile
        return super().read(MOST_DIRECTORY_BYTES if size is None or size < 0 else size)


def _fault(infos: Sequence[zipfile.ZipInfo], archive_bytes: int) -> str | None:
    """Return why an archive as a whole is not opened."""
    total = sum(info.file_size for info in infos)
    faults = (
        (all(map(_is_folder, infos)), "without files"),
        (len(infos) > MOST_MEMBERS, f"of {len(infos)} files; up to {MOST_MEMBERS} are read"),
        (
            any(info.flag_bits & _ENCRYPTED_FLAG for info in infos),
            "locked with a password; unpack it and scan the folder",
        ),
        (
            total > MOST_TOTAL_BYTES or _explodes(total, archive_bytes),
            f"that would grow to {total / 2**30:.1f} GiB, as no exam does",
        ),
        (_overlaps(infos), "whose files lie over one another, as no program packs them"),
    )
    return next((f"a zip archive {words}" for is_so, words in faults if is_so), None)


def _explodes(size_bytes: int, stored_bytes: int) -> bool:
    return size_bytes > LARGE_BYTES and size_bytes > MOST_RATIO * stored_bytes


def _overlaps(infos: Sequence[zipfile.ZipInfo]) -> bool:
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            return True
        end = info.header_offset + LOCAL_HEADER_BYTES + info.compress_size
    return False


def _is_folder(info: zipfile.ZipInfo) -> bool:
    """Whether a member is a folder; `ZipInfo.is_dir` of Python 3.11 fails on an empty name."""
    return info.filename.endswith("/")


def _judged(infos: Sequence[zipfile.ZipInfo]) -> Directory:
    files = [info for info in infos if not _is_folder(info)]
    counts = Counter(info.orig_filename for info in files)
    entries: dict[str, Entry] = {}
    refused: dict[str, tuple[str, str, str]] = {}
    for info in files:
        name = info.orig_filename
        against = _against(info, counts[name])
        if against is None:
            entries[name] = Entry(
                offset=info.header_offset,
                stored_bytes=info.compress_size,
                size_bytes=info.file_size,
                deflated=info.compress_type == zipfile.ZIP_DEFLATED,
                crc32=info.CRC,
            )
        else:
            refused[name] = (name, *against)
    return Directory(entries, tuple(refused.values()))


def _against(info: zipfile.ZipInfo, times: int) -> tuple[str, str] | None:
    """Return code and reason against reading one member."""
    name, size_bytes = info.orig_filename, info.file_size
    faults = (
        (_leads_elsewhere(name), "its name leads out of the archive; nothing is read under it"),
        (times > 1, "the archive holds several files of this name; unpack them apart"),
        (
            info.compress_type not in _METHODS,
            "packed by a method other than deflate; unpack the archive and scan the folder",
        ),
        (
            size_bytes > MOST_MEMBER_BYTES or _explodes(size_bytes, info.compress_size),
            f"would grow to {size_bytes / 2**20:.0f} MiB, as no image does",
        ),
    )
    reason = next((words for is_so, words in faults if is_so), None)
    if reason is not None:
        return "archive_member", reason
    if name.lower().endswith(ARCHIVE_SUFFIX):
        return "nested_archive", "a zip archive within another; unpack the outer one and scan it"
    return None


def _leads_elsewhere(name: str) -> bool:
    parts = name.split("/")
    return (
        _BACKSLASH in name
        or _DRIVE.match(name) is not None
        or "\0" in name
        or any(part in ("", ".", "..") for part in parts)
    )
