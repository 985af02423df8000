"""A file inside a zip archive, read where it lies: nothing is ever unpacked to disk.

Python's `zipfile` reads the directory (`archive_directory`); the members are inflated here,
because only so can be bounded what a directory that lies about sizes makes us hold, and because
no archive then stays open between two looks.
"""

from __future__ import annotations

import errno
import io
import os
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Literal, cast

from modic_annotate.imaging.sources.archive_directory import Entry, directory
from modic_annotate.imaging.sources.regular import open_regular

_LOCAL_HEADER: Final = struct.Struct("<4s22xHH")
"""Mark, then the lengths of name and extra field (APPNOTE.TXT 4.3.7)."""

_LOCAL_MARK: Final = b"PK\x03\x04"
_STEP_BYTES: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    """A file inside a zip archive, with what is asked of a path."""

    archive: Path
    member: str
    """As the archive spells it, ``/`` between folders."""

    def __str__(self) -> str:
        return f"{self.archive}/{self.member}"

    @property
    def name(self) -> str:
        """The last part of the name."""
        return self.member.rpartition("/")[2]

    @property
    def suffix(self) -> str:
        """The last part of the name from its last dot on."""
        return Path(self.name).suffix

    def open(self, mode: Literal["rb"] = "rb") -> BinaryIO:
        """Open the member to read; it is inflated only as far as it is asked for.

        Raises
        ------
        OSError
            When the archive has no such member, or is damaged there.
        """
        assert mode == "rb"  # noqa: S101 - nothing else can be asked for
        entry = directory(self.archive).entries.get(self.member)
        if entry is None:
            raise FileNotFoundError(errno.ENOENT, "its archive holds no such file")
        return cast("BinaryIO", MemberFile(self.archive, entry))

    def read_bytes(self) -> bytes:
        """Return the whole content."""
        with self.open() as file:
            return file.read()


ImageFile = Path | ArchiveMember
"""Where an image is stored."""


def open_image(file: ImageFile) -> BinaryIO:
    """Open a file to read, wherever it is stored.

    Raises
    ------
    OSError
        When it cannot be opened, or is no plain file.
    """
    return file.open("rb") if isinstance(file, ArchiveMember) else open_regular(file)


class MemberFile(io.BufferedIOBase):
    """The content of a member, inflated as far as it was asked for, and kept that far."""

    def __init__(self, archive: Path, entry: Entry) -> None:
        self._entry = entry
        self._content = bytearray()
        self._at = 0
        self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        self._file = open_regular(archive)
        try:
            self._left = self._find(entry)
        except OSError:
            self._file.close()
            raise

    def _find(self, entry: Entry) -> int:
        """Go to the first stored byte; return how many there are."""
        self._file.seek(entry.offset)
        local = self._file.read(_LOCAL_HEADER.size)
        if len(local) != _LOCAL_HEADER.size:
            raise _damaged()
        mark, name_bytes, extra_bytes = _LOCAL_HEADER.unpack(local)
        if mark != _LOCAL_MARK:
            raise _damaged()
        self._file.seek(name_bytes + extra_bytes, os.SEEK_CUR)
        return entry.stored_bytes

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def seekable(self) -> bool:
        """Return that any place can be gone to."""
        return True

    def tell(self) -> int:
        """Return the place of the next byte that is read."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place; nothing is inflated for that."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._entry.size_bytes}
        self._at = max(start[whence] + offset, 0)
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        """Return up to `size` bytes, or all that are left."""
        end = self._entry.size_bytes
        if size is not None and size >= 0:
            end = min(self._at + size, end)
        self._reach(end)
        part = bytes(self._content[self._at : end])
        self._at += len(part)
        return part

    def close(self) -> None:
        """Close the archive and forget the content."""
        self._file.close()
        self._content = bytearray()
        super().close()

    def _reach(self, end: int) -> None:
        """Inflate up to a place; at the very end, compare with the checksum."""
        while len(self._content) < end:
            before = len(self._content)
            try:
                self._content += self._next(min(_STEP_BYTES, end - before))
            except zlib.error:
                raise _damaged() from None
            if len(self._content) == before:
                raise _damaged()
            if len(self._content) == self._entry.size_bytes:
                self._check()

    def _next(self, most: int) -> bytes:
        """Return some more bytes, never more than `most`."""
        if not self._entry.deflated:
            return self._stored(most)
        while not self._inflater.eof:
            raw = self._inflater.unconsumed_tail or self._stored(_STEP_BYTES)
            part = self._inflater.decompress(raw, most)
            if part or not raw:
                return part
        return b""

    def _stored(self, most: int) -> bytes:
        raw = self._file.read(min(most, self._left))
        self._left -= len(raw)
        return raw

    def _check(self) -> None:
        """Refuse content that goes on beyond its stated size, or is not what was packed."""
        if self._next(1) or zlib.crc32(self._content) != self._entry.crc32:
            raise _damaged()


def _damaged() -> OSError:
    return OSError(errno.EIO, "its zip archive is damaged there")
