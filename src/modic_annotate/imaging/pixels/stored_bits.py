"""Which bits of a sample are its value (PS3.5 section 8.1.1, PS3.3 C.7.6.3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modic_annotate.errors import DecodeError
from modic_annotate.imaging.headers import values as v
from modic_annotate.imaging.headers.values import Attributes

READABLE_BITS = (8, 16)
"""Bits allocated that can be read; the pixel hash is over 16."""


@dataclass(frozen=True, slots=True)
class StoredBits:
    """Where in the allocated bits a value lies, and whether its highest bit is a sign."""

    allocated: int
    stored: int
    high: int
    """Bit of the sample that is the value's highest, from 0."""

    signed: bool

    @property
    def dtype(self) -> np.dtype[np.integer[Any]]:
        """Of the samples as allocated."""
        return np.dtype(f"{'i' if self.signed else 'u'}{self.allocated // 8}")

    @property
    def is_usual(self) -> bool:
        """Whether values begin at bit 0, as the standard asks today and codestreams have them."""
        return self.high == self.stored - 1

    def values(self, samples: NDArray[np.integer[Any]]) -> NDArray[np.integer[Any]]:
        """Return the values, with what lies in the other bits (an old overlay) taken away.

        Parameters
        ----------
        samples
            Any shape, dtype of the allocated width, signed where the values are; overwritten.
        """
        above, unused = self.allocated - 1 - self.high, self.allocated - self.stored
        if above:
            np.left_shift(samples, above, out=samples)
        if unused:
            np.right_shift(samples, unused, out=samples)  # keeps the sign, where there is one
        return samples


def stored_bits(ds: Attributes, name: str) -> StoredBits:
    """Return the bits that a header states.

    Raises
    ------
    DecodeError
        When they cannot be: none, more than allocated, or beyond the sample's end.
    """
    allocated, stored = v.integer(ds, "BitsAllocated") or 0, v.integer(ds, "BitsStored") or 0
    high = v.integer(ds, "HighBit")
    high = stored - 1 if high is None else high
    sign = v.integer(ds, "PixelRepresentation")
    if allocated not in READABLE_BITS:
        raise DecodeError(f"{name} has {allocated} bits per value; 8 and 16 can be read")
    if not 0 < stored <= high + 1 <= allocated or sign not in (0, 1):
        raise DecodeError(
            f"the header of {name} is wrong about its values (bits allocated {allocated}, stored"
            f" {stored}, high bit {high}, pixel representation {sign}); ask the sender for the"
            " original"
        )
    return StoredBits(allocated, stored, high, signed=sign == 1)
