"""Whether audit chains still reach as far as their heads noted elsewhere say."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue, ValidationError

from modic_annotate.store.chain import (
    WORKSPACE,
    ChainHead,
    ChainReport,
    chain_key,
    head_key,
    verify_chain,
)
from modic_annotate.store.protocol import Store


def head_problems(store: Store, chains: Mapping[str, ChainReport]) -> list[str]:
    """Return the chains that were cut off or changed since their heads were noted.

    Heads are noted beside each chain at every entry, and in the workspace chain at each
    signature and export.
    """
    return [*_cut_since_last_write(store, chains), *_cut_since_noted(chains)]


def _cut_since_last_write(store: Store, chains: Mapping[str, ChainReport]) -> list[str]:
    found: list[str | None] = []
    for name, chain in chains.items():
        key = head_key(name)
        if not store.exists(key):
            # a crash may come before the first head is noted, never before a later one
            found.append(f"{key} is gone; it was removed" if chain.head.lines > 1 else None)
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
            known_from = f"{chain_key(WORKSPACE)} line {entry.n if entry else 0}"
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
