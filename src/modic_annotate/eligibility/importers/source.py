"""What every kind of file is turned into before a map is laid over it: subjects, entries, cells.

A cell is what one question got as an answer, with its place in the file. Where the file itself
says that nothing is known, the cell's state says so; a map can never turn that into an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from modic_annotate.domain.provenance import SourceShape
from modic_annotate.domain.screening import ValueState


class ColumnKind(StrEnum):
    """What kind of answer a column holds, as far as the file says so."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    TICK = "tick"
    """One option of a checkbox."""

    TICKS = "ticks"
    """All options of a checkbox together, as the codes that were ticked."""


@dataclass(frozen=True)
class Column:
    """One question of a file."""

    name: str
    label: str = ""
    kind: ColumnKind = ColumnKind.TEXT
    options: Mapping[str, str] = field(default_factory=dict)
    """Code -> label."""

    identifies: str = ""
    """Why the column identifies a person; empty where nothing says that it does."""


@dataclass(frozen=True)
class Cell:
    """One answer, or why there is none."""

    place: str
    """Row and column, or the path in the file; never what stands there."""

    text: str = ""
    state: ValueState | None = None
    """The state the file states; None where the text alone has to say."""

    why: str = ""
    """Why nothing is known; a sentence's end, without a value."""

    ticked: tuple[str, ...] = ()
    unit: str = ""
    observed_on: date | None = None
    recorded_by: str | None = None
    recorded_at: datetime | None = None
    document: str | None = None

    @property
    def is_blank(self) -> bool:
        """Whether the cell holds no answer at all."""
        return not self.text and not self.ticked and self.state in (None, ValueState.NOT_ASKED)


@dataclass(frozen=True)
class Entry:
    """Cells that were filled in together: a row, a form, a resource."""

    place: str
    cells: Mapping[str, Cell]
    event: str = ""
    instrument: str = ""
    """The repeating instrument, item group or resource type; empty for what stands once."""

    group: str = ""
    """The form or item group, also where it does not repeat."""


@dataclass(frozen=True)
class SourceSubject:
    """All entries of one subject, under the id the file gives."""

    key: str
    place: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Source:
    """A file as read: its columns and subjects, and what a person should know of it."""

    shape: SourceShape
    columns: Mapping[str, Column]
    subjects: tuple[SourceSubject, ...]
    notes: tuple[str, ...] = ()
