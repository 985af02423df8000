"""What looks like somebody's without being known: addresses, numbers, dates and paths."""

from __future__ import annotations

import re
from collections.abc import Iterator

EVERYWHERE = (
    ("an e-mail address", re.compile(r"[\w.+-]+@[\w-]+\.[A-Za-z]{2,}")),
    (
        "an absolute path",
        re.compile(
            r"(?<![\w:])[A-Za-z]:[\\/](?=\w)|\\\\\w+\\\w|file://"
            r"|(?<![\w.])/(?:home|users|mnt|media|var|srv|opt|root|volumes|etc|usr|tmp)/\w",
            re.IGNORECASE,
        ),
    ),
)
"""What no file of a package has reason to hold."""

_MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_Y4 = r"(?:19|20)\d\d"
_M, _D = r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_DATES = (
    rf"{_Y4}[-./]{_M}[-./]{_D}",
    rf"{_D}[-./]{_D}[-./](?:{_Y4}|\d\d)",
    rf"{_Y4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])",
    rf"(?:{_D}\.?\s*)?{_MONTHS},?\s*(?:{_D},?\s*)?{_Y4}",
)

IN_FREE_TEXT = (
    ("a date", re.compile(rf"(?<![\d.])(?:{'|'.join(_DATES)})(?!\d)", re.IGNORECASE)),
    ("a telephone number", re.compile(r"(?<![\w.])\+?\d(?:[ ()/-]{0,2}\d){7,14}(?!\w)")),
)
"""What only texts that people typed are searched for: dates of records are shifted by field."""


def pattern_finds(text: str, *, typed: bool) -> Iterator[str]:
    """Yield what a text seems to hold, in words."""
    searched = (*EVERYWHERE, *IN_FREE_TEXT) if typed else EVERYWHERE
    yield from (words for words, pattern in searched if pattern.search(text))
