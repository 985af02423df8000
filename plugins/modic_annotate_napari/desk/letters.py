"""Which letter answers which question: every field that is answered by one key, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from modic_annotate.domain.finding import Zone
from modic_annotate.domain.modic import (
    Attribution,
    Confidence,
    Contour,
    Defect,
    ExtentCategory,
    FatSuppressedSignal,
    Mimic,
    ModicType,
    NotAssessableReason,
    Signal,
)
from modic_annotate.domain.numbering import (
    Castellvi,
    NumberingConfidence,
    NumberingMethod,
    TransitionalVariant,
)
from modic_annotate.domain.reading import RedFlagKind
from modic_annotate.domain.series import SeriesRole


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: its key, what it says on screen, and the value it stands for."""

    key: str
    words: str
    value: str


def _options(*rows: tuple[str, str, StrEnum | str]) -> tuple[Option, ...]:
    return tuple(Option(key, words, str(value)) for key, words, value in rows)


_SIGNAL = _options(
    ("l", "low", Signal.HYPO),
    ("i", "same", Signal.ISO),
    ("h", "high", Signal.HYPER),
    ("m", "mixed", Signal.MIXED),
    ("n", "not available", Signal.NOT_AVAILABLE),
)

_EXTENT = _options(
    ("u", "under 25 %", ExtentCategory.UNDER_25),
    ("h", "25 to under 50 %", ExtentCategory.FROM_25_TO_50),
    ("o", "50 % and over", ExtentCategory.FROM_50),
    ("e", "endplate only", ExtentCategory.ENDPLATE_ONLY),
)

FIELDS: dict[str, tuple[Option, ...]] = {
    "height_category": _EXTENT,
    "ap_category": _EXTENT,
    "t1_signal": _SIGNAL,
    "t2_signal": _SIGNAL,
    "fs_signal": _options(
        ("h", "high", FatSuppressedSignal.HIGH),
        ("i", "same", FatSuppressedSignal.ISO),
        ("s", "suppressed", FatSuppressedSignal.SUPPRESSED),
        ("p", "partly suppressed", FatSuppressedSignal.PARTLY_SUPPRESSED),
        ("n", "not available", FatSuppressedSignal.NOT_AVAILABLE),
    ),
    "contour": _options(
        ("s", "smooth", Contour.SMOOTH),
        ("i", "irregular, intact", Contour.IRREGULAR_INTACT),
        ("b", "blurred", Contour.BLURRED),
        ("d", "destructive", Contour.DESTRUCTIVE),
    ),
    "defect": _options(
        ("n", "none", Defect.NONE),
        ("o", "notch", Defect.NOTCH),
        ("s", "Schmorl node", Defect.SCHMORL),
        ("e", "erosion", Defect.EROSION),
        ("f", "fracture", Defect.FRACTURE),
    ),
    "attribution": _options(
        ("d", "degenerative", Attribution.DEGENERATIVE),
        ("u", "uncertain", Attribution.UNCERTAIN),
        ("o", "other", Attribution.OTHER),
    ),
    "confidence": _options(
        ("d", "definite", Confidence.DEFINITE),
        ("p", "probable", Confidence.PROBABLE),
        ("o", "possible", Confidence.POSSIBLE),
    ),
}
"""Answers to the fields of a finding, by field name."""

SIGNAL_FIELDS = {
    "t1_signal": SeriesRole.SAG_T1,
    "t2_signal": SeriesRole.SAG_T2,
    "fs_signal": SeriesRole.SAG_FS,
}
"""The slot whose images each signal is read from."""

COMPONENTS = _options(*((t.value, f"type {t.value}", t) for t in ModicType))

CANNOT_READ = _options(
    ("m", "motion", NotAssessableReason.MOTION),
    ("h", "hardware", NotAssessableReason.HARDWARE),
    ("f", "fracture", NotAssessableReason.FRACTURE),
    ("u", "fused", NotAssessableReason.FUSED),
    ("t", "T1 missing", NotAssessableReason.MISSING_T1),
    ("w", "T2 missing", NotAssessableReason.MISSING_T2),
    ("c", "not covered", NotAssessableReason.COVERAGE),
    ("o", "other", NotAssessableReason.OTHER),
)

MIMICS = _options(
    ("h", "haemangioma", Mimic.HEMANGIOMA),
    ("m", "metastasis, infiltration", Mimic.METASTASIS_OR_INFILTRATION),
    ("i", "infection", Mimic.INFECTION),
    ("f", "fracture", Mimic.FRACTURE),
    ("s", "Schmorl oedema", Mimic.SCHMORL_OEDEMA),
    ("c", "SpA corner", Mimic.SPA_CORNER),
    ("p", "postoperative", Mimic.POSTOPERATIVE),
    ("a", "focal fat", Mimic.FOCAL_FAT),
    ("r", "red marrow", Mimic.RED_MARROW),
)

