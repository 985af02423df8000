"""A PNG's own compressed picture, taken as it is: PDF reads the same bytes (ISO 32000-1 7.4.4.4).

Nothing is unpacked and packed again, so the bytes depend on no version of zlib.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from modic_annotate.errors import InvalidRecordError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS = {0: 1, 2: 3}
"""Colour type -> samples per pixel: grey, and red, green, blue (PNG specification 11.2.2)."""

_HEADER = struct.Struct(">IIBBBBB")
USUAL = (8, 0, 0, 0)
"""Bit depth, compression, filter and interlace of the pictures this program draws."""


@dataclass(frozen=True, slots=True)
class Png:
    """The picture of a PNG, still compressed."""

    width: int
    height: int
    samples: int
    """Per pixel: 1 grey, 3 colour."""

    content: bytes
    """A zlib stream; each row begins with the number of its PNG filter."""


def read_png(path: str, content: bytes) -> Png:
    """Return the picture of a PNG as the package holds it.

    Raises
    ------
    InvalidRecordError
        It is no 8-bit PNG in grey or colour without transparency and interlace.
    """
    try:
        chunks = list(_chunks(content))
        width, height, depth, colour, *rest = _HEADER.unpack(dict(chunks)[b"IHDR"])
    except (struct.error, KeyError) as error:
        raise InvalidRecordError(path, ["it is no PNG"]) from error
    picture = b"".join(body for kind, body in chunks if kind == b"IDAT")
    if (depth, *rest) != USUAL or colour not in COLOURS or not (width and height and picture):
        raise InvalidRecordError(path, ["it is no 8-bit PNG in grey or colour"])
    return Png(width, height, COLOURS[colour], picture)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and body of each chunk (PNG specification 5.3)."""
    at = len(SIGNATURE) if content.startswith(SIGNATURE) else len(content)
    while at + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        yield kind, content[at + 8 :][:length]
        at += length + 12
