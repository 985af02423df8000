"""The trace as rows of words: where each value of the result stands, and what shows it."""

from __future__ import annotations

from dataclasses import dataclass

from modic_annotate.domain.determination import Operand
from modic_annotate.domain.spine import Endplate
from modic_annotate.eligibility.trace import finding_at
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.document import DETERMINATION
from modic_annotate.evidence.wording import DASH
from modic_annotate.store.canonical import sha256_hex

NUMBERING = "/numbering/"
FROZEN = "frozen"
"""Operands of this document stand in the determination itself."""


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One value of one row of the criteria set."""

    criterion: str
    document: str
    pointer: str
    value: str
    anchor: str = ""
    """Of the pictures in the page that show the endplate, or the spine; empty where none do."""

    shown: str = ""
    """What those pictures show."""


def anchor(reading_id: str, endplate: Endplate | None) -> str:
    """Return the name in the page of an endplate's pictures, or of the whole spine's."""
    return f"key-{reading_id}-{endplate or 'spine'}"


def trace_rows(contents: Contents) -> tuple[TraceRow, ...]:
    """Return every value the determination rests on, in its order."""
    return tuple(
        _row(contents, row.criterion, operand)
        for row in contents.determination.outcomes
        for operand in row.operands
    )


def traced_documents(contents: Contents) -> tuple[tuple[str, str, str], ...]:
    """Return name, path and sha256 of what was judged, and of the judgement itself."""
    judged = ((one.document, one.path, one.sha256) for one in contents.document.inputs)
    digest = sha256_hex(contents.files[DETERMINATION])
    return (*judged, ("determination", DETERMINATION, digest))


def _row(contents: Contents, criterion: str, operand: Operand) -> TraceRow:
    place, shown = _pictures(contents, operand)
    document = "determination" if operand.document == FROZEN else operand.document
    return TraceRow(criterion, document, operand.pointer, _value(operand), place, shown)


def _value(operand: Operand) -> str:
    if operand.value is None:
        return DASH
    if isinstance(operand.value, bool):
        return "true" if operand.value else "false"
    if operand.unit == "d":
        return f"{operand.value} d before"
    return f"{operand.value} {operand.unit or ''}".strip()


def _pictures(contents: Contents, operand: Operand) -> tuple[str, str]:
    """Return the anchor and the name of what shows an operand; empty where nothing does."""
    readings = {f"reading:{one.reading.reading_id}": one.reading for one in contents.signed}
    reading = readings.get(operand.document)
    finding = finding_at(reading, operand.pointer)
    if reading is None or not (finding or operand.pointer.startswith(NUMBERING)):
        return "", ""
    endplate = finding.endplate if finding else None
    notes = (one.note for one in contents.key_images)
    if (reading.reading_id, endplate) not in {(n.reading_id, n.endplate) for n in notes}:
        return "", ""
    words = f"{endplate.vertebra} {endplate.surface}" if endplate else "whole spine"
    return anchor(reading.reading_id, endplate), words
