"""``python -m tests.bench.room.steps CANVASES``: time single steps of an open room, as JSON.

Each figure is taken beside its peer, one after the other in the same process, so that whatever
else the machine does falls on both. A step ends when every canvas it touches has painted and the
window system has the frame.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from modic_annotate_napari.flow.open_room import OpenRoom
from modic_annotate_napari.qt import QApplication, QEvent, QKeyEvent, Qt, QWidget
from modic_annotate_napari.reading_room import ROOM
from modic_annotate_napari.replay.hands import Hands
from tests.bench.peers import bare_viewer_model, redrawn_canvases
from tests.bench.room import opening
from tests.bench.room.case import READER, RECORD, centres, make_case
from tests.bench.room.frames import Frames

STEPS, GRADES, OPENINGS = 120, 60, 20
WARMING_UP = 10
KEYS = {",": Qt.Key.Key_Comma, ".": Qt.Key.Key_Period, "Backspace": Qt.Key.Key_Backspace}
DIGITS = "0123"

Times = dict[str, list[float]]


class Steps:
    """One open room, numbered and with every slice seen, and the times of its steps in seconds."""

    def __init__(self, opened: OpenRoom) -> None:
        self.opened = opened
        self.room = opened.room
        self.hands = Hands(self.room)
        self.panels = [panel for _, panel in self.room.canvases.panels]
        self.canvases = [panel.canvas_widget for panel in self.panels]
        self.frames = Frames(self.canvases)
        self.overlays = [
            widget
            for canvas in self.canvases
            for widget in canvas.findChildren(QWidget)
            if widget.isVisible()
        ]
        self.frames.watch(self.overlays)
        self.times: Times = {}
        self._peers = [
            bare_viewer_model.stepper(p.volume.array, p.volume.grid.spacing_mm) for p in self.panels
        ]

    def prepare(self) -> None:
        """Number the spine and see every slice, so that all marks stand on the images."""
        self.hands.press("]")
        for centre in centres():
            self.hands.click(self.room.canvases.panels[0][0].role, centre)
        self.hands.press("g", "Enter")
        self.hands.see_everything()

    def note(self, name: str, seconds: float) -> None:
        """Keep a figure."""
        self.times.setdefault(name, []).append(seconds)

    def key(self, name: str) -> None:
        """Send one key to the window, as the window system does, and let it go."""
        code = KEYS.get(name, ord(name[0]))
        text = name if len(name) == 1 else ""
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, code, Qt.KeyboardModifier.NoModifier, text)
            QApplication.sendEvent(self.hands.window, event)

    def scroll(self, n: int) -> None:
        """Step through the slices and back, by wheel and by key in turn, beside the peers."""
        link, direction = self.room.canvases.link, 1
        for number in range(n):
            if not 0 <= link.stop + direction < len(link.stops):
                direction = -direction
            by_key = number % 2 == 1
            before = [panel.slice for panel in self.panels]
            logic, whole = self.frames.seconds(lambda d=direction, k=by_key: self._step(d, k))
            self.note("scroll_by_key" if by_key else "scroll_by_wheel", whole)
            self.note("scroll_logic", logic)
            self.redraw("scroll")
            self.images()
            self.peers([b != p.slice for b, p in zip(before, self.panels, strict=True)])

    def _step(self, direction: int, by_key: bool) -> list[QWidget]:
        before = [panel.slice for panel in self.panels]
        if by_key:
            self.key("." if direction > 0 else ",")
        else:
            self.hands.wheel(self.panels[0], direction)
        moved = zip(before, self.panels, strict=True)
        return [panel.canvas_widget for was, panel in moved if panel.slice != was]

    def redraw(self, beside: str) -> None:
        """Paint the canvases and their overlays again as they stand."""
        _, whole = self.frames.seconds(lambda: redrawn_canvases.ask(self.canvases))
        self.note(f"redraw_beside_{beside}", whole)

    def images(self) -> None:
        """Paint the canvases again with nothing over them."""
        for overlay in self.overlays:
            overlay.hide()
        _, whole = self.frames.seconds(lambda: redrawn_canvases.ask(self.canvases))
        for overlay in self.overlays:
            overlay.show()
        self.note("images", whole)

    def peers(self, moved: list[bool]) -> None:
        """Step one bare viewer model for each canvas that moved."""
        self.frames.settle()
        start = time.perf_counter()
        for panel, stepper, has_moved in zip(self.panels, self._peers, moved, strict=True):
            if has_moved:
                stepper(panel.slice)
        self.note("viewer_models", time.perf_counter() - start)

    def grade(self, n: int) -> None:
        """Grade, take it back, and redraw, in turn."""
        for number in range(n):
            digit = DIGITS[number % len(DIGITS)]
            self.frames.settle()
            logic, whole = self.frames.seconds(lambda d=digit: self._press(d))
            self.note("grade", whole)
            self.note("grade_logic", logic)
            assert len(self.room.session.state.open_endplates) < len(self.room.session.scope)
            self.hands.press("Backspace")
            self.redraw("grade")

    def _press(self, key: str) -> list[QWidget]:
        self.key(key)
        return self.overlays


def measured(workspace: Path) -> Times:
    """Open the room on the case and time its steps, then how other cases open in its window."""
    opened = ROOM.build(workspace, RECORD, READER)
    steps = Steps(opened)
    steps.frames.wait()
    steps.prepare()
    gc.collect()
    steps.scroll(WARMING_UP)
    steps.grade(len(DIGITS))
    steps.times.clear()
    steps.scroll(STEPS)
    steps.grade(GRADES)
    steps.times["open_prefetched"] = opening.measured(opened, OPENINGS)
    opened.close()
    return steps.times


def main(arguments: list[str]) -> int:
    """Print the times of one run, with so many canvases."""
    (canvases,) = map(int, arguments)
    with tempfile.TemporaryDirectory(prefix="modic-annotate-bench-") as name:
        folder = Path(name)
        os.environ["NAPARI_CONFIG"] = str(folder / "settings.yaml")
        sys.stdout.write(json.dumps(measured(make_case(folder / "ws", canvases))) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
