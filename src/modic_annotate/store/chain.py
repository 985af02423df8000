"""Hash chains of audit entries, as bytes: the same check in a workspace and in a package.

Every line carries its number and the sha256 of the line before it, so that a line that is
changed, removed, added or moved no longer fits. The last line has no successor: what protects
it is a head kept elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, JsonValue, ValidationError

from modic_annotate.domain.base import Record, Sha256, Utc
from modic_annotate.store.canonical import sha256_hex

NO_LINE = "0" * 64
"""What the first line names as the hash of the line before it, and the head of an empty chain."""


WORKSPACE = "workspace"
"""Name of the workspace's own chain; no record may be called so."""


def chain_key(name: str) -> str:
    """Return the key of a chain: a record's id, or ``workspace``."""
    return f"audit/{name}.jsonl"


def head_key(name: str) -> str:
    """Return the key that repeats a chain's present head."""
    return f"audit/{name}.head"


class AuditEntry(Record):
    """One line of an audit chain: who did what, and when; no identity."""

    n: Annotated[int, Field(ge=1)]
    prev: Sha256
    at: Utc
    by: str
    """The id the person claimed."""

    os_account_sha256: Sha256 | None = None
    event: str
    facts: dict[str, JsonValue] = Field(default_factory=dict)

    def in_words(self, name: str, whole: bool = False) -> str:
        """Return the entry of a chain as one line for people; `whole` keeps every fact."""
        at = self.at.strftime("%Y-%m-%d %H:%M:%SZ")
        told = {k: v for k, v in self.facts.items() if whole or not isinstance(v, dict | list)}
        facts = " ".join(f"{key}={value}" for key, value in told.items())
        account = f" account={self.os_account_sha256}" if whole else ""
        by = self.by or "(unknown)"
        return f"{at} {name} {self.n}: {self.event} by {by}{account} {facts}".rstrip()


class ChainHead(Record):
    """How long a chain was at some time, and the hash of its last line then."""

    lines: Annotated[int, Field(ge=0)]
    sha256: Sha256


@dataclass(frozen=True)
class ChainReport:
    """What a chain holds and what is wrong with it."""

    name: str
    entries: tuple[AuditEntry | None, ...]
    """One per whole line; None where a line cannot be read."""

    line_sha256: tuple[str, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    torn: bytes
    """An unfinished last line, as a crash leaves it; no fault."""

    @property
    def head(self) -> ChainHead:
        """Length and last hash."""
        last = self.line_sha256[-1] if self.line_sha256 else NO_LINE
        return ChainHead(lines=len(self.line_sha256), sha256=last)

    def problem_with(self, known: ChainHead, known_from: str) -> str | None:
        """Say how this chain contradicts a head known from elsewhere, or None.

        Parameters
        ----------
        known
            A head of this chain at an earlier time.
        known_from
            Where it was kept, for the message.
        """
        have = len(self.line_sha256)
        if have < known.lines:
            return (
                f"{self.name} has {have} lines where {known_from} recorded {known.lines}: "
                f"lines {have + 1} to {known.lines} were cut off"
            )
        at_that_time = self.line_sha256[known.lines - 1] if known.lines else NO_LINE
        if at_that_time != known.sha256:
            return f"{self.name} line {known.lines}: changed after {known_from} recorded its hash"
        return None


def verify_chain(content: bytes, name: str) -> ChainReport:
    """Check a chain given as bytes.

    Parameters
    ----------
    content
        The whole file.
    name
        How to name it in messages.
    """
    whole, newline, torn = content.rpartition(b"\n")
    lines = whole.split(b"\n") if newline else []
    entries = tuple(_parsed(line) for line in lines)
    hashes = tuple(sha256_hex(line) for line in lines)
    problems: list[str] = []
    for index, entry in enumerate(entries):
        before = hashes[index - 1] if index else NO_LINE
        problems += (f"{name} line {index + 1}: {p}" for p in _problems(entry, index + 1, before))
    note = f"{name} ends in an unfinished line of {len(torn)} bytes, as a crash leaves it"
    return ChainReport(
        name, entries, hashes, tuple(problems), notes=(note,) if torn else (), torn=torn
    )


def _parsed(line: bytes) -> AuditEntry | None:
    try:
        return AuditEntry.model_validate_json(line)
    except ValidationError:
        return None


def _problems(entry: AuditEntry | None, number: int, before: str) -> list[str]:
    if entry is None:
        return ["this is not an audit entry; it was changed"]
    found = []
    if entry.n != number:
        found.append(f"it carries the number {entry.n}; a line was removed, added or moved")
    if entry.prev != before:
        found.append("it does not follow the line before it; that line was changed or removed")
    return found