ZONES = _options(
    ("q", "ant right", Zone.ANTERIOR_RIGHT),
    ("w", "mid right", Zone.MIDDLE_RIGHT),
    ("e", "post right", Zone.POSTERIOR_RIGHT),
    ("a", "ant central", Zone.ANTERIOR_CENTRAL),
    ("s", "mid central", Zone.MIDDLE_CENTRAL),
    ("d", "post central", Zone.POSTERIOR_CENTRAL),
    ("z", "ant left", Zone.ANTERIOR_LEFT),
    ("x", "mid left", Zone.MIDDLE_LEFT),
    ("c", "post left", Zone.POSTERIOR_LEFT),
)
"""Keys as they lie on the keyboard: rows right, central, left; columns anterior to posterior."""

RED_FLAGS = _options(
    ("i", "infection", RedFlagKind.INFECTION),
    ("t", "tumour", RedFlagKind.TUMOUR),
    ("f", "fracture", RedFlagKind.FRACTURE),
    ("c", "cauda equina", RedFlagKind.CAUDA_EQUINA),
    ("o", "other", RedFlagKind.OTHER),
)

NUMBERING: dict[str, tuple[Option, ...]] = {
    "method": _options(
        ("a", "from the sacrum", NumberingMethod.ASSUMED_FROM_SACRUM),
        ("w", "whole spine, from C2", NumberingMethod.WHOLE_SPINE_COUNT_C2),
        ("r", "last rib", NumberingMethod.THORACOLUMBAR_RIB),
        ("l", "iliolumbar ligament", NumberingMethod.ILIOLUMBAR_LIGAMENT),
        ("v", "L5 nerve", NumberingMethod.L5_NERVE_MORPHOLOGY),
        ("e", "outside report", NumberingMethod.EXTERNAL_REPORT),
    ),
    "confidence": _options(
        ("d", "definite", NumberingConfidence.DEFINITE),
        ("p", "probable", NumberingConfidence.PROBABLE),
        ("u", "uncertain", NumberingConfidence.UNCERTAIN),
    ),
    "lumbar_count": _options(("f", "four", "4"), ("i", "five", "5"), ("x", "six", "6")),
    "lstv_castellvi": _options(
        ("n", "none", Castellvi.NONE),
        ("a", "Ia", Castellvi.IA),
        ("b", "Ib", Castellvi.IB),
        ("c", "IIa", Castellvi.IIA),
        ("d", "IIb", Castellvi.IIB),
        ("e", "IIIa", Castellvi.IIIA),
        ("f", "IIIb", Castellvi.IIIB),
        ("g", "IV", Castellvi.IV),
        ("p", "present, ungraded", Castellvi.PRESENT_UNGRADED),
        ("x", "cannot be told", Castellvi.NOT_ASSESSABLE),
    ),
    "lstv_variant": _options(
        ("n", "none", TransitionalVariant.NONE),
        ("s", "sacralised L5", TransitionalVariant.SACRALISED_L5),
        ("l", "lumbarised S1", TransitionalVariant.LUMBARISED_S1),
        ("i", "indeterminate", TransitionalVariant.INDETERMINATE),
    ),
    "report_offset": _options(
        ("s", "same labels", "0"),
        ("l", "one body lower", "1"),
        ("h", "one body higher", "-1"),
    ),
}
"""Answers to the questions of the numbering, by field name."""

ROLES = _options(
    ("a", "sagittal T1", SeriesRole.SAG_T1),
    ("b", "sagittal T2", SeriesRole.SAG_T2),
    ("c", "sagittal, fat suppressed", SeriesRole.SAG_FS),
    ("d", "axial T1", SeriesRole.AX_T1),
    ("e", "axial T2", SeriesRole.AX_T2),
    ("o", "other", SeriesRole.OTHER),
)

ROLE_WORDS = {
    SeriesRole.SAG_T1: "SAG T1",
    SeriesRole.SAG_T2: "SAG T2",
    SeriesRole.SAG_FS: "SAG FS",
    SeriesRole.AX_T1: "AX T1",
    SeriesRole.AX_T2: "AX T2",
    SeriesRole.OTHER: "other",
}


def words_of(options: Sequence[Option], value: object) -> str:
    """Return how a recorded value reads on screen; the value itself where no key stands for it."""
    return next((o.words for o in options if o.value == str(value)), str(value))


def key_of(options: Sequence[Option], value: object) -> str | None:
    """Return the key that answers with `value`, or None."""
    return next((o.key for o in options if o.value == str(value)), None)
