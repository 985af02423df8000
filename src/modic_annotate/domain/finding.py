"""What one reader says of one endplate, and of one disc.

Every field is declared here once; the form, the schema, the tables and the exports read its
name, label and unit from here (``Finding.model_fields``).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from modic_annotate.domain.base import (
    Percent,
    PointLps,
    PositiveMm,
    Record,
    Uid,
    Utc,
    is_empty,
)
from modic_annotate.domain.modic import (
    Assessment,
    Attribution,
    Component,
    Confidence,
    Contour,
    Defect,
    ExtentCategory,
    FatSuppressedSignal,
    Mimic,
    ModicType,
    NotAssessableReason,
    Presence,
    Signal,
    TriState,
)
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import DiscLevel, Endplate

UNREADABLE = (Assessment.NOT_ASSESSABLE, Assessment.OUTSIDE_FOV)
"""Assessments that end an endplate's reading without a grade."""


class Origin(StrEnum):
    """How a value came about; ``script`` is an acts file applied without a window."""

    KEY = "key"
    MOUSE = "mouse"
    SCRIPT = "script"
    MACRO = "macro"
    BULK = "bulk"
    COPY = "copy"


class MeasurementMethod(StrEnum):
    """How an extent was found."""

    CALLIPER = "calliper"
    MASK = "mask"
    ESTIMATED = "estimated"


class Zone(StrEnum):
    """A cell of the 3 x 3 grid over an endplate: anterior to posterior, right to left."""

    ANTERIOR_RIGHT = "anterior-right"
    ANTERIOR_CENTRAL = "anterior-central"
    ANTERIOR_LEFT = "anterior-left"
    MIDDLE_RIGHT = "middle-right"
    MIDDLE_CENTRAL = "middle-central"
    MIDDLE_LEFT = "middle-left"
    POSTERIOR_RIGHT = "posterior-right"
    POSTERIOR_CENTRAL = "posterior-central"
    POSTERIOR_LEFT = "posterior-left"


class Measurement(Record):
    """Where and how an extent was measured."""

    method: MeasurementMethod
    series_uid: Uid | None = None
    sop_instance_uid: Uid | None = None
    points_lps_mm: tuple[PointLps, ...] = ()
    """Front end, back end and deepest point of the lesion, then those of the body height."""

    reference_source: str | None = None
    """Where the denominator comes from, e.g. ``same body, same slice``."""

    error_percent: Percent | None = None
    """Effect on the percentage of one pixel at each end."""


class Calliper(Record):
    """What a reader measured of a lesion on one slice, by three points."""

    measurement: Measurement
    height_mm: PositiveMm
    body_height_mm: PositiveMm | None = None
    height_percent: Percent | None = None
    ap_mm: PositiveMm
    endplate_length_mm: PositiveMm | None = None
    ap_percent: Percent | None = None
    ap_error_percent: Percent | None = None
    ap_reference_source: str | None = None
    max_diameter_mm: PositiveMm


class KeyImage(Record):
    """A slice the reader marked as showing the finding."""

    role: SeriesRole
    series_uid: Uid
    sop_instance_uid: Uid


