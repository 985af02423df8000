"""The wording of signed readings, from a workspace or from a reading's own file."""

from __future__ import annotations

from pathlib import Path

from modic_annotate.conduct.case import signed_readings
from modic_annotate.domain.reading import Reading
from modic_annotate.errors import RecordError
from modic_annotate.evidence.report_wording import report_wording
from modic_annotate.store.canonical import parse_record
from modic_annotate.store.workspace import Workspace


def wording_of(source: Path, record_id: str | None = None) -> str:
    """Return sentences for a report, a block for each reading in force.

    Parameters
    ----------
    source
        A workspace, or the file of a signed reading.
    record_id
        The record; with a workspace only.

    Raises
    ------
    RecordError
        There is no signed reading, or it is not said which is meant.
    InvalidRecordError
        The file is no reading.
    """
    readings = _readings(source, record_id)
    if len(readings) == 1:
        return report_wording(readings[0])
    blocks = (f"Reading {one.reading_id}\n\n{report_wording(one)}" for one in readings)
    return "\n\n".join(blocks)


def _readings(source: Path, record_id: str | None) -> tuple[Reading, ...]:
    if record_id is None:
        if source.is_dir():
            raise RecordError(f"{source} is a folder; name the record too: wording WS RECORD")
        return (parse_record(Reading, source.read_bytes(), source.name),)
    found = signed_readings(Workspace.open(source), record_id)
    if not found:
        raise RecordError(
            f"Record {record_id} has no signed reading; read it with: read WS {record_id}"
        )
    return found
