"""Private blocks (PS3.5 section 7.8): a creator, and elements that only its maker understands."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from pydicom.dataset import Dataset

from modic_annotate.phantom.noise import random_bits, stream_seed

Value = object
Elements = Mapping[int, tuple[str, Value]]
"""Element number within the block (0..FF): VR and value."""

_LOOKS_LIKE_DICOM = bytes.fromhex("e07f1000 4f570000 10000000 20003200 44530600") + b"1\\2\\3 "
"""Bytes of an element header, of the kind that tempts a reader which searches instead of walks."""


def add_block(
    dataset: Dataset, group: int, creator: str, elements: Elements, slot: int | None = None
) -> None:
    """Add a private block to a data set, at the first free slot (10..FF) or at the given one."""
    if slot is not None:
        dataset.add_new((group, slot), "LO", creator)
    block = dataset.private_block(group, creator, create=True)
    for number, (vr, value) in elements.items():
        block.add_new(number, vr, value)


def payload(name: str, size: int, start: bytes = b"") -> bytes:
    """Return `size` bytes (even) of a vendor's own binary, the same for the same name."""
    body = random_bits(stream_seed("payload", name), size // 8 + 1).astype("<u8").tobytes()
    return (start + _LOOKS_LIKE_DICOM + body)[: size + size % 2]


def floats(*values: float) -> list[float]:
    """Return values as they survive in 32 bits (VR FL)."""
    return [float(np.float32(value)) for value in values]
