"""Whether the files an audit trail vouches for are there, unchanged, and no others."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from modic_annotate.store.canonical import canonical_line, sha256_hex
from modic_annotate.store.chain import WORKSPACE, AuditEntry, ChainReport
from modic_annotate.store.durable import TEMPORARY_PREFIX
from modic_annotate.store.protocol import Store

NOT_WRITTEN = "not_written"
"""Fact of an entry that takes back an earlier one: its file could not be written after all."""

FOLDERS_IN_FULL = ("screening", "criteria")
"""Folders where every file must be vouched for."""


def staged_key(digest: str) -> str:
    """Return the hidden key that holds a file's content while the audit trail announces it.

    It lies beside the trail, so that a blinded reading has no need to look at screening files.
    """
    return f"audit/{TEMPORARY_PREFIX}{digest}"


def is_unfinished(store: Store, key: str, digest: str) -> bool:
    """Whether an announced file is not there because the program stopped before it was named."""
    staged = staged_key(digest)
    if not store.exists(staged) or store.exists(key):
        return False
    return sha256_hex(store.get(staged)) == digest


def announced_links(chain: ChainReport) -> tuple[tuple[str, bytes | None], ...]:
    """Return hash and bytes of every link line a record's chain names, in order.

    The bytes are None where the entry does not hold the link, or not the one of its hash.
    """
    return tuple(
        (str(entry.facts["line_sha256"]), _line_in(entry))
        for entry in chain.entries
        if entry and "line_sha256" in entry.facts
    )


def _line_in(entry: AuditEntry) -> bytes | None:
    link = entry.facts.get("link")
    line = canonical_line(link) if isinstance(link, dict) else b""
    return line if sha256_hex(line) == entry.facts["line_sha256"] else None


def vouched(chain: ChainReport) -> dict[str, str]:
    """Return the sha256 a chain demands for each key it names; the last entry on a key counts."""
    demanded: dict[str, str] = {}
    for entry in chain.entries:
        for key, digest in _files(entry).items() if entry else ():
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
    unfinished = _unfinished(store, chains)
    found = [
        problem
        for key, digest in demanded.items()
        if key not in unfinished and (problem := _file_problem(store, key, digest))
    ]
    for folder in FOLDERS_IN_FULL:
        found += (
            f"{key} is not in the audit trail; it was put there from outside"
            for key in store.list(folder)
            if key not in demanded
        )
    for name, chain in chains.items():
        found += _link_problems(store, name, chain, _is_waiting(chains, name))
    return found


def unfinished_notes(store: Store, chains: Mapping[str, ChainReport]) -> list[str]:
    """Return what a stopped program or a failing disk left announced and not done."""
    notes = [
        f"{key} was announced and not written, as a crash or a full disk leaves it; do it again"
        for key in _unfinished(store, chains)
    ]
    for name, chain in chains.items():
        n_lines, announced = len(_link_lines(store, name)), announced_links(chain)
        if n_lines == len(announced) - 1 and _is_waiting(chains, name):
            notes.append(
                f"links/{name}.jsonl lacks its last line, which the audit trail holds, as a crash "
                "leaves it; the next link adds it"
            )
    return notes


def _unfinished(store: Store, chains: Mapping[str, ChainReport]) -> tuple[str, ...]:
    """Return the files that are announced, not there, staged, and that nobody has built on."""
    return tuple(
        key
        for name, chain in chains.items()
        for key, digest in vouched(chain).items()
        if is_unfinished(store, key, digest)
        and any(key in _files(entry) for entry in _after_noted(chains, name))
    )


def _is_waiting(chains: Mapping[str, ChainReport], name: str) -> bool:
    """Whether the last link of a chain is held by the chain itself, and nobody has built on it."""
    links = [e for e in chains[name].entries if e and "line_sha256" in e.facts]
    return (
        bool(links) and _line_in(links[-1]) is not None and links[-1] in _after_noted(chains, name)
    )


def _after_noted(chains: Mapping[str, ChainReport], name: str) -> list[AuditEntry]:
    """Return the entries since the chain's head was last noted, by a signature or an export."""
    noted = (e.facts.get("heads") for e in chains[WORKSPACE].entries if e)
    lines = (_lines_of(heads.get(name)) for heads in noted if isinstance(heads, dict))
    last = max(lines, default=0)
    return [entry for entry in chains[name].entries if entry and entry.n > last]


def _files(entry: AuditEntry) -> dict[str, JsonValue]:
    files = entry.facts.get("files")
    return files if isinstance(files, dict) else {}


def _lines_of(head: JsonValue) -> int:
    lines = head.get("lines") if isinstance(head, dict) else None
    return lines if isinstance(lines, int) else 0


def _file_problem(store: Store, key: str, digest: str) -> str | None:
    if not store.exists(key):
        return f"{key} is missing; the audit trail recorded it"
    if sha256_hex(store.get(key)) != digest:
        return f"{key} was changed outside the tool; its bytes are not those recorded"
    return None


def _link_lines(store: Store, name: str) -> list[bytes]:
    key = f"links/{name}.jsonl"
    content = store.get(key) if store.exists(key) else b""
    return content.split(b"\n")[:-1]


def _link_problems(store: Store, name: str, chain: ChainReport, waiting: bool) -> list[str]:
    key = f"links/{name}.jsonl"
    expected = [digest for digest, _ in announced_links(chain)]
    lines = [sha256_hex(line) for line in _link_lines(store, name)]
    if waiting and lines == expected[:-1]:
        return []
    if lines[: len(expected)] != expected:
        return [f"{key} was changed outside the tool; its lines are not those recorded"]
    if len(lines) > len(expected):
        return [f"{key} line {len(expected) + 1} is not in the audit trail"]
    return []
