"""DICOM files as elements that may lie: lengths, representations and order are free."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from typing import Final

UNDEFINED: Final = 0xFFFFFFFF
PIXEL_DATA: Final = 0x7FE00010
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
LONG_VRS: Final = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
SEQUENCES: Final = frozenset({0x00081140, 0x00081115, 0x52009229, 0x52009230, 0x00041220})
_PREAMBLE: Final = 132

IMPLICIT: Final = "1.2.840.10008.1.2"
BIG: Final = "1.2.840.10008.1.2.2"
DEFLATED: Final = "1.2.840.10008.1.2.1.99"


@dataclass
class Element:
    """One element; `said` is the length it states where that is not its own."""

    tag: int
    vr: bytes
    value: bytes = b""
    items: list[list[Element]] | None = None
    fragments: list[bytes] | None = None
    undefined: bool = False
    said: int | None = None

    def copy(self) -> Element:
        """Return a copy that shares nothing that can change."""
        items = None if self.items is None else [copied(item) for item in self.items]
        fragments = None if self.fragments is None else list(self.fragments)
        return Element(self.tag, self.vr, self.value, items, fragments, self.undefined, self.said)


def copied(elements: list[Element]) -> list[Element]:
    """Return a deep copy of elements."""
    return [element.copy() for element in elements]


@dataclass
class File:
    """A file as its meta information and its data set."""

    meta: list[Element]
    dataset: list[Element]
    syntax: str
    start: bytes = field(default=bytes(128) + b"DICM")

    def copy(self) -> File:
        """Return a deep copy."""
        return File(copied(self.meta), copied(self.dataset), self.syntax, self.start)

    def to_bytes(self) -> bytes:
        """Write the file as its syntax has it, whatever its elements say."""
        coding = Coding.of(self.syntax)
        body = coding.write(self.dataset)
        if self.syntax == DEFLATED:
            packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
            body = packer.compress(body) + packer.flush()
        return self.start + Coding(explicit=True, order="<").write(self.meta) + body


def parse(data: bytes) -> File:
    """Read a whole, sound file."""
    meta_coding = Coding(explicit=True, order="<")
    meta, at = meta_coding.read(data, _PREAMBLE, len(data), meta=True)
    syntax = next(e.value for e in meta if e.tag == 0x00020010).rstrip(b"\0").decode()
    body = data[at:]
    if syntax == DEFLATED:
        body = zlib.decompress(body, -zlib.MAX_WBITS)
    dataset, _ = Coding.of(syntax).read(body, 0, len(body))
    return File(meta, dataset, syntax)


@dataclass(frozen=True)
class Coding:
    """How elements are written: with their representation or without, in which byte order."""

    explicit: bool
    order: str

    @classmethod
    def of(cls, syntax: str) -> Coding:
        """Return the coding of a data set in a transfer syntax."""
        return cls(explicit=syntax != IMPLICIT, order=">" if syntax == BIG else "<")

    def read(
        self, data: bytes, at: int, end: int, *, meta: bool = False
    ) -> tuple[list[Element], int]:
        """Return the elements from `at` to `end`, or to the mark of an item's end."""
        elements: list[Element] = []
        while at < end:
            group, number = struct.unpack_from(self.order + "HH", data, at)
            if meta and group != 2:
                break
            if group << 16 | number == ITEM_END:
                return elements, at + 8
            element, at = self._element(data, at, group << 16 | number)
            elements.append(element)
        return elements, at

    def _element(self, data: bytes, at: int, tag: int) -> tuple[Element, int]:
        vr, at, length = self._head(data, at, tag)
        undefined = length == UNDEFINED
        if tag == PIXEL_DATA and undefined:
            fragments, at = self._fragments(data, at)
            return Element(tag, vr, fragments=fragments, undefined=True), at
        if vr == b"SQ" or undefined:
            items, at = self._items(data, at, len(data) if undefined else at + length)
            return Element(tag, b"SQ", items=items, undefined=undefined), at
        return Element(tag, vr, data[at : at + length]), at + length

    def _head(self, data: bytes, at: int, tag: int) -> tuple[bytes, int, int]:
        if not self.explicit:
            vr = b"SQ" if tag in SEQUENCES else b"UN"
            return vr, at + 8, struct.unpack_from(self.order + "L", data, at + 4)[0]
        vr = data[at + 4 : at + 6]
        if vr in LONG_VRS:
            return vr, at + 12, struct.unpack_from(self.order + "L", data, at + 8)[0]
        return vr, at + 8, struct.unpack_from(self.order + "H", data, at + 6)[0]

    def _items(self, data: bytes, at: int, end: int) -> tuple[list[list[Element]], int]:
        items = []
        while at < end:
            group, number, length = struct.unpack_from(self.order + "HHL", data, at)
            at += 8
            if group << 16 | number == SEQUENCE_END:
                break
            item_end = len(data) if length == UNDEFINED else at + length
            item, at = self.read(data, at, item_end)
            items.append(item)
        return items, at

    def _fragments(self, data: bytes, at: int) -> tuple[list[bytes], int]:
        fragments = []
        while True:
            group, number, length = struct.unpack_from(self.order + "HHL", data, at)
            at += 8
            if group << 16 | number == SEQUENCE_END:
                return fragments, at
            fragments.append(data[at : at + length])
            at += length

    def write(self, elements: list[Element]) -> bytes:
        """Return elements as bytes, with the lengths that they say."""
        return b"".join(map(self._written, elements))

    def _written(self, element: Element) -> bytes:
        value = self._value(element)
        length = UNDEFINED if element.undefined else len(value)
        length = element.said if element.said is not None else length
        head = self._tag(element.tag)
        if not self.explicit:
            return head + struct.pack(self.order + "L", length & UNDEFINED) + value
        if element.vr in LONG_VRS:
            return head + element.vr + b"\0\0" + struct.pack(self.order + "L", length) + value
        return head + element.vr + struct.pack(self.order + "H", length & 0xFFFF) + value

    def _value(self, element: Element) -> bytes:
        if element.fragments is not None:
            parts = [self._item(fragment) for fragment in element.fragments]
        elif element.items is not None:
            parts = [self._item(self.write(item), element.undefined) for item in element.items]
        else:
            return element.value
        return b"".join(parts) + (self._mark(SEQUENCE_END) if element.undefined else b"")

    def _item(self, value: bytes, undefined: bool = False) -> bytes:
        length = UNDEFINED if undefined else len(value)
        end = self._mark(ITEM_END) if undefined else b""
        return self._tag(ITEM) + struct.pack(self.order + "L", length) + value + end

    def _mark(self, tag: int) -> bytes:
        return self._tag(tag) + bytes(4)

    def _tag(self, tag: int) -> bytes:
        return struct.pack(self.order + "HH", tag >> 16 & 0xFFFF, tag & 0xFFFF)
