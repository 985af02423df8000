"""A letter that asks the radiologist for an addendum where the report lacks what is needed."""

from __future__ import annotations

from modic_annotate.conduct.deciding import Judged
from modic_annotate.conduct.filing import filing_of
from modic_annotate.domain.base import utc_now
from modic_annotate.eligibility.preflight import preflight
from modic_annotate.errors import RecordError
from modic_annotate.store.workspace import Workspace

ASKED = ("P1", "P2", "P3", "P4")
"""Checks that an addendum can answer: place, type, level, the word Modic."""

_QUESTIONS = {
    "P1": "Please describe every endplate from T12 to S1; at least one is not mentioned.",
    "P2": "A Modic change is named without its type; please state the type.",
    "P3": "No level is named; please state the vertebral bodies.",
    "P4": "Endplate changes are described; please say whether they are Modic changes, and of "
    "which type.",
}
"""What each check asks, without what another reader found: a report is not led."""


def addendum_letter(ws: Workspace, record_id: str, judged: Judged) -> str:
    """Return the letter as plain text, without identity; the site adds the person's.

    The letter asks; it proposes no wording for a finding the radiologist has not described.

    Raises
    ------
    RecordError
        There is no report, or it lacks nothing an addendum can give.
    """
    filing = filing_of(ws, record_id, judged)
    report = filing.report
    if report is None:
        raise RecordError("No report is attached; attach it with: attach WS RECORD FILE")
    asked = [c for c in preflight(filing) if c.id in ASKED and c.level == "stop"]
    if not asked or filing.transcription is None:
        raise RecordError(
            f"Report {report.attachment_id} lacks nothing that an addendum could give; "
            "see what is missing with: case WS RECORD"
        )
    dated = f" dated {report.dated_on.isoformat()}" if report.dated_on else ""
    lines = [
        f"{utc_now().date().isoformat()}",
        "",
        "To the reporting radiologist",
        "",
        f"Lumbar spine MRI, case {filing.screening.record_id}; your report{dated}.",
        "",
        "For the documentation of endplate changes we would be grateful if you looked at the",
        "images again and, where you agree that it applies, added to your report:",
        "",
        *dict.fromkeys(f"  - {_QUESTIONS[check.id]}" for check in asked),
        "",
        "For each endplate, please state if you can:",
        "  - the vertebral body and which of its endplates (superior or inferior),",
        "  - whether there is a Modic change, and its type (1, 2, 3 or a mixture),",
        "  - the signal on T1 and T2, the sequences reviewed, and how the levels were counted,",
        "  - whether anything suggests infection, tumour or fracture.",
        "",
        "If you see it otherwise, please say so; the record will hold your opinion as it stands.",
        "",
    ]
    return "\n".join(lines)
