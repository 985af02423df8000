"""The journal of a reading: one header line, then one hash-chained line for each act.

A line is on the disk before its act is visible to anyone. Each line names the hash of the line
before it, so that a line changed, removed or moved is found. A last line without its newline is
what a crash leaves; it was never acknowledged and is cut off when the journal is opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import ValidationError

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.reading import JournalRef
from modic_annotate.errors import InvalidRecordError, RecordError
from modic_annotate.session.acts import Act
from modic_annotate.session.entries import JournalEntry, JournalHeader, entry_line, is_scripted
from modic_annotate.store.canonical import canonical_line, parse_record, problems_of, sha256_hex
from modic_annotate.store.protocol import Store


class Journal:
    """A journal in a store; appending is the only way to change it."""

    def __init__(self, store: Store, key: str, header: JournalHeader) -> None:
        self._store = store
        self.key = key
        self.header = header
        self.entries: list[JournalEntry] = []
        self.head_sha256 = ""
        self.torn = b""
        """What a crash left of an unfinished last line; not part of the journal."""

        self._is_in_doubt = False
        """Whether an append failed since the file was last seen to end where this does."""

    @classmethod
    def create(cls, store: Store, key: str, header: JournalHeader) -> Journal:
        """Begin a journal by writing its header."""
        journal = cls(store, key, header)
        line = canonical_line(header)
        store.append(key, line + b"\n")
        journal.head_sha256 = sha256_hex(line)
        return journal

    @classmethod
    def open(cls, store: Store, key: str, *, repair: bool = True) -> Journal | None:
        """Read a journal whole.

        Parameters
        ----------
        store
            Where it lies.
        key
            Its key.
        repair
            Cut off a torn last line; needs the reading's lock. False only leaves it out.

        Returns
        -------
        Journal or None
            None where not even the header was written whole.

        Raises
        ------
        InvalidRecordError
            A whole line is not what was written; the line is named.
        """
        content = store.get(key)
        whole, torn = content[: content.rfind(b"\n") + 1], content[content.rfind(b"\n") + 1 :]
        if torn and repair:
            store.drop_torn_line(key)
        lines = whole.split(b"\n")[:-1]
        if not lines:
            return None
        journal = cls(store, key, parse_record(JournalHeader, lines[0], f"{key} line 1"))
        journal.torn = torn
        journal._take(lines)
        return journal

    def _take(self, lines: Sequence[bytes]) -> None:
        self.head_sha256 = sha256_hex(lines[0])
        for number, line in enumerate(lines[1:], start=1):
            where = f"{self.key} line {number + 1}"
            try:
                entry = JournalEntry.model_validate_json(line)
            except ValidationError as error:
                raise InvalidRecordError(where, problems_of(error)) from error
            if (entry.n, entry.prev) != (number, self.head_sha256):
                raise InvalidRecordError(
                    where, ["it does not follow the line before it; the journal was changed"]
                )
            self.entries.append(entry)
            self.head_sha256 = sha256_hex(line)

    def append(self, entry: JournalEntry) -> None:
        """Make an act durable; when this returns, it survives a crash.

        Raises
        ------
        RecordError
            The disk refused it, now or before so badly that the line stands in the file all the
            same: nothing more is written until the journal is opened again.
        """
        line = entry_line(entry)
        if self._is_in_doubt:
            self._check_as_known()
        try:
            self._store.append(self.key, line + b"\n")
        except RecordError:
            self._is_in_doubt = True
            raise
        self.entries.append(entry)
        self.head_sha256 = sha256_hex(line)

    def _check_as_known(self) -> None:
        """See that a failed append left nothing behind, or raise."""
        self._store.drop_torn_line(self.key)
        last = self._store.get(self.key).split(b"\n")[-2]
        if sha256_hex(last) != self.head_sha256:
            raise RecordError(
                f"{self.key} holds an act that the disk reported as not written; "
                "close the reading and open it again"
            )
        self._is_in_doubt = False

    def next_entry(self, act: Act, origin: Origin, at: datetime) -> JournalEntry:
        """Return the entry that would follow, still without its driver."""
        return JournalEntry(
            n=len(self.entries) + 1, prev=self.head_sha256, at=at, origin=origin, act=act
        )

    @property
    def ref(self) -> JournalRef:
        """How a reading points at its journal: all lines so far and the hash of the last."""
        return JournalRef(lines=len(self.entries) + 1, head_sha256=self.head_sha256)

    @property
    def is_scripted(self) -> bool:
        """Whether any act came from an acts file."""
        return any(is_scripted(entry) for entry in self.entries)

    def last_line_of(self, acts_sha256: str) -> int:
        """Return the last applied line of an acts file; 0 where none was applied."""
        lines = (e.acts_line or 0 for e in self.entries if e.acts_sha256 == acts_sha256)
        return max(lines, default=0)
