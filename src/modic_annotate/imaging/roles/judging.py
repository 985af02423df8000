"""Which slot a stack fills, and its true technique beside it, with the evidence for both.

Numbers come first, words second; a conflict is a problem by name. Without evidence the role is
OTHER and the technique unknown: a reader may set a role, the program never guesses one.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from modic_annotate.domain.series import (
    CLOSED_BY_CONTRAST,
    FatTechnique,
    Plane,
    SeriesRole,
    Weighting,
)
from modic_annotate.imaging.geometry.planes import plane_of
from modic_annotate.imaging.headers.header import MR_IMAGE_CLASSES, Header
from modic_annotate.imaging.model import Problem
from modic_annotate.imaging.roles.image_types import OF_VALUE, Mark
from modic_annotate.imaging.roles.numbers import Numbers, numbers_of
from modic_annotate.imaging.roles.timing import LONG_TR_MS, Inversion
from modic_annotate.imaging.roles.words import Words, words_of

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
    marks = marks_of(header, words)
    role = slot_of(plane_of(header.orientation), weighting, fat, marks.keys())
    problems = _conflicts(numbers, words, weighting, fat)
    evidence = (*numbers.evidence, *_quotes(words), *(_said(mark, marks[mark]) for mark in marks))
    return Technique(
        role=role,
        weighting=weighting,
        fat=fat,
        evidence=tuple(dict.fromkeys(evidence)),
        confidence=_confidence(numbers, words, problems),
        problems=(*problems, *_enhanced(role, marks)),
    )


def slot_of(plane: Plane, weighting: Weighting, fat: FatTechnique, marks: Set[Mark]) -> SeriesRole:
    """Return the slot of a technique; the marks of a series can only close one, never open it."""
    role = SeriesRole.OTHER
    if fat in _UNSUPPRESSED:
        role = _SLOTS.get((plane, weighting), SeriesRole.OTHER)
    elif fat in _SUPPRESSED and weighting in _FLUID_SENSITIVE and plane is Plane.SAGITTAL:
        role = SeriesRole.SAG_FS
    closed = bool(marks - {Mark.CONTRAST}) or (
        Mark.CONTRAST in marks and role in CLOSED_BY_CONTRAST
    )
    return SeriesRole.OTHER if closed else role


def marks_of(header: Header, words: Words) -> dict[Mark, str]:
    """Return what keeps a series out of slots, with the evidence; numbers before words."""
    marks = dict(words.marks)
    for kind in header.image_type[2:]:
        if kind in OF_VALUE:
            marks[OF_VALUE[kind]] = f"image type {kind}"
    if header.sop_class_uid not in MR_IMAGE_CLASSES:
        marks[Mark.CAPTURE] = "no MR image object"
    if header.acquisition.contrast_agent:
        marks[Mark.CONTRAST] = "stated"
    return marks


def _said(mark: Mark, evidence: str) -> str:
    return f"{mark} stated" if evidence == "stated" else f"{mark}: {evidence}"


def _weighting(numbers: Numbers, words: Words, fat: FatTechnique) -> Weighting:
    if fat is FatTechnique.STIR and numbers.weighting is not Weighting.OTHER:
        return Weighting.T2  # whatever its TE: T1 and T2 add up to bright fluid
    if numbers.weighting is None and numbers.is_gradient_echo:
        return Weighting.T1 if words.weighting is Weighting.T1 else _no_spin_echo(words)
    return numbers.weighting or words.weighting or Weighting.UNKNOWN


def _no_spin_echo(words: Words) -> Weighting:
    """Name what a gradient echo is that is not T1: a T2 in its name is a T2*."""
    return Weighting.UNKNOWN if words.weighting is None else Weighting.OTHER


def _fat(header: Header, numbers: Numbers, words: Words) -> FatTechnique:
    shown, said = numbers.fat, words.fat
    if shown is FatTechnique.FS and said is FatTechnique.STIR:
        return said if numbers.inversion is not Inversion.NONE else shown
    if shown is FatTechnique.UNKNOWN:
        return said or shown
    if shown is None and said is not None and not _is_refuted_stir(numbers, words):
        return said
    return shown or _fat_unsaid(header, numbers, words)


def _fat_unsaid(header: Header, numbers: Numbers, words: Words) -> FatTechnique:
    """Tell whether silence on fat means that it is not suppressed."""
    silent = not header.scan_options_stated and words.weighting is None
    if silent or (numbers.inversion is Inversion.UNKNOWN and _maybe_stir(header)):
        return FatTechnique.UNKNOWN
    return FatTechnique.NONE


def _is_refuted_stir(numbers: Numbers, words: Words) -> bool:
    """Whether the numbers rule out the inversion that the words claim: a T1 spin echo, a FLAIR."""
    stir = words.fat is FatTechnique.STIR
    t1 = numbers.inversion is Inversion.NONE and numbers.weighting is Weighting.T1
    return stir and (t1 or numbers.inversion is Inversion.LONG)


def _maybe_stir(header: Header) -> bool:
    """Whether an inversion may have nulled fat: IR without its time, or a time without IR."""
    acquired = header.acquisition
    long = (acquired.repetition_time_ms or 0.0) >= LONG_TR_MS
    return long and bool(acquired.scanning_sequence)


def _quotes(words: Words) -> tuple[str, ...]:
    return tuple(quote for quote in (words.weighting_evidence, words.fat_evidence) if quote)


def _conflicts(
    numbers: Numbers, words: Words, weighting: Weighting, fat: FatTechnique
) -> tuple[Problem, ...]:
    found = []
    said, shown = words.weighting, numbers.weighting
    stir = fat is words.fat is FatTechnique.STIR
    if said is not None and shown is not None and said is not shown and not stir:
        found.append(f"{words.weighting_evidence} says {said}, {_shown(numbers)} say {shown}")
    if said is not None and shown is None and said is not weighting and not stir:
        found.append(f"{words.weighting_evidence} says {said} of a gradient echo")
    if numbers.stated not in (None, shown):
        found.append(f"the object states {numbers.stated}, {_shown(numbers)} say {shown}")
    if words.fat is not None and not _agree(fat, words.fat):
        found.append(f"{words.fat_evidence} says {words.fat}, {_shown(numbers)} say fat {fat}")
    return tuple(
        Problem("role_conflict", f"{text}; the numbers are followed, please check")
        for text in dict.fromkeys(found)
    )


def _enhanced(role: SeriesRole, marks: Mapping[Mark, str]) -> tuple[Problem, ...]:
    if role is SeriesRole.OTHER or Mark.CONTRAST not in marks:
        return ()
    text = (
        f"{_said(Mark.CONTRAST, marks[Mark.CONTRAST])}; take a series before it where there is one"
    )
    return (Problem("contrast_agent", text),)


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
