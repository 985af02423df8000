"""What the numbers of a series say of its technique: timing, sequence, options, image type.

The bounds are broad on purpose: between them nothing is said and the words decide. They hold
from 0.2 to 3 T, as TR of T1 images grows with the field and TI of STIR from 80 to 250 ms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from modic_annotate.domain.series import Acquisition, FatTechnique, Weighting
from modic_annotate.imaging.header import Header

SHORT_TI_MS = 300.0
"""Up to this inversion time fat is nulled (STIR); beyond it, fluid or nothing is."""

FLUID_TI_MS = 1300.0
"""From this inversion time on fluid is nulled (FLAIR)."""

T1_LONGEST_TR_MS = 1000.0
T1_LONGEST_TE_MS = 40.0
LONG_TR_MS = 1500.0
T2_SHORTEST_TR_MS = 1200.0  # 3D fast spin echo; 2D has 2000 and more
T2_SHORTEST_TE_MS = 60.0
PD_LONGEST_TE_MS = 45.0
GRADIENT_T1_LONGEST_TE_MS = 10.0
GRADIENT_T1_LEAST_FLIP_DEG = 40.0
GRADIENT_T2_STAR_SHORTEST_TE_MS = 12.0
GRADIENT_LONGEST_TR_MS = 200.0  # where the sequence is not stated

_IMAGE_TYPE_FAT: Mapping[str, FatTechnique] = {
    "W": FatTechnique.WATER,
    "WATER": FatTechnique.WATER,
    "F": FatTechnique.FAT,
    "FAT": FatTechnique.FAT,
    "IP": FatTechnique.IN_PHASE,
    "IN_PHASE": FatTechnique.IN_PHASE,
    "INPHASE": FatTechnique.IN_PHASE,
    "OP": FatTechnique.OPPOSED,
    "OPP_PHASE": FatTechnique.OPPOSED,
    "OUT_PHASE": FatTechnique.OPPOSED,
    "OPPOSED_PHASE": FatTechnique.OPPOSED,
}
_NOT_A_CONTRAST = frozenset(
    {"P", "PHASE", "PHASE MAP", "ADC", "TRACEW", "FF", "FAT_FRACTION", "T1 MAP", "T2 MAP",
     "T2_STAR", "R2_STAR", "SUBTRACTION", "PROJECTION IMAGE", "MIP", "VELOCITY",
     "R", "REAL", "I", "IMAGINARY", "MIXED"}
)  # fmt: skip
_FAT_SATURATED = frozenset({"FS", "WE", "FATSAT"})
"""FS is fat saturation (PS3.3 C.8.3.1.1.1); WE is water excitation, as Siemens writes it."""


class Inversion(StrEnum):
    """What an inversion pulse nulls, as the numbers tell."""

    NONE = "none"
    FAT = "fat"
    LONG = "long"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Numbers:
    """All that the numbers say; None where they are silent."""

    weighting: Weighting | None
    inversion: Inversion
    fat: FatTechnique | None
    evidence: tuple[str, ...]
    not_a_contrast: str
    """ImageType value of a map, phase image or projection, which fills no slot."""


def numbers_of(header: Header) -> Numbers:
    """Return what the numbers of an image say of its technique."""
    acquired = header.acquisition
    kinds = header.image_type[2:]
    inversion = _inversion(acquired)
    image_fat = next((_IMAGE_TYPE_FAT[kind] for kind in kinds if kind in _IMAGE_TYPE_FAT), None)
    options = _values(acquired.scan_options) & _FAT_SATURATED
    fat = image_fat or (FatTechnique.FS if options else None)
    if fat is None and inversion is Inversion.FAT:
        fat = FatTechnique.STIR
    evidence = _evidence(acquired, inversion)
    evidence += [f"scan options {option}" for option in sorted(options)]
    evidence += [f"image type {kind}" for kind in kinds if kind in _IMAGE_TYPE_FAT]
    return Numbers(
        weighting=_weighting(acquired, inversion),
        inversion=inversion,
        fat=fat,
        evidence=tuple(evidence),
        not_a_contrast=next((kind for kind in kinds if kind in _NOT_A_CONTRAST), ""),
    )


def _values(stated: str | None) -> frozenset[str]:
    return frozenset((stated or "").upper().split("\\")) - {""}


def _inversion(acquired: Acquisition) -> Inversion:
    sequence = _values(acquired.scanning_sequence)
    ti, tr = acquired.inversion_time_ms or 0.0, acquired.repetition_time_ms or LONG_TR_MS
    short = 0.0 < ti <= SHORT_TI_MS and tr >= T1_LONGEST_TR_MS
    if "IR" in sequence or (ti > 0.0 and not sequence):
        if ti <= 0.0:
            return Inversion.UNKNOWN
        return Inversion.FAT if short else Inversion.LONG
    if not sequence:
        return Inversion.UNKNOWN
    return Inversion.UNKNOWN if short else Inversion.NONE  # a TI without IR says nothing sure


def _weighting(acquired: Acquisition, inversion: Inversion) -> Weighting | None:
    if "EP" in _values(acquired.scanning_sequence):
        return Weighting.OTHER
    if inversion is Inversion.FAT:
        return Weighting.T2
    tr, te = acquired.repetition_time_ms, acquired.echo_time_ms
    return _weighting_by_times(acquired, inversion, tr, te) if tr and te is not None else None


def _weighting_by_times(
    acquired: Acquisition, inversion: Inversion, tr: float, te: float
) -> Weighting | None:
    sequence = _values(acquired.scanning_sequence)
    if inversion is Inversion.LONG:
        return _after_long_inversion(acquired.inversion_time_ms or 0.0, te)
    if "GR" in sequence or (not sequence and tr < GRADIENT_LONGEST_TR_MS):
        return _gradient_echo(te, acquired.flip_angle_deg or 0.0)
    return _spin_echo(tr, te)


def _after_long_inversion(ti: float, te: float) -> Weighting | None:
    if ti >= FLUID_TI_MS:
        return Weighting.OTHER
    return Weighting.T1 if te <= T1_LONGEST_TE_MS else None


def _gradient_echo(te: float, flip: float) -> Weighting | None:
    if te >= GRADIENT_T2_STAR_SHORTEST_TE_MS:
        return Weighting.OTHER
    strong = flip >= GRADIENT_T1_LEAST_FLIP_DEG
    return Weighting.T1 if strong and te <= GRADIENT_T1_LONGEST_TE_MS else None


def _spin_echo(tr: float, te: float) -> Weighting | None:
    if tr <= T1_LONGEST_TR_MS and te <= T1_LONGEST_TE_MS:
        return Weighting.T1
    if tr >= T2_SHORTEST_TR_MS and te >= T2_SHORTEST_TE_MS:
        return Weighting.T2
    if tr >= LONG_TR_MS and te <= PD_LONGEST_TE_MS:
        return Weighting.PD
    return None


def _evidence(acquired: Acquisition, inversion: Inversion) -> list[str]:
    ti = acquired.inversion_time_ms if inversion is not Inversion.NONE else None
    times = (
        ("TR", acquired.repetition_time_ms),
        ("TE", acquired.echo_time_ms),
        ("TI", ti),
    )
    evidence = [f"{name} {value:g} ms" for name, value in times if value]
    if acquired.scanning_sequence:
        evidence.append(f"sequence {acquired.scanning_sequence}")
    if acquired.echo_train_length and acquired.echo_train_length > 1:
        evidence.append(f"echo train {acquired.echo_train_length}")
    return evidence
