"""Linking series of another frame of reference by hand, among the canvases of a room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.series import SeriesUsed
from modic_annotate_napari.canvas.marks import Marks
from modic_annotate_napari.canvas.nudge import moved
from modic_annotate_napari.canvas.series_panel import SeriesPanel
from modic_annotate_napari.desk.prompts import Prompt
from modic_annotate_napari.images import Key

if TYPE_CHECKING:
    from modic_annotate_napari.canvases import Canvases
    from modic_annotate_napari.room import Room

WAYS = {
    "Left": "left",
    "Right": "right",
    "Up": "up",
    "Down": "down",
    "PgUp": "back",
    "PgDown": "on",
}
"""Which way a key moves the image."""

ONE_FRAME = "Every series shown is of one frame of reference and linked by it"


def key_of(used: SeriesUsed) -> Key:
    """Return what names a series' stack."""
    return used.series_uid, used.stack


class HandLink:
    """How far series of another frame are moved; kept while their canvases come and go."""

    def __init__(self, canvases: Canvases) -> None:
        self._canvases = canvases
        self.shifts: dict[Key, PointLps] = {}
        """In LPS mm, by series."""

    def of_panels(self) -> dict[SeriesPanel, PointLps]:
        """Return the moves of the series shown."""
        shifts = self.shifts
        return {p: shifts[key_of(u)] for u, p in self._canvases.panels if key_of(u) in shifts}

    def nudge(self, direction: str | None) -> None:
        """Move the series of another frame one step and link it by hand, or let it go.

        Parameters
        ----------
        direction
            A key of `canvas.nudge.DIRECTIONS`; None takes the link away.
        """
        found = self.stranger()
        if found is None:
            return
        used, panel = found
        if direction is None:
            self.shifts.pop(key_of(used), None)
        else:
            so_far = self.shifts.get(key_of(used))
            self.shifts[key_of(used)] = moved(so_far, direction, panel.display)
        self._canvases.relink()

    def words(self) -> str | None:
        """Return how the series of another frame is linked; None where there is none."""
        found = self.stranger()
        return None if found is None else found[1].title.warning

    def stranger(self) -> tuple[SeriesUsed, SeriesPanel] | None:
        """Return the series of another frame under the pointer, else the first one."""
        (_, leader), *rest = self._canvases.panels
        own = leader.series.frame_of_reference_uid
        others = [
            (used, panel)
            for used, panel in rest
            if own is None or panel.series.frame_of_reference_uid != own
        ]
        on = self._canvases.pointer.on
        return on if on in others else next(iter(others), None)

    def marks_on(self, panel: SeriesPanel, marks: Marks) -> Marks:
        """Return marks where they lie in a panel's own frame; none where nobody knows."""
        frame = marks.frame_of_reference_uid
        if frame in (None, panel.series.frame_of_reference_uid):
            return marks
        link = self._canvases.link
        shift = link.by_hand.get(panel)
        if shift is None or frame != link.leader.series.frame_of_reference_uid:
            return Marks()
        return marks.moved((-shift[0], -shift[1], -shift[2]))


@dataclass
class LinkPrompt(Prompt):
    """Arrows move the series of another frame; what it is linked by is said all the while."""

    link: HandLink | None = None
    named_keys = frozenset((*WAYS, "Delete", "Enter"))

    @property
    def hint(self) -> str:
        """How it is linked now, and the keys of the moves."""
        words = ONE_FRAME if self.link is None else self.link.words() or ONE_FRAME
        return (
            f"{words}   Left Right Up Down 1 mm in the slice   "
            "PgUp PgDown 1 mm through the slices   Delete takes the link away   Enter leaves it so"
        )

    def key(self, key: str) -> str | None:
        """Move, let go, or leave; every other key keeps its meaning."""
        if self.link is None or key not in self.named_keys:
            return None
        if key == "Enter":
            self.finished = True
        else:
            self.link.nudge(WAYS.get(key))
        return ""


def ask_link(room: Room) -> str:
    """Open the question of where a series of another frame lies; say where there is none."""
    link = room.canvases.hand_link
    found = link.stranger()
    if found is None:
        return ONE_FRAME
    room.desk.ask(LinkPrompt(f"{found[1].title.name}, by hand", link=link))
    return ""
