"""From a journal to the state it gives; every act goes through the rules it was made under."""

from __future__ import annotations

from dataclasses import dataclass

from modic_annotate.errors import RecordMismatchError
from modic_annotate.session.acts import ReturnToSite, Sign
from modic_annotate.session.attention import from_findings
from modic_annotate.session.draft import Draft, SeriesKey, empty_draft, rescoped
from modic_annotate.session.entries import is_scripted
from modic_annotate.session.history import History
from modic_annotate.session.journal import Journal
from modic_annotate.session.protocol import ReadingProtocol, load_protocol
from modic_annotate.session.reduce.step import Context
from modic_annotate.store.workspace import Workspace


@dataclass(frozen=True)
class Opened:
    """A journal with the state it gives."""

    journal: Journal
    history: History
    context: Context
    base_scripted: bool
    """Whether the reading this one amends was made through an acts file."""


def is_signed(journal: Journal) -> bool:
    """Whether a journal ends in a signature."""
    return bool(journal.entries) and isinstance(journal.entries[-1].act, Sign)


def is_returned(journal: Journal) -> bool:
    """Whether a journal ends in a return to the site."""
    return any(isinstance(entry.act, ReturnToSite) for entry in journal.entries)


def replay(ws: Workspace, journal: Journal) -> Opened:
    """Return the state a journal gives; every act goes through the same rules as it was made."""
    header = journal.header
    protocol = load_protocol(header.protocol.id, header.protocol.version)
    if protocol.ref != header.protocol:
        raise RecordMismatchError(
            f"{journal.key} was begun under another text of protocol "
            f"{protocol.id} {protocol.version}; use the version of the program that began it"
        )
    draft, base_scripted = _base(ws, journal, protocol)
    history = History(draft)
    context = Context(protocol=protocol, series=header.series)
    for entry in journal.entries:
        acting = Context(protocol, header.series, scripted=is_scripted(entry))
        history.commit(entry.act, history.preview(entry.act, entry.origin, entry.at, acting))
    return Opened(journal, history, context, base_scripted)


def _base(ws: Workspace, journal: Journal, protocol: ReadingProtocol) -> tuple[Draft, bool]:
    """Return the state before the first act: empty, or what the amended reading says."""
    amends = journal.header.amends
    draft = empty_draft(protocol)
    if amends is None:
        return draft, False
    reading, digest = ws.reading(journal.header.screening.record_id, amends.reading_id)
    if digest != amends.sha256:
        raise RecordMismatchError(
            f"Reading {amends.reading_id} is not as it was when its amendment began; "
            "run: modic-annotate audit verify"
        )
    shown = {
        SeriesKey(used.series_uid, used.stack): frozenset(
            i
            for i, instance in zip(used.acquired, used.instances, strict=False)
            if instance.sop_instance_uid in coverage.shown_sop_instance_uids
        )
        for coverage in reading.coverage
        for used in journal.header.series
        if (used.series_uid, used.stack) == (coverage.series_uid, coverage.stack)
    }
    draft = draft.replace(
        lines=tuple(line for line in reading.endplates if line.method == "placed"),
        outlines=tuple(body for body in reading.bodies if body.origin is not None),
        findings={f.endplate: f for f in reading.findings},
        discs={d.disc: d for d in reading.discs},
        masks=reading.masks,
        quality={SeriesKey(q.series_uid, q.stack): q.quality for q in reading.quality},
        accepted={
            SeriesKey(used.series_uid, used.stack): used.accepted_reason
            for used in reading.series
            if used.accepted_reason is not None
        },
        note=reading.note,
        attended=from_findings(reading.findings, reading.numbering),
        shown={key: slices for key, slices in shown.items() if slices},
    )
    return rescoped(draft, reading.numbering, protocol), reading.scripted
