"""What the words of a series say of its technique; heard after the numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from re import Pattern

from modic_annotate.domain.series import FatTechnique, Weighting
from modic_annotate.imaging.headers.header import Header
from modic_annotate.imaging.roles import wordlist as w
from modic_annotate.imaging.roles.image_types import Mark
from modic_annotate.imaging.roles.text import Text, text_of

_GE = "GE"
_Found = tuple[Weighting | FatTechnique, str]
"""A value and the word that says it."""


@dataclass(frozen=True, slots=True)
class Words:
    """All that the words of a series say; None where they are silent."""

    weighting: Weighting | None
    weighting_evidence: str
    fat: FatTechnique | None
    fat_evidence: str
    marks: Mapping[Mark, str]
    """What the words mark the series as, with the word."""


def words_of(header: Header) -> Words:
    """Return what SeriesDescription, ProtocolName and SequenceName say, in that order."""
    texts = _texts(header)
    weighting, weighting_evidence = _first(texts, _weighting)
    fat, fat_evidence = _first(texts, _fat)
    return Words(
        weighting=Weighting(weighting) if weighting else None,
        weighting_evidence=weighting_evidence,
        fat=FatTechnique(fat) if fat else None,
        fat_evidence=fat_evidence,
        marks=_marks(texts),
    )


def _texts(header: Header) -> tuple[Text, ...]:
    """Return the fields with words; ProtocolName of GE names the examination, not the series."""
    of_series = (header.acquisition.manufacturer or "").upper().strip()[: len(_GE)] != _GE
    fields = (
        ("description", header.description),
        ("protocol", header.protocol_name if of_series else ""),
        ("sequence name", header.sequence_name),
    )
    texts = (text_of(name, raw) for name, raw in fields)
    return tuple(text for text in texts if text.words or text.denies_contrast)


def _first(
    texts: Iterable[Text], judge: Callable[[str], _Found | None]
) -> tuple[Weighting | FatTechnique | None, str]:
    for text in texts:
        found = judge(text.words)
        if found is not None:
            return found[0], _quoted(text, found[1])
    return None, ""


def _quoted(text: Text, word: str) -> str:
    return f"{text.field} '{word.strip().upper()}'"


def _hit(pattern: Pattern[str], words: str) -> str:
    found = pattern.search(words)
    return found[0] if found else ""


def _weighting(words: str) -> _Found | None:
    other = _hit(w.OTHER, words)
    if other:
        return Weighting.OTHER, other
    named = {kind: hit for kind, pattern in w.WEIGHTINGS.items() if (hit := _hit(pattern, words))}
    special = _hit(w.FLUID_NULLED, words) or _hit(w.GRADIENT, words)
    if special:
        t1 = named.get(Weighting.T1) if Weighting.T2 not in named else None
        return (Weighting.T1, t1) if t1 else (Weighting.OTHER, special)
    if len(named) == 1:
        return next(iter(named.items()))
    stir = _hit(w.STIR, words) or _hit(w.TURBO_INVERSION, words)
    return (Weighting.T2, stir) if stir and not named else None


def _fat(words: str) -> _Found | None:
    stir = _hit(w.STIR, words) or _turbo_stir(words)
    if stir:
        return FatTechnique.STIR, stir
    suppressed = _hit(w.FAT_SUPPRESSED, words)
    if suppressed:
        return FatTechnique.FS, suppressed
    for table in (w.ENDS, w.PHASES):
        found = _of(table, words)
        if found is not None:
            return found
    dixon = _hit(w.DIXON, words)
    return (_of(w.DIXON_PARTS, words) or (FatTechnique.UNKNOWN, dixon)) if dixon else None


def _turbo_stir(words: str) -> str:
    other = _hit(w.FLUID_NULLED, words) or _hit(w.WEIGHTINGS[Weighting.T1], words)
    return "" if other else _hit(w.TURBO_INVERSION, words)


def _of(table: Mapping[FatTechnique, Pattern[str]], words: str) -> _Found | None:
    return next(((v, hit) for v, pattern in table.items() if (hit := _hit(pattern, words))), None)


def _marks(texts: Iterable[Text]) -> dict[Mark, str]:
    found: dict[Mark, str] = {}
    for text in texts:
        for mark, pattern in w.MARKS.items():
            hit = _hit(pattern, text.words)
            if hit:
                found.setdefault(mark, _quoted(text, hit))
    contrast = _contrast(texts)
    return {**found, Mark.CONTRAST: contrast} if contrast else found


def _contrast(texts: Iterable[Text]) -> str:
    """Return the first word for a contrast agent, unless a field before it denies one."""
    for text in texts:
        hit = _hit(w.CONTRAST, text.words)
        if hit:
            return _quoted(text, hit)
        if text.denies_contrast:
            return ""
    return ""
