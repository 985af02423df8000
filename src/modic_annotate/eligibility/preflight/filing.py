"""What is to be sent, and what a check says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from modic_annotate.domain.attachment import Attachment, AttachmentRole, Statement, Transcription
from modic_annotate.domain.determination import Determination
from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import Presence
from modic_annotate.domain.reading import Reading
from modic_annotate.domain.screening import ScreeningRecord
from modic_annotate.domain.spine import Endplate


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to mend before sending (``stop``), or to know (``note``)."""

    id: str
    level: Literal["stop", "note"]
    sentence: str
    rows: tuple[str, ...] = ()
    """The rows of the set it is about, where it is about rows."""

    field: str = ""
    """The field of the record that is to be filled in, where it is one."""


@dataclass(frozen=True, slots=True)
class Filing:
    """Everything the checks look at."""

    screening: ScreeningRecord
    readings: tuple[Reading, ...]
    """The signed readings in use."""

    determination: Determination
    attachments: tuple[Attachment, ...]
    """Those in force."""

    transcription: Transcription | None

    @property
    def report(self) -> Attachment | None:
        """The newest report in force."""
        reports = [a for a in self.attachments if a.role == AttachmentRole.REPORT]
        return reports[-1] if reports else None

    @property
    def positive(self) -> tuple[Finding, ...]:
        """Findings with a change, head to foot, of all readings."""
        found = {f.endplate: f for r in self.readings for f in r.findings if _is_change(f)}
        return tuple(found.values())

    def said_of(self, endplate: Endplate) -> Statement | None:
        """Return what the report says of an endplate, else of the disc that it bounds."""
        found = None if self.transcription is None else self.transcription.said_of(endplate)
        return found[1] if found else None


def _is_change(finding: Finding) -> bool:
    return finding.modic == Presence.PRESENT
