"""Which fields of the records a person may have typed a name into, in groups a person may tick.

What is withheld keeps its place: a text becomes ``withheld``, so that whether something was said
is still told. A determination rests on whether, never on what.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from modic_annotate.domain.attachment import Transcription
from modic_annotate.domain.base import Record
from modic_annotate.domain.finding import DiscFinding, Finding
from modic_annotate.domain.links import IdentityCheck, ReadingLink, StudyLink
from modic_annotate.domain.provenance import CriteriaReference
from modic_annotate.domain.reading import (
    JournalRef,
    ReaderRef,
    Reading,
    RedFlag,
    ScreeningLink,
    Signature,
)
from modic_annotate.domain.resolution import (
    DeterminationInput,
    DeterminationSignature,
    Resolution,
)
from modic_annotate.domain.screening import (
    CareEpisode,
    Change,
    Consent,
    MriReference,
    Recorded,
    Scores,
    ScreeningRecord,
    Subject,
)
from modic_annotate.domain.series import Acquisition, Quality, SeriesUsed
from modic_annotate.eligibility.criteria import SiteVerification
from modic_annotate.evidence.document import PackagedSeries, UnusedSeries

WITHHELD = "withheld"
"""Stands where a text was."""


class Group(StrEnum):
    """A kind of free text; a person may tick each but the last, to leave it in."""

    NOTES = "notes"
    REASONS = "reasons"
    DEVICE = "device"
    SOURCES = "sources"
    VERSIONS = "versions"
    NEVER = "never"


TICKABLE = tuple(group for group in Group if group != Group.NEVER)

GROUP_WORDS = MappingProxyType(
    {
        Group.NOTES: "notes of readers on endplates, discs, red flags and the whole reading",
        Group.REASONS: "reasons people gave for changes, resolutions and what they accepted",
        Group.DEVICE: "maker and model of the scanner, and descriptions of series",
        Group.SOURCES: "source documents, who recorded a value, screening number, site",
        Group.VERSIONS: "versions of protocol, consent form and questionnaire as typed",
        Group.NEVER: "readers' display names and titles, hashes of operating-system accounts",
    }
)

FIELDS: dict[Group, dict[type[Record], tuple[str, ...]]] = {
    Group.NOTES: {
        Finding: ("note",),
        DiscFinding: ("note",),
        Reading: ("note",),
        RedFlag: ("note",),
    },
    Group.REASONS: {
        Reading: ("amendment_reason", "returned_to_site", "not_covered_reason"),
        SeriesUsed: ("role_reason", "accepted_reason"),
        Change: ("reason",),
        IdentityCheck: ("reason",),
        Resolution: ("reason",),
        Quality: ("reasons",),
        ScreeningRecord: ("screen_fail_reasons",),
    },
    Group.DEVICE: {
        Acquisition: ("manufacturer", "manufacturer_model_name"),
        SeriesUsed: ("role_evidence",),
        PackagedSeries: ("description",),
        UnusedSeries: ("description",),
        MriReference: ("sequences",),
    },
    Group.SOURCES: {
        Recorded: ("source_document", "recorded_by"),
        CareEpisode: ("source_document",),
        MriReference: ("report_document", "radiologist_id"),
        Change: ("by",),
        Transcription: ("by",),
        StudyLink: ("by",),
        IdentityCheck: ("checked_by",),
        Subject: ("screening_number", "site_id"),
    },
    Group.VERSIONS: {
        ScreeningRecord: ("protocol_version",),
        Consent: ("version",),
        Scores: ("odi_version",),
        CriteriaReference: ("version",),
    },
    Group.NEVER: {
        ReaderRef: ("os_account_sha256",),
        Signature: ("reader_display_name", "reader_title"),
        DeterminationSignature: ("signer_display_name", "signer_title"),
        SiteVerification: ("by",),
    },
}
"""Group -> record -> fields."""

DIGESTS: dict[type[Record], tuple[str, ...]] = {
    ScreeningRecord: ("previous_sha256",),
    ScreeningLink: ("sha256",),
    JournalRef: ("head_sha256",),
    Signature: ("reading_sha256",),
    StudyLink: ("index_sha256",),
    ReadingLink: ("sha256", "signature_sha256"),
    DeterminationSignature: ("determination_sha256",),
    DeterminationInput: ("sha256",),
    Transcription: ("attachment_sha256",),
}
"""Digests of the site's own files: keyed in a trial's package (see ``deid.secret``)."""

_GROUP_OF = {
    (record, name): group
    for group, records in FIELDS.items()
    for record, names in records.items()
    for name in names
}


def group_of(record: type[Record], name: str) -> Group | None:
    """Return the group a field belongs to; None where it holds no free text."""
    found = (_GROUP_OF.get((kind, name)) for kind in record.__mro__)
    return next((group for group in found if group), None)


FREE_TEXT_KEYS = frozenset(name for _, name in _GROUP_OF) - {"version", "os_account_sha256"} | {
    "meaning",
    "contradictions",
    "doubts",
    "message",
    "problems",
    "reasons",
    "trial_id",
    "record_id",
    "subject_id",
    "reading_id",
    "reader_id",
    "signer_id",
    "visit",
}
"""Keys whose values people chose: texts, and the ids they made up."""
