"""What a reading leaves in its record's audit trail: names and kinds, never free text."""

from __future__ import annotations

from pydantic import JsonValue

from modic_annotate.session.acts import RaiseRedFlag, ReopenNumbering, ReturnToSite
from modic_annotate.session.entries import JournalEntry
from modic_annotate.session.journal import Journal
from modic_annotate.store import audit
from modic_annotate.store.canonical import sha256_hex
from modic_annotate.store.protocol import Store

SIGNED = "reading.signed"


def note_start(store: Store, journal: Journal) -> None:
    """Note that a reading began, and what a crash left of an unfinished line."""
    header = journal.header
    _once(store, journal, "reading.started", {"protocol": f"{header.protocol.id}"})
    if journal.torn:
        lost: dict[str, JsonValue] = {
            "line": len(journal.entries) + 2,
            "bytes": len(journal.torn),
            "torn_sha256": sha256_hex(journal.torn),
        }
        _once(store, journal, "reading.torn_line_dropped", lost)


def note_acts(store: Store, journal: Journal, entries: list[JournalEntry]) -> None:
    """Note the acts that others must learn of before any signature."""
    for entry in entries:
        line = entry.n + 1
        if isinstance(entry.act, RaiseRedFlag):
            _once(store, journal, "reading.red_flag", {"kind": entry.act.kind.value, "line": line})
        elif isinstance(entry.act, ReturnToSite):
            _once(store, journal, "reading.returned_to_site", {"line": line})
        elif isinstance(entry.act, ReopenNumbering):
            _once(store, journal, "reading.numbering_reopened", {"line": line})


def anchor_signature(store: Store, journal: Journal, reading_sha256: str) -> None:
    """Note the head of the record's chain in the workspace's chain, once for each signature."""
    facts = {"reading_id": journal.header.reading_id, "reading_sha256": reading_sha256}
    entries = audit.read_chain(store, None).entries
    known = (e.facts for e in entries if e is not None and e.event == SIGNED)
    if any(all(fact.get(k) == v for k, v in facts.items()) for fact in known):
        return
    header = journal.header
    audit.anchor_heads(store, [header.screening.record_id], SIGNED, header.reader.id, **facts)


def _once(store: Store, journal: Journal, event: str, facts: dict[str, JsonValue]) -> None:
    """Add an entry unless it is there: a crash may have come between act and entry."""
    header = journal.header
    facts = {"reading_id": header.reading_id, **facts}
    record_id = header.screening.record_id
    entries = audit.read_chain(store, record_id).entries
    if not any(e is not None and (e.event, e.facts) == (event, facts) for e in entries):
        audit.append_event(store, record_id, event, header.reader.id, **facts)
