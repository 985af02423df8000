"""What reaches a window, counted, and where things stand on its screen, in a file."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

from modic_annotate_napari.flow.open_room import OpenRoom
from modic_annotate_napari.qt import QApplication, QEvent, QKeyEvent, QObject, Qt, QTimer

MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta)


class Watch(QObject):
    """Counts what reaches the window and tells how the room stands.

    Parameters
    ----------
    opened
        The room on the screen.
    status
        The file that is kept up to date; it is replaced whole.
    """

    def __init__(self, opened: OpenRoom, status: Path) -> None:
        super().__init__()
        self._room, self._window = opened.room, opened.host.window
        self._status = status
        self._counts: Counter[str] = Counter()
        self._first_image_at: float | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.write)
        self._room.canvases.painted.connect(self._painted)
        self._room.session.changed.connect(self._changed)
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Count what comes from outside, where it enters: at the window."""
        if event.spontaneous() and watched is self._window.windowHandle():
            kind = self._kind(event)
            if kind is not None:
                self._counts[kind] += 1
                self._soon.start()
        return False

    def _kind(self, event: QEvent) -> str | None:
        if event.type() == QEvent.Type.Wheel:
            return "wheel"
        if event.type() == QEvent.Type.MouseButtonPress:
            return "clicks"
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return None
        if event.isAutoRepeat():
            return "repeats"
        secret = getattr(self._room.desk.prompt, "secret", False)
        return "secret" if secret else "shifts" if event.key() in MODIFIERS else "keys"

    def _changed(self, *_: object) -> None:
        self._soon.start()

    def _painted(self, *_: object) -> None:
        if self._first_image_at is None:
            self._first_image_at = time.monotonic()
            self.write()
        self._soon.start()

    def write(self) -> None:
        """Write how things stand now."""
        room = self._room
        told = {
            "counts": self._counts,
            "first_image_at": self._first_image_at,
            "step": room.desk.step,
            "said": room.desk.message.text,
            "scope": [str(endplate) for endplate in room.session.scope],
            "active": str(room.desk.active),
            "asked": room.desk.prompt.row if room.desk.prompt else "",
            "n_acts": len(room.session.journal.entries),
            "signed": room.session.state.signed,
            "stop": room.canvases.link.stop,
            "n_stops": len(room.canvases.link.stops),
            "panels": {used.role: self._panel(used.role, panel) for used, panel in self._panels},
        }
        new = self._status.with_suffix(".new")
        new.write_text(json.dumps(told), "utf-8")
        new.replace(self._status)

    @property
    def _panels(self) -> list[Any]:
        canvases = self._room.canvases
        return [pair for pair in canvases.panels if pair[0] is not canvases.extra]

    def _panel(self, role: Any, panel: Any) -> dict[str, Any]:
        corner = panel.canvas_widget.mapToGlobal(panel.canvas_widget.rect().topLeft())
        marks = ((m.endplate, panel.position_of_label(m.endplate)) for m in self._marks)
        return {
            "corner": [corner.x(), corner.y()],
            "size": [panel.canvas_widget.width(), panel.canvas_widget.height()],
            "centre_lps": panel.centre_lps,
            "px_per_mm": panel.px_per_mm,
            "inverse": panel.display.inverse.tolist(),
            "step": panel.display.step,
            "slice": panel.slice,
            "n_slices": panel.n_slices,
            "seen": sorted(self._room.coverage.seen(role)),
            "labels": {str(e): [at.x(), at.y()] for e, at in marks if at is not None},
        }

    @property
    def _marks(self) -> tuple[Any, ...]:
        from modic_annotate_napari.present.spine import marks

        return marks(self._room.desk).labels
