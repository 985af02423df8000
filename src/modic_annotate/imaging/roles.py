"""Which slot a stack fills, and its true technique beside it, with the evidence for both.

Numbers come first, words second; a conflict is a problem by name. Without evidence the role is
OTHER and the technique unknown: a reader may set a role, the program never guesses one.
"""

from __future__ import annotations

from dataclasses import dataclass

from modic_annotate.domain.series import FatTechnique, Plane, SeriesRole, Weighting
from modic_annotate.imaging.header import Header
from modic_annotate.imaging.model import Problem
from modic_annotate.imaging.numbers import LONG_TR_MS, Inversion, Numbers, numbers_of
from modic_annotate.imaging.planes import plane_of
from modic_annotate.imaging.words import Words, words_of

_UNSUPPRESSED = (FatTechnique.NONE, FatTechnique.IN_PHASE)
_SUPPRESSED = (FatTechnique.STIR, FatTechnique.FS, FatTechnique.WATER)
_FLUID_SENSITIVE = (Weighting.T2, Weighting.PD)
_SLOTS = {
    (Plane.SAGITTAL, Weighting.T1): SeriesRole.SAG_T1,
    (Plane.SAGITTAL, Weighting.T2): SeriesRole.SAG_T2,
    (Plane.AXIAL, Weighting.T1): SeriesRole.AX_T1,
    (Plane.AXIAL, Weighting.T2): SeriesRole.AX_T2,
}


@dataclass(frozen=True, slots=True)
class Technique:
    """Slot, true technique, and what they rest on."""

    role: SeriesRole
    weighting: Weighting
    fat: FatTechnique
    evidence: tuple[str, ...]
    confidence: str
    problems: tuple[Problem, ...]


def role_of(header: Header) -> Technique:
    """Judge one stack by the header of its middle slice."""
    numbers, words = numbers_of(header), words_of(header)
    fat = _fat(header, numbers, words)
    weighting = _weighting(numbers, words, fat)
    why_not = _why_no_slot(header, numbers, words)
    role = SeriesRole.OTHER if why_not else _slot(plane_of(header.orientation), weighting, fat)
    problems = _conflicts(numbers, words, fat)
    return Technique(
        role=role,
        weighting=weighting,
        fat=fat,
        evidence=(*numbers.evidence, *_quotes(words), *why_not),
        confidence=_confidence(numbers, words, problems),
        problems=problems,
    )


def _slot(plane: Plane, weighting: Weighting, fat: FatTechnique) -> SeriesRole:
    if fat in _UNSUPPRESSED:
        return _SLOTS.get((plane, weighting), SeriesRole.OTHER)
    if fat in _SUPPRESSED and weighting in _FLUID_SENSITIVE and plane is Plane.SAGITTAL:
        return SeriesRole.SAG_FS
    return SeriesRole.OTHER


def _weighting(numbers: Numbers, words: Words, fat: FatTechnique) -> Weighting:
    if numbers.not_a_contrast:
        return Weighting.OTHER
    if fat is FatTechnique.STIR:
        return Weighting.T2  # whatever its TE: T1 and T2 add up to bright fluid
    return numbers.weighting or words.weighting or Weighting.UNKNOWN


def _fat(header: Header, numbers: Numbers, words: Words) -> FatTechnique:
    if numbers.fat is FatTechnique.FS and words.fat is FatTechnique.STIR:
        return words.fat if numbers.inversion is not Inversion.NONE else numbers.fat
    if numbers.fat is not None:
        return numbers.fat
    if words.fat is not None and not _is_refuted_stir(numbers, words):
        return words.fat
    silent = not (header.scan_options_stated or words.any_text)
    if silent or (numbers.inversion is Inversion.UNKNOWN and _maybe_stir(header)):
        return FatTechnique.UNKNOWN
    return FatTechnique.NONE


def _is_refuted_stir(numbers: Numbers, words: Words) -> bool:
    """Whether the numbers rule out the inversion that the words claim: a T1 spin echo."""
    stir = words.fat is FatTechnique.STIR
    return stir and numbers.inversion is Inversion.NONE and numbers.weighting is Weighting.T1


def _maybe_stir(header: Header) -> bool:
    """Whether an inversion may have nulled fat: IR without its time, or a time without IR."""
    acquired = header.acquisition
    long = (acquired.repetition_time_ms or 0.0) >= LONG_TR_MS
    return long and bool(acquired.scanning_sequence)


def _why_no_slot(header: Header, numbers: Numbers, words: Words) -> tuple[str, ...]:
    reasons = []
    if words.localizer or "LOCALIZER" in header.image_type:
        reasons.append(f"localizer: {words.localizer or 'image type LOCALIZER'}")
    if header.acquisition.contrast_agent:
        reasons.append("contrast agent stated")
    elif words.contrast:
        reasons.append(f"contrast agent: {words.contrast}")
    if numbers.not_a_contrast:
        reasons.append(f"image type {numbers.not_a_contrast}")
    return tuple(reasons)


def _quotes(words: Words) -> tuple[str, ...]:
    quotes = (words.weighting_evidence, words.fat_evidence)
    return tuple(dict.fromkeys(quote for quote in quotes if quote))


def _conflicts(numbers: Numbers, words: Words, fat: FatTechnique) -> tuple[Problem, ...]:
    found = []
    said, shown = words.weighting, numbers.weighting
    stir = fat is words.fat is FatTechnique.STIR
    if said is not None and shown is not None and said is not shown and not stir:
        found.append(f"{words.weighting_evidence} says {said}, {_shown(numbers)} say {shown}")
    if words.fat is not None and not _agree(fat, words.fat):
        found.append(f"{words.fat_evidence} says {words.fat}, {_shown(numbers)} say fat {fat}")
    return tuple(
        Problem("role_conflict", f"{text}; the numbers are followed, please check")
        for text in dict.fromkeys(found)
    )


def _agree(fat: FatTechnique, said: FatTechnique) -> bool:
    vague = said is FatTechnique.UNKNOWN or (fat in _SUPPRESSED and said is FatTechnique.FS)
    return fat is said or vague


def _shown(numbers: Numbers) -> str:
    return ", ".join(numbers.evidence) or "the numbers"


def _confidence(numbers: Numbers, words: Words, problems: tuple[Problem, ...]) -> str:
    if numbers.weighting is None and words.weighting is None:
        return "none"
    if problems or numbers.weighting is None:
        return "low"
    return "high" if words.weighting is numbers.weighting else "moderate"
