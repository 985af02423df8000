"""Where a revision of a screening record comes from, named by hash."""

from __future__ import annotations

from enum import StrEnum

from modic_annotate.domain.base import Record, RecordId, Sha256


class SourceShape(StrEnum):
    """The shape of a file that screening records are imported from."""

    TEMPLATE = "template"
    TABLE = "table"
    REDCAP = "redcap"
    FHIR = "fhir"
    ODM = "odm"


class ImportSource(Record):
    """The file a revision was imported from; the file itself stays at the site."""

    shape: SourceShape
    sha256: Sha256
    map_sha256: Sha256 | None = None
    dictionary_sha256: Sha256 | None = None


class CriteriaReference(Record):
    """The criteria set a subject is screened for, by id, version and hash of its bytes."""

    id: RecordId
    version: str
    sha256: Sha256 | None = None
