"""Weighting from TR, TE, TI, flip angle and the kind of sequence.

Physics behind the bounds: a spin echo is T1-weighted where TR lies near or below T1 of marrow and
TE is short, T2-weighted where both are long; a TI of ln(2) T1 nulls a tissue, which is fat at 80 to
250 ms from 0.3 to 3 T. A long TI nulls fluid, and the echo time tells the two FLAIRs apart.
"""

from __future__ import annotations

import re
from enum import StrEnum

from modic_annotate.domain.series import Acquisition, Weighting

SHORT_TI_MS = 300.0
"""Up to this inversion time fat is nulled (STIR); beyond it, fluid or nothing is."""

T1_FLAIR_SHORTEST_TI_MS = 500.0
"""From here to `FLUID_TI_MS` a short TE makes T1-FLAIR; between STIR and this nothing is said."""

FLUID_TI_MS = 1300.0
"""From this inversion time on fluid is nulled (FLAIR) whatever the echo time."""

FLAIR_TR_MS = 6000.0
"""Where an inversion is stated without its time: as long a TR as this may be a T2-FLAIR."""

T1_LONGEST_TR_MS = 1000.0
T1_LONGEST_TE_MS = 40.0
LONG_TR_MS = 1500.0
T2_SHORTEST_TR_MS = 1200.0  # 3D fast spin echo; 2D has 2000 and more
T2_SHORTEST_TE_MS = 60.0
MYELOGRAPHY_TE_MS = 400.0
"""From this echo time on only free fluid has signal left: a myelogram, no image of marrow."""

PD_LONGEST_TE_MS = 45.0
GRADIENT_T1_LONGEST_TE_MS = 10.0
GRADIENT_T1_LEAST_FLIP_DEG = 40.0
GRADIENT_T2_STAR_SHORTEST_TE_MS = 12.0
GRADIENT_LONGEST_TR_MS = 200.0  # where the sequence is not stated
STEADY_STATE_LONGEST_TR_MS = 20.0

_INVERTED = frozenset({"IR", "IR_GEMS"})
_FLAIRS = {"T1FLAIR_GEMS": Weighting.T1, "T2FLAIR_GEMS": Weighting.OTHER}
"""Scan options that tell of an inversion pulse, and of a long one."""

_GRADIENT_NAMES = re.compile(r"\*?(?:fl|tfl|me|ci|tfi|fi|de|ps)[23]d", re.IGNORECASE)
"""Stems of Siemens sequence names that are gradient echoes, even where ScanningSequence is SE."""

_NO_KIND = "RM"
"""Research mode (PS3.3 C.8.3.1.1.1): says nothing of the kind of sequence."""


class Inversion(StrEnum):
    """What an inversion pulse nulls, as the numbers tell."""

    NONE = "none"
    FAT = "fat"
    LONG = "long"
    UNKNOWN = "unknown"
    """One is stated without its time, or a time without a pulse."""


def values(stated: str | None) -> frozenset[str]:
    """Return the values of a coded attribute, upper case."""
    parts = (part.strip() for part in (stated or "").upper().split("\\"))
    return frozenset(parts) - {"", _NO_KIND}


def inversion_of(acquired: Acquisition) -> Inversion:
    """Return what an inversion pulse nulls, if there is one."""
    sequence, options = values(acquired.scanning_sequence), values(acquired.scan_options)
    ti, tr = acquired.inversion_time_ms or 0.0, acquired.repetition_time_ms or LONG_TR_MS
    pulse = "IR" in sequence or bool(options & (_INVERTED | _FLAIRS.keys()))
    if not pulse and (ti <= 0.0 or sequence):
        return Inversion.UNKNOWN if ti > 0.0 else Inversion.NONE
    if ti > SHORT_TI_MS or options & _FLAIRS.keys():
        return Inversion.LONG
    return Inversion.FAT if ti > 0.0 and tr >= T1_LONGEST_TR_MS else Inversion.UNKNOWN


