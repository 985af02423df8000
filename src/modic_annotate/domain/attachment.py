"""Documents a site attaches to a record, and what a radiologist's report says per endplate.

Attachments may hold identity: they stay in ``attachments/`` and leave only in a payer export.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from modic_annotate.domain.base import Record, RecordId, Sha256, Uid, Utc
from modic_annotate.domain.modic import ModicType
from modic_annotate.domain.spine import DiscLevel, Endplate


class AttachmentRole(StrEnum):
    """What a document is."""

    REPORT = "report"
    """The radiologist's report on the MRI."""

    NOTE = "note"
    """An office note with history, examination and plan."""

    CARE = "care"
    """Records of conservative care, with dates."""

    SCORE = "score"
    """Scored questionnaires."""

    ORDER = "order"
    """The order or request for the procedure."""

    OTHER = "other"


class MediaType(StrEnum):
    """Kinds of file that can be attached."""

    PDF = "application/pdf"
    TEXT = "text/plain"
    PNG = "image/png"
    JPEG = "image/jpeg"


class Attachment(Record):
    """One attached document: its bytes lie beside this note, unchanged."""

    schema_id: Annotated[Literal["modic-annotate/attachment/1"], Field(alias="schema")] = (
        "modic-annotate/attachment/1"
    )
    attachment_id: RecordId
    role: AttachmentRole
    media_type: MediaType
    sha256: Sha256
    pages: Annotated[int, Field(ge=1)]
    """Pages in the file."""

    pages_stated: Annotated[int, Field(ge=1)] | None = None
    """Pages the document says it has (``page 1 of 3``), or the person who attached it; None where
    nobody says."""

    pages_lacking: tuple[Annotated[int, Field(ge=1)], ...] = ()
    """Numbers of the pages that are not there, where every page says which one it is."""

    dated_on: date | None = None
    """The day the document bears."""

    study_uid: Uid | None = None
    """The MRI study a report is on, by this workspace's UID."""

    replaces: RecordId | None = None
    """An earlier attachment this one stands in place of (an addendum, a complete copy)."""

    by: str
    at: Utc

    @property
    def missing_pages(self) -> int:
        """How many pages the document lacks, by its own statement; 0 where it makes none."""
        lacking = (self.pages_stated or self.pages) - self.pages
        return max(lacking, len(self.pages_lacking), 0)


class ReportedChange(StrEnum):
    """What a report says of an endplate."""

    ABSENT = "absent"
    TYPED = "typed"
    """A Modic change with its type."""

    TYPE_NOT_STATED = "type_not_stated"
    """The word Modic without a type."""

    NOT_CALLED_MODIC = "not_called_modic"
    """Endplate or marrow changes that the report does not call Modic."""


class Statement(Record):
    """What a report says of one endplate, or of a disc level where it names no endplate."""

    endplate: Endplate | None = None
    disc: DiscLevel | None = None
    change: ReportedChange
    types: tuple[ModicType, ...] = ()
    """Types in the report's own order."""

    page: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _says_where_and_what(self) -> Self:
        if (self.endplate is None) == (self.disc is None):
            raise ValueError("a statement names an endplate or a disc level, one of the two")
        if bool(self.types) != (self.change == ReportedChange.TYPED):
            raise ValueError("types stand with change 'typed', and only with it")
        if len(set(self.types)) != len(self.types):
            raise ValueError("each type stands once")
        return self

    @property
    def place(self) -> str:
        """Where, as it is printed."""
        return str(self.endplate or self.disc)


class Transcription(Record):
    """A person's transcription of one attached report; the report stays the source."""

    schema_id: Annotated[Literal["modic-annotate/transcription/1"], Field(alias="schema")] = (
        "modic-annotate/transcription/1"
    )
    attachment_id: RecordId
    attachment_sha256: Sha256
    states_level: bool
    """Whether the report names levels at all."""

    statements: tuple[Statement, ...] = ()
    competing_findings: tuple[str, ...] = ()
    """Other findings the report names (listhesis, stenosis, extrusion, root contact, facet)."""

    by: str
    at: Utc

    def said_of(self, endplate: Endplate) -> tuple[int, Statement] | None:
        """Return what the report says of an endplate, else of its disc, with its index."""
        numbered = tuple(enumerate(self.statements))
        own = (pair for pair in numbered if pair[1].endplate == endplate)
        disc = (p for p in numbered if p[1].disc is not None and endplate in p[1].disc.endplates)
        return next(own, None) or next(disc, None)
