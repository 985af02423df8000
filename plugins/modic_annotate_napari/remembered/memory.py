"""The memory of a room: brings back how a case was left, and writes down how it stands.

It looks twice a second instead of being told, so that a scroll step costs nothing more; what it
finds is on the disk a second or two later, and at once when the room closes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from modic_annotate.session.acts import Show
from modic_annotate.session.session import ReadingSession
from modic_annotate_napari.desk.desk import Desk
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.qt import QObject, QTimer
from modic_annotate_napari.remembered.files import ViewFiles
from modic_annotate_napari.remembered.records import CaseView, Layout
from modic_annotate_napari.remembered.shown import (
    mark_of,
    plane_beside,
    series_views,
    show_again,
)

if TYPE_CHECKING:
    from modic_annotate_napari.room import Room

LOOK_EVERY_MS = 500
NEEDS_NUMBERING = (Step.ENDPLATES, Step.REVIEW, Step.SIGN)
MARKS_HIDDEN = "Marks are hidden, as you left them; h shows them"


class Memory(QObject):
    """Remembers one room's view for its reader."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        case = room.case
        self._files = ViewFiles(case.workspace.store, case.record_id, case.reader.id)
        self._said = 0
        self._layout = self._files.layout() or Layout()
        self._seen: tuple[CaseView, Layout] | None = None
        self._restore()
        self._kept = self._now()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Keep what changed once it stood still for one look, or after two at the latest."""
        now = self._now()
        if now == self._kept:
            self._seen = None
        elif self._seen is None:
            self._seen = now
        else:
            self._keep(now)

    def close(self) -> None:
        """Keep the view as it is and look no more; safe to call twice."""
        if self._timer.isActive():
            self._timer.stop()
            self._keep(self._now())

    def _keep(self, now: tuple[CaseView, Layout]) -> None:
        self._kept, self._seen = now, None
        self._files.keep(*now)
        self._tell()

    def _tell(self) -> None:
        """Say what could not be remembered, once."""
        new = self._files.problems[self._said :]
        self._said = len(self._files.problems)
        if new:
            self._room.warn(new[-1])

    # what there is

    def _now(self) -> tuple[CaseView, Layout]:
        room = self._room
        desk, canvases = room.desk, room.canvases
        beside = canvases.extra
        case = CaseView(
            acts=acts_of(room.session),
            step=desk.step,
            endplate=None if desk.active is None else str(desk.active),
            beside=None if beside is None else mark_of(beside),
            series=series_views(canvases),
        )
        layout = Layout(
            shares=canvases.shares_kept,
            smooth=canvases.smooth,
            marks=canvases.marks_on,
            beside=plane_beside(canvases),
        )
        return case, layout

    # what there was

    def _restore(self) -> None:
        room, case = self._room, self._files.case()
        canvases, layout = room.canvases, self._layout
        if layout.smooth != canvases.smooth:
            canvases.toggle_smooth()
        if layout.marks != canvases.marks_on:
            canvases.toggle_marks()
            room.desk.say(MARKS_HIDDEN)
        canvases.keep_shares(layout.shares)
        self._call_up(case)
        if case is not None:
            show_again(canvases, case.series)
            go_back(room.desk, case)
        self._tell()

    def _call_up(self, case: CaseView | None) -> None:
        """Show the series that was beside the others: the case's own, or one of its plane."""
        canvases, plane = self._room.canvases, self._layout.beside
        shown = [used for used, _ in canvases.panels]
        others = [used for used in self._room.session.series if used not in shown]
        if case is not None:
            wanted = [used for used in others if mark_of(used) == case.beside]
        else:
            wanted = [used for used in others if plane is not None and used.plane == plane]
        if wanted:
            canvases.show_extra(wanted[0])


def acts_of(session: ReadingSession) -> int:
    """Return how many acts a journal holds, slices shown not counted."""
    return sum(not isinstance(entry.act, Show) for entry in session.journal.entries)


def go_back(desk: Desk, case: CaseView) -> None:
    """Turn to the step and endplate a case was left at, unless the reading went on since."""
    draft = desk.session.state
    moved_on = acts_of(desk.session) != case.acts or draft.is_closed
    locked = case.step in NEEDS_NUMBERING and draft.numbering.signed_at is None
    if moved_on or locked:
        return
    desk.go(case.step)
    active = next((e for e in desk.session.scope if str(e) == case.endplate), None)
    if active is not None:
        desk.activate(active)
