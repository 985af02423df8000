"""Values of a DICOM data set that may be missing, empty or malformed.

A malformed value counts as not stated; what depends on it says so later, by name.
"""

from __future__ import annotations

import math
import re
import struct
import zlib
from collections.abc import Sequence
from typing import Any, Protocol

from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException
from pydicom.multival import MultiValue

_UID = re.compile(r"[0-9]+(\.[0-9]+)*", re.ASCII)
_UID_SIGNS = 64

MALFORMED = (
    ArithmeticError,
    AttributeError,
    BytesLengthException,
    EOFError,
    LookupError,
    MemoryError,  # an absurd length, asked for before it is looked for
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What pydicom raises, in practice, on bytes that are not what they should be."""


class Attributes(Protocol):
    """What can be asked for an attribute by keyword: a pydicom data set, or a quick header."""

    def get(self, keyword: str, /) -> Any:  # noqa: ANN401 - values of any VR
        """Return the value of an attribute, or None."""

    def __contains__(self, keyword: str, /) -> bool: ...


def file_meta(ds: Attributes) -> Attributes:
    """Return the file meta information of a data set; a quick header holds its own."""
    meta: Attributes = getattr(ds, "file_meta", ds)
    return meta


def raw(ds: Attributes, keyword: str) -> object:
    """Return a value, or None where it is missing, empty or cannot be converted."""
    try:
        return ds.get(keyword)
    except (*MALFORMED, OSError):  # a sequence is parsed when asked for, as if it were a file
        return None


def texts(ds: Attributes, keyword: str) -> tuple[str, ...]:
    """Return all values of an attribute as stripped text."""
    return _parts(raw(ds, keyword))


def _parts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return (value.strip(),)
    parts = value if isinstance(value, (MultiValue, list, tuple)) else [value]
    return tuple(str(part).strip() for part in parts if part is not None)


def text(ds: Attributes, keyword: str) -> str:
    r"""Return an attribute as one text, its values joined by ``\``."""
    value = raw(ds, keyword)
    return value.strip() if isinstance(value, str) else "\\".join(_parts(value))


def numbers(ds: Attributes, keyword: str) -> tuple[float, ...]:
    """Return all values of an attribute as finite numbers, or nothing at all."""
    found = [_finite(part) for part in texts(ds, keyword) if part]
    values = tuple(value for value in found if value is not None)
    return values if len(values) == len(found) else ()


def _finite(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def number(ds: Attributes, keyword: str) -> float | None:
    """Return the first value of an attribute as a finite number."""
    value = raw(ds, keyword)
    parts = (value,) if isinstance(value, str) else _parts(value)
    return _finite(parts[0]) if parts else None


def integer(ds: Attributes, keyword: str) -> int | None:
    """Return the first value of an attribute as a whole number."""
    value = number(ds, keyword)
    return None if value is None or value != int(value) else int(value)


def uid(ds: Attributes, keyword: str) -> str | None:
    """Return a UID; None where it is missing, or not one (PS3.5 section 9.1)."""
    value = text(ds, keyword)
    return value if len(value) <= _UID_SIGNS and _UID.fullmatch(value) else None


def items(ds: Attributes | None, keyword: str) -> Sequence[Dataset]:
    """Return the items of a sequence; none where it is missing or malformed."""
    value = None if ds is None else raw(ds, keyword)
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()
