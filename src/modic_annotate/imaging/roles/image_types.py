r"""What the values of ImageType (PS3.3 C.7.6.1.1.2, C.8.3.1.1.1, C.8.13.3) say of an image.

DERIVED and SECONDARY alone say nothing here: scanners write them on primary images too, after
filtering or an intensity correction. Only what was made of an image counts, by its own word.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from modic_annotate.domain.series import FatTechnique


class Mark(StrEnum):
    """What keeps a series out of some or all slots; the value is its name on screen."""

    LOCALIZER = "localizer"
    CAPTURE = "screen capture"
    CONTRAST = "contrast agent"
    SUBTRACTION = "subtraction"
    PROJECTION = "projection"
    REFORMAT = "reformat"
    MAP = "computed image"
    COMPOSED = "composed of several stations"


NOT_AS_ACQUIRED = frozenset({Mark.SUBTRACTION, Mark.PROJECTION, Mark.MAP})
"""Kinds whose grey values are no longer those of the acquired contrast."""

FAT: Mapping[str, FatTechnique] = {
    "W": FatTechnique.WATER,
    "WATER": FatTechnique.WATER,
    "F": FatTechnique.FAT,
    "FAT": FatTechnique.FAT,
    "IP": FatTechnique.IN_PHASE,
    "IN_PHASE": FatTechnique.IN_PHASE,
    "INPHASE": FatTechnique.IN_PHASE,
    "OP": FatTechnique.OPPOSED,
    "OPP": FatTechnique.OPPOSED,
    "OPP_PHASE": FatTechnique.OPPOSED,
    "OUT_PHASE": FatTechnique.OPPOSED,
    "OPPOSED_PHASE": FatTechnique.OPPOSED,
}
"""Parts of a Dixon acquisition, as several makers name them."""

_MADE: Mapping[Mark, frozenset[str]] = {
    Mark.LOCALIZER: frozenset({"LOCALIZER"}),
    Mark.CAPTURE: frozenset(
        {"SCREEN SAVE", "SCREENSAVE", "SCREENSHOT", "SCROLL", "PASTED", "POSDISP", "ERROR_MAP"}
    ),
    Mark.SUBTRACTION: frozenset({"SUBTRACTION", "SUBTRACT", "SUB"}),
    Mark.PROJECTION: frozenset(
        {"PROJECTION IMAGE", "PROJECTION IMAG", "MIP", "MIP_SAG", "MIP_COR", "MIP_TRA", "MAX_IP",
         "MIN_IP", "MIN IP", "MNIP", "CSA MIP", "CSA MIP THIN", "PJN"}
    ),
    Mark.REFORMAT: frozenset(
        {"MPR", "CPR", "CPR_STAR", "CURVED_MPR", "REFORMATTED", "CSA MPR", "CSA MPR THICK",
         "CSA RESAMPLED"}
    ),
    Mark.MAP: frozenset(
        {"P", "PHASE", "PHASE MAP", "R", "REAL", "I", "IMAGINARY", "MIXED", "ADC", "EADC", "TRACEW",
         "FA", "EXP", "FF", "FAT_FRACTION", "T1 MAP", "T2 MAP", "T2* MAP", "QMAP", "MULTI_QMAP",
         "T2_STAR MAP", "R2_STAR", "R2* MAP", "VELOCITY", "SYNTHETIC", "T2W_SYNTHETIC",
         "T2W_FLAIR_SYNTHETIC", "STDDEV_SAG", "STDDEV_COR", "STDDEV_TRA", "MAGIC"}
    ),
    Mark.COMPOSED: frozenset({"COMPOSED", "COMP_SP", "COMP_AD", "COMPOSITE"}),
}  # fmt: skip

OF_VALUE: Mapping[str, Mark] = {value: mark for mark, values in _MADE.items() for value in values}
"""Every word of the third value on that marks an image."""

OTHER_CONTRAST = frozenset(
    {"DIFFUSION", "PERFUSION", "ASL", "SWI", "T2_STAR", "TOF", "TEMPERATURE", "TAGGING",
     "FLOW_ENCODED", "ANGIO", "M_PCA"}
)  # fmt: skip
"""Words for contrasts that are neither T1, T2 nor proton density."""
