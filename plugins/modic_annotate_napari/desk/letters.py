"""Which letter answers which question: every field that is answered by one key, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from modic_annotate.domain import modic, numbering
from modic_annotate.domain.finding import Zone
from modic_annotate.domain.reading import RedFlagKind
from modic_annotate.domain.series import SeriesRole
from modic_annotate.session.values import value_words


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: its key, what it says on screen, and the value it stands for."""

    key: str
    words: str
    value: str


def _options(field: str, *rows: tuple[str, StrEnum | str]) -> tuple[Option, ...]:
    """Return the answers to a field, in the words the session has for its values."""
    return tuple(Option(key, value_words(field, value), str(value)) for key, value in rows)


def _named(*rows: tuple[str, str, StrEnum]) -> tuple[Option, ...]:
    """Return answers that are called otherwise where they are chosen."""
    return tuple(Option(key, words, value.value) for key, words, value in rows)


_SIGNAL = _options(
    "t1_signal",
    ("l", modic.Signal.HYPO),
    ("i", modic.Signal.ISO),
    ("h", modic.Signal.HYPER),
    ("m", modic.Signal.MIXED),
    ("n", modic.Signal.NOT_AVAILABLE),
)

_EXTENT = _options(
    "height_category",
    ("u", modic.ExtentCategory.UNDER_25),
    ("h", modic.ExtentCategory.FROM_25_TO_50),
    ("o", modic.ExtentCategory.FROM_50),
    ("e", modic.ExtentCategory.ENDPLATE_ONLY),
)

FIELDS: dict[str, tuple[Option, ...]] = {
    "height_category": _EXTENT,
    "ap_category": _EXTENT,
    "t1_signal": _SIGNAL,
    "t2_signal": _SIGNAL,
    "fs_signal": _options(
        "fs_signal",
        ("h", modic.FatSuppressedSignal.HIGH),
        ("i", modic.FatSuppressedSignal.ISO),
        ("s", modic.FatSuppressedSignal.SUPPRESSED),
        ("p", modic.FatSuppressedSignal.PARTLY_SUPPRESSED),
        ("n", modic.FatSuppressedSignal.NOT_AVAILABLE),
    ),
    "contour": _options(
        "contour",
        ("s", modic.Contour.SMOOTH),
        ("i", modic.Contour.IRREGULAR_INTACT),
        ("b", modic.Contour.BLURRED),
        ("d", modic.Contour.DESTRUCTIVE),
    ),
    "defect": _options(
        "defect",
        ("n", modic.Defect.NONE),
        ("o", modic.Defect.NOTCH),
        ("s", modic.Defect.SCHMORL),
        ("e", modic.Defect.EROSION),
        ("f", modic.Defect.FRACTURE),
    ),
    "attribution": _options(
        "attribution",
        ("d", modic.Attribution.DEGENERATIVE),
        ("u", modic.Attribution.UNCERTAIN),
        ("o", modic.Attribution.OTHER),
    ),
    "confidence": _options(
        "confidence",
        ("d", modic.Confidence.DEFINITE),
        ("p", modic.Confidence.PROBABLE),
        ("o", modic.Confidence.POSSIBLE),
    ),
}
"""Answers to the fields of a finding, by field name."""

SIGNAL_FIELDS = {
    "t1_signal": SeriesRole.SAG_T1,
    "t2_signal": SeriesRole.SAG_T2,
    "fs_signal": SeriesRole.SAG_FS,
}
"""The slot whose images each signal is read from."""

COMPONENTS = _named(*((t.value, f"type {t.value}", t) for t in modic.ModicType))

CANNOT_READ = _options(
    "assessment_reason",
    ("m", modic.NotAssessableReason.MOTION),
    ("h", modic.NotAssessableReason.HARDWARE),
    ("f", modic.NotAssessableReason.FRACTURE),
    ("u", modic.NotAssessableReason.FUSED),
    ("t", modic.NotAssessableReason.MISSING_T1),
    ("w", modic.NotAssessableReason.MISSING_T2),
    ("c", modic.NotAssessableReason.COVERAGE),
    ("o", modic.NotAssessableReason.OTHER),
)

