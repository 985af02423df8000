"""One look at a record's files: each is read and parsed once, however many questions are asked."""

from __future__ import annotations

from functools import cached_property

from modic_annotate.domain.images import ImageIndex
from modic_annotate.domain.links import Link, ReadingLink, StudyLink
from modic_annotate.domain.reading import Reading
from modic_annotate.domain.screening import ScreeningRecord
from modic_annotate.errors import UnknownRecordError
from modic_annotate.store import linking, revisions
from modic_annotate.store.audit import read_chain
from modic_annotate.store.audited_files import vouched
from modic_annotate.store.canonical import R, parse_record, sha256_hex
from modic_annotate.store.chain import ChainReport
from modic_annotate.store.workspace import Workspace


class RecordLook:
    """A record as it lies there at one moment; made for one question or run, and then dropped.

    Every part raises as the workspace does where it is not there or unsound.
    """

    def __init__(self, ws: Workspace, record_id: str) -> None:
        self.ws = ws
        self._asked = record_id
        self._contents: dict[str, bytes] = {}
        self._digests: dict[str, str] = {}

    def content(self, key: str) -> bytes:
        """Return the bytes of a key, as they were when it was first asked for."""
        if key not in self._contents:
            self._contents[key] = self.ws.store.get(key)
        return self._contents[key]

    def digest(self, key: str) -> str:
        """Return the sha256 of a key's bytes, hexadecimal."""
        if key not in self._digests:
            self._digests[key] = sha256_hex(self.content(key))
        return self._digests[key]

    def _parsed(self, model: type[R], key: str) -> R:
        is_ours = self.vouched.get(key) == self.digest(key)
        return parse_record(model, self.content(key), key, is_ours=is_ours)

    def holds(self, key: str) -> bool:
        """Whether a key holds anything."""
        return key in self._contents or self.ws.store.exists(key)

    @cached_property
    def record_id(self) -> str:
        """The record's id as it is stored; UnknownRecordError where there is no such record."""
        return self.ws.resolve(self._asked)

    @cached_property
    def chain(self) -> ChainReport:
        """The record's audit chain, whether the record itself is still there or not."""
        try:
            return read_chain(self.ws.store, self.record_id)
        except UnknownRecordError:
            return read_chain(self.ws.store, self._asked)

    @cached_property
    def vouched(self) -> dict[str, str]:
        """The sha256 that the audit chain demands for each key it names."""
        return vouched(self.chain)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Studies and signed readings, oldest first."""
        return linking.read(self.ws.store, self.record_id, self.chain)

    @property
    def studies(self) -> tuple[StudyLink, ...]:
        """The linked studies, oldest first."""
        return tuple(link for link in self.links if isinstance(link, StudyLink))

    @property
    def reading_links(self) -> tuple[ReadingLink, ...]:
        """The linked readings, oldest first."""
        return tuple(link for link in self.links if isinstance(link, ReadingLink))

    @cached_property
    def images(self) -> ImageIndex:
        """What images the record has; UnknownRecordError where none are linked."""
        key = linking.index_key(self.record_id)
        if not self.holds(key):
            return self.ws.images(self.record_id)  # which says so
        return self._parsed(ImageIndex, key)

    @cached_property
    def revisions(self) -> tuple[int, ...]:
        """The revisions of the screening record there are, ascending."""
        return revisions.numbers(self.ws.store, self.record_id)

    @cached_property
    def screening(self) -> ScreeningRecord:
        """The screening record's present revision."""
        return self._screening(max(self.revisions, default=0))

    def screening_at(self, revision: int) -> ScreeningRecord:
        """Return one revision of the screening record."""
        is_present = revision == max(self.revisions, default=0)
        return self.screening if is_present else self._screening(revision)

    def _screening(self, revision: int) -> ScreeningRecord:
        if revision not in self.revisions:
            raise UnknownRecordError(f"Record {self.record_id} has no revision {revision}")
        key = revisions.key_of(self.record_id, revision)
        return self._parsed(ScreeningRecord, key)

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """The signed readings linked to the record, superseded ones left out."""
        found = [self._parsed(Reading, link.path) for link in self.reading_links]
        superseded = {reading.supersedes for reading in found}
        return tuple(r for r in found if r.reading_id not in superseded)
