"""Whether the journals of readings are as they were written, and as their readings vouch for."""

from __future__ import annotations

import json
from typing import Any

from modic_annotate.store.canonical import sha256_hex
from modic_annotate.store.chain import ChainHead, ChainReport
from modic_annotate.store.protocol import Store

JOURNAL = ".journal.jsonl"


def journal_reports(store: Store) -> tuple[ChainReport, ...]:
    """Check every journal of a workspace: its own chain, and the head its signed reading holds.

    A journal's first line is its header; each later line names the hash of the line before it.
    """
    return tuple(_report(store, key) for key in store.list("readings") if key.endswith(JOURNAL))


def _report(store: Store, key: str) -> ChainReport:
    content = store.get(key)
    whole, newline, torn = content.rpartition(b"\n")
    lines = whole.split(b"\n") if newline else []
    hashes = tuple(sha256_hex(line) for line in lines)
    problems = [
        f"{key} line {number}: {problem}"
        for number, line in enumerate(lines, 1)
        if (problem := _problem(line, number, hashes))
    ]
    note = f"{key} ends in an unfinished line of {len(torn)} bytes, as a crash leaves it"
    report = ChainReport(key, (), hashes, tuple(problems), (note,) if torn else (), torn)
    signed = _signed_head(store, key)
    contradiction = report.problem_with(signed, "its signed reading") if signed else None
    if contradiction is None:
        return report
    return ChainReport(key, (), hashes, (*problems, contradiction), report.notes, torn)


def _problem(line: bytes, number: int, hashes: tuple[str, ...]) -> str | None:
    entry = _json_object(line)
    if entry is None:
        return "this is not an entry of a journal; it was changed"
    if number == 1:
        return None
    if entry.get("n") != number - 1:
        return f"it carries the number {entry.get('n')}; a line was removed, added or moved"
    if entry.get("prev") != hashes[number - 2]:
        return "it does not follow the line before it; that line was changed or removed"
    return None


def _signed_head(store: Store, key: str) -> ChainHead | None:
    """Return what the signed reading says of its journal; None for a draft."""
    reading_key = f"{key.removesuffix(JOURNAL)}.json"
    reading = _json_object(store.get(reading_key)) if store.exists(reading_key) else None
    known = (reading or {}).get("journal")
    if not isinstance(known, dict) or {"lines", "head_sha256"} - known.keys():
        return None  # a reading that is no record is told where files are checked
    return ChainHead(lines=known["lines"], sha256=known["head_sha256"])


def _json_object(content: bytes) -> dict[str, Any] | None:
    """Parse JSON of any shape; None where it is no object."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):  # the last: nested too deep
        return None
    return found if isinstance(found, dict) else None
