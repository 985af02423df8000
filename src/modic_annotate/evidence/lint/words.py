"""Words of text, with case and accents folded away, as identities are compared."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterator

_WORD = re.compile(r"[^\W_]+")
_YEAR_FIRST = re.compile(r"(?<!\d)((?:18|19|20)\d\d)[-./](\d\d?)[-./](\d\d?)(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d\d?)[-./](\d\d?)[-./]((?:18|19|20)\d\d)(?!\d)")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})

SHORTEST_WORD, SHORTEST_NUMBER = 3, 5
"""Shorter words and numbers stand in every package by chance."""


def spellings(text: str) -> frozenset[str]:
    """Return the words of a text as they may be spelt: ``Grün`` as ``grun`` and ``gruen``.

    Dates count as one number of eight digits, day and month in either order.
    """
    plain = unicodedata.normalize("NFC", text).casefold()
    if plain.isascii():
        return frozenset({*_words(plain), *_dates(plain)})
    either = (_folded(plain), _folded(plain.translate(_UMLAUTS)))
    return frozenset({*(w for one in either for w in _words(one)), *_dates(plain)})


def hashed_word(key: bytes, word: str) -> str:
    """Return the keyed hash by which a word is known without being kept."""
    return hmac.digest(key, f"word {word}".encode(), hashlib.sha256).hex()


def _folded(text: str) -> str:
    """Return a text without accents."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _words(text: str) -> Iterator[str]:
    """Yield the words and numbers that are long enough to mean somebody."""
    for match in _WORD.finditer(text):
        word = match[0]
        if len(word) >= (SHORTEST_NUMBER if word.isdigit() else SHORTEST_WORD):
            yield word


def _dates(text: str) -> Iterator[str]:
    for year, month, day in _YEAR_FIRST.findall(text):
        yield f"{year}{month:0>2}{day:0>2}"
    for first, second, year in _DAY_FIRST.findall(text):
        yield f"{year}{second:0>2}{first:0>2}"
        yield f"{year}{first:0>2}{second:0>2}"
