"""The room's canvases and sheets as the desk asks for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.series import Plane, SeriesRole
from modic_annotate.domain.spine import Endplate
from modic_annotate.errors import ActRefusedError
from modic_annotate_napari import window_views
from modic_annotate_napari.call_up import call_up
from modic_annotate_napari.hand_link import ask_link
from modic_annotate_napari.present.definitions import RULES, definitions
from modic_annotate_napari.present.sheets import key_table
from modic_annotate_napari.report_clip import copy_wording

if TYPE_CHECKING:
    from modic_annotate_napari.room import Room


class RoomViews:
    """Implements the desk's `Views` on a room."""

    def __init__(self, room: Room) -> None:
        self._room = room
        canvases = room.canvases
        self._commands: dict[str, Callable[[], str]] = {
            "slice.previous": lambda: self._step(-1),
            "slice.next": lambda: self._step(1),
            "marks.lines": self._lines,
            "marks.hide": lambda: "Marks shown" if canvases.toggle_marks() else "Marks hidden",
            "pixels": lambda: "Smooth display" if canvases.toggle_smooth() else "Plain pixels",
            "window.preset": lambda: window_views.next_preset(room),
            "window.type": lambda: window_views.ask(room),
            "window.reset": lambda: window_views.reset(room),
            "view.reset": self._reset,
            "beside.previous": lambda: self._step_beside(-1),
            "beside.next": lambda: self._step_beside(1),
            "link.by_hand": lambda: ask_link(room),
            "others": lambda: call_up(room, lambda s: s.plane != Plane.AXIAL, "other series"),
            "axial": lambda: call_up(room, lambda s: s.plane == Plane.AXIAL, "axial series"),
            "help": self._help,
            "definition": self._definition,
            "cases": self._cases,
            "case.next": lambda: self._wish("next"),
            "case.again": lambda: self._wish("again"),
            "wording": lambda: copy_wording(room),
            "page.up": lambda: self._scroll(-1),
            "page.down": lambda: self._scroll(1),
        }

    def in_t1_view(self, endplate: Endplate) -> bool:
        """Whether an endplate lies inside the T1 canvas; the leading one where there is no T1."""
        canvases = self._room.canvases
        there = canvases.panel(SeriesRole.SAG_T1) is not None
        role = SeriesRole.SAG_T1 if there else canvases.panels[0][0].role
        return canvases.holds(role, self._room.session.lines, endplate)

    def hand(self) -> SeriesRole:
        """Return the slot whose canvas the pointer was on last."""
        return self._room.canvases.hand()

    def point_shown(self, role: SeriesRole, near: PointLps | None) -> PointLps | None:
        """Return a point on the slice a slot shows, near another."""
        return self._room.canvases.point_shown(role, near)

    def instance_shown(self, role: SeriesRole) -> str | None:
        """Return the SOP instance a slot shows."""
        return self._room.canvases.instance_shown(role)

    def pixels(self, role: SeriesRole, slice_index: int) -> NDArray[Any]:
        """Return the grey values of a slice of a slot, axes (row, column)."""
        panel = self._room.canvases.panel(role)
        if panel is None:
            raise ActRefusedError(f"No canvas shows {role}; there is nothing to grow on")
        return np.asarray(panel.volume.array[slice_index])

    def grey_width(self, role: SeriesRole) -> float:
        """Return the width of the grey window a slot's images ask for."""
        panel = self._room.canvases.panel(role)
        return 1.0 if panel is None else panel.first_window.width

    def command(self, name: str) -> str:
        """Do something to the view alone; return what to say."""
        return self._commands[name]()

    def amend(self, reason: str) -> None:
        """Begin an amendment of the signed reading that is shown."""
        self._wish("amend", reason)

    def _wish(self, what: str, text: str = "") -> str:
        self._room.wished.emit(what, text)
        return ""

    def _cases(self) -> str:
        self._room.cases.open()
        return ""

    def _step(self, direction: int) -> str:
        self._room.canvases.step(direction)
        return ""

    def _scroll(self, direction: int) -> str:
        self._room.page.scroll_by(direction)
        return ""

    def _lines(self) -> str:
        self._room.canvases.show_lines(True)
        return ""

    def _step_beside(self, direction: int) -> str:
        there = self._room.canvases.step_beside(direction)
        return "" if there else "No series is shown beside; x or o calls one up"

    def _reset(self) -> str:
        self._room.canvases.reset_view()
        return ""

    def _help(self) -> str:
        sheet = self._room.sheet
        if sheet.isVisible():
            sheet.hide()
        else:
            desk = self._room.desk
            sheet.show_sections(key_table(desk.keymap, desk.scope))
        return ""

    def _definition(self) -> str:
        self._room.sheet.show_definitions(definitions(self._room.desk), RULES)
        return ""
