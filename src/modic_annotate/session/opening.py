"""How a reading begins or goes on: which journal, which images, which state to start from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from modic_annotate.domain.base import utc_now
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.reading import ReaderRef, ScreeningLink
from modic_annotate.domain.series import SeriesUsed
from modic_annotate.errors import (
    ActRefusedError,
    AlreadyExistsError,
    ReadingSignedError,
    RecordMismatchError,
    UnknownRecordError,
)
from modic_annotate.session import keys
from modic_annotate.session.acts import ReturnToSite, Sign
from modic_annotate.session.draft import Draft, SeriesKey, empty_draft, rescoped
from modic_annotate.session.history import History
from modic_annotate.session.journal import (
    Amends,
    Driver,
    Journal,
    JournalHeader,
    is_scripted,
)
from modic_annotate.session.protocol import DEFAULT_PROTOCOL, ReadingProtocol, load_protocol
from modic_annotate.session.reduce.step import Context
from modic_annotate.store.account import os_account_sha256
from modic_annotate.store.workspace import Workspace


@dataclass(frozen=True)
class Terms:
    """How a reading is opened, where it differs from the usual."""

    protocol: str = DEFAULT_PROTOCOL
    driven_by: Driver = "person"
    """``acts_file`` where a file makes the acts, be it through real key and mouse events."""

    clock: Callable[[], datetime] = utc_now
    link: ScreeningLink | None = None
    """The record revision as assigned; None looks it up (a blinded reading must not)."""

    amends: str | None = None
    """Id of the reader's signed reading to amend; needs `reason`."""

    reason: str | None = None


@dataclass(frozen=True)
class Opened:
    """A journal with the state it gives."""

    journal: Journal
    history: History
    context: Context
    base_scripted: bool
    """Whether the reading this one amends was made through an acts file."""


@dataclass(frozen=True)
class Place:
    """One reader's readings of one record."""

    ws: Workspace
    record_id: str
    reader: Reader

    @classmethod
    def of(cls, ws: Workspace, record_id: str, reader_id: str) -> Place:
        """Find record and reader, whatever the case of the ids; raise where one is unknown."""
        return cls(ws, ws.resolve(record_id), ws.reader(reader_id))

    @property
    def reading_ids(self) -> tuple[str, ...]:
        """Ids of all readings begun, oldest first."""
        return keys.reading_ids(self.ws.store, self.record_id, self.reader.id)

    def key(self, reading_id: str) -> str:
        """Return the key of a journal."""
        return keys.journal_key(self.record_id, self.reader.id, reading_id)

    def read(self, reading_id: str, *, repair: bool = False) -> Journal | None:
        """Read a journal; None where there is none, or not even its header is whole."""
        if reading_id not in self.reading_ids:
            return None
        return Journal.open(self.ws.store, self.key(reading_id), repair=repair)

    def latest(self, *, repair: bool = False) -> Journal | None:
        """Return the journal of the newest reading, or None where none was begun."""
        for reading_id in reversed(self.reading_ids):
            journal = self.read(reading_id, repair=repair)
            if journal is not None:
                return journal
        return None


def begin(place: Place, terms: Terms) -> Opened:
    """Begin the next reading of a reader, or an amendment of the signed one.

    Raises
    ------
    AlreadyExistsError
        A draft is open; it goes on, it is not begun again.
    ReadingSignedError
        The last reading is signed and no amendment was asked for.
    UnknownRecordError
        The record has no images.
    """
    before = place.latest(repair=True)
    series = present_series(place)
    amends = _amends(place, before, terms)
    if before is not None and amends is None:
        _check_may_follow(before, series)
    number = int(before.header.reading_id.rpartition("-")[2]) + 1 if before else 1
    protocol = load_protocol(terms.protocol)
    header = JournalHeader(
        reading_id=keys.reading_id(place.reader.id, number),
        screening=terms.link or screening_link(place),
        reader=ReaderRef(
            id=place.reader.id, role=place.reader.role, os_account_sha256=os_account_sha256()
        ),
        protocol=protocol.ref,
        started_at=terms.clock(),
        amends=amends,
        series=series,
    )
    journal = Journal.create(place.ws.store, place.key(header.reading_id), header)
    return replay(place.ws, journal)


def replay(ws: Workspace, journal: Journal) -> Opened:
    """Return the state a journal gives; every act goes through the same rules as it was made."""
    header = journal.header
    protocol = load_protocol(header.protocol.id, header.protocol.version)
    if protocol.ref != header.protocol:
        raise RecordMismatchError(
            f"{journal.key} was begun under another text of protocol "
            f"{protocol.id} {protocol.version}; use the version of the program that began it"
        )
    draft, base_scripted = _base(ws, journal, protocol)
    history = History(draft)
    context = Context(protocol=protocol, series=header.series)
    for entry in journal.entries:
        acting = Context(protocol, header.series, scripted=is_scripted(entry))
        history.commit(entry.act, history.preview(entry.act, entry.origin, entry.at, acting))
    return Opened(journal, history, context, base_scripted)


