"""Review: every endplate beside what is said of it, contradictions and gaps first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import partial

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import Presence
from modic_annotate.domain.spine import Endplate
from modic_annotate.session.session import ReadingSession
from modic_annotate_napari.desk.desk import Command, Desk


class Concern(IntEnum):
    """Why a row stands where it stands; lower comes first."""

    CONTRADICTION = 0
    GAP = 1
    CHANGE = 2
    UNREADABLE = 3
    NONE = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One endplate on the sheet."""

    endplate: Endplate
    finding: Finding
    concern: Concern
    problems: tuple[str, ...]
    notices: tuple[str, ...]
    """What makes a value less sure and contradicts nothing."""


def rows(session: ReadingSession) -> tuple[Row, ...]:
    """Return the sheet: contradictions, gaps, changes, unreadable, none; head to foot within."""
    contradictions, missing, notices = (
        session.contradictions(),
        session.missing(),
        session.notices(),
    )
    found = [
        _row(
            session.state.findings[endplate],
            about(endplate, contradictions),
            about(endplate, missing),
            about(endplate, notices),
        )
        for endplate in session.scope
    ]
    return tuple(sorted(found, key=lambda row: row.concern))  # stable: head to foot stays


def _row(
    finding: Finding, against: tuple[str, ...], gaps: tuple[str, ...], notices: tuple[str, ...]
) -> Row:
    if against:
        concern = Concern.CONTRADICTION
    elif gaps or not finding.is_read:
        concern = Concern.GAP
    elif finding.modic == Presence.PRESENT:
        concern = Concern.CHANGE
    else:
        concern = Concern.NONE if finding.modic == Presence.ABSENT else Concern.UNREADABLE
    return Row(finding.endplate, finding, concern, against + gaps, notices)


def about(endplate: Endplate, sentences: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sentences on an endplate, without its name, which stands beside them."""
    return tuple(text.partition(": ")[2] or text for text in sentences if names(text, endplate))


def names(text: str, endplate: Endplate) -> bool:
    """Return whether a sentence of the session is about an endplate."""
    return any(name in text for name in (str(endplate), endplate.words, endplate.short))


def move(desk: Desk, by: int) -> None:
    """Select the row above or below; row 0 is none."""
    desk.row = min(max(desk.row + by, 0), len(desk.session.scope))
    desk.changed.emit()


COMMANDS: dict[str, Command] = {
    "review.previous": partial(move, by=-1),
    "review.next": partial(move, by=1),
}
