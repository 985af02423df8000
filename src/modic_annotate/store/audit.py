"""The audit trail: one hash chain per record, and one of the workspace that holds their heads.

``audit/<record>.jsonl`` tells what happened to a record. ``audit/workspace.jsonl`` tells what
concerns the whole workspace, and notes the heads of record chains at each signature and export,
so that a chain whose end is cut off later gives itself away. ``audit/<name>.head`` repeats each
chain's present head against the same cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pydantic import JsonValue

from modic_annotate.domain.base import utc_now
from modic_annotate.errors import RecordError
from modic_annotate.store.account import os_account_sha256
from modic_annotate.store.audited_files import file_problems, unfinished_notes
from modic_annotate.store.audited_heads import head_problems
from modic_annotate.store.audited_journals import journal_reports
from modic_annotate.store.canonical import canonical_bytes, canonical_line, sha256_hex
from modic_annotate.store.chain import (
    WORKSPACE,
    AuditEntry,
    ChainHead,
    ChainReport,
    chain_key,
    head_key,
    verify_chain,
)
from modic_annotate.store.protocol import Store

if TYPE_CHECKING:
    from modic_annotate.store.workspace import Workspace

LOCK_TIMEOUT_S = 30.0


@dataclass(frozen=True)
class AuditReport:
    """Result of checking all chains: faults, things to know, and the heads found."""

    problems: tuple[str, ...]
    notes: tuple[str, ...]
    heads: Mapping[str, ChainHead]

    @property
    def ok(self) -> bool:
        """Whether nothing contradicts anything."""
        return not self.problems

    def text(self) -> str:
        """Return the result in lines: faults, notes, then the head of each chain."""
        heads = (
            f"{name}: {head.lines} entries, head {head.sha256}" for name, head in self.heads.items()
        )
        verdict = "The audit trail is whole" if self.ok else "The audit trail has faults"
        faults = (f"FAULT {problem}" for problem in self.problems)
        return "\n".join([verdict, *faults, *(f"note {n}" for n in self.notes), *heads])


def read_chain(store: Store, record_id: str | None) -> ChainReport:
    """Return a chain with all that is wrong in it; an empty one where there is no file."""
    key = chain_key(record_id or WORKSPACE)
    return verify_chain(store.get(key) if store.exists(key) else b"", key)


def head(store: Store, record_id: str | None) -> str:
    """Return the hash of a chain's last whole line; 64 zeros for an empty chain."""
    return read_chain(store, record_id).head.sha256


def append_event(
    store: Store, record_id: str | None, event: str, by: str, **facts: JsonValue
) -> str:
    """Add an entry to a chain and return the new head.

    Parameters
    ----------
    store
        Where the workspace is kept.
    record_id
        The record's chain; None for the workspace's.
    event
        What happened, e.g. ``screening.revision``.
    by
        The id of who did it, as claimed.
    facts
        What belongs to it, without identity. ``files`` ({key: sha256}) makes `verify_audit`
        demand those bytes under those keys from now on.
    """
    key = chain_key(record_id or WORKSPACE)
    with store.lock(f"audit-{record_id or WORKSPACE}", LOCK_TIMEOUT_S):
        torn = store.drop_torn_line(key)
        if torn:
            lost: dict[str, JsonValue] = {"bytes": len(torn), "torn_sha256": sha256_hex(torn)}
            _add(store, record_id, "audit.torn_line_dropped", by, lost)
        return _add(store, record_id, event, by, facts).sha256


def anchor_heads(
    store: Store, record_ids: Iterable[str], event: str, by: str, **facts: JsonValue
) -> str:
    """Add an entry to the workspace chain that holds the present heads of record chains.

    Returns
    -------
    str
        The new head of the workspace chain.
    """
    heads: dict[str, JsonValue] = {
        i: read_chain(store, i).head.model_dump(mode="json") for i in record_ids
    }
    return append_event(store, None, event, by, heads=heads, **facts)


def trail_lines(ws: Workspace, record_id: str | None = None, whole: bool = False) -> list[str]:
    """Return the entries of one record, or of all chains, as lines of text.

    Parameters
    ----------
    ws
        The workspace.
    record_id
        The record's chain alone; None for every chain, the workspace's last.
    whole
        The entries as they are stored, instead of a sentence each.
    """
    names = [ws.resolve(record_id)] if record_id else _chain_names(ws.store)
    lines = []
    for name in sorted(names, key=lambda n: (n == WORKSPACE, n)):
        for number, entry in enumerate(read_chain(ws.store, name).entries, 1):
            unread = f"{chain_key(name)} line {number} cannot be read"
            lines.append(entry.in_words(name, whole) if entry else unread)
    return lines


def verify_audit(ws: Workspace) -> AuditReport:
    """Check every chain of a workspace, their noted heads, the files they vouch for, journals."""
    store = ws.store
    chains = {name: read_chain(store, name) for name in _chain_names(store)}
    problems = [problem for chain in chains.values() for problem in chain.problems]
    problems += head_problems(store, chains)
    problems += file_problems(store, chains)
    journals = journal_reports(store)
    problems += (problem for journal in journals for problem in journal.problems)
    return AuditReport(
        problems=tuple(dict.fromkeys(problems)),
        notes=(
            *(note for chain in (*chains.values(), *journals) for note in chain.notes),
            *unfinished_notes(store, chains),
        ),
        heads={name: chain.head for name, chain in chains.items()},
    )


def _add(
    store: Store, record_id: str | None, event: str, by: str, facts: dict[str, JsonValue]
) -> ChainHead:
    before = read_chain(store, record_id).head
    entry = AuditEntry(
        n=before.lines + 1,
        prev=before.sha256,
        at=utc_now(),
        by=by,
        os_account_sha256=os_account_sha256(),
        event=event,
        facts=facts,
    )
    line = canonical_line(entry)
    store.append(chain_key(record_id or WORKSPACE), line + b"\n")
    present = ChainHead(lines=entry.n, sha256=sha256_hex(line))
    with suppress(RecordError):  # the entry is durable; a head one entry behind is no fault
        store.replace(head_key(record_id or WORKSPACE), canonical_bytes(present))
    return present


def _chain_names(store: Store) -> list[str]:
    return sorted({PurePosixPath(key).stem for key in store.list("audit")} | {WORKSPACE})
