"""The attention of one room's reader: what stirs it, and when it is journalled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.spine import Endplate
from modic_annotate.session.acts import Act, Attend, CannotRead, Grade, Sign, TypeUndetermined
from modic_annotate_napari.attention import Attention
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.qt import QEvent, QObject

if TYPE_CHECKING:
    from modic_annotate_napari.room import Room

GRADES = (Grade, TypeUndetermined, CannotRead)


class RoomAttention(QObject):
    """Follows the active endplate of a room; idle where nobody reads, or a file does."""

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self._room = room
        self.watch = Attention(in_view=room.desk.views.in_t1_view)
        self._on = room.session.is_timed
        if not self._on:
            return
        room.desk.changed.connect(self._follow)
        canvases = room.canvases
        for signal in (canvases.pointer.hovered, canvases.stepped, canvases.clicked):
            signal.connect(self.stir)
        room.installEventFilter(self)
        self._follow()

    def stir(self, *_: object) -> None:
        """Note that the reader did something."""
        if self._on:
            self.watch.stir()

    def before_act(self, act: Act) -> None:
        """Journal the attention an endplate had, ahead of its grade; all of it ahead of the end."""
        if not self._on or isinstance(act, Attend):
            return
        if isinstance(act, GRADES) and not self._is_read(act.endplate):
            self._write(self.watch.due_of(act.endplate))
        elif isinstance(act, Sign):
            self.watch.stir()
            self._write(self.watch.due())

    def leave(self) -> None:
        """Journal what is left; nothing is followed from here on."""
        if self._on:
            self._room.desk.changed.disconnect(self._follow)
            self.watch.turn(None)
            with self._room.desk.guarded():
                self._write(self.watch.due())
            self._on = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Rest while another window is the active one."""
        if self._on and event.type() == QEvent.Type.ActivationChange:
            if self._room.isActiveWindow():
                self.watch.stir()
            else:
                self.watch.pause()
        return False

    def _follow(self, *_: object) -> None:
        desk = self._room.desk
        here = desk.active if desk.step == Step.ENDPLATES else None
        if here != self.watch.active:
            self.watch.turn(here)
            with desk.guarded():
                self._write(self.watch.due(but=here))

    def _is_read(self, endplate: Endplate) -> bool:
        finding = self._room.session.state.findings.get(endplate)
        return finding is not None and finding.is_read

    def _write(self, due: tuple[Attend, ...]) -> None:
        session = self._room.session
        for act in due:
            if not session.state.is_closed and act.endplate in session.scope:
                session.act(act, Origin.KEY)
