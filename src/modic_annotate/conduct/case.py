"""One record with its signed readings: how they agree, and what a criteria set says of them."""

from __future__ import annotations

from datetime import date

from modic_annotate.domain.determination import Determination
from modic_annotate.domain.links import ReadingLink
from modic_annotate.domain.reading import Reading
from modic_annotate.eligibility import assess, load_criteria
from modic_annotate.store.record_state import RecordState, reading_state
from modic_annotate.store.workspace import Workspace


def signed_readings(ws: Workspace, record_id: str) -> tuple[Reading, ...]:
    """Return the signed readings linked to a record, superseded ones left out."""
    links = [link for link in ws.links(record_id) if isinstance(link, ReadingLink)]
    readings = [ws.reading(record_id, link.reading_id)[0] for link in links]
    superseded = {reading.supersedes for reading in readings}
    return tuple(r for r in readings if r.reading_id not in superseded)


def case_states(ws: Workspace, record_id: str) -> tuple[RecordState, ...]:
    """Return, per signed reading, how its record stands against the present one."""
    return tuple(reading_state(ws, r) for r in signed_readings(ws, record_id))


def assess_case(ws: Workspace, record_id: str, criteria: str, as_of: date) -> Determination:
    """Evaluate a criteria set on a record's newest revision and its signed readings."""
    screening, _ = ws.screening(record_id)
    return assess(screening, signed_readings(ws, record_id), load_criteria(criteria), as_of)
