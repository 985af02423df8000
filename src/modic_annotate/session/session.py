"""A reading in progress: the one truth that every view shows and every key asks."""

from __future__ import annotations

import dataclasses
from contextlib import ExitStack
from typing import Self

from psygnal import Signal

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.series import SeriesRole
from modic_annotate.errors import ActRefusedError, UnknownRecordError
from modic_annotate.session import keys, slots, trail
from modic_annotate.session.acts import Act, Show, Sign
from modic_annotate.session.draft import Draft
from modic_annotate.session.entries import (
    ActsLine,
    Driver,
    JournalEntry,
    Signing,
    is_scripted,
)
from modic_annotate.session.holder import holder_note
from modic_annotate.session.journal import Journal
from modic_annotate.session.opening import Terms, begin, may_follow
from modic_annotate.session.place import Place, check_images, present_series
from modic_annotate.session.reduce.step import Context
from modic_annotate.session.replay import Opened, is_signed, replay
from modic_annotate.session.seal import seal, signing_facts
from modic_annotate.session.view import SessionView
from modic_annotate.store.passphrase import is_passphrase
from modic_annotate.store.workspace import Workspace

USUAL = Terms()
LOOK_ONLY = "This reading is open to look at only; open it to read"


class ReadingSession(SessionView):
    """One reader's reading of one record's MRI, held open by this process alone.

    Every act is on the disk before it is visible. Make one with `start`, `resume`, `look` or
    `open_session`; close it when done (it is a context manager).
    """

    changed = Signal(object, object, object)
    """Emitted after each act: draft before, draft after, act."""

    def __init__(self, place: Place, terms: Terms, opened: Opened, held: ExitStack | None) -> None:
        self._place = place
        self._terms = terms
        self._journal = opened.journal
        self._history = opened.history
        self._context = opened.context
        self._base_scripted = opened.base_scripted
        self._held = held
        self._authenticated = False
        self._why_not = LOOK_ONLY

    @classmethod
    def start(
        cls, ws: Workspace, record_id: str, reader_id: str, terms: Terms = USUAL
    ) -> ReadingSession:
        """Begin a reading, or with ``terms.amends`` an amendment.

        Raises
        ------
        DraftInUseError
            Another process reads this record as this reader.
        AlreadyExistsError
            A draft is open; it goes on, it is not begun again.
        ReadingSignedError
            The last reading is signed and no amendment was asked for.
        UnknownRecordError, UnknownReaderError
            There is no such record, it has no images, or the reader is not registered.
        """
        place = Place.of(ws, record_id, reader_id)
        with _hold(place) as held:
            session = cls(place, terms, begin(place, terms), held)
            trail.note_start(ws.store, session.journal)
            session._held = held.pop_all()
        return session

    @classmethod
    def resume(
        cls, ws: Workspace, record_id: str, reader_id: str, terms: Terms = USUAL
    ) -> ReadingSession:
        """Go on with the reader's newest reading, exactly where it stood.

        A signed one is opened too, its sealing finished where that was cut off; it refuses acts.

        Raises
        ------
        DraftInUseError
            Another process reads this record as this reader.
        UnknownRecordError
            No reading was begun.
        RecordMismatchError
            The images are no longer those the reading began with.
        """
        place = Place.of(ws, record_id, reader_id)
        with _hold(place) as held:
            journal = _need(place.latest(repair=True), place)
            if not is_signed(journal):
                check_images(place, journal)
            session = cls(place, terms, replay(ws, journal), held)
            session._catch_up()
            session._held = held.pop_all()
        return session

    @classmethod
    def look(
        cls,
        ws: Workspace,
        record_id: str,
        reader_id: str,
        reading_id: str | None = None,
        why: str = "",
    ) -> ReadingSession:
        """Open a reading read-only, beside whoever holds it; it refuses acts, saying `why`."""
        place = Place.of(ws, record_id, reader_id)
        journal = place.latest() if reading_id is None else place.read(reading_id)
        session = cls(place, USUAL, replay(ws, _need(journal, place)), held=None)
        session._why_not = why or LOOK_ONLY
        return session

    def act(self, act: Act, origin: Origin, acts_line: ActsLine | None = None) -> Draft:
        """Make one act: refused, or durable and then visible.

        Parameters
        ----------
        act
            What is done.
        origin
            How it came about.
        acts_line
            The line of an acts file it was read from.

        Returns
        -------
        Draft
            The state after it.

        Raises
        ------
        ActRefusedError, IncompleteReadingError, ReadingSignedError
            It is not allowed now; nothing was written.
        RecordError
            It could not be written (a full disk) and the state is as before; or, where the state
            shows the act, what follows from it is finished when the reading is opened again.
        """
        if self._held is None:
            raise ActRefusedError(self._why_not)
        entry = self._entry(act, origin, acts_line)
        context = dataclasses.replace(self._context, scripted=is_scripted(entry))
        before = self.state
        after = self._history.preview(act, origin, entry.at, context)
        if isinstance(act, Sign):
            entry = entry.replace(signing=self._signing(entry))
        self._journal.append(entry)
        self._history.commit(act, after)
        try:
            trail.note_acts(self._place.ws.store, self._journal, [entry])
            self._finish_sealing()
        finally:  # the act stands even where its consequences must wait for the next opening
            self.changed.emit(before, after, act)
        return after

    def show(self, role: SeriesRole, slices: tuple[int, ...], origin: Origin) -> None:
        """Report slices as shown, unless nothing is new or the reading is closed."""
        used = self.series_in(role)
        if used is None or self.state.is_closed or self._held is None:
            return
        if not set(slices) - set(used.not_acquired) <= self.state.shown.get(
            slots.key_of(used), frozenset()
        ):
            self.act(Show(role=role, slices=slices), origin)

    def authenticate(self, passphrase: str) -> None:
        """Check the reader's passphrase; the signature is then of class electronic.

        Raises
        ------
        ActRefusedError
            It is not the reader's passphrase, or none is set.
        """
        kept = self._place.reader.passphrase
        if kept is None or not is_passphrase(passphrase, kept):
            raise ActRefusedError(
                f"This is not the passphrase of reader {self._place.reader.id}; try again"
            )
        self._authenticated = True

    def close(self) -> None:
        """Let go of the reading; it goes on with `resume`."""
        if self._held is not None:
            self._held.close()
            self._held = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def is_held(self) -> bool:
        """Whether this process holds the reading; only then does it take acts."""
        return self._held is not None

    @property
    def is_timed(self) -> bool:
        """Whether a person reads here, whose attention to each endplate is worth noting."""
        return self.is_held and self._terms.driven_by == "person"

    @property
    def why_not(self) -> str:
        """Why a reading that is not held takes no act, in one sentence."""
        return self._why_not

    @property
    def is_scripted(self) -> bool:
        """Whether any act so far, or the reading this one amends, came from an acts file."""
        return self._base_scripted or self._journal.is_scripted

    def _entry(self, act: Act, origin: Origin, acts_line: ActsLine | None) -> JournalEntry:
        entry = self._journal.next_entry(act, origin, self._terms.clock())
        driver: Driver = "acts_file" if acts_line else self._terms.driven_by
        return entry.replace(
            driver=driver,
            acts_sha256=acts_line.sha256 if acts_line else None,
            acts_line=acts_line.number if acts_line else None,
        )

    def _signing(self, entry: JournalEntry) -> Signing:
        reader = self._place.reader
        scripted = self.is_scripted or is_scripted(entry)
        if reader.passphrase is not None and not (self._authenticated or scripted):
            raise ActRefusedError(f"Reader {reader.id} signs with a passphrase; give it first")
        return signing_facts(reader, entry.at, scripted=scripted, authenticated=self._authenticated)

    def _catch_up(self) -> None:
        """Finish what a crash may have cut off after the journal was written."""
        store = self._place.ws.store
        trail.note_start(store, self._journal)
        trail.note_acts(store, self._journal, self._journal.entries)
        self._finish_sealing()

    def _finish_sealing(self) -> None:
        if self.state.signed:
            context = Context(self.protocol, self._context.series, scripted=self.is_scripted)
            seal(self._place.ws, self._journal, self.state, context)


def open_session(
    ws: Workspace, record_id: str, reader_id: str, terms: Terms = USUAL
) -> ReadingSession:
    """Go on with the reader's newest reading, or begin the first one.

    A case that was returned to the site begins anew once other images are linked.
    """
    place = Place.of(ws, record_id, reader_id)
    newest = place.latest()
    if newest is None or terms.amends or may_follow(newest, present_series(place)):
        return ReadingSession.start(ws, record_id, reader_id, terms)
    return ReadingSession.resume(ws, record_id, reader_id, terms)


def _hold(place: Place) -> ExitStack:
    held = ExitStack()
    name = keys.lock_name(place.record_id, place.reader.id)
    held.enter_context(place.ws.store.lock(name, note=holder_note()))
    return held


def _need(journal: Journal | None, place: Place) -> Journal:
    if journal is None:
        raise UnknownRecordError(
            f"Reader {place.reader.id} has begun no such reading of record {place.record_id}"
        )
    return journal
