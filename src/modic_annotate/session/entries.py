"""The lines of a journal: its header, and one entry for each act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from modic_annotate.domain.base import Record, RecordId, Sha256, Utc
from modic_annotate.domain.finding import Origin
from modic_annotate.domain.reading import (
    ProtocolRef,
    Purpose,
    ReaderRef,
    ScreeningLink,
    SignatureClass,
    Software,
)
from modic_annotate.domain.series import SeriesUsed
from modic_annotate.session.acts import Act
from modic_annotate.store.canonical import canonical_line

Driver = Literal["person", "acts_file"]
"""Who makes the acts: a person, or a file (by script, or replayed as key and mouse events)."""


class Amends(Record):
    """The signed reading an amendment begins from, and why."""

    reading_id: RecordId
    sha256: Sha256
    reason: Annotated[str, Field(min_length=1)]


class JournalHeader(Record):
    """First line: what the reading is about; it never changes."""

    schema_id: Annotated[Literal["modic-annotate/journal/1"], Field(alias="schema")] = (
        "modic-annotate/journal/1"
    )
    reading_id: RecordId
    screening: ScreeningLink
    reader: ReaderRef
    protocol: ProtocolRef
    purpose: Purpose = Purpose.ELIGIBILITY
    visit: RecordId = "screening"
    started_at: Utc
    amends: Amends | None = None
    series: tuple[SeriesUsed, ...]
    """All readable series as they were when the reading began, with their roles as found."""


class Signing(Record):
    """Facts of the moment of signing that the journal alone would not tell."""

    signature_class: SignatureClass
    local_time: str
    reader_display_name: str
    reader_role: str
    reader_title: str
    os_account_sha256: Sha256 | None
    software: Software


class JournalEntry(Record):
    """One act as it was made."""

    n: Annotated[int, Field(ge=1)]
    prev: Sha256
    at: Utc
    origin: Origin
    driver: Driver = "person"
    act: Act
    acts_sha256: Sha256 | None = None
    acts_line: int | None = None
    """The acts file and its line (from 1) the act was read from, where one was applied."""

    signing: Signing | None = None


@dataclass(frozen=True)
class ActsLine:
    """A line of an acts file."""

    sha256: str
    number: int


def is_scripted(entry: JournalEntry) -> bool:
    """Whether an act came from an acts file."""
    return entry.driver == "acts_file" or entry.origin == Origin.SCRIPT


def entry_line(entry: JournalEntry) -> bytes:
    """Return an entry as its line, without newline; what is not recorded is left out."""
    ready = entry.model_dump(mode="json", exclude_none=True, exclude={"act"})
    ready["act"] = entry.act.model_dump(mode="json")
    return canonical_line(ready)
