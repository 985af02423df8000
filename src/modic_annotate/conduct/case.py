"""One record with its signed readings: how they agree, and what a criteria set says of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from modic_annotate.domain.determination import Determination
from modic_annotate.domain.links import ReadingLink, StudyLink
from modic_annotate.domain.reading import Reading
from modic_annotate.eligibility import CriteriaSet, assess
from modic_annotate.eligibility.resolving import apply_resolutions
from modic_annotate.eligibility.trace import TraceLine, trace
from modic_annotate.evidence.criteria_file import site_criteria
from modic_annotate.store import attached, determined
from modic_annotate.store.canonical import canonical_bytes, sha256_hex
from modic_annotate.store.images import image_faults
from modic_annotate.store.record_look import RecordLook
from modic_annotate.store.record_state import RecordState, reading_state
from modic_annotate.store.workspace import Workspace


def signed_readings(ws: Workspace, record_id: str) -> tuple[Reading, ...]:
    """Return the signed readings linked to a record, superseded ones left out."""
    return RecordLook(ws, record_id).readings


def case_states(ws: Workspace, record_id: str) -> tuple[RecordState, ...]:
    """Return, per signed reading, how it, its record and its images stand against the present.

    Every image is decoded and compared with the hash it was linked under.
    """
    faults, look = images_changed(ws, record_id), RecordLook(ws, record_id)
    states = (reading_state(ws, reading, look) for reading in look.readings)
    return tuple(
        replace(s, state="changed_outside", faults=(*s.faults, *faults)) if faults else s
        for s in states
    )


def case_trace(
    ws: Workspace, record_id: str, determination: Determination
) -> tuple[TraceLine, ...]:
    """Return where each value of a determination stands in the workspace, with its file's hash."""
    found = {name: ws.reading(record_id, name) for name in determination.readings}
    digests = {f"reading:{name}": digest for name, (_, digest) in found.items()}
    screening, digests["screening"] = ws.screening(record_id)
    report = attached.report_in_force(ws.store, screening.record_id)
    if report is not None:
        digests[f"transcription:{report.attachment_id}"] = sha256_hex(canonical_bytes(report))
    return trace(determination, digests, [reading for reading, _ in found.values()])


def images_changed(ws: Workspace, record_id: str) -> tuple[str, ...]:
    """Return what differs in a record's images since they were linked; none where none are."""
    is_linked = any(isinstance(link, StudyLink) for link in ws.links(record_id))
    return image_faults(ws, record_id) if is_linked else ()


def day_of_record(ws: Workspace, record_id: str) -> date:
    """Return the day of the newest signature, else of the record's newest revision."""
    links = [link for link in ws.links(record_id) if isinstance(link, ReadingLink)]
    screening, _ = ws.screening(record_id)
    return max((link.at for link in links), default=screening.change.at).date()


def assess_case(ws: Workspace, record_id: str, criteria: str, as_of: date) -> Determination:
    """Evaluate a criteria set on a record, its signed readings and what persons resolved."""
    return assess_resolved(ws, record_id, criteria, as_of)[0]


def assess_resolved(
    ws: Workspace, record_id: str, criteria: str, as_of: date
) -> tuple[Determination, tuple[str, ...]]:
    """Return the determination, and the resolutions that no longer hold, a sentence each.

    Rows of the set that the workspace's site has verified decide.
    """
    return assess_look(RecordLook(ws, record_id), site_criteria(ws, criteria).criteria, as_of)


def assess_look(
    look: RecordLook, rules: CriteriaSet, as_of: date
) -> tuple[Determination, tuple[str, ...]]:
    """Return what `assess_resolved` does, of a record that was looked at and a set at hand."""
    report = attached.report_in_force(look.ws.store, look.record_id, look.vouched)
    determination = assess(look.screening, look.readings, rules, as_of, report=report)
    made = determined.resolutions(look.ws.store, look.record_id, look.vouched)
    return apply_resolutions(determination, rules, made)
