"""The kinds of series a lumbar exam may hold, and what must be found in each.

What must be found follows from the technique alone: a T1 with fat suppression or with contrast
fills no slot, an opposed-phase or fat image neither, a localizer never.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from modic_annotate.domain.series import FatTechnique, SeriesRole, Weighting


class Kind(StrEnum):
    """One technique in one plane."""

    T1 = "t1"
    T2 = "t2"
    STIR = "stir"
    T2_FS = "t2fs"
    T1_FS = "t1fs"
    T1_FS_CONTRAST = "t1fsce"
    T2_IN_PHASE = "t2ip"
    T2_OPPOSED = "t2op"
    T2_WATER = "t2w"
    T2_FAT = "t2f"
    T1_FLAIR = "t1flair"
    T2_FLAIR = "t2flair"
    PD = "pd"
    LOCALIZER = "loc"
    AX_T1 = "axt1"
    AX_T2 = "axt2"


DIXON = (Kind.T2_IN_PHASE, Kind.T2_OPPOSED, Kind.T2_WATER, Kind.T2_FAT)
"""The four images of one Dixon acquisition."""

INVERTED = frozenset({Kind.STIR, Kind.T1_FLAIR, Kind.T2_FLAIR})


@dataclass(frozen=True, slots=True)
class Expected:
    """Slot and true technique that a scan must find."""

    role: SeriesRole
    weighting: Weighting
    fat: FatTechnique


_Role, _W, _Fat = SeriesRole, Weighting, FatTechnique
EXPECTED: Mapping[Kind, Expected] = {
    Kind.T1: Expected(_Role.SAG_T1, _W.T1, _Fat.NONE),
    Kind.T2: Expected(_Role.SAG_T2, _W.T2, _Fat.NONE),
    Kind.STIR: Expected(_Role.SAG_FS, _W.T2, _Fat.STIR),
    Kind.T2_FS: Expected(_Role.SAG_FS, _W.T2, _Fat.FS),
    Kind.T1_FS: Expected(_Role.OTHER, _W.T1, _Fat.FS),
    Kind.T1_FS_CONTRAST: Expected(_Role.OTHER, _W.T1, _Fat.FS),
    Kind.T2_IN_PHASE: Expected(_Role.SAG_T2, _W.T2, _Fat.IN_PHASE),
    Kind.T2_OPPOSED: Expected(_Role.OTHER, _W.T2, _Fat.OPPOSED),
    Kind.T2_WATER: Expected(_Role.SAG_FS, _W.T2, _Fat.WATER),
    Kind.T2_FAT: Expected(_Role.OTHER, _W.T2, _Fat.FAT),
    Kind.T1_FLAIR: Expected(_Role.SAG_T1, _W.T1, _Fat.NONE),
    Kind.T2_FLAIR: Expected(_Role.OTHER, _W.OTHER, _Fat.NONE),
    Kind.PD: Expected(_Role.OTHER, _W.PD, _Fat.NONE),
    Kind.LOCALIZER: Expected(_Role.OTHER, _W.T2, _Fat.NONE),
    Kind.AX_T1: Expected(_Role.AX_T1, _W.T1, _Fat.NONE),
    Kind.AX_T2: Expected(_Role.AX_T2, _W.T2, _Fat.NONE),
}
"""A localizer here is a single-shot spin echo: T2-weighted by its numbers, and still no slot."""
