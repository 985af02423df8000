"""Everything the preflight looks at, taken from a workspace."""

from __future__ import annotations

from modic_annotate.conduct.case import assess_case, signed_readings
from modic_annotate.conduct.deciding import Judged
from modic_annotate.eligibility.preflight import Filing
from modic_annotate.store import attached
from modic_annotate.store.workspace import Workspace


def filing_of(ws: Workspace, record_id: str, judged: Judged) -> Filing:
    """Return a record's present state as it would be sent."""
    stored = ws.resolve(record_id)
    return Filing(
        screening=ws.screening(stored)[0],
        readings=signed_readings(ws, stored),
        determination=assess_case(ws, stored, str(judged.criteria), judged.as_of),
        attachments=attached.in_force(attached.attachments(ws.store, stored)),
        transcription=attached.report_in_force(ws.store, stored),
    )
