"""What keys do to the grey window of the canvas under the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modic_annotate.domain.base import PointLps
from modic_annotate_napari.canvas.marks import Marks
from modic_annotate_napari.canvas.series_panel import SeriesPanel
from modic_annotate_napari.canvas.window import Window, WindowError, typed
from modic_annotate_napari.desk.prompts import TextPrompt

if TYPE_CHECKING:
    from modic_annotate_napari.room import Room

ASKED = "window, centre and width"


def next_preset(room: Room) -> str:
    """Take the next preset; say its name."""
    panel = room.canvases.panel_under
    if panel is None:
        return ""
    name = panel.next_preset(_bodies(room, panel))
    return f"{panel.title.name}: window {name}"


def _bodies(room: Room, panel: SeriesPanel) -> tuple[PointLps, ...]:
    """Return the placed centres in a panel's own frame."""
    numbering = room.session.state.numbering
    centres = tuple((b.vertebra, b.centroid_lps_mm) for b in numbering.bodies)
    marks = Marks(centres=centres, frame_of_reference_uid=numbering.frame_of_reference_uid)
    return tuple(at for _, at in room.canvases.hand_link.marks_on(panel, marks).centres)


def reset(room: Room) -> str:
    """Take the window the images ask for."""
    panel = room.canvases.panel_under
    if panel is None:
        return ""
    panel.reset_window()
    whose = "as the images ask" if panel.volume.window else "from the values; the images ask none"
    return f"{panel.title.name}: window {whose}"


def ask(room: Room) -> str:
    """Ask for centre and width as text."""
    panel = room.canvases.panel_under
    if panel is not None:
        _ask(room, panel, _plain(panel.window_level))
    return ""


def _ask(room: Room, panel: SeriesPanel, text: str) -> None:
    def answer(said: str) -> None:
        try:
            window = typed(said)
        except WindowError:
            _ask(room, panel, said)
            raise
        panel.set_window(window.centre, window.width)
        room.desk.say(f"{panel.title.name}: {window.text}")

    title = f"{panel.title.name} {ASKED}"
    room.desk.ask(TextPrompt(title, text=text, answer=answer, required=True))


def _plain(window: Window) -> str:
    digits = 0 if window.width >= 10 else 2  # noqa: PLR2004 - as the title has them
    return f"{window.centre:.{digits}f} {window.width:.{digits}f}"
