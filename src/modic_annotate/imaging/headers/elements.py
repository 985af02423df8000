"""A quick walk over the header of an ordinary DICOM file (PS3.5 section 7.1).

Ordinary is explicit or implicit little endian with ASCII, Latin-1 or UTF-8 text, read with one
look at the file. Whatever else there is (big endian, deflated, other character sets, enhanced
objects, odd lengths) is left to pydicom: the walk then gives None and never a guess. A test
compares the two on every kind of file.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final

from pydicom.datadict import dictionary_VR, tag_for_keyword

from modic_annotate.imaging.headers.keywords import IDENTITY, KEYWORDS

Attribute = str | tuple[str, ...] | int | float | None

_PREAMBLE: Final = 132
MARK: Final = slice(128, 132)
"""Where a DICOM file says that it is one (PS3.10 section 7.1)."""

_IMPLICIT: Final = "1.2.840.10008.1.2"
_EXPLICIT: Final = (
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.5",  # the header of a compressed object is explicit little endian
)
_EXPLICIT_COMPRESSED: Final = "1.2.840.10008.1.2.4."
_EMPTY_SEQUENCE_BYTES: Final = 8  # no more than its own end mark
_UNDEFINED: Final = 0xFFFFFFFF
_META_GROUP: Final = b"\x02\x00"  # always explicit little endian
_PIXEL_GROUP: Final = 0x7FE0
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_LONG_VRS: Final = frozenset(
    (b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV")
)
"""Value representations with a 32-bit length (PS3.5 table 7.1-1)."""

_SHORT_VRS: Final = frozenset(
    b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split()
)

_TAG_LENGTH = struct.Struct("<HHL")
_TAG_VR_LENGTH = struct.Struct("<HH2sH")
_LENGTH = struct.Struct("<L")
_TEXT_VRS: Final = frozenset((b"LO", b"PN", b"SH"))
"""Those among the wanted whose characters are of the stated set (PS3.5 6.1.2.3)."""

_CODECS: Final = {"ISO_IR 100": "latin-1", "ISO_IR 192": "utf-8"}
"""Sets of one encoding without escapes (PS3.3 C.12.1.1.2); pydicom reads the others."""

_BINARY = {b"US": struct.Struct("<H"), b"FD": struct.Struct("<d")}


def _wanted(keywords: tuple[str, ...]) -> dict[int, tuple[str, bytes]]:
    tags = {keyword: tag_for_keyword(keyword) for keyword in keywords}
    return {
        tag: (keyword, dictionary_VR(tag).encode())
        for keyword, tag in tags.items()
        if tag is not None
    }


_WANTED = _wanted(
    (*KEYWORDS, "SpecificCharacterSet", "MediaStorageSOPClassUID", "TransferSyntaxUID")
)


_OF_THE_FILE: Final = (
    *IDENTITY, "SOPInstanceUID", "InstanceNumber", "ImagePositionPatient", "NumberOfFrames",
    "MediaStorageSOPClassUID", "SpecificCharacterSet",
)  # fmt: skip
_OF_THE_SERIES: Final = tuple(
    keyword for keyword, _ in _WANTED.values() if keyword not in _OF_THE_FILE
)

Key = tuple[Attribute, ...]
"""What a header says of its series, word for word; `MISSING` where an attribute is missing."""

MISSING: Final = "\0"  # no value has it: text is stripped of it


class Elements:
    """Attributes by keyword, as text or number; the little of a Dataset that is needed here."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Attribute]) -> None:
        self._values = values

    def get(self, keyword: str) -> Attribute:
        """Return the value of an attribute, or None where it is missing or empty."""
        return self._values.get(keyword)

    def __contains__(self, keyword: str) -> bool:
        return keyword in self._values

    def key(self) -> Key:
        """Return what is said of the series, nobody's identity among it."""
        values = self._values
        return tuple([values.get(keyword, MISSING) for keyword in _OF_THE_SERIES])

    @classmethod
    def of(cls, key: Key) -> Elements:
        """Return the attributes that a key stands for."""
        said = zip(_OF_THE_SERIES, key, strict=True)
        return cls({keyword: value for keyword, value in said if value != MISSING})


