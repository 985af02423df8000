"""How decimal strings are spelt."""

from __future__ import annotations

import numpy as np

LONGEST = 16
"""Characters in a decimal string (PS3.5 table 6.2-1)."""

_TINY = 1e-7


def as_float32(value: float) -> str:
    """Spell a 32-bit float with all the digits that fit."""
    if abs(value) < _TINY:
        return "0"
    return f"{float(np.float32(value)):.17g}"[:LONGEST]


def fixed(decimals: int, value: float) -> str:
    """Spell with so many decimals, without zeros at the end."""
    return f"{value:.{decimals}f}".rstrip("0").rstrip(".")


def significant(digits: int, value: float) -> str:
    """Spell with so many significant digits; a zero may keep a minus sign."""
    return f"{value if abs(value) >= _TINY else value * 0.0:.{digits}g}"
