"""What the protocol asks of a change, and which of it is still open."""

from __future__ import annotations

from modic_annotate.domain.finding import Finding
from modic_annotate.session.session import ReadingSession
from modic_annotate_napari.desk.desk import Desk
from modic_annotate_napari.desk.letters import SIGNAL_FIELDS


def title_of(field: str) -> str:
    """Return how a field of a finding is called on screen."""
    return Finding.model_fields[field].title or field


def signal_fields(desk: Desk) -> tuple[str, ...]:
    """Return the signal fields whose slot is filled by a series."""
    return tuple(
        field for field, role in SIGNAL_FIELDS.items() if desk.session.series_in(role) is not None
    )


def open_fields(desk: Desk) -> tuple[str, ...]:
    """Return the asked fields of the active finding that are not answered, in order."""
    return () if desk.finding is None else desk.session.missing_fields(desk.finding)


def open_required(session: ReadingSession, finding: Finding) -> tuple[str, ...]:
    """Return the open fields without which the reading cannot be signed."""
    required = session.protocol.required
    return tuple(field for field in session.missing_fields(finding) if field in required)
