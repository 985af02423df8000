"""Free text of headers, made plain: no case, signs or accents, no ranges and no denials."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_VERTEBRA = r"(?:[ctlsd]|th|bwk|lwk)"
_LEVELS = re.compile(
    rf"(?<![a-z0-9]){_VERTEBRA}\d{{1,2}}"
    r"\s*(?:-|\bto\b|\bbis\b|\bau?\b|/|>|\u2013)\s*"
    rf"(?:{_VERTEBRA}?\d{{1,2}}|s)(?![a-z0-9])"
)
"""Ranges of vertebrae: T1-T6, C2 to T1, Th1-12, L2-S."""

_BOTH = re.compile(
    r"(?<![a-z])(?:w|with)\s*/?\s*(?:and|&|\+|/|,)?\s*(?:w\s*/\s*o|wo|without)(?![a-z])"
    r"|(?<![a-z])(?:mit|avec|con|met)\s*(?:/|und|et|y|e|en|&|\+)\s*"
    r"(?:ohne|sans|sin|senza|zonder)(?![a-z])"
)
"""With and without: of the examination, says nothing of one series."""

_WITHOUT = re.compile(r"(?<![a-z])w\s*/\s*o(?![a-z])")
_SIGNS = re.compile(r"[^a-z0-9*+]+")

_NO = r"(?<![a-z0-9])(?:non?|not|without|wo|ohne|sans|sin|senza|zonder|geen)"
_FAT = r"(?:fat|fett|graisse|gras[ao]?|grasso|vet)"
_DENIED_FAT = re.compile(
    rf"{_NO} ?(?:(?:sat[a-z]*|s[uo]p[a-z]*) )?(?:de |di )?"
    rf"(?:{_FAT} ?(?:sat|s[uo]p|unterdr|onderdr)[a-z]*"
    rf"|fs(?![a-z0-9])|fsat(?![a-z0-9])|{_FAT}(?![a-z0-9]))"
)
_AGENT = (
    r"(?:mdc|contrast[a-z]*|kontrast[a-z]*|gad(?:o[a-z]*|avist)?(?![a-z0-9])"
    r"|inj(?:ect[a-z]*)?(?![a-z0-9])|(?:con|gd|km|ce)(?![a-z0-9]))"
)
_BEFORE = r"(?:non?|without|wo|ohne|o|sans|sin|senza|zonder|geen|pre|vor|voor|avant|prima|before)"
_DENIED_CONTRAST = re.compile(
    rf"(?<![a-z0-9]){_BEFORE} ?(?:iv )?{_AGENT}(?: ?contrast)?"
    r"|(?<![a-z0-9])(?:nativ[eo]?|unenhanced|basal)(?![a-z0-9])"
)
_AGENT_AFTER_BOTH = re.compile(rf"\x00[^a-z0-9]*(?:iv )?{_AGENT}?")


@dataclass(frozen=True, slots=True)
class Text:
    """One field of a header as words."""

    field: str
    words: str
    denies_contrast: bool


def text_of(field: str, raw: str) -> Text:
    """Return a header field as plain words; fields without a word have none."""
    found = _both_removed(_LEVELS.sub(" ", _plain_letters(raw).replace("_", " ")))
    found = _SIGNS.sub(" ", _WITHOUT.sub(" without ", found)).strip()
    denies = bool(_DENIED_CONTRAST.search(found))
    found = _DENIED_CONTRAST.sub(" ", _DENIED_FAT.sub(" ", found))
    return Text(field, " ".join(found.split()), denies)


def plain(raw: str) -> str:
    """Return text in lower case without accents, all signs but ``*`` and ``+`` as blanks."""
    return _SIGNS.sub(" ", _plain_letters(raw)).strip()


def _plain_letters(raw: str) -> str:
    decomposed = unicodedata.normalize("NFKD", raw.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _both_removed(text: str) -> str:
    return _AGENT_AFTER_BOTH.sub(" ", _BOTH.sub("\0", text))
