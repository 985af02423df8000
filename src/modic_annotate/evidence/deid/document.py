"""What was done to a record before it left the site (``data/deid.json``)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from modic_annotate.domain.base import Record, RecordId, Sha256
from modic_annotate.evidence.deid.fields import Group

METHOD = (
    "All dates and UTC times of this subject's records were moved into the past by the same "
    "number of whole days, which follows from a secret of the site (HMAC-SHA-256 over the record "
    "id). Intervals are kept; ages and whether the criteria set was in force are held as they "
    "were on the true day. Signatures were made over the originals. These are named here, in "
    "signatures and in links by a keyed digest (HMAC-SHA-256 with the same secret, over their "
    "sha256), since a plain one would let anybody find the days by trial; the site can confirm it."
)


class Option(Record):
    """An option of the DICOM confidentiality profiles (PS3.15 Annex E), and what it means here."""

    code: Annotated[str | None, Field(pattern=r"^[0-9]{6}$")] = None
    """Code of the option (DCM); None where it is said in words alone."""

    applied: bool
    words: str


OPTIONS = (
    Option(
        code="113100",
        applied=False,
        words="Basic profile: no conformance is claimed; the package holds no acquired image, and "
        "its DICOM objects are made from the records without a patient's attributes",
    ),
    Option(
        code="113101",
        applied=False,
        words="Clean pixel data: no pixels are altered; images that say text is burned into them "
        "are refused",
    ),
    Option(
        code="113103",
        applied=True,
        words="Clean graphics: presentation states hold endplates, levels and measured points only",
    ),
    Option(
        code="113104",
        applied=True,
        words="Clean structured content: free text is withheld unless it is listed as included",
    ),
    Option(applied=True, words="Longitudinal temporal information is kept with modified dates"),
    Option(applied=True, words="Patient characteristics are kept: birth year, sex, height, weight"),
)


class AlteredFile(Record):
    """A file of the site and its copy in the package."""

    path: str
    original_keyed_sha256: Sha256
    """Of the file as it lies at the site; what signatures and links of this package name."""

    sha256: Sha256
    """Of the copy in the package."""


class WithheldFile(Record):
    """A file of the site that is not in the package."""

    path: str
    original_keyed_sha256: Sha256
    why: str


class WithheldText(Record):
    """Texts of one group in one file, in whose place ``withheld`` stands."""

    group: Group
    path: str
    pointers: tuple[str, ...]
    """JSON pointers (RFC 6901); in a file of lines the first step is the line, from 0."""


class IncludedText(Record):
    """A group of free text that a person decided to leave in."""

    group: Group
    words: str
    by: RecordId


class DeidDocument(Record):
    """How the package was made free of identity, what it lacks, and what risk is left."""

    schema_id: Annotated[Literal["modic-annotate/deid/1"], Field(alias="schema")] = (
        "modic-annotate/deid/1"
    )
    method: str = METHOD
    shift_days_from: int
    shift_days_to: int
    """The range the days were taken from; the number itself stays at the site."""

    options: tuple[Option, ...] = OPTIONS
    files: tuple[AlteredFile, ...]
    withheld_files: tuple[WithheldFile, ...]
    withheld: tuple[WithheldText, ...]
    included: tuple[IncludedText, ...] = ()
    residual_risks: tuple[str, ...]

    def original_of(self, path: str) -> str | None:
        """Return what names the original of a file; None where the site holds no such file."""
        either: tuple[AlteredFile | WithheldFile, ...] = (*self.files, *self.withheld_files)
        return next((one.original_keyed_sha256 for one in either if one.path == path), None)
