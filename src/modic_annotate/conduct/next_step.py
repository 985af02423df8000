"""The next missing thing of a case, one sentence each, in the order a coordinator meets them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from modic_annotate.conduct.case import case_states
from modic_annotate.conduct.deciding import Judged, gathered
from modic_annotate.conduct.filing import filing_of
from modic_annotate.conduct.status import notices_of
from modic_annotate.conduct.worklist import WorkState, work_item
from modic_annotate.domain.determination import CriterionOutcome, Outcome
from modic_annotate.domain.links import StudyLink
from modic_annotate.eligibility.preflight import REVIEW, Check, Filing, preflight
from modic_annotate.session.place import Place
from modic_annotate.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is missing, and the command that mends it."""

    sentence: str
    command: str = ""
    stops: bool = True
    """Whether nothing should be sent before it is done."""


def next_steps(ws: Workspace, record_id: str, judged: Judged) -> tuple[Step, ...]:
    """Return all that is missing, the next thing first; empty where the case can be sent."""
    stored = ws.resolve(record_id)
    early = tuple(_before_reading(ws, stored))
    if any(step.stops for step in early):
        return early
    filing = filing_of(ws, stored, judged)
    steps = (*early, *_sending(filing, stored, judged), *_unknown_rows(filing, stored))
    if not any(step.stops for step in steps):
        steps += tuple(_signature(ws, stored, judged))
    return tuple(sorted(steps, key=lambda step: not step.stops))


def ready_step(record_id: str, judged: Judged) -> Step:
    """Return what is done where nothing is missing: the document for a payer is written."""
    return Step(
        "Nothing is missing; write the document for the payer.",
        f"export WS {record_id} --criteria {judged.criteria} --profile payer "
        "--identity FILE --out PDF",
        stops=False,
    )


def _before_reading(ws: Workspace, record_id: str) -> Iterator[Step]:
    for notice in notices_of(ws, record_id):
        what = notice.kind or "returned for other images"
        yield Step(f"A reader tells the site: {what}.", stops=False)
    if not any(isinstance(link, StudyLink) for link in ws.links(record_id)):
        yield Step("No MRI study is linked.", f"link WS {record_id} PATH")
        return
    for state in case_states(ws, record_id):
        if state.state == "changed_outside":
            yield Step(state.message, "audit WS verify")
    yield from _reading(ws, record_id)


def _reading(ws: Workspace, record_id: str) -> Iterator[Step]:
    items = [work_item(Place(ws, record_id, reader)) for reader in ws.readers().values()]
    states = {item.state for item in items}
    read = f"read WS {record_id} --reader ID"
    if WorkState.SIGNED in states:
        return
    if not items:
        yield Step("No reader is registered.", "readers WS add ID")
    elif WorkState.RETURNED in states:
        yield Step("The reader asked for other images.", f"link WS {record_id} PATH")
    elif WorkState.DRAFT in states:
        yield Step("A reading is begun and not signed.", read)
    else:
        yield Step("The MRI is not read.", read)


def _sending(filing: Filing, record_id: str, judged: Judged) -> Iterator[Step]:
    for check in preflight(filing):
        if check.id != "P8":  # the rows below say the same with what is missing
            stops = check.level == "stop"
            yield Step(check.sentence, _mends(check, filing, record_id, judged), stops)


def _mends(check: Check, filing: Filing, record_id: str, judged: Judged) -> str:
    """Return the command that mends what a check stops at; empty where none does."""
    report = filing.report
    if check.level != "stop":
        return ""
    if report is None and check.id == "P1":
        return f"attach WS {record_id} FILE --role report"
    named = report.attachment_id if report else "ATTACHMENT"
    made = filing.transcription
    is_transcribed = bool(made and report and made.attachment_sha256 == report.sha256)
    asks = f"addendum WS {record_id}"
    commands = {
        "P1": asks if is_transcribed else f"transcribe WS {record_id} {named} --grid FILE",
        "P7": f"attach WS {record_id} FILE --role report --replaces {named}",
        **dict.fromkeys(("P2", "P3", "P4"), asks),
        "P9": _edit(record_id, check.field),
        "plan": _edit(record_id, "plan.planned_bodies"),
        REVIEW: f"resolve WS {record_id} {check.rows[0] if check.rows else 'ROW'} "
        f"--criteria {judged.criteria} --as met --reason WHY --by ID",
    }
    return commands.get(check.id, "")


def _unknown_rows(filing: Filing, record_id: str) -> Iterator[Step]:
    for row in filing.determination.outcomes:
        if row.outcome == Outcome.UNKNOWN:
            for sentence in row.missing or (f"{row.title} is not known.",):
                yield Step(f"Row {row.criterion}: {sentence}", _edit(record_id, _field(row)))


def _edit(record_id: str, name: str) -> str:
    return f"screening edit WS {record_id} --set {name or 'FIELD'}=VALUE --reason WHY"


def _field(row: CriterionOutcome) -> str:
    """Return the one field of the record a row lacks; empty where it is not one."""
    asked = [
        o.pointer
        for o in row.operands
        if o.document == "screening" and o.pointer.endswith("/state")
    ]
    return ".".join(asked[0].split("/")[1:-1]) if len(asked) == len(row.missing) == 1 else ""


def _signature(ws: Workspace, record_id: str, judged: Judged) -> Iterator[Step]:
    found = gathered(ws, record_id, judged).standing
    if found.signature is not None:
        return
    sentence = "No person has signed the determination."
    if found.lapsed is not None:
        sentence = (
            f"Since signature {found.lapsed.determination_id} of the determination was made there "
            f"changed {', '.join(found.lapsed.changed)}; it has lapsed."
        )
    yield Step(sentence, f"sign-determination WS {record_id} --criteria {judged.criteria} --by ID")
