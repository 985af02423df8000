"""Where one reader's readings of one record lie, and the images they rest on."""

from __future__ import annotations

from dataclasses import dataclass

from modic_annotate.domain.readers import Reader
from modic_annotate.domain.reading import ScreeningLink
from modic_annotate.domain.series import SeriesUsed
from modic_annotate.errors import RecordMismatchError, UnknownRecordError
from modic_annotate.session import keys
from modic_annotate.session.journal import Journal
from modic_annotate.store.workspace import Workspace


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


def present_series(place: Place) -> tuple[SeriesUsed, ...]:
    """Return the series of a record's linked study that may be read as volumes.

    Last stand those whose faults must be accepted.
    """
    index = place.ws.linked_images(place.record_id)
    series = tuple(indexed.used for indexed in (*index.series, *index.acceptable))
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
    """Return the link to the present revision of the record, without opening the record."""
    return place.ws.assignment(place.record_id)
