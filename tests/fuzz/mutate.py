"""Damage to what a DICOM file is made of: elements, lengths, sequences, fragments."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

from pydicom.datadict import tag_for_keyword

from tests.fuzz.havoc import Chance, few, havoc
from tests.fuzz.odd_values import ABSURD, LENGTHS, SYNTAXES, TEXTS, VRS
from tests.fuzz.tlv import DEFLATED, PIXEL_DATA, UNDEFINED, Coding, Element, File, copied


def damaged(file: File, other: File, chance: Chance) -> bytes:
    """Return a file with one to a few faults in its structure, some with havoc on top."""
    changed = file.copy()
    for _ in range(few(chance)):
        chance.choice(_FAULTS)(changed, other, chance)
    data = changed.to_bytes()
    if file.syntax == DEFLATED and chance.random() < 0.05:
        data = _bomb(changed, chance)
    return havoc(data, chance) if chance.random() < 0.15 else data


def _all(file: File) -> list[list[Element]]:
    """Return the data set and every item within it, and sometimes the meta information."""
    found, queue = [], [file.dataset]
    while queue:
        elements = queue.pop()
        found.append(elements)
        queue += [item for e in elements for item in e.items or ()]
    return found


def _home(file: File, chance: Chance) -> list[Element]:
    if chance.random() < 0.1 and file.meta:
        return file.meta
    homes = [elements for elements in _all(file) if elements]
    if not homes:
        return file.meta or [Element(PIXEL_DATA, b"OW")]
    return homes[0] if chance.random() < 0.5 else chance.choice(homes)


def _delete(file: File, _: File, chance: Chance) -> None:
    home = _home(file, chance)
    del home[chance.randrange(len(home))]


def _double_element(file: File, _: File, chance: Chance) -> None:
    home = _home(file, chance)
    at = chance.randrange(len(home))
    for _ in range(chance.choice((1, 1, 1, 50))):
        home.insert(chance.randrange(len(home) + 1), home[at].copy())


def _swap(file: File, _: File, chance: Chance) -> None:
    home = _home(file, chance)
    i, j = chance.randrange(len(home)), chance.randrange(len(home))
    home[i], home[j] = home[j], home[i]


def _retag(file: File, other: File, chance: Chance) -> None:
    element = chance.choice(_home(file, chance))
    element.tag = chance.choice(
        (chance.choice(other.dataset).tag, element.tag ^ 1 << chance.randrange(32),
         0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD, PIXEL_DATA, 0x00020010, 0x7FE00008)
    )  # fmt: skip


def _represent(file: File, _: File, chance: Chance) -> None:
    chance.choice(_home(file, chance)).vr = chance.choice(VRS)


def _lie(file: File, _: File, chance: Chance) -> None:
    element = chance.choice(_home(file, chance))
    element.said = max(0, chance.choice((*LENGTHS, len(element.value) + chance.randint(-9, 9))))


def _write(file: File, _: File, chance: Chance) -> None:
    element = chance.choice(_home(file, chance))
    if chance.random() < 0.6:
        element.value = chance.choice(TEXTS)
    else:
        form = chance.choice(("<H", "<h", "<L", "<d", "<f", "<Q"))
        number = struct.pack("<Q", chance.choice((*LENGTHS, 2**63, 0x7FF8000000000000)))
        element.value = number[: struct.calcsize(form)] * chance.choice((1, 1, 2, 1000))
    element.items = element.fragments = None


def _absurd(file: File, _: File, chance: Chance) -> None:
    keyword = chance.choice(tuple(ABSURD))
    value = chance.choice(ABSURD[keyword])
    raw = value if isinstance(value, bytes) else struct.pack("<H", value)
    tag = tag_for_keyword(keyword)
    for home in _all(file):
        for element in home:
            if element.tag == tag:
                element.value = raw
                return
    text = isinstance(value, bytes)
    at = next((i for i, e in enumerate(file.dataset) if e.tag > (tag or 0)), 0)
    file.dataset.insert(at, Element(tag or 0, b"DS" if text else b"US", raw))


def _syntax(file: File, _: File, chance: Chance) -> None:
    for element in file.meta:
        if element.tag == 0x00020010:
            element.value = chance.choice(SYNTAXES)


def _graft(file: File, other: File, chance: Chance) -> None:
    part = chance.choice(_home(other, chance)).copy()
    home = _home(file, chance)
    home.insert(chance.randrange(len(home) + 1), part)


def _nest(file: File, _: File, chance: Chance) -> None:
    depth = chance.choice((1, 2, 20, 60, 300, 1500))
    undefined = chance.random() < 0.7
    inner: list[Element] = copied(file.dataset[:2])
    for _ in range(min(depth, 60)):
        inner = [Element(0x00081140, b"SQ", items=[inner], undefined=undefined)]
    if depth > 60:
        file.dataset.insert(2, Element(0x00081140, b"SQ", _deep(depth), said=UNDEFINED))
    else:
        file.dataset.insert(2, inner[0])


def _deep(depth: int) -> bytes:
    item = struct.pack("<HHL", 0xFFFE, 0xE000, UNDEFINED)
    return (item + struct.pack("<HH2sHL", 0x0008, 0x1140, b"SQ", 0, UNDEFINED)) * depth


def _undefine(file: File, _: File, chance: Chance) -> None:
    sequences = [e for home in _all(file) for e in home if e.items is not None]
    if sequences and chance.random() < 0.7:
        element = chance.choice(sequences)
    else:
        element = chance.choice(_home(file, chance))
    element.undefined = not element.undefined


def _fragments(file: File, _: File, chance: Chance) -> None:
    pixels = next((e for e in file.dataset if e.fragments), None)
    if pixels is None or pixels.fragments is None:
        return _pixels(file, chance)
    parts = pixels.fragments
    at = chance.randrange(len(parts))
    kind = chance.randrange(7)
    if kind == 0:
        parts[at] = havoc(parts[at], chance)
    elif kind == 1:
        parts[0] = struct.pack(f"<{(n := chance.randrange(6))}L", *chance.choices(LENGTHS, k=n))
    elif kind == 2:
        parts.insert(at, parts[at])
    elif kind == 3:
        del parts[at]
    elif kind == 4:
        middle = len(parts[at]) // 2
        parts[at : at + 1] = [parts[at][:middle], parts[at][middle:]]
    elif kind == 5:
        parts[at] = parts[at][: chance.randrange(len(parts[at]) + 1)]
    else:
        parts[at : at + 1] = [b""] * chance.choice((1, 3, 2000))
    return None


def _pixels(file: File, chance: Chance) -> None:
    for element in file.dataset:
        if element.tag == PIXEL_DATA:
            end = chance.randrange(len(element.value) + 1)
            element.value = element.value[:end] * chance.choice((0, 1, 1, 3, 40))


def _code(file: File, _: File, chance: Chance) -> None:
    """Damage the encoded image alone, where decoders are met."""
    for element in file.dataset:
        if element.fragments and len(element.fragments) > 1:
            at = chance.randrange(1, len(element.fragments))
            element.fragments[at] = havoc(element.fragments[at], chance)


def _bomb(file: File, chance: Chance) -> bytes:
    """Return a file of up to 600 kB that inflates to as much as 600 MB, behind its own data set."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    body = Coding.of(DEFLATED).write(file.dataset)
    zeros = bytes(2**20)
    size = chance.choice((1, 16, 600))
    head = struct.pack("<HH2sHL", 0x7FE1, 0x0010, b"OB", 0, size * 2**20)  # after the pixels
    parts = [packer.compress(body + (head if chance.random() < _ONE_ELEMENT else b""))]
    parts += [packer.compress(zeros) for _ in range(size)]
    meta = Coding(explicit=True, order="<").write(file.meta)
    return file.start + meta + b"".join(parts) + packer.flush()


_ONE_ELEMENT = 0.5
"""How often the zeros of a bomb are one element's value, not elements of their own."""

Fault = Callable[[File, File, Chance], None]
_FAULTS: tuple[Fault, ...] = (
    _delete, _double_element, _swap, _retag, _represent, _lie, _lie, _write, _write, _absurd,
    _absurd, _absurd, _absurd, _syntax, _graft, _nest, _undefine, _fragments, _fragments, _code,
    _code, _code,
)  # fmt: skip
