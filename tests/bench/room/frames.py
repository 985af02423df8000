"""When a frame has come to the screen: every widget asked has painted, then the window swapped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from modic_annotate_napari.qt import QApplication, QEvent, QObject, QWidget

PATIENCE_S = 20.0


class Frames(QObject):
    """Watches widgets paint and the canvases' frames go to the screen.

    Parameters
    ----------
    canvases
        Canvas widgets (QOpenGLWidget); each tells when its frame was put on the screen.
    """

    def __init__(self, canvases: Sequence[QWidget]) -> None:
        super().__init__()
        self._canvases = tuple(canvases)
        self._waiting: set[QWidget] = set()
        self._watched: set[QWidget] = set()
        self._swapped: set[QWidget] = set()
        self.painted: set[QWidget] = set()
        """What has painted since the last call of `begin`."""

        for canvas in self._canvases:
            canvas.frameSwapped.connect(lambda canvas=canvas: self._swapped.add(canvas))  # type: ignore[attr-defined]
        self.watch(self._canvases)

    def watch(self, widgets: Iterable[QWidget]) -> None:
        """Follow further widgets."""
        for widget in set(widgets) - self._watched:
            self._watched.add(widget)
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Note a paint; a frame counts only if it is swapped after it."""
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self.painted.add(watched)
            self._swapped.clear()
        return False

    def begin(self) -> None:
        """Forget all that was painted."""
        self.painted.clear()
        self._swapped.clear()

    def wait(self, wanted: Iterable[QWidget] = ()) -> None:
        """Run Qt until these have painted, or all canvases, and the frame is on the screen."""
        wanted = set(wanted) or set(self._canvases)
        self.watch(wanted)
        end = time.monotonic() + PATIENCE_S
        while not (wanted <= self.painted and len(self._swapped) == len(self._canvases)):
            if time.monotonic() > end:
                raise TimeoutError("the canvases did not paint")
            QApplication.processEvents()

    @staticmethod
    def settle(rounds: int = 5) -> None:
        """Let everything that is under way be painted."""
        for _ in range(rounds):
            QApplication.processEvents()

    def seconds(self, act: Callable[[], Iterable[QWidget] | None]) -> tuple[float, float]:
        """Return how long an act took until it returned, and until its frame was on the screen.

        The act returns what it is to paint; all canvases where it returns None.
        """
        self.settle()
        self.begin()
        start = time.perf_counter()
        wanted = act()
        returned = time.perf_counter() - start
        self.wait(wanted or ())
        return returned, time.perf_counter() - start
