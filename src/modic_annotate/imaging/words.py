"""What the words of a series say of its technique; heard after the numbers.

Each table gives a meaning and the words for it, matched in lower case on text whose other signs
are blanks. Ranges of vertebrae ("T1-T6") and denials ("without fat sat") are taken out first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from re import Pattern
from typing import TypeVar

from modic_annotate.domain.series import FatTechnique, Weighting
from modic_annotate.imaging.header import Header

_T = TypeVar("_T", Weighting, FatTechnique)

_LEVELS = re.compile(r"\b[ctls]\d{1,2}\s*(?:-|to|/|\u2013)\s*[ctls]?\d{1,2}\b")
_DENIED = re.compile(
    r"\b(?:non?|without|w/o|ohne|sans)[\s.-]*(?:fs\b|fat[\s-]*sat\w*|fat[\s-]*sup\w*)"
    r"|\b(?:non?|without|w/o|ohne|sans|pre|vor|o\.)[\s.-]*(?:contrast|gad\w*|gd\b|km\b|ce\b)"
)
_SIGNS = re.compile(r"[^a-z0-9*+]+")
_START = r"(?<![a-z0-9])(?:s|sag|ax|cor|tra|se|tse|fse)?"


def _any(*words: str) -> Pattern[str]:
    return re.compile("|".join(rf"(?<![a-z0-9])(?:{word})(?![a-z0-9])" for word in words))


_STIR = _any("stir[a-z]*", "(?:sag|ax|cor|t2)stir", "tirm", "ir fse", "irfse")

_WEIGHTINGS: Mapping[Weighting, Pattern[str]] = {
    Weighting.OTHER: _any(
        r"t2 ?\*[a-z]*", "t2 ?star", "t2s", "medic", "merge", "(?:t1|t2)? ?map(?:s|ping)?", "t1rho",
        "dwi", "dti", "adc", "trace", "ep2d.*", "tof", "swi", "angio", "mra", "myelo[a-z]*",
        "perf[a-z]*", "(?<!t1 )flair", "dark fluid", "sub", "subtraction", "mip",
    ),
    Weighting.T1: re.compile(_START + r"t1(?![0-9])"),
    Weighting.T2: re.compile(_START + r"t2(?![0-9])|" + _STIR.pattern),
    Weighting.PD: re.compile(_START + r"(?:pd(?:w|fs|tse|fse)?(?![a-z0-9])|proton dens)"),
}  # fmt: skip
"""The first that matches counts."""

_DIXON = _any("[a-z]*dixon[a-z]*", "ideal", "flex", "lava flex")

_FATS: Mapping[FatTechnique, Pattern[str]] = {
    FatTechnique.STIR: _STIR,
    FatTechnique.FS: re.compile(
        _any(
            "fs", "fsat", "fat ?sat[a-z]*", "fat ?sup[a-z]*", "spair", "spir", "aspir", "chess",
            "we", "water ?exc[a-z]*", "wats", "watsel", "proset", "chem ?sat",
        ).pattern
        + r"|(?:t1|t2|pd)w? ?fs(?![a-z0-9])"
    ),
    FatTechnique.WATER: _any("water"),
    FatTechnique.IN_PHASE: _any("in ?phase", "inph"),
    FatTechnique.OPPOSED: _any("out ?phase", "opp ?phase", "opposed ?phase", "outph", "oppph"),
    FatTechnique.FAT: re.compile(r"^ ?fat(?![a-z0-9])"),
}  # fmt: skip

_DIXON_PARTS: Mapping[FatTechnique, Pattern[str]] = {
    FatTechnique.FAT: _any("f", "fat"),
    FatTechnique.IN_PHASE: _any("in", "ip"),
    FatTechnique.OPPOSED: _any("opp", "op", "out"),
    FatTechnique.WATER: _any("w", "wat"),  # last, as "T1 W" may mean weighted
}

_LOCALIZER = _any(
    "loc",
    "locali[sz]ers?",
    "scout",
    "survey",
    "locator",
    "pilot",
    "3 ?pl[a-z]*",
    "plan ?scan",
    "scano",
)
_CONTRAST = re.compile(
    _any("post(?! ?(?:op|pro))", "gad[a-z]*", "gd", "contrast", "km", "ce", "dotarem").pattern
    + r"|\+ ?(?:c|gd|km)(?![a-z0-9])|(?<![a-z0-9])c\+(?![a-z])"
)


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that words say: the value, and where which word says it."""

    value: Weighting | FatTechnique
    evidence: str


@dataclass(frozen=True, slots=True)
class Words:
    """All that the words of a series say; None where they are silent."""

    weighting: Weighting | None
    weighting_evidence: str
    fat: FatTechnique | None
    fat_evidence: str
    localizer: str
    contrast: str
    any_text: bool


def words_of(header: Header) -> Words:
    """Return what SeriesDescription, ProtocolName and SequenceName say, in that order."""
    fields = [
        ("description", header.description),
        ("protocol", header.protocol_name),
        ("sequence name", header.sequence_name),
    ]
    texts = [(name, _plain(text)) for name, text in fields if text.strip()]
    weighting, weighting_evidence = _first(texts, _WEIGHTINGS)
    fat, fat_evidence = _fat(texts)
    return Words(
        weighting=weighting,
        weighting_evidence=weighting_evidence,
        fat=fat,
        fat_evidence=fat_evidence,
        localizer=_quote(texts, _LOCALIZER),
        contrast=_quote(texts, _CONTRAST),
        any_text=bool(header.description.strip() or header.protocol_name.strip()),
    )


def _plain(text: str) -> str:
    lower = _DENIED.sub(" ", _LEVELS.sub(" ", text.lower().replace("_", " ")))
    return _SIGNS.sub(" ", lower).strip()


def _fat(texts: Iterable[tuple[str, str]]) -> tuple[FatTechnique | None, str]:
    texts = list(texts)
    fat, evidence = _first(texts, _FATS)
    if fat in (FatTechnique.STIR, FatTechnique.FS):
        return fat, evidence
    dixon = _quote(texts, _DIXON)
    if not dixon:
        return fat, evidence
    part, part_evidence = _first(texts, _DIXON_PARTS) if fat is None else (fat, evidence)
    return (part, part_evidence) if part else (FatTechnique.UNKNOWN, dixon)


def _first(
    texts: Iterable[tuple[str, str]], table: Mapping[_T, Pattern[str]]
) -> tuple[_T | None, str]:
    for name, text in texts:
        for value, pattern in table.items():
            found = pattern.search(text)
            if found:
                return value, f"{name} '{found[0].strip().upper()}'"
    return None, ""


def _quote(texts: Iterable[tuple[str, str]], pattern: Pattern[str]) -> str:
    for name, text in texts:
        found = pattern.search(text)
        if found:
            return f"{name} '{found[0].strip().upper()}'"
    return ""
