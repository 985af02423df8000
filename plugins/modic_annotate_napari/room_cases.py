"""The list of cases over a room: what it shows, and the keys it takes while it is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modic_annotate.conduct.worklist import WorkItem
from modic_annotate_napari.keymap import Press
from modic_annotate_napari.present import cases
from modic_annotate_napari.widgets.case_list import CASE_KEYS, CaseList

if TYPE_CHECKING:
    from modic_annotate_napari.room import Room


class RoomCases:
    """The reader's cases as one room shows them."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.list = CaseList(room)
        self.items: tuple[WorkItem, ...] | None = None
        """The cases as far as they are known; None before they were looked at."""

    def open(self) -> None:
        """Show the list over the room, until a case is chosen or the list is left."""
        room = self._room
        if room.desk.prompt is not None:
            room.desk.say("Answer the open question first, or leave it (Escape)", refused=True)
            return
        rows = cases.rows(self.items or (), room.case, room.session)
        self.list.open(cases.heading(room.case, self.items), rows)

    def show(self, items: tuple[WorkItem, ...] | None) -> None:
        """Take over the cases as they are now."""
        self.items = items
        if self.list.isVisible():
            self.open()
        self._room.redraw()

    def take(self, press: Press) -> bool:
        """Offer a key to the list; say whether it was open and took it."""
        if not self.list.isVisible():
            return False
        self.list.press(press)
        return True

    def wants(self, key: str) -> bool:
        """Return whether a key is the list's now."""
        return self.list.isVisible() and key in CASE_KEYS

    def fit(self) -> None:
        """Cover the room again after it took another size."""
        if self.list.isVisible():
            self.list.setGeometry(self._room.rect())