MIMICS = _options(
    "mimics",
    ("h", modic.Mimic.HEMANGIOMA),
    ("m", modic.Mimic.METASTASIS_OR_INFILTRATION),
    ("i", modic.Mimic.INFECTION),
    ("f", modic.Mimic.FRACTURE),
    ("s", modic.Mimic.SCHMORL_OEDEMA),
    ("c", modic.Mimic.SPA_CORNER),
    ("p", modic.Mimic.POSTOPERATIVE),
    ("a", modic.Mimic.FOCAL_FAT),
    ("r", modic.Mimic.RED_MARROW),
)

ZONES = _named(
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

RED_FLAGS = _named(
    ("i", "infection", RedFlagKind.INFECTION),
    ("t", "tumour", RedFlagKind.TUMOUR),
    ("f", "fracture", RedFlagKind.FRACTURE),
    ("c", "cauda equina", RedFlagKind.CAUDA_EQUINA),
    ("o", "other", RedFlagKind.OTHER),
)

NUMBERING: dict[str, tuple[Option, ...]] = {
    "method": _options(
        "method",
        ("a", numbering.NumberingMethod.ASSUMED_FROM_SACRUM),
        ("w", numbering.NumberingMethod.WHOLE_SPINE_COUNT_C2),
        ("r", numbering.NumberingMethod.THORACOLUMBAR_RIB),
        ("l", numbering.NumberingMethod.ILIOLUMBAR_LIGAMENT),
        ("v", numbering.NumberingMethod.L5_NERVE_MORPHOLOGY),
        ("e", numbering.NumberingMethod.EXTERNAL_REPORT),
    ),
    "confidence": _options(
        "numbering_confidence",
        ("d", numbering.NumberingConfidence.DEFINITE),
        ("p", numbering.NumberingConfidence.PROBABLE),
        ("u", numbering.NumberingConfidence.UNCERTAIN),
    ),
    "lumbar_count": _options("lumbar_count", ("f", "4"), ("i", "5"), ("x", "6")),
    "lstv_castellvi": _options(
        "lstv_castellvi",
        ("n", numbering.Castellvi.NONE),
        ("a", numbering.Castellvi.IA),
        ("b", numbering.Castellvi.IB),
        ("c", numbering.Castellvi.IIA),
        ("d", numbering.Castellvi.IIB),
        ("e", numbering.Castellvi.IIIA),
        ("f", numbering.Castellvi.IIIB),
        ("g", numbering.Castellvi.IV),
        ("p", numbering.Castellvi.PRESENT_UNGRADED),
        ("x", numbering.Castellvi.NOT_ASSESSABLE),
    ),
    "lstv_variant": _options(
        "lstv_variant",
        ("n", numbering.TransitionalVariant.NONE),
        ("s", numbering.TransitionalVariant.SACRALISED_L5),
        ("l", numbering.TransitionalVariant.LUMBARISED_S1),
        ("i", numbering.TransitionalVariant.INDETERMINATE),
    ),
    "report_offset": _options(
        "report_offset",
        ("s", "0"),
        ("l", "1"),
        ("h", "-1"),
    ),
}
"""Answers to the questions of the numbering, by field name."""

ROLES = _named(
    ("a", "sagittal T1", SeriesRole.SAG_T1),
    ("b", "sagittal T2", SeriesRole.SAG_T2),
    ("c", "sagittal, fat suppressed", SeriesRole.SAG_FS),
    ("d", "axial T1", SeriesRole.AX_T1),
    ("e", "axial T2", SeriesRole.AX_T2),
    ("o", "other", SeriesRole.OTHER),
)


def words_of(options: Sequence[Option], value: object) -> str:
    """Return how a recorded value reads on screen; the value itself where no key stands for it."""
    return next((o.words for o in options if o.value == str(value)), str(value))


def key_of(options: Sequence[Option], value: object) -> str | None:
    """Return the key that answers with `value`, or None."""
    return next((o.key for o in options if o.value == str(value)), None)
