"""Modic types and the values that describe a change.

Type 1: T1 hypo, T2 hyper; type 2: T1 hyper, T2 iso to hyper; type 3: hypo on both
(Modic 1988; type 3 added later, see Jensen 2009, doi 10.1186/1471-2474-10-81).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import model_validator

from modic_annotate.domain.base import Percent, Record


class ModicType(StrEnum):
    """One component of a change."""

    TYPE_1 = "1"
    TYPE_2 = "2"
    TYPE_3 = "3"


class Presence(StrEnum):
    """Whether an endplate shows a Modic change, as read."""

    NOT_READ = "not_read"
    ABSENT = "absent"
    PRESENT = "present"
    INDETERMINATE = "indeterminate"


class TriState(StrEnum):
    """A feature that is there, is not, or could not be told."""

    PRESENT = "present"
    ABSENT = "absent"
    UNDETERMINED = "undetermined"


class Assessment(StrEnum):
    """How far an endplate or disc could be read; ``not_read`` is where everything begins."""

    NOT_READ = "not_read"
    ASSESSED = "assessed"
    LIMITED = "limited"
    NOT_ASSESSABLE = "not_assessable"
    OUTSIDE_FOV = "outside_fov"


class NotAssessableReason(StrEnum):
    """Why an endplate cannot be read, or only in part."""

    MOTION = "motion"
    HARDWARE = "hardware"
    FRACTURE = "fracture"
    FUSED = "fused"
    MISSING_T1 = "missing_T1"
    MISSING_T2 = "missing_T2"
    COVERAGE = "coverage"
    OTHER = "other"


class ExtentCategory(StrEnum):
    """Share of body height, endplate length or area; halves open: [0,25) [25,50) [50,100]."""

    ENDPLATE_ONLY = "endplate_only"
    UNDER_25 = "[0,25)"
    FROM_25_TO_50 = "[25,50)"
    FROM_50 = "[50,100]"

    @classmethod
    def of_percent(cls, percent: float) -> ExtentCategory:
        """Return the category a percentage falls into; a boundary belongs to the upper one."""
        if percent < 25:  # noqa: PLR2004 - the boundary is the definition
            return cls.UNDER_25
        return cls.FROM_25_TO_50 if percent < 50 else cls.FROM_50  # noqa: PLR2004


class Signal(StrEnum):
    """Signal against normal marrow on T1 or T2 without fat suppression."""

    HYPO = "hypo"
    ISO = "iso"
    HYPER = "hyper"
    MIXED = "mixed"
    NOT_AVAILABLE = "not_available"


class FatSuppressedSignal(StrEnum):
    """Signal against normal marrow on a fluid-sensitive, fat-suppressed series."""

    HIGH = "high"
    ISO = "iso"
    SUPPRESSED = "suppressed"
    PARTLY_SUPPRESSED = "partly_suppressed"
    NOT_AVAILABLE = "not_available"


class Contour(StrEnum):
    """Outline of the endplate; irregular yet intact speaks for degeneration, not infection."""

    SMOOTH = "smooth"
    IRREGULAR_INTACT = "irregular_intact"
    BLURRED = "blurred"
    DESTRUCTIVE = "destructive"


class Defect(StrEnum):
    """Localised defect of the endplate."""

    NONE = "none"
    NOTCH = "notch"
    SCHMORL = "schmorl"
    EROSION = "erosion"
    FRACTURE = "fracture"


class Attribution(StrEnum):
    """What the reader holds the change to be due to."""

    DEGENERATIVE = "degenerative"
    UNCERTAIN = "uncertain"
    OTHER = "other"


class Mimic(StrEnum):
    """Something else that can look like a Modic change."""

    HEMANGIOMA = "hemangioma"
    METASTASIS_OR_INFILTRATION = "metastasis_or_infiltration"
    INFECTION = "infection"
    FRACTURE = "fracture"
    SCHMORL_OEDEMA = "schmorl_oedema"
    SPA_CORNER = "spa_corner"
    POSTOPERATIVE = "postoperative"
    FOCAL_FAT = "focal_fat"
    RED_MARROW = "red_marrow"


class Confidence(StrEnum):
    """How sure the reader is of a finding (coded as DCM 111012)."""

    DEFINITE = "definite"
    PROBABLE = "probable"
    POSSIBLE = "possible"


class Component(Record):
    """One type within a change, and its share of it where it was judged."""

    modic_type: ModicType
    share: ExtentCategory | None = None
    share_percent: Percent | None = None

    @model_validator(mode="after")
    def _share_fits_percent(self) -> Self:
        if self.share is not None and self.share_percent is not None:
            expected = ExtentCategory.of_percent(self.share_percent)
            if self.share != expected:
                raise ValueError(f"share {self.share} contradicts {self.share_percent} %")
        return self
