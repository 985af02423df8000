"""Values of a DICOM data set that may be missing, empty or malformed.

A malformed value counts as not stated; what depends on it says so later, by name.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

_MALFORMED = (
    ValueError,
    TypeError,
    OverflowError,
    AttributeError,
    NotImplementedError,
    LookupError,
)


def raw(ds: Dataset, keyword: str) -> object:
    """Return a value, or None where it is missing, empty or cannot be converted."""
    try:
        return ds.get(keyword)
    except _MALFORMED:
        return None


def texts(ds: Dataset, keyword: str) -> tuple[str, ...]:
    """Return all values of an attribute as stripped text."""
    value = raw(ds, keyword)
    if value is None:
        return ()
    parts = value if isinstance(value, (MultiValue, list, tuple)) else [value]
    return tuple(str(part).strip() for part in parts if part is not None)


def text(ds: Dataset, keyword: str) -> str:
    r"""Return an attribute as one text, its values joined by ``\``."""
    return "\\".join(texts(ds, keyword))


def numbers(ds: Dataset, keyword: str) -> tuple[float, ...]:
    """Return all values of an attribute as finite numbers, or nothing at all."""
    try:
        values = tuple(float(part) for part in texts(ds, keyword) if part)
    except ValueError:
        return ()
    return values if all(math.isfinite(value) for value in values) else ()


def number(ds: Dataset, keyword: str) -> float | None:
    """Return the first value of an attribute as a finite number."""
    values = numbers(ds, keyword)
    return values[0] if values else None


def integer(ds: Dataset, keyword: str) -> int | None:
    """Return the first value of an attribute as a whole number."""
    value = number(ds, keyword)
    return None if value is None or value != int(value) else int(value)


def items(ds: Dataset | None, keyword: str) -> Sequence[Dataset]:
    """Return the items of a sequence; none where it is missing or malformed."""
    value = None if ds is None else raw(ds, keyword)
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()
