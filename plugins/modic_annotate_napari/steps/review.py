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
from modic_annotate_napari.desk.where import Step


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


def rows(session: ReadingSession) -> tuple[Row, ...]:
    """Return the sheet: contradictions, gaps, changes, unreadable, none; head to foot within."""
    contradictions, missing = session.contradictions(), session.missing()
    found = [
        _row(endplate, session.state.findings[endplate], contradictions, missing)
        for endplate in session.scope
    ]
    return tuple(sorted(found, key=lambda row: row.concern))  # stable: head to foot stays


def _row(
    endplate: Endplate, finding: Finding, contradictions: tuple[str, ...], missing: tuple[str, ...]
) -> Row:
    against = tuple(_sentence(text) for text in contradictions if names(text, endplate))
    gaps = tuple(_sentence(text) for text in missing if names(text, endplate))
    if against:
        concern = Concern.CONTRADICTION
    elif gaps or not finding.is_read:
        concern = Concern.GAP
    elif finding.modic == Presence.PRESENT:
        concern = Concern.CHANGE
    else:
        concern = Concern.NONE if finding.modic == Presence.ABSENT else Concern.UNREADABLE
    return Row(endplate, finding, concern, against + gaps)


def _sentence(text: str) -> str:
    """Return a sentence without the endplate's name before the colon; it stands beside it."""
    return text.partition(": ")[2] or text


def names(text: str, endplate: Endplate) -> bool:
    """Return whether a sentence of the session is about an endplate."""
    return any(name in text for name in (str(endplate), endplate.words, endplate.short))


def move(desk: Desk, by: int) -> None:
    """Select the row above or below; row 0 is none."""
    desk.row = min(max(desk.row + by, 0), len(desk.session.scope))
    desk.changed.emit()


def forward(desk: Desk) -> None:
    """Go to the selected endplate; with none selected go on to signing."""
    if desk.row == 0:
        desk.go(Step.SIGN)
        return
    row = rows(desk.session)[desk.row - 1]
    desk.go(Step.ENDPLATES)
    desk.activate(row.endplate)


COMMANDS: dict[str, Command] = {
    "review.previous": partial(move, by=-1),
    "review.next": partial(move, by=1),
}
