"""What ties a screening record to its MRI studies and its readings.

``links/<record>.jsonl`` holds one entry per line and only ever grows.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from modic_annotate.domain.base import Record, RecordId, Sha256, Uid, Utc


class Match(StrEnum):
    """Result of comparing one identity field of an MRI with the screening record."""

    MATCH = "match"
    MISMATCH = "mismatch"
    NOT_AVAILABLE = "not_available"


class IdentityCheck(Record):
    """Who compared MRI and record, and what matched; the values themselves are not kept."""

    birth_year: Match
    sex: Match
    study_date: Match
    checked_by: str
    reason: str | None = None
    """Why a contradiction was accepted; needed where one field mismatches."""


class StudyLink(Record):
    """An MRI study linked to the record."""

    kind: Literal["study"] = "study"
    study_uid: Uid
    at: Utc
    by: str
    images: Literal["deidentified", "verbatim", "in_place"]
    n_series: int
    n_instances: int
    index_sha256: Sha256
    check: IdentityCheck


class ReadingLink(Record):
    """A signed reading of the record's MRI."""

    kind: Literal["reading"] = "reading"
    reading_id: RecordId
    reader_id: RecordId
    path: str
    sha256: Sha256
    signature_sha256: Sha256
    at: Utc


Link = Annotated[StudyLink | ReadingLink, Field(discriminator="kind")]
