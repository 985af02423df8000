"""The signed statement which body is which."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from modic_annotate.domain.base import PointLps, Record, Uid, Utc
from modic_annotate.domain.finding import Origin
from modic_annotate.domain.spine import Endplate, Vertebra, endplates_between, spine_order


class NumberingMethod(StrEnum):
    """How the level count was established."""

    WHOLE_SPINE_COUNT_C2 = "whole_spine_count_C2"
    THORACOLUMBAR_RIB = "thoracolumbar_rib"
    L5_NERVE_MORPHOLOGY = "L5_nerve_morphology"
    ILIOLUMBAR_LIGAMENT = "iliolumbar_ligament"
    ASSUMED_FROM_SACRUM = "assumed_from_sacrum"
    EXTERNAL_REPORT = "external_report"


class NumberingConfidence(StrEnum):
    """How sure the reader is of the level count."""

    DEFINITE = "definite"
    PROBABLE = "probable"
    UNCERTAIN = "uncertain"


class Castellvi(StrEnum):
    """Lumbosacral transitional vertebra after Castellvi."""

    NONE = "none"
    IA = "Ia"
    IB = "Ib"
    IIA = "IIa"
    IIB = "IIb"
    IIIA = "IIIa"
    IIIB = "IIIb"
    IV = "IV"
    PRESENT_UNGRADED = "present_ungraded"
    NOT_ASSESSABLE = "not_assessable"


class TransitionalVariant(StrEnum):
    """Which way a transitional vertebra leans."""

    NONE = "none"
    SACRALISED_L5 = "sacralised_L5"
    LUMBARISED_S1 = "lumbarised_S1"
    INDETERMINATE = "indeterminate"


CentreMethod = Literal["placed", "presumed", "confirmed"]


def _is_placed(method: object) -> bool:
    return method == "placed"


class BodyCentre(Record):
    """The centre of a vertebral body as the reader placed it."""

    vertebra: Vertebra
    centroid_lps_mm: PointLps
    series_uid: Uid | None = None
    sop_instance_uid: Uid | None = None
    origin: Origin
    method: Annotated[CentreMethod, Field(exclude_if=_is_placed)] = "placed"
    """``placed`` by the reader; ``presumed`` between three clicks, ``confirmed`` once the reader
    has looked at it and left it there."""


class Numbering(Record):
    """Which body is which, how that is known and how surely; signed before any grade."""

    method: NumberingMethod | None = None
    confidence: NumberingConfidence | None = None
    lumbar_count: int | None = None
    """Lumbar-type bodies: 4, 5 or 6; None is not stated."""

    lstv_castellvi: Castellvi | None = None
    lstv_variant: TransitionalVariant | None = None
    report_offset: int | None = None
    """Bodies by which a report's labels lie below (+) or above (-) these; None is not compared."""

    frame_of_reference_uid: Uid | None = None
    bodies: tuple[BodyCentre, ...] = ()
    signed_at: Utc | None = None

    @model_validator(mode="after")
    def _each_body_once(self) -> Self:
        names = [body.vertebra for body in self.bodies]
        if len(set(names)) != len(names):
            raise ValueError("each vertebra may be placed once")
        if self.lumbar_count not in (None, 4, 5, 6):
            raise ValueError("lumbar_count is 4, 5 or 6, or not stated")
        return self

    @property
    def presumed(self) -> tuple[Vertebra, ...]:
        """Bodies whose centres nobody has confirmed yet, head to foot."""
        return tuple(body.vertebra for body in self.bodies if body.method == "presumed")

    @property
    def order(self) -> tuple[Vertebra, ...]:
        """T12 .. S1 as counted (five lumbar bodies until a count is stated), head to foot."""
        return spine_order(self.lumbar_count or 5)

    @property
    def scope(self) -> tuple[Endplate, ...]:
        """The endplates to read: T12-inferior to S1-superior of this spine."""
        return endplates_between(self.order)

    @property
    def is_level_certain(self) -> bool:
        """Whether level-based statements stand: not uncertain, not indeterminate."""
        return (
            self.confidence in (NumberingConfidence.DEFINITE, NumberingConfidence.PROBABLE)
            and self.lstv_variant != TransitionalVariant.INDETERMINATE
        )

    def centre(self, vertebra: Vertebra) -> PointLps | None:
        """Return the centre of one body in LPS mm, or None where it was not placed."""
        return next((b.centroid_lps_mm for b in self.bodies if b.vertebra == vertebra), None)
