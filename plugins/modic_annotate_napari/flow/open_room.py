"""A room on the screen, and the way from its case to another one in the same window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from modic_annotate.domain.reading import Purpose
from modic_annotate.errors import DraftInUseError, ModicAnnotateError
from modic_annotate.garbage import uncollected
from modic_annotate.session.holder import held_words
from modic_annotate.session.opening import Terms
from modic_annotate.session.session import ReadingSession, open_session
from modic_annotate.store.workspace import Workspace
from modic_annotate_napari.canvases import Canvases, first_series
from modic_annotate_napari.case import Case
from modic_annotate_napari.flow.ahead import Ahead, Loaded
from modic_annotate_napari.flow.spare import Spare
from modic_annotate_napari.host import Host
from modic_annotate_napari.images import CaseImages
from modic_annotate_napari.keymap import KeyMap
from modic_annotate_napari.qt import QApplication, QTimer
from modic_annotate_napari.room import Room

LOOK_AHEAD_AFTER_MS = 1500
"""How long a case stands on the screen before the next one is loaded behind it."""

LET_GO_AFTER_MS = 50
"""How long after the switch the canvases of the case before are closed."""

ALL_READ = "Nothing is left to read; the window may be closed"


@dataclass(frozen=True)
class Begun:
    """A case with its reading, not on the screen yet."""

    case: Case
    session: ReadingSession


@dataclass(frozen=True)
class Opener:
    """Opens cases of one workspace for one reader."""

    workspace: Path
    reader_id: str
    keymap: KeyMap
    driven_by: Literal["person", "acts_file"] = "person"
    purpose: Purpose = Purpose.ELIGIBILITY

    def begin(
        self, record_id: str, ready: CaseImages | None = None, amends: tuple[str, str] | None = None
    ) -> Begun:
        """Open a case's reading; where another window holds it, a look at it.

        Parameters
        ----------
        record_id
            The case.
        ready
            Its images where they are loaded already.
        amends
            The signed reading to amend, and why.

        Raises
        ------
        ModicAnnotateError
            The case cannot be opened; nothing is held.
        """
        reading_id, reason = amends or (None, None)
        terms = Terms(
            driven_by=self.driven_by, purpose=self.purpose, amends=reading_id, reason=reason
        )
        ws = Workspace.open(self.workspace)
        case = Case(ws, ws.resolve(record_id), ws.reader(self.reader_id), ready)
        place = (ws, case.record_id, case.reader.id)
        try:
            session = open_session(*place, terms)
        except DraftInUseError:
            if self.driven_by != "person":
                raise
            session = ReadingSession.look(*place, why=held_words(*place))
        return Begun(case, session)

    def room(self, begun: Begun, canvases: Canvases | None = None) -> Room:
        """Build the room of a case, around canvases that were made ahead where there are any.

        Where that fails its reading is let go of.
        """
        try:
            remembers = self.driven_by == "person" and begun.session.is_held
            return Room(
                begun.session, begun.case, self.keymap, remembers=remembers, canvases=canvases
            )
        except BaseException:
            begun.session.close()
            if canvases is not None:
                canvases.dispose()
            raise


class OpenRoom:
    """A room on the screen; `room` is the present case's, another after each switch.

    `open_next`, `open_case`, `look_again` and `amend` are what keys and the list of cases do.
    `finish` waits until the next case is ready, for those who measure the switch.
    """

    def __init__(self, host: Host, room: Room, opener: Opener, own_title: bool) -> None:
        self.host, self.room, self.opener = host, room, opener
        self._own_title = own_title
        self._leaving: list[Room] = []
        self.ahead = Ahead(opener.workspace, opener.reader_id, self._listed, self._loaded)
        self._spare = Spare(host.central)
        self._wait = QTimer(host)
        self._wait.setSingleShot(True)
        self._wait.setInterval(LOOK_AHEAD_AFTER_MS)
        self._wait.timeout.connect(self._look_ahead)
        host.disposed.connect(self._closed)
        self._attend(room)

    # what keys and the list do

    def open_next(self) -> str | None:
        """Open the next unfinished case and return its id; None, and a sentence, where all is done.

        Raises
        ------
        ModicAnnotateError
            It cannot be opened; the present case stays.
        """
        record_id = self.ahead.next(self.room.case.record_id)
        if record_id is None:
            self.room.desk.say(ALL_READ)
            return None
        self.open_case(record_id)
        return record_id

    def open_case(self, record_id: str) -> None:
        """Open another case in this window; errors as in `open_next`."""
        if record_id != self.room.case.record_id or self.room.session.state.is_closed:
            with uncollected():  # it takes a fifth of the time of a switch
                self._enter(self.opener.begin(record_id, self.ahead.take(record_id)))

    def look_again(self) -> None:
        """Show the latest state of a reading that is held elsewhere; take it over where it is not.

        Nothing happens in a room that holds its reading.
        """
        if not self.room.session.is_held:
            case = self.room.case
            self._enter(self.opener.begin(case.record_id, case.images))

    def amend(self, reason: str) -> None:
        """Begin an amendment of the signed reading on the screen."""
        room = self.room
        amends = room.session.journal.header.reading_id, reason
        room.session.close()
        self._enter(self.opener.begin(room.case.record_id, room.case.images, amends))

    def close(self) -> None:
        """Journal what was seen and close the window."""
        self.host.close()

    # how

    def _enter(self, begun: Begun) -> None:
        ready = self._spare.take(begun.case.ready, first_series(begun.session.series))
        before, room = self.room, self.opener.room(begun, ready)
        before.save()
        room.side.fit(before.width())  # as wide as it will be, so that no canvas draws twice
        try:
            self.host.swap(room, room)
        except BaseException:
            room.dispose()
            raise
        self.room = room
        if self._own_title:
            self.host.viewer.title = title_of(room.case.record_id)
        self._attend(room)
        before.leave()
        self._leaving.append(before)
        QTimer.singleShot(LET_GO_AFTER_MS, self.host, self._let_go)

    def _let_go(self) -> None:
        """Close rooms that are off the screen; their canvases take as long as a case to open."""
        while self._leaving:
            room = self._leaving.pop()
            room.dispose()
            room.setParent(None)
            room.deleteLater()

    def _attend(self, room: Room) -> None:
        room.wished.connect(self._wished)
        room.cases.list.chosen.connect(lambda record_id: self._later(self.open_case, record_id))
        room.session.changed.connect(self._changed)
        self._wait.start()
        self._listed()

    def _wished(self, what: str, text: str) -> None:
        wishes: dict[str, Callable[..., object]] = {
            "next": self.open_next,
            "again": self.look_again,
            "amend": self.amend,
        }
        self._later(wishes[what], *([text] if text else []))

    def _later(self, run: Callable[..., object], *arguments: str) -> None:
        """Do it once the key that asked for it is done with; say in the footer why not."""

        def do() -> None:
            if self.host.closed:
                return
            try:
                run(*arguments)
            except ModicAnnotateError as error:
                self.room.warn(str(error))

        QTimer.singleShot(0, self.host, do)

    def _changed(self, before: object, after: object, act: object) -> None:
        if self.room.session.state.is_closed:
            self._look_ahead()

    def _look_ahead(self) -> None:
        if self.opener.driven_by == "person":
            self.ahead.look(self.room.case.record_id)

    def finish(self) -> None:
        """Look for the next case and wait until its images and canvases are ready."""
        self.ahead.look(self.room.case.record_id)
        self.ahead.finish()
        QApplication.processEvents()
        self._spare.finish()

    def _loaded(self, loaded: Loaded) -> None:
        self._spare.prepare(loaded, lambda: self.room.canvases)

    def _listed(self) -> None:
        self.room.cases.show(self.ahead.items)

    def _closed(self) -> None:
        self._wait.stop()
        self._let_go()
        self.ahead.close()
        self._spare.drop()


def title_of(record_id: str) -> str:
    """Return a window's title: the case by its id alone."""
    return f"modic-annotate - case {record_id}"
