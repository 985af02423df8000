"""A Reading: all findings of one reader on one visit's MRI, frozen when it is signed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from modic_annotate.domain.base import (
    Percent,
    PointLps,
    Record,
    RecordId,
    Sha256,
    Uid,
    Utc,
    is_empty,
)
from modic_annotate.domain.finding import DiscFinding, Finding, MeasurementMethod, Origin
from modic_annotate.domain.numbering import Numbering
from modic_annotate.domain.series import Quality, SeriesRole, SeriesUsed
from modic_annotate.domain.spine import Endplate, Vertebra


class ScreeningLink(Record):
    """Points at one revision of a screening record, by name and by hash of its bytes."""

    trial_id: RecordId
    record_id: RecordId
    revision: Annotated[int, Field(ge=1)]
    sha256: Sha256


class ProtocolRef(Record):
    """The reading protocol in force, by id, version and hash of its bytes."""

    id: RecordId
    version: int
    sha256: Sha256


class Purpose(StrEnum):
    """What a reading is for."""

    ELIGIBILITY = "eligibility"
    EFFICACY = "efficacy"
    SAFETY = "safety"
    TRAINING = "training"
    ADJUDICATION = "adjudication"


class Blinding(Record):
    """What the reader could not see while reading."""

    clinical_data: bool = True
    prior_imaging: bool = True
    other_readers: bool = True
    suggestions: bool = True


class ReaderRef(Record):
    """The reader as records name them: never by full name."""

    id: RecordId
    role: str
    os_account_sha256: Sha256 | None = None
    """Hash of the operating-system account in use, to compare with, not to read."""


class EndplateLine(Record):
    """Where an endplate lies: a polyline from anterior to posterior."""

    endplate: Endplate
    polyline_lps_mm: Annotated[tuple[PointLps, ...], Field(min_length=2)]
    frame_of_reference_uid: Uid | None
    series_uid: Uid | None = None
    sop_instance_uid: Uid | None
    method: Literal["placed", "estimated"] = "placed"
    """``placed`` by the reader, or ``estimated`` from the body centres alone."""

    origin: Origin


class BodyOutline(Record):
    """Where a body lies: corners from superior-anterior round to inferior-anterior."""

    vertebra: Vertebra
    polyline_lps_mm: Annotated[tuple[PointLps, ...], Field(min_length=2)]
    frame_of_reference_uid: Uid | None
    series_uid: Annotated[Uid | None, Field(exclude_if=is_empty)] = None
    sop_instance_uid: Uid | None
    method: Literal["placed", "estimated"] = "placed"
    origin: Annotated[Origin | None, Field(exclude_if=is_empty)] = None
    """How the corners were placed; None where the outline follows from the endplate lines."""


class MaskRun(Record):
    """A run of painted pixels: first pixel (row-major, from 0) and length."""

    start: Annotated[int, Field(ge=0)]
    length: Annotated[int, Field(ge=1)]


class MaskSeed(Record):
    """Where a region was grown from, and how far its grey values may lie from the seed's."""

    at_lps_mm: PointLps
    tolerance: Annotated[float, Field(ge=0)]
    """In grey values of the series, rescale applied."""


class LesionMask(Record):
    """A lesion painted on one slice, in that slice's own pixels."""

    endplate: Endplate
    series_uid: Uid
    sop_instance_uid: Uid
    frame: int = 0
    rows: int
    columns: int
    runs: tuple[MaskRun, ...]
    method: MeasurementMethod = MeasurementMethod.MASK
    origin: Annotated[Origin | None, Field(exclude_if=is_empty)] = None
    """How the last stroke on this slice was made."""

    seeds: Annotated[tuple[MaskSeed, ...], Field(exclude_if=is_empty)] = ()
    """Regions grown into this mask, in their order; what was erased since is not told by them."""


class SeriesQuality(Record):
    """A reader's judgement of one series."""

    series_uid: Uid
    stack: int = 0
    quality: Quality


class SeriesCoverage(Record):
    """Which slices of one series were really shown."""

    series_uid: Uid
    stack: int = 0
    role: SeriesRole
    n_slices: int
    shown_sop_instance_uids: tuple[Uid, ...]
    shown_percent: Percent


class RedFlagKind(StrEnum):
    """What the site has to know at once."""

    INFECTION = "infection"
    TUMOUR = "tumour"
    FRACTURE = "fracture"
    CAUDA_EQUINA = "cauda_equina"
    OTHER = "other"


class RedFlag(Record):
    """A notice to the site, raised while reading."""

    kind: RedFlagKind
    at: Utc
    origin: Origin
    note: str = ""


class Times(Record):
    """When the reading was started, and when its last act was made."""

    started_at: Utc
    last_act_at: Utc
    signed_at: Utc | None = None


class Software(Record):
    """What wrote the reading."""

    name: Literal["modic-annotate"] = "modic-annotate"
    version: str


class JournalRef(Record):
    """The journal the reading came from: how many lines, and the hash of the last."""

    lines: int
    head_sha256: Sha256


class Reading(Record):
    """All findings of one reader on one visit's MRI; signed is final."""

    schema_id: Annotated[Literal["modic-annotate/reading/1"], Field(alias="schema")] = (
        "modic-annotate/reading/1"
    )
    reading_id: RecordId
    status: Literal["draft", "signed"]
    supersedes: RecordId | None = None
    amendment_reason: str | None = None
    screening: ScreeningLink
    reader: ReaderRef
    visit: RecordId = "screening"
    purpose: Purpose = Purpose.ELIGIBILITY
    protocol: ProtocolRef
    blinding: Blinding = Blinding()
    series: tuple[SeriesUsed, ...]
    quality: tuple[SeriesQuality, ...] = ()
    numbering: Numbering
    endplates: tuple[EndplateLine, ...] = ()
    bodies: tuple[BodyOutline, ...] = ()
    findings: tuple[Finding, ...] = ()
    """One per endplate in scope, head to foot."""

    discs: tuple[DiscFinding, ...] = ()
    masks: tuple[LesionMask, ...] = ()
    red_flags: tuple[RedFlag, ...] = ()
    returned_to_site: str | None = None
    coverage: tuple[SeriesCoverage, ...] = ()
    not_covered_reason: str | None = None
    contradictions: tuple[str, ...] = ()
    """What the reader was shown and left as it is."""

    scripted: bool = False
    """Whether any act came from an acts file, by script or replayed as events."""

    note: str = ""
    times: Times
    journal: JournalRef
    software: Software

    def finding(self, endplate: Endplate) -> Finding | None:
        """Return the finding of one endplate, or None outside the scope."""
        return next((f for f in self.findings if f.endplate == endplate), None)

    def series_in(self, role: SeriesRole) -> SeriesUsed | None:
        """Return the series that fills a slot, or None."""
        return next((s for s in self.series if s.role == role), None)


class SignatureClass(StrEnum):
    """What a signature rests on."""

    ATTESTATION = "attestation"
    ELECTRONIC = "electronic"
    SCRIPTED_DEMO = "scripted-demo"


class Signature(Record):
    """A named, dated signature with its meaning, bound to a record by the hash of its bytes."""

    schema_id: Annotated[Literal["modic-annotate/signature/1"], Field(alias="schema")] = (
        "modic-annotate/signature/1"
    )
    reading_id: RecordId
    reading_sha256: Sha256
    protocol: ProtocolRef
    reader_id: RecordId
    reader_display_name: str
    reader_role: str
    reader_title: str = ""
    meaning: str
    signature_class: SignatureClass
    signed_at: Utc
    local_time: str
    """The signer's wall clock with its offset, ISO 8601, as it was shown when signing."""

    software: Software
