"""What a compressed frame says of itself, looked at before a decoder is trusted with it.

Decoders take the room that a codestream asks for, whatever the header says. A damaged or
forged one may ask for gigabytes, or give an image of another size; both are told beforehand.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

_START_OF_IMAGE: Final = b"\xff\xd8"
_MARKER: Final = 0xFF
_FRAME: Final = frozenset({*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC})
"""SOFn, and SOF55 of JPEG-LS (ISO 14495-1 C.2.2); DHT, JPG and DAC lie between them."""

_SEGMENTS: Final = _FRAME | {0xC4, 0xCC, 0xDB, 0xDD, 0xF8, 0xFE, *range(0xE0, 0xF0)}
"""What may come before a scan: also DHT, DAC, DQT, DRI, LSE, COM and APPn (ISO 10918-1 B.1)."""

_LEAST_LENGTH: Final = 2  # the length counts itself
_SCAN: Final = 0xDA
_END_OF_IMAGE: Final = b"\xff\xd9"

_J2K_START: Final = b"\xff\x4f\xff\x51"  # SOC, SIZ (ISO 15444-1 A.5.1)
_JP2_START: Final = b"\0\0\0\x0cjP  "
_JP2_BOXES_BYTES: Final = 1024  # the boxes that some wrongly leave before the codestream

_LENGTH = struct.Struct(">H")
_JPEG_FRAME = struct.Struct(">BHHB")
_J2K_SIZE = struct.Struct(">2xH8L H")
_J2K_COMPONENT = struct.Struct(">BBB")

_RLE_HEADER_BYTES: Final = 64
_RLE_MOST_GROWTH: Final = 64  # two bytes give 128 at most (PS3.5 G.3.1)


@dataclass(frozen=True, slots=True)
class Stated:
    """The image that a codestream promises."""

    rows: int
    columns: int
    samples: int
    bits: int
    """Precision of a sample."""


def stated(code: bytes, syntax: str) -> Stated | None:
    """Return what a JPEG, JPEG-LS or JPEG 2000 codestream promises; None where it is none.

    Parameters
    ----------
    code
        One encoded frame.
    syntax
        Its transfer syntax UID, below ``1.2.840.10008.1.2.4``.
    """
    try:
        return _j2k(code) if _is_j2k(syntax) else _jpeg(code)
    except (struct.error, IndexError):
        return None


def has_its_end(code: bytes) -> bool:
    """Whether a JPEG frame ends with its end mark, but for padding."""
    return code[-1024:].rstrip(b"\0").endswith(_END_OF_IMAGE)


def can_hold(code: bytes, n_bytes: int) -> bool:
    """Whether run lengths of this many bytes can give an image of so many at all."""
    return n_bytes <= _RLE_MOST_GROWTH * max(len(code) - _RLE_HEADER_BYTES, 0)


def _is_j2k(syntax: str) -> bool:
    return syntax.rpartition(".")[2] in ("90", "91", "201", "202", "203")


def _jpeg(code: bytes) -> Stated | None:
    """Walk the segments up to the first scan; where one does not follow another, gdcm aborts."""
    at, found = len(_START_OF_IMAGE), None
    while code.startswith(_START_OF_IMAGE) and code[at] == _MARKER:
        marker = code[at + 1]
        if marker == _MARKER:  # a fill byte
            at += 1
            continue
        if marker == _SCAN:
            return found
        (length,) = _LENGTH.unpack_from(code, at + 2)
        if marker not in _SEGMENTS or length < _LEAST_LENGTH:
            break
        if marker in _FRAME:
            bits, rows, columns, samples = _JPEG_FRAME.unpack_from(code, at + 4)
            found = Stated(rows, columns, samples, bits)
        at += 2 + length
    return None


def _j2k(code: bytes) -> Stated | None:
    at = code.find(_J2K_START, 0, _JP2_BOXES_BYTES) if code.startswith(_JP2_START) else 0
    if code[at : at + 4] != _J2K_START:
        return None
    _, x1, y1, x0, y0, *_, samples = _J2K_SIZE.unpack_from(code, at + 4)
    bits, step_x, step_y = _J2K_COMPONENT.unpack_from(code, at + 4 + _J2K_SIZE.size)
    if not step_x or not step_y:
        return None
    return Stated(
        rows=_ceil(y1, step_y) - _ceil(y0, step_y),
        columns=_ceil(x1, step_x) - _ceil(x0, step_x),
        samples=samples,
        bits=(bits & 0x7F) + 1,
    )


def _ceil(a: int, b: int) -> int:
    return -(-a // b)