class Finding(Record):
    """What one reader says of one endplate."""

    endplate: Endplate

    assessment: Annotated[Assessment, Field(title="Assessment")] = Assessment.NOT_READ
    assessment_reason: Annotated[NotAssessableReason | None, Field(title="Reason")] = None

    modic: Annotated[Presence, Field(title="Modic change")] = Presence.NOT_READ
    components: Annotated[tuple[Component, ...], Field(title="Components")] = ()
    """Predominant component first."""

    equal_shares: Annotated[bool, Field(title="Equal shares")] = False
    """Whether the first two components hold equal shares, as the reader said."""

    type_undetermined: Annotated[bool, Field(title="Type undetermined")] = False

    t1_signal: Annotated[Signal | None, Field(title="T1 signal")] = None
    t2_signal: Annotated[Signal | None, Field(title="T2 signal")] = None
    """Without fat suppression only; a fat-suppressed series never fills this."""

    fs_signal: Annotated[FatSuppressedSignal | None, Field(title="Fat-suppressed signal")] = None

    height_mm: Annotated[PositiveMm | None, Field(title="Height")] = None
    body_height_mm: Annotated[PositiveMm | None, Field(title="Body height")] = None
    height_percent: Annotated[Percent | None, Field(title="Height")] = None
    height_category: Annotated[ExtentCategory | None, Field(title="Height category")] = None
    height_measurement: Measurement | None = None

    ap_mm: Annotated[PositiveMm | None, Field(title="AP extent")] = None
    endplate_length_mm: Annotated[PositiveMm | None, Field(title="Endplate length")] = None
    ap_percent: Annotated[Percent | None, Field(title="AP extent")] = None
    ap_category: Annotated[ExtentCategory | None, Field(title="AP category")] = None
    ap_measurement: Measurement | None = None

    left_right_mm: Annotated[PositiveMm | None, Field(title="Left-right extent")] = None
    left_right_percent: Annotated[Percent | None, Field(title="Left-right extent")] = None
    left_right_measurement: Annotated[Measurement | None, Field(exclude_if=is_empty)] = None
    area_percent: Annotated[Percent | None, Field(title="Endplate area")] = None
    area_category: Annotated[ExtentCategory | None, Field(title="Area category")] = None
    area_measurement: Annotated[Measurement | None, Field(exclude_if=is_empty)] = None
    volume_percent: Annotated[Percent | None, Field(title="Body volume")] = None
    volume_measurement: Annotated[Measurement | None, Field(exclude_if=is_empty)] = None
    max_diameter_mm: Annotated[PositiveMm | None, Field(title="Largest diameter")] = None

    zones: Annotated[tuple[Zone, ...], Field(title="Zones")] = ()
    first_sop_instance_uid: Annotated[Uid | None, Field(title="First slice")] = None
    last_sop_instance_uid: Annotated[Uid | None, Field(title="Last slice")] = None
    sop_instance_uids: Annotated[tuple[Uid, ...], Field(title="Slices involved")] = ()

    callipers: Annotated[tuple[Calliper, ...], Field(exclude_if=is_empty)] = ()
    """Every slice measured by three points; the largest stands in the fields above unless a mask
    was painted."""

    derived: Annotated[tuple[str, ...], Field(title="Derived", exclude_if=is_empty)] = ()
    """Fields whose value follows from mask or callipers; one the reader set is not among them and
    is never overwritten by a later derivation."""

    contour: Annotated[Contour | None, Field(title="Contour")] = None
    defect: Annotated[Defect | None, Field(title="Defect")] = None
    endplate_score: Annotated[int | None, Field(title="Endplate score", ge=1, le=6)] = None
    """Total endplate score 1-6 of one endplate (secondary source only), off by default."""

    attribution: Annotated[Attribution | None, Field(title="Cause")] = None
    mimics: Annotated[tuple[Mimic, ...], Field(title="Mimics considered")] = ()
    confidence: Annotated[Confidence | None, Field(title="Confidence")] = None

    key_images: Annotated[tuple[KeyImage, ...], Field(title="Key images")] = ()
    note: Annotated[str, Field(title="Note", max_length=2000)] = ""

    copied_from: Endplate | None = None
    ai_visible_before_commit: bool = False
    origins: dict[str, Origin] = Field(title="Origins", default_factory=dict)
    """Origin of each field's value, by field name."""

    first_view_at: Utc | None = None
    committed_at: Utc | None = None
    active_seconds: Annotated[int | None, Field(title="Active time", ge=0)] = None
    coverage_percent: Annotated[Percent | None, Field(title="Coverage")] = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problems = list(_problems(self))
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def is_read(self) -> bool:
        """Whether the reader has said something final of this endplate."""
        return self.assessment != Assessment.NOT_READ

    @property
    def types(self) -> frozenset[ModicType]:
        """The Modic types present, without order."""
        return frozenset(c.modic_type for c in self.components)

    @property
    def words(self) -> str:
        """The type in words as it stands on screen and in exports, e.g. ``type 1 > 2``."""
        if not self.is_read:
            return "not read"
        if self.assessment in UNREADABLE:
            return "cannot be read"
        if self.modic == Presence.ABSENT:
            return "none"
        if not self.components:
            return "type undetermined" if self.type_undetermined else self.modic.value
        first, *rest = (c.modic_type.value for c in self.components)
        joint = " = " if self.equal_shares else " > "
        return "type " + (f"{first}{joint}{' > '.join(rest)}" if rest else first)


def _problems(finding: Finding) -> list[str]:
    """Every rule a finding breaks (rules of the form, not opinions on the reading)."""
    f = finding
    present = f.modic == Presence.PRESENT
    typed = bool(f.components) or f.type_undetermined
    sized = any(v is not None for v in (f.height_percent, f.height_category, f.ap_percent))
    unreadable = f.assessment in UNREADABLE
    half_read = (f.assessment == Assessment.NOT_READ) != (f.modic == Presence.NOT_READ)
    needs_reason = f.assessment == Assessment.NOT_ASSESSABLE and f.assessment_reason is None
    rules = (
        (present and not typed, "a change that is present needs a type, or 'type undetermined'"),
        (not present and (typed or sized), "type and size belong to a change that is present"),
        (f.components and f.type_undetermined, "a type cannot be both named and undetermined"),
        (len(f.types) != len(f.components), "each type may stand once among the components"),
        (f.equal_shares and len(f.components) in (0, 1), "equal shares need two components"),
        (needs_reason, "'cannot be read' needs a reason"),
        (half_read and not unreadable, "assessment and Modic change are both read or both not"),
        (unreadable and present, "an endplate that cannot be read holds no change"),
    )
    return [message for broken, message in rules if broken] + _category_problems(f)


def _category_problems(finding: Finding) -> list[str]:
    pairs = (
        ("height", finding.height_percent, finding.height_category),
        ("ap", finding.ap_percent, finding.ap_category),
        ("area", finding.area_percent, finding.area_category),
    )
    return [
        f"{name}_category {category} contradicts {name}_percent {percent}"
        for name, percent, category in pairs
        if percent is not None
        and category not in (None, ExtentCategory.ENDPLATE_ONLY, ExtentCategory.of_percent(percent))
    ]


class DiscFinding(Record):
    """What one reader says of one disc level; everything begins not read."""

    disc: DiscLevel
    assessment: Annotated[Assessment, Field(title="Assessment")] = Assessment.NOT_READ
    extrusion_mm: Annotated[PositiveMm | None, Field(title="Extrusion")] = None
    protrusion_mm: Annotated[PositiveMm | None, Field(title="Protrusion")] = None
    listhesis_mm: Annotated[PositiveMm | None, Field(title="Listhesis")] = None
    spondylolysis: Annotated[TriState | None, Field(title="Spondylolysis")] = None
    stenosis: Annotated[TriState | None, Field(title="Stenosis")] = None
    facet_arthrosis: Annotated[TriState | None, Field(title="Facet arthrosis")] = None
    facet_effusion: Annotated[TriState | None, Field(title="Facet effusion")] = None
    origins: dict[str, Origin] = Field(title="Origins", default_factory=dict)
    note: Annotated[str, Field(title="Note", max_length=2000)] = ""
