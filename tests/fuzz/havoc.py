"""Damage to single bytes."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

from tests.fuzz.odd_values import LENGTHS

Chance = random.Random


def havoc(data: bytes, chance: Chance) -> bytes:
    """Return bytes flipped, set, cut out, doubled, moved, or cut off, a few times."""
    changed = bytearray(data)
    for _ in range(few(chance)):
        if not changed:
            break
        at = chance.randrange(len(changed))
        chance.choice(_BLOWS)(changed, at, chance)
    return bytes(changed)


def few(chance: Chance) -> int:
    return min(1 + int(chance.expovariate(0.7)), 12)


def _flip(data: bytearray, at: int, chance: Chance) -> None:
    data[at] ^= 1 << chance.randrange(8)


def _set(data: bytearray, at: int, chance: Chance) -> None:
    data[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF, chance.randrange(256)))


def _set_number(data: bytearray, at: int, chance: Chance) -> None:
    form = chance.choice(("<H", ">H", "<L", ">L"))
    size = struct.calcsize(form)
    data[at : at + size] = struct.pack(form, chance.choice(LENGTHS) & (256**size - 1))


def _cut_out(data: bytearray, at: int, chance: Chance) -> None:
    del data[at : at + chance.choice((1, 2, 4, 8, 100))]


def _double(data: bytearray, at: int, chance: Chance) -> None:
    part = data[at : at + chance.choice((1, 2, 4, 8, 100, 1000))]
    data[at:at] = part * chance.choice((1, 1, 1, 20))


def _move(data: bytearray, at: int, chance: Chance) -> None:
    start = chance.randrange(len(data))
    part = data[start : start + chance.choice((2, 8, 40))]
    data[at : at + len(part)] = part


def _cut_off(data: bytearray, at: int, chance: Chance) -> None:
    if chance.random() < 0.5:
        del data[at:]
    else:
        del data[-chance.randrange(1, 40) :]


_BLOWS: tuple[Callable[[bytearray, int, Chance], None], ...] = (
    _flip, _flip, _flip, _set, _set, _set_number, _cut_out, _double, _move, _cut_off,
)  # fmt: skip
