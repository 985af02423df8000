"""Stored values to grey values: slope and intercept of each slice (PS3.3 C.11.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modic_annotate.errors import DecodeError

Numbers = NDArray[np.integer[Any] | np.floating[Any]]  # integer of any width, or float32

_EXACT = 2**53
"""Whole numbers up to here are exact while slope and intercept are applied in float64."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Stored values of one slice, shape (row, column), and what makes grey values of them."""

    values: NDArray[np.integer[Any]]
    low: int
    high: int
    slope: float
    intercept: float
    name: str
    """How messages name the file."""

    @property
    def is_plain(self) -> bool:
        """Whether stored values are the grey values."""
        return self.slope == 1.0 and self.intercept == 0.0

    @property
    def is_whole(self) -> bool:
        """Whether whole values stay whole."""
        return self.slope.is_integer() and self.intercept.is_integer()

    @property
    def ends(self) -> tuple[float, float]:
        """Grey values of the lowest and the highest stored one, in that order."""
        return self.low * self.slope + self.intercept, self.high * self.slope + self.intercept


def rescaled(slices: Sequence[Stored]) -> Numbers:
    """Return grey values, shape (slice, row, column), in the narrowest dtype that holds them.

    Raises
    ------
    DecodeError
        When slope and intercept lead beyond what numbers of a computer hold.
    """
    dtype = _dtype(slices)
    stacked = np.empty((len(slices), *slices[0].values.shape), dtype=dtype)
    for i, stored in enumerate(slices):
        if stored.is_plain:
            stacked[i] = stored.values
        else:
            stacked[i] = (stored.values * stored.slope + stored.intercept).astype(dtype)
    return stacked


def _dtype(slices: Sequence[Stored]) -> np.dtype[Any]:  # which dtype depends on the values
    """Return the narrowest dtype, 16 bit or more, that holds the rescaled values exactly."""
    whole = all(stored.is_whole for stored in slices)
    most = _EXACT if whole else float(np.finfo(np.float32).max)
    odd = next((s for s in slices if not all(abs(end) <= most for end in s.ends)), None)
    if odd is not None:
        raise DecodeError(
            f"{odd.name} states a rescale slope of {odd.slope:g} and an intercept of"
            f" {odd.intercept:g}, which no image has; ask the sender for the original"
        )
    if not whole:
        return np.dtype(np.float32)
    ends = [int(end) for stored in slices for end in stored.ends]
    signed = any(s.values.dtype.kind == "i" for s in slices) or min(ends) < 0
    for kind in (np.int16, np.int32) if signed else (np.uint16, np.uint32):
        info = np.iinfo(kind)
        if info.min <= min(ends) and max(ends) <= info.max:
            return np.dtype(kind)
    return np.dtype(np.int64)
