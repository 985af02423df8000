"""Whether the files an audit trail vouches for are there, unchanged, and no others."""

from __future__ import annotations

from collections.abc import Mapping

from modic_annotate.store.canonical import sha256_hex
from modic_annotate.store.chain import ChainReport
from modic_annotate.store.protocol import Store

NOT_WRITTEN = "not_written"
"""Fact of an entry that takes back an earlier one: its file could not be written after all."""

FOLDERS_IN_FULL = ("screening",)
"""Folders where every file must be vouched for."""


def vouched(chain: ChainReport) -> dict[str, str]:
    """Return the sha256 a chain demands for each key it names; the last entry on a key counts."""
    demanded: dict[str, str] = {}
    for entry in chain.entries:
        files = entry.facts.get("files") if entry else None
        for key, digest in files.items() if isinstance(files, dict) else ():
            if entry and entry.facts.get(NOT_WRITTEN):
                demanded.pop(key, None)
            else:
                demanded[key] = str(digest)
    return demanded


def file_problems(store: Store, chains: Mapping[str, ChainReport]) -> list[str]:
    """Return what contradicts the chains: changed, missing or unknown files and link lines."""
    demanded: dict[str, str] = {}
    for chain in chains.values():
        demanded |= vouched(chain)
    found = [p for key, digest in demanded.items() if (p := _file_problem(store, key, digest))]
    for folder in FOLDERS_IN_FULL:
        found += (
            f"{key} is not in the audit trail; it was put there from outside"
            for key in store.list(folder)
            if key not in demanded
        )
    for name, chain in chains.items():
        found += _link_problems(store, name, chain)
    return found


def _file_problem(store: Store, key: str, digest: str) -> str | None:
    if not store.exists(key):
        return f"{key} is missing; the audit trail recorded it"
    if sha256_hex(store.get(key)) != digest:
        return f"{key} was changed outside the tool; its bytes are not those recorded"
    return None


def _link_problems(store: Store, name: str, chain: ChainReport) -> list[str]:
    key = f"links/{name}.jsonl"
    expected = [
        str(entry.facts["line_sha256"])
        for entry in chain.entries
        if entry and "line_sha256" in entry.facts
    ]
    content = store.get(key) if store.exists(key) else b""
    lines = [sha256_hex(line) for line in content.split(b"\n")[:-1]]
    if lines[: len(expected)] != expected:
        return [f"{key} was changed outside the tool; its lines are not those recorded"]
    if len(lines) > len(expected):
        return [f"{key} line {len(expected) + 1} is not in the audit trail"]
    return []
