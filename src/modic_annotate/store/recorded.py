"""Write-once files of a record that count from the moment the audit trail names them.

The files come first, the audit entry after: a program stopped in between leaves files that nobody
knows, and that nothing reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TypeVar

from pydantic import JsonValue

from modic_annotate.store.audit import append_event, read_chain
from modic_annotate.store.audited_files import vouched
from modic_annotate.store.canonical import sha256_hex
from modic_annotate.store.protocol import Store

T = TypeVar("T")
LOCK_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where files of one kind lie (``<folder>/<record>/<letter><n>...``)."""

    folder: str
    letter: str

    def of(self, record_id: str) -> str:
        """Return the record's own folder."""
        return f"{self.folder}/{record_id}"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written under one number, and what the audit trail says of it."""

    files: Mapping[str, bytes]
    """What follows the id in the file's name -> content, e.g. ``.resolution.json``."""

    event: str
    by: str
    facts: Mapping[str, JsonValue] = field(default_factory=dict)


def add_numbered(
    store: Store,
    record_id: str,
    shelf: Shelf,
    make: Callable[[str], T],
    entry: Callable[[T], Entry],
) -> T:
    """Write a record's next value of a kind, and return it.

    Parameters
    ----------
    store, record_id, shelf
        Where it goes; two processes never take the same number.
    make
        Gives the value for its id (``V3``).
    entry
        Says how the value is kept.
    """
    with store.lock(f"{shelf.folder}-{record_id}", LOCK_TIMEOUT_S):
        name = f"{shelf.letter}{next_number(store, shelf.of(record_id), shelf.letter)}"
        made = make(name)
        told = entry(made)
        files = {f"{shelf.of(record_id)}/{name}{end}": c for end, c in told.files.items()}
        put_recorded(store, record_id, files, told.event, told.by, **told.facts)
    return made


def put_recorded(
    store: Store,
    record_id: str,
    files: Mapping[str, bytes],
    event: str,
    by: str,
    **facts: JsonValue,
) -> None:
    """Write files once, then name them with their hashes in the record's audit trail.

    Parameters
    ----------
    store, record_id
        Whose trail.
    files
        Key -> content; no key may be taken.
    event, by, facts
        What happened and who did it, as in `store.audit.append_event`.
    """
    for key, content in files.items():
        store.put_new(key, content)
    hashes: dict[str, JsonValue] = {key: sha256_hex(content) for key, content in files.items()}
    append_event(store, record_id, event, by, files=hashes, **facts)


def recorded_keys(
    store: Store,
    record_id: str,
    folder: str,
    suffix: str,
    known: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """Return the keys of a folder that the record's audit trail names, in its order.

    `known` is what the trail vouches for, where it was read already.
    """
    names = known if known is not None else vouched(read_chain(store, record_id))
    return tuple(key for key in names if key.startswith(f"{folder}/") and key.endswith(suffix))


def next_number(store: Store, folder: str, letter: str) -> int:
    """Return the first number that no file in a folder has: ``A1.json``, ``A2.pdf`` give 3."""
    stems = (PurePosixPath(key).name.split(".")[0] for key in store.list(folder))
    numbers = [s.removeprefix(letter) for s in stems if s.startswith(letter)]
    return max((int(n) for n in numbers if n.isdecimal()), default=0) + 1
