"""The radiologist's report against the readings: there, whole, and saying the same."""

from __future__ import annotations

from collections.abc import Iterator

from modic_annotate.domain.attachment import Attachment, ReportedChange, Statement
from modic_annotate.domain.finding import Finding
from modic_annotate.eligibility.preflight.filing import Check, Filing

_ASK = "ask for an addendum, or have the reader look again"


def report_checks(filing: Filing) -> Iterator[Check]:
    """Yield P1 to P7; what needs a transcription waits for one."""
    if not filing.readings:
        yield _stop("P1", "No reading of the MRI is signed.")
    report = filing.report
    if report is None:
        yield _stop("P1", "No radiologist's report is attached; attach it with --role report.")
        return
    if report.missing_pages:
        yield _stop("P7", f"{_missing(report)}; attach the whole report.")
    made = filing.transcription
    if made is None or made.attachment_sha256 != report.sha256:
        yield _stop(
            "P1",
            f"What report {report.attachment_id} says per endplate is not transcribed; print a "
            "grid with 'transcribe WS RECORD', fill it, and give it with --grid.",
        )
        return
    if not made.states_level:
        yield _stop("P3", "The report names no level; ask the radiologist for an addendum.")
        return
    for finding in filing.positive:
        yield from _of_finding(finding, filing.said_of(finding.endplate))
    yield from _only_in_report(filing)
    if made.competing_findings:
        named = ", ".join(made.competing_findings)
        yield Check("P6", "note", f"The report also names: {named}; the note should answer them.")


def _missing(report: Attachment) -> str:
    if not report.pages_lacking:
        verb = "is" if report.pages == 1 else "are"
        return (
            f"The report says it has {report.pages_stated} pages and {report.pages} {verb} attached"
        )
    numbers = ", ".join(map(str, report.pages_lacking))
    noun, verb = ("Page", "is") if len(report.pages_lacking) == 1 else ("Pages", "are")
    return (
        f"{noun} {numbers} of {report.pages_stated} of report {report.attachment_id} {verb} missing"
    )


def _of_finding(finding: Finding, said: Statement | None) -> Iterator[Check]:
    words = f"{finding.words} at the {finding.endplate.words}"
    if said is None:
        yield _stop("P1", f"The reading has {words}; the report does not mention it; {_ASK}.")
    elif said.change == ReportedChange.ABSENT:
        yield _stop("P1", f"The reading has {words}; the report says there is no change; {_ASK}.")
    elif said.change == ReportedChange.TYPE_NOT_STATED:
        yield _stop(
            "P2", f"The report names a Modic change at {said.place} without its type; ask for it."
        )
    elif said.change == ReportedChange.NOT_CALLED_MODIC:
        yield _stop(
            "P4",
            f"The report describes endplate changes at {said.place} and does not call them Modic; "
            "ask for an addendum.",
        )
    elif frozenset(said.types) != finding.types:
        typed = "/".join(said.types)
        yield _stop(
            "P5",
            f"The reading has {words}, the report type {typed}; have the difference adjudicated.",
        )
    elif said.endplate is None:
        yield Check(
            "P3", "note", f"The report names the disc {said.place}, not which endplate of it."
        )


def _only_in_report(filing: Filing) -> Iterator[Check]:
    made = filing.transcription
    for said in () if made is None else made.statements:
        if said.change == ReportedChange.ABSENT:
            continue
        ends = said.disc.endplates if said.disc is not None else (said.endplate,)
        if not any(f.endplate in ends for f in filing.positive):
            yield _stop(
                "P1",
                f"The report has a change at {said.place}; the reading has none there; {_ASK}.",
            )


def _stop(name: str, sentence: str) -> Check:
    return Check(name, "stop", sentence)