def is_gradient_echo(acquired: Acquisition, sequence_name: str) -> bool:
    """Whether echoes are made by gradients; then T2 is never what the contrast rests on."""
    sequence = values(acquired.scanning_sequence)
    if "GR" in sequence or _GRADIENT_NAMES.match(sequence_name):
        return True
    tr = acquired.repetition_time_ms
    return not sequence and tr is not None and 0.0 < tr < GRADIENT_LONGEST_TR_MS


def weighting_by_times(
    acquired: Acquisition, inversion: Inversion, sequence_name: str
) -> Weighting | None:
    """Return what the times say; None where they lie between the bounds or are not stated."""
    if "EP" in values(acquired.scanning_sequence):
        return Weighting.OTHER
    if inversion is Inversion.FAT:
        return Weighting.T2
    tr, te = acquired.repetition_time_ms, acquired.echo_time_ms
    return _by_times(acquired, inversion, sequence_name) if tr and te is not None else None


def _by_times(acquired: Acquisition, inversion: Inversion, sequence_name: str) -> Weighting | None:
    tr, te = acquired.repetition_time_ms or 0.0, acquired.echo_time_ms or 0.0
    if inversion is Inversion.LONG:
        return _after_long_inversion(acquired, te)
    if is_gradient_echo(acquired, sequence_name):
        return _gradient_echo(acquired, tr, te)
    if inversion is Inversion.UNKNOWN:
        return _after_some_inversion(acquired, tr, te)
    return _spin_echo(tr, te)


def _after_long_inversion(acquired: Acquisition, te: float) -> Weighting | None:
    named = values(acquired.scan_options) & _FLAIRS.keys()
    if named:
        return _FLAIRS[min(named)]
    ti = acquired.inversion_time_ms or 0.0
    if ti >= FLUID_TI_MS or te >= T2_SHORTEST_TE_MS:
        return Weighting.OTHER
    t1_flair = ti >= T1_FLAIR_SHORTEST_TI_MS and te <= T1_LONGEST_TE_MS
    return Weighting.T1 if t1_flair else None


def _after_some_inversion(acquired: Acquisition, tr: float, te: float) -> Weighting | None:
    """Judge an inversion whose time is not known: only what holds for a STIR and without one."""
    ti, found = acquired.inversion_time_ms or 0.0, _spin_echo(tr, te)
    if found is Weighting.T1 and "IR" not in values(acquired.scanning_sequence):
        return found  # the time alone is a leftover in the header: no STIR has so short a TR
    could_be_flair = ti > SHORT_TI_MS or tr >= FLAIR_TR_MS
    return found if found is Weighting.T2 and not could_be_flair else None


def _gradient_echo(acquired: Acquisition, tr: float, te: float) -> Weighting | None:
    if te >= GRADIENT_T2_STAR_SHORTEST_TE_MS:
        return Weighting.OTHER
    flip = acquired.flip_angle_deg or 0.0
    if flip < GRADIENT_T1_LEAST_FLIP_DEG or te > GRADIENT_T1_LONGEST_TE_MS:
        return None
    variant = values(acquired.sequence_variant)
    if tr > STEADY_STATE_LONGEST_TR_MS or "SP" in variant:
        return Weighting.T1
    return Weighting.OTHER if variant & {"SS", "TRSS"} else None


def _spin_echo(tr: float, te: float) -> Weighting | None:
    if tr <= T1_LONGEST_TR_MS and te <= T1_LONGEST_TE_MS:
        return Weighting.T1
    if tr >= T2_SHORTEST_TR_MS and te >= T2_SHORTEST_TE_MS:
        return Weighting.OTHER if te >= MYELOGRAPHY_TE_MS else Weighting.T2
    if tr >= LONG_TR_MS and te <= PD_LONGEST_TE_MS:
        return Weighting.PD
    return None
