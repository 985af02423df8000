"""Guard against a deflated data set (PS3.5 A.5) that inflates without end.

pydicom inflates such a file at once; whether it may is found out here, piece by piece.
"""

from __future__ import annotations

import errno
import struct
import zlib
from typing import BinaryIO, Final

MOST_INFLATED_BYTES: Final = 2**27
"""128 MiB, more than any MR object that is known deflated: reading takes three times as much."""

MOST_GROWTH: Final = 200
"""Times the deflated bytes, beyond the first MiB: images are full of noise and stay far below.
A few kB of nothing else can hold millions of empty elements, and each takes its time."""

_ALWAYS_ALLOWED_BYTES: Final = 2**20

_DEFLATED: Final = b"1.2.840.10008.1.2.1.99"
_META_START: Final = 132
_GROUP_LENGTH: Final = struct.Struct("<4s2sHL")
"""File Meta Information Group Length (0002,0000): tag, VR, length, value (PS3.10 7.1)."""

_GROUP_LENGTH_TAG: Final = b"\x02\x00\x00\x00"
_MOST_META_BYTES: Final = 64 * 1024
_STEP_BYTES: Final = 64 * 1024


def check_inflated(file: BinaryIO) -> None:
    """Go back to the start of a file that may be read as a whole.

    Raises
    ------
    OSError
        When its data set inflates to more than any MR object takes, or out of nothing.
    """
    file.seek(0)
    meta = file.read(_META_START + _GROUP_LENGTH.size)
    if len(meta) == _META_START + _GROUP_LENGTH.size:
        tag, _, _, length = _GROUP_LENGTH.unpack_from(meta, _META_START)
        if tag == _GROUP_LENGTH_TAG and _DEFLATED in file.read(min(length, _MOST_META_BYTES)):
            file.seek(len(meta) + length)
            _count(file)
    file.seek(0)


def _count(file: BinaryIO) -> None:
    inflater, total, held = zlib.decompressobj(-zlib.MAX_WBITS), 0, 0
    while raw := file.read(_STEP_BYTES):
        held += len(raw)
        while raw and not inflater.eof:
            total += len(inflater.decompress(raw, _STEP_BYTES))
            raw = inflater.unconsumed_tail
            if total > min(max(MOST_GROWTH * held, _ALWAYS_ALLOWED_BYTES), MOST_INFLATED_BYTES):
                raise OSError(errno.EFBIG, "its deflated content grows beyond what an image has")