def present_series(place: Place) -> tuple[SeriesUsed, ...]:
    """Return the series of a record that may be read as volumes."""
    index = place.ws.images(place.record_id)
    series = tuple(indexed.used for indexed in index.series)
    if not series:
        raise UnknownRecordError(
            f"Record {place.record_id} has no series that can be read; link its MRI study"
        )
    return series


def check_images(place: Place, journal: Journal) -> None:
    """Refuse to go on where the images are no longer those the reading began with."""
    present = {(s.series_uid, s.stack): s.instances for s in present_series(place)}
    for used in journal.header.series:
        if present.get((used.series_uid, used.stack)) != used.instances:
            raise RecordMismatchError(
                f"The images of record {place.record_id} are not those reading "
                f"{journal.header.reading_id} began with; run: modic-annotate audit verify"
            )


def screening_link(place: Place) -> ScreeningLink:
    """Return the link to the present revision of the record."""
    record, digest = place.ws.screening(place.record_id)
    return ScreeningLink(
        trial_id=record.trial_id,
        record_id=record.record_id,
        revision=record.revision,
        sha256=digest,
    )


def is_signed(journal: Journal) -> bool:
    """Whether a journal ends in a signature."""
    return bool(journal.entries) and isinstance(journal.entries[-1].act, Sign)


def is_returned(journal: Journal) -> bool:
    """Whether a journal ends in a return to the site."""
    return any(isinstance(entry.act, ReturnToSite) for entry in journal.entries)


def may_follow(journal: Journal, series: tuple[SeriesUsed, ...]) -> bool:
    """Whether a fresh reading may follow: the last one was returned and other images came."""
    return is_returned(journal) and journal.header.series != series


def _check_may_follow(before: Journal, series: tuple[SeriesUsed, ...]) -> None:
    reading_id = before.header.reading_id
    if is_signed(before):
        raise ReadingSignedError(
            f"Reading {reading_id} is signed; to change it, start an amendment with a reason"
        )
    if not is_returned(before):
        raise AlreadyExistsError(f"Reading {reading_id} is begun and not signed; resume it")
    if not may_follow(before, series):
        raise ActRefusedError(
            f"Reading {reading_id} was returned to the site; link the new images first"
        )


def _amends(place: Place, before: Journal | None, terms: Terms) -> Amends | None:
    if terms.amends is None:
        return None
    if before is None or not is_signed(before) or before.header.reading_id != terms.amends:
        raise UnknownRecordError(
            f"{terms.amends} is not the last signed reading of {place.reader.id}; "
            "only that one can be amended"
        )
    if not (terms.reason or "").strip():
        raise ActRefusedError("An amendment needs its reason in words")
    _, digest = place.ws.reading(place.record_id, terms.amends)
    return Amends(reading_id=terms.amends, sha256=digest, reason=terms.reason or "")


def _base(ws: Workspace, journal: Journal, protocol: ReadingProtocol) -> tuple[Draft, bool]:
    """Return the state before the first act: empty, or what the amended reading says."""
    amends = journal.header.amends
    draft = empty_draft(protocol)
    if amends is None:
        return draft, False
    reading, digest = ws.reading(journal.header.screening.record_id, amends.reading_id)
    if digest != amends.sha256:
        raise RecordMismatchError(
            f"Reading {amends.reading_id} is not as it was when its amendment began; "
            "run: modic-annotate audit verify"
        )
    shown = {
        SeriesKey(used.series_uid, used.stack): frozenset(
            i
            for i, instance in enumerate(used.instances)
            if instance.sop_instance_uid in coverage.shown_sop_instance_uids
        )
        for coverage in reading.coverage
        for used in journal.header.series
        if (used.series_uid, used.stack) == (coverage.series_uid, coverage.stack)
    }
    draft = draft.replace(
        lines=tuple(line for line in reading.endplates if line.method == "placed"),
        findings={f.endplate: f for f in reading.findings},
        discs={d.disc: d for d in reading.discs},
        masks=reading.masks,
        quality={SeriesKey(q.series_uid, q.stack): q.quality for q in reading.quality},
        note=reading.note,
        shown={key: slices for key, slices in shown.items() if slices},
    )
    return rescoped(draft, reading.numbering, protocol), reading.scripted
