"""Stored values in the words a radiologist says, by field: the one table for panel and footer."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from modic_annotate.domain import modic, numbering
from modic_annotate.domain.finding import Zone
from modic_annotate.domain.series import QualityRating, SeriesRole

Words = Mapping[str, str]
"""Words of each value of one field."""


def _plain(kind: type[StrEnum], **other: str) -> Words:
    """Return the values themselves with blanks, but for members that are named otherwise."""
    return {m.value: other.get(m.name, m.value.replace("_", " ")) for m in kind}


_EXTENT = _plain(
    modic.ExtentCategory,
    UNDER_25="under 25 %",
    FROM_25_TO_50="25 to under 50 %",
    FROM_50="50 % and over",
)
_SIGNAL = _plain(modic.Signal, HYPO="low", ISO="same", HYPER="high")

VALUES: Mapping[str, Words] = {
    "height_category": _EXTENT,
    "ap_category": _EXTENT,
    "area_category": _EXTENT,
    "t1_signal": _SIGNAL,
    "t2_signal": _SIGNAL,
    "fs_signal": _plain(modic.FatSuppressedSignal, ISO="same"),
    "contour": _plain(modic.Contour, IRREGULAR_INTACT="irregular, intact"),
    "defect": _plain(modic.Defect, SCHMORL="Schmorl node"),
    "attribution": _plain(modic.Attribution),
    "confidence": _plain(modic.Confidence),
    "mimics": _plain(
        modic.Mimic,
        HEMANGIOMA="haemangioma",
        METASTASIS_OR_INFILTRATION="metastasis, infiltration",
        SCHMORL_OEDEMA="Schmorl oedema",
        SPA_CORNER="SpA corner",
    ),
    "assessment_reason": _plain(
        modic.NotAssessableReason,
        MISSING_T1="T1 missing",
        MISSING_T2="T2 missing",
        COVERAGE="not covered",
    ),
    "quality": _plain(
        QualityRating,
        DIAGNOSTIC="diagnostic",
        LIMITED="limited",
        NON_DIAGNOSTIC="not usable",
    ),
    "role": _plain(
        SeriesRole,
        SAG_T1="T1",
        SAG_T2="T2",
        SAG_FS="fat suppressed",
        AX_T1="axial T1",
        AX_T2="axial T2",
        OTHER="other",
    ),
    "method": _plain(
        numbering.NumberingMethod,
        WHOLE_SPINE_COUNT_C2="whole spine, from C2",
        THORACOLUMBAR_RIB="last rib",
        L5_NERVE_MORPHOLOGY="L5 nerve",
        ASSUMED_FROM_SACRUM="from the sacrum",
        EXTERNAL_REPORT="outside report",
    ),
    "numbering_confidence": _plain(numbering.NumberingConfidence),
    "lumbar_count": {"4": "four", "5": "five", "6": "six"},
    "lstv_castellvi": _plain(
        numbering.Castellvi,
        PRESENT_UNGRADED="present, ungraded",
        NOT_ASSESSABLE="cannot be told",
    ),
    "lstv_variant": _plain(
        numbering.TransitionalVariant,
        SACRALISED_L5="sacralised L5",
        LUMBARISED_S1="lumbarised S1",
    ),
    "report_offset": {"0": "same labels", "1": "one body lower", "-1": "one body higher"},
}


def value_words(field: str, value: object) -> str:
    """Return a value of a field in words; where the table has none, the value with blanks."""
    said = str(value)
    return VALUES.get(field, {}).get(said) or said.replace("_", " ")


def zone_words(zones: tuple[Zone, ...]) -> str:
    """Return zones in a few words: which thirds from front to back, which from right to left."""
    if not zones:
        return ""
    front = [w for w in ("anterior", "middle", "posterior") if any(z.startswith(w) for z in zones)]
    side = [w for w in ("right", "central", "left") if any(z.endswith(w) for z in zones)]
    short = {"anterior": "ant", "middle": "mid", "posterior": "post"}
    return f"{'+'.join(short[w] for w in front)}, {'+'.join(side)}"