class _OddError(Exception):
    """Not an ordinary header; pydicom shall read it."""


def read_elements(head: bytes) -> tuple[Elements, int] | None:
    """Walk a header as far as its pixel data.

    Parameters
    ----------
    head
        The file from its start, at least to the pixel data.

    Returns
    -------
    tuple of Elements and int, or None
        The attributes, and where the pixel data element begins. None where the header is not
        an ordinary one, or `head` ends within it.
    """
    if head[MARK] != b"DICM":
        return None
    try:
        values: dict[str, Attribute] = {}
        at = _walk(head, _PREAMBLE, values, explicit=True, meta=True)
        syntax = str(values.get("TransferSyntaxUID", ""))
        explicit = syntax in _EXPLICIT or syntax.startswith(_EXPLICIT_COMPRESSED)
        if not explicit and syntax != _IMPLICIT:
            return None
        at = _walk(head, at, values, explicit=explicit, meta=False)
    except (_OddError, struct.error, UnicodeDecodeError, IndexError):
        return None
    return Elements(values), at


def _walk(head: bytes, at: int, values: dict[str, Attribute], *, explicit: bool, meta: bool) -> int:
    """Collect wanted values from `at` on; return where the group or the header ends."""
    codec = "ascii"
    while not meta or head[at : at + 2] == _META_GROUP:
        if explicit:  # spelt out here, as this loop is most of a scan's time
            group, element, vr, length = _TAG_VR_LENGTH.unpack_from(head, at)
            value_at = at + 8
            if vr not in _SHORT_VRS:
                value_at, length = _long_value(head, at, vr)
        else:
            (group, element, length), vr, value_at = _TAG_LENGTH.unpack_from(head, at), b"", at + 8
        if group >= _PIXEL_GROUP:
            break
        at = value_at + length if length != _UNDEFINED else _skip(head, value_at, explicit)
        wanted = _WANTED.get(group << 16 | element)
        if wanted is not None:
            values[wanted[0]] = value = _value(head[value_at:at], wanted[1], vr, codec)
            if wanted[0] == "SpecificCharacterSet":
                codec = _CODECS.get(str(value), codec)
    return at


def _long_value(head: bytes, at: int, vr: bytes) -> tuple[int, int]:
    """Return where a value with a 32-bit length begins, and that length."""
    if vr not in _LONG_VRS:
        raise _OddError
    return at + 12, _LENGTH.unpack_from(head, at + 8)[0]


def _value(raw: bytes, known_vr: bytes, vr: bytes, codec: str) -> Attribute:
    if vr and vr != known_vr:
        raise _OddError
    if known_vr == b"SQ":
        return len(raw) > _EMPTY_SEQUENCE_BYTES or None
    binary = _BINARY.get(known_vr)
    if binary is not None:
        if len(raw) != binary.size:
            raise _OddError
        number: int | float = binary.unpack(raw)[0]
        return number
    if b"\x1b" in raw:
        raise _OddError
    text = raw.decode(codec if known_vr in _TEXT_VRS else "ascii").rstrip(" \0")
    return tuple(text.split("\\")) if "\\" in text else text or None


def _skip(head: bytes, at: int, explicit: bool) -> int:
    """Return where a sequence of undefined length ends."""
    while True:
        group, element, length = _TAG_LENGTH.unpack_from(head, at)
        tag, at = group << 16 | element, at + 8
        if tag == _SEQUENCE_END:
            return at
        if tag != _ITEM:
            raise _OddError
        at = _skip_item(head, at, explicit) if length == _UNDEFINED else at + length


def _skip_item(head: bytes, at: int, explicit: bool) -> int:
    while True:
        group, element, length = _TAG_LENGTH.unpack_from(head, at)
        if group << 16 | element == _ITEM_END:
            return at + 8
        value_at = at + 8
        if explicit:
            vr, length = _TAG_VR_LENGTH.unpack_from(head, at)[2:]
            if vr not in _SHORT_VRS:
                value_at, length = _long_value(head, at, vr)
        at = value_at + length if length != _UNDEFINED else _skip(head, value_at, explicit)
