"""What a package says of itself: ``package.json``, ``series.json``, and where each file lies."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from modic_annotate.domain.base import Record, RecordId, Sha256, Uid
from modic_annotate.domain.reading import Software
from modic_annotate.domain.series import SeriesRole, SeriesUsed
from modic_annotate.evidence.bag import PAYLOAD
from modic_annotate.store.chain import ChainHead

PACKAGE = f"{PAYLOAD}package.json"
DETERMINATION = f"{PAYLOAD}determination.json"
DETERMINATION_SIGNATURE = f"{PAYLOAD}determination.signature.json"
RESOLUTIONS = f"{PAYLOAD}resolutions/"
TRANSCRIPTIONS = f"{PAYLOAD}report/"
CRITERIA = f"{PAYLOAD}criteria/"
SCREENING = f"{PAYLOAD}screening/record.json"
REVISIONS = f"{PAYLOAD}screening/revisions/"
LINKS = f"{PAYLOAD}links.jsonl"
READINGS = f"{PAYLOAD}readings/"
SIGNATURE_SUFFIX = ".signature.json"
IMAGING = f"{PAYLOAD}imaging/"
SERIES = f"{IMAGING}series.json"
KEY_IMAGES = f"{IMAGING}key/"
DICOM = f"{PAYLOAD}dicom/"
FHIR = f"{PAYLOAD}fhir/"
TABLES = f"{PAYLOAD}tables/"
SDTM = f"{PAYLOAD}sdtm/"
PLAIN = f"{PAYLOAD}plain.html"
CLINICAL = f"{PAYLOAD}clinical.pdf"
AUDIT = f"{PAYLOAD}audit/audit.jsonl"
AUDIT_HEAD = f"{PAYLOAD}audit/head.txt"
TABLE = f"{PAYLOAD}readings.csv"
CODEBOOK = f"{PAYLOAD}codebook.csv"
SUMMARY = f"{PAYLOAD}summary.html"
DEID = f"{PAYLOAD}deid.json"

RENDERINGS = (TABLE, CODEBOOK, SUMMARY)
"""Files that follow from the others; for people and for statistics programs."""


class Profile(StrEnum):
    """Who a package is for."""

    INTERNAL = "internal"
    TRIAL = "trial"
    PAYER = "payer"


class FileRole(StrEnum):
    """What a file of a package is."""

    DETERMINATION = "determination"
    DETERMINATION_SIGNATURE = "determination_signature"
    RESOLUTION = "resolution"
    TRANSCRIPTION = "transcription"
    CRITERIA = "criteria"
    SCREENING = "screening_record"
    REVISION = "screening_revision"
    LINKS = "links"
    READING = "reading"
    SIGNATURE = "signature"
    SERIES = "series"
    KEY_IMAGE = "key_image"
    KEY_IMAGE_NOTE = "key_image_note"
    DICOM_OBJECT = "dicom_object"
    FHIR_BUNDLE = "fhir_bundle"
    DATA_TABLE = "data_table"
    SDTM_TABLE = "sdtm_table"
    PLAIN_PAGE = "plain_page"
    CLINICAL_DOCUMENT = "clinical_document"
    AUDIT_CHAIN = "audit_chain"
    AUDIT_HEAD = "audit_head"
    READINGS_TABLE = "readings_table"
    CODEBOOK = "codebook"
    SUMMARY = "summary"
    DEIDENTIFICATION = "deidentification"


ROLE_BY_PATH = {
    DETERMINATION: FileRole.DETERMINATION,
    DETERMINATION_SIGNATURE: FileRole.DETERMINATION_SIGNATURE,
    SCREENING: FileRole.SCREENING,
    LINKS: FileRole.LINKS,
    SERIES: FileRole.SERIES,
    AUDIT: FileRole.AUDIT_CHAIN,
    AUDIT_HEAD: FileRole.AUDIT_HEAD,
    TABLE: FileRole.READINGS_TABLE,
    CODEBOOK: FileRole.CODEBOOK,
    SUMMARY: FileRole.SUMMARY,
    PLAIN: FileRole.PLAIN_PAGE,
    CLINICAL: FileRole.CLINICAL_DOCUMENT,
    DEID: FileRole.DEIDENTIFICATION,
}

ROLE_BY_PLACE = (
    (CRITERIA, "", FileRole.CRITERIA),
    (RESOLUTIONS, ".json", FileRole.RESOLUTION),
    (TRANSCRIPTIONS, ".json", FileRole.TRANSCRIPTION),
    (REVISIONS, ".json", FileRole.REVISION),
    (READINGS, SIGNATURE_SUFFIX, FileRole.SIGNATURE),
    (READINGS, ".json", FileRole.READING),
    (KEY_IMAGES, ".png", FileRole.KEY_IMAGE),
    (KEY_IMAGES, ".json", FileRole.KEY_IMAGE_NOTE),
    (DICOM, ".dcm", FileRole.DICOM_OBJECT),
    (FHIR, ".json", FileRole.FHIR_BUNDLE),
    (TABLES, ".csv", FileRole.DATA_TABLE),
    (TABLES, ".parquet", FileRole.DATA_TABLE),
    (SDTM, ".csv", FileRole.SDTM_TABLE),
)
"""Folder and ending -> role, first match counts."""

FORMAT_ROLES = (
    FileRole.DICOM_OBJECT,
    FileRole.FHIR_BUNDLE,
    FileRole.DATA_TABLE,
    FileRole.SDTM_TABLE,
    FileRole.PLAIN_PAGE,
    FileRole.CLINICAL_DOCUMENT,
)
"""What the further formats make, and nothing else may lie there."""


def role_of(path: str) -> FileRole | None:
    """Return what a file is by where it lies; None for a place this version does not know."""
    if path in ROLE_BY_PATH:
        return ROLE_BY_PATH[path]
    places = (
        r for folder, end, r in ROLE_BY_PLACE if path.startswith(folder) and path.endswith(end)
    )
    return next(places, None)


def _is_none(value: object) -> bool:
    return value is None


class PackagedFile(Record):
    """A file and what it is."""

    path: str
    role: FileRole


class PackagedFormat(Record):
    """A format of the package, and the libraries its bytes depend on."""

    name: str
    libraries: dict[str, str] = Field(default_factory=dict)
    """Version by library."""


class PackageInput(Record):
    """A document the determination rests on, by the name its trace uses."""

    document: str
    """``screening``, ``criteria``, ``reading:<id>`` or ``resolution:<id>``."""

    path: str
    sha256: Sha256


class StateAtExport(Record):
    """How the screening record stood, when exported, against what a reading was made for."""

    reading_id: RecordId
    state: Literal["same", "amended", "changed_outside"]
    changed_fields: tuple[str, ...] = ()


class PackageDocument(Record):
    """What a package holds, what made it and what it rests on (``package.json``)."""

    schema_id: Annotated[Literal["modic-annotate/package/1"], Field(alias="schema")] = (
        "modic-annotate/package/1"
    )
    tool: Software
    profile: Profile
    trial_id: RecordId
    record_id: RecordId
    revision: int
    as_of: date
    criteria_id: RecordId
    criteria_version: str
    semantics: int
    """Version of the evaluator's rules."""

    schemas: tuple[str, ...]
    """Every schema a file of this package follows."""

    inputs: tuple[PackageInput, ...]
    files: tuple[PackagedFile, ...]
    """Every file but this one."""

    record_states: tuple[StateAtExport, ...]
    audit: ChainHead
    """Length of the record's audit chain and hash of its last line."""

    synthetic: bool
    """Whether the record is made up for demonstration."""

    scripted: bool
    """Whether any reading came from a file rather than a person's hand."""

    formats: Annotated[tuple[PackagedFormat, ...], Field(exclude_if=lambda found: not found)] = ()
    """Formats the content was also written in, beside the records themselves."""

    not_included: tuple[str, ...]
    """What the site holds of this record and the package leaves out."""

    @property
    def bag_labels(self) -> tuple[str, date, str]:
        """Maker, day and identifier of the bag, as ``bag-info.txt`` states them."""
        named = (self.trial_id, self.record_id, self.criteria_id, self.as_of.isoformat())
        return f"{self.tool.name} {self.tool.version}", self.as_of, "/".join(named)


class PackagedSeries(Record):
    """One stack of a series of the record's MRI, its pixels by hash."""

    used: SeriesUsed
    """Role as found, before any reader's change."""

    description: str
    sop_class_uid: Annotated[Uid | None, Field(exclude_if=_is_none)] = None
    """SOP class of its images; None for a series nobody read."""


class UnusedSeries(Record):
    """A stack that was recognised but must not be read as a volume, and why."""

    series_uid: Uid
    stack: int
    role: SeriesRole
    description: str
    problems: tuple[str, ...]


class SeriesDocument(Record):
    """All series of the record's MRI (``series.json``)."""

    schema_id: Annotated[Literal["modic-annotate/series/1"], Field(alias="schema")] = (
        "modic-annotate/series/1"
    )
    record_id: RecordId
    study_uid: Uid
    images: Literal["deidentified", "verbatim", "in_place"]
    """How the images are held; where de-identified, UIDs are the workspace's own."""

    series: tuple[PackagedSeries, ...]
    blocked: tuple[UnusedSeries, ...] = ()


def transcription_path(attachment_id: str) -> str:
    """Return where the transcription of an attached report lies."""
    return f"{TRANSCRIPTIONS}{attachment_id}.json"
