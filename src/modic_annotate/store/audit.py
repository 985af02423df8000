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

from pydantic import JsonValue, ValidationError

from modic_annotate.domain.base import utc_now
from modic_annotate.errors import RecordError
from modic_annotate.store.account import os_account_sha256
from modic_annotate.store.audited_files import file_problems
from modic_annotate.store.canonical import canonical_bytes, canonical_line, sha256_hex
from modic_annotate.store.chain import AuditEntry, ChainHead, ChainReport, verify_chain
from modic_annotate.store.protocol import Store

if TYPE_CHECKING:
    from modic_annotate.store.workspace import Workspace

WORKSPACE = "workspace"
"""Name of the workspace's own chain; no record may be called so."""

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


def chain_key(record_id: str | None) -> str:
    """Return the key of a record's chain, or of the workspace's for None."""
    return f"audit/{record_id or WORKSPACE}.jsonl"


def read_chain(store: Store, record_id: str | None) -> ChainReport:
    """Return a chain with all that is wrong in it; an empty one where there is no file."""
    key = chain_key(record_id)
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
    key = chain_key(record_id)
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


def verify_audit(ws: Workspace) -> AuditReport:
    """Check every chain of a workspace, their noted heads, and the files they vouch for."""
    store = ws.store
    chains = {name: read_chain(store, name) for name in _chain_names(store)}
    problems = [problem for chain in chains.values() for problem in chain.problems]
    problems += _cut_since_last_write(store, chains)
    problems += _cut_since_noted(chains)
    problems += file_problems(store, chains)
    return AuditReport(
        problems=tuple(dict.fromkeys(problems)),
        notes=tuple(note for chain in chains.values() for note in chain.notes),
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
    store.append(chain_key(record_id), line + b"\n")
    present = ChainHead(lines=entry.n, sha256=sha256_hex(line))
    with suppress(RecordError):  # the entry is durable; a head one entry behind is no fault
        store.replace(_head_key(record_id), canonical_bytes(present))
    return present


def _head_key(record_id: str | None) -> str:
    return f"audit/{record_id or WORKSPACE}.head"


def _chain_names(store: Store) -> list[str]:
    return sorted({PurePosixPath(key).stem for key in store.list("audit")} | {WORKSPACE})


def _cut_since_last_write(store: Store, chains: Mapping[str, ChainReport]) -> list[str]:
    found: list[str | None] = []
    for name, chain in chains.items():
        key = f"audit/{name}.head"
        if not store.exists(key):
            continue
        try:
            known = ChainHead.model_validate_json(store.get(key))
        except ValidationError:
            found.append(f"{key} is not a chain head; it was changed")
        else:
            found.append(chain.problem_with(known, key))
    return [problem for problem in found if problem]


def _cut_since_noted(chains: Mapping[str, ChainReport]) -> list[str]:
    found = []
    for entry in chains[WORKSPACE].entries:
        noted = entry.facts.get("heads") if entry else None
        for name, value in noted.items() if isinstance(noted, dict) else ():
            known_from = f"{chain_key(None)} line {entry.n if entry else 0}"
            found.append(_contradiction(chains, name, value, known_from))
    return [problem for problem in found if problem]


def _contradiction(
    chains: Mapping[str, ChainReport], name: str, value: JsonValue, known_from: str
) -> str | None:
    try:
        known = ChainHead.model_validate(value)
    except ValidationError:
        return f"{known_from}: the noted head of {name} cannot be read"
    chain = chains.get(name) or verify_chain(b"", chain_key(name))
    return chain.problem_with(known, known_from)
