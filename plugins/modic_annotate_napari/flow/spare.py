"""The next case's canvases, made and drawn where nobody sees them while the present one is read.

A new canvas costs an OpenGL context, shaders and textures; three of them take longer than all
else of a switch. Made ahead, piece by piece while nothing else is to be done, they cost it nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from modic_annotate.domain.series import SeriesUsed
from modic_annotate_napari.canvases import Canvases
from modic_annotate_napari.flow.ahead import Loaded
from modic_annotate_napari.images import CaseImages
from modic_annotate_napari.qt import QObject, QTimer, QWidget

PAUSE_MS = 250
"""Between two pieces of work, none of which takes a tenth of a second."""

NOTHING_LEFT = object()


class Spare(QObject):
    """Makes canvases ahead, hidden in the window they will stand in.

    Parameters
    ----------
    parent
        The widget of the window that is to hold them; an OpenGL context does not survive a
        change of window.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._made: tuple[Loaded, Canvases] | None = None
        self._left: Iterator[None] = iter(())
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._go_on)

    def prepare(self, loaded: Loaded, present: Callable[[], Canvases]) -> None:
        """Begin to make the canvases of a case; those made before and not taken are closed.

        Parameters
        ----------
        loaded
            The case's series, loaded.
        present
            Asked when they are drawn for those on the screen, whose size and widths they will have.
        """
        self.drop()
        self._left = self._pieces(loaded, present)
        self._timer.start()

    def finish(self) -> None:
        """Make what is left at once."""
        while self._go_on():
            pass

    def take(self, images: CaseImages | None, series: tuple[SeriesUsed, ...]) -> Canvases | None:
        """Return the canvases of these images where they are ready; they are the caller's then."""
        made, self._made = self._made, None
        self._rest()
        if made is None:
            return None
        loaded, canvases = made
        if loaded.images is images and loaded.series == series:
            return canvases
        _close(canvases)
        return None

    def drop(self) -> None:
        """Close what nobody took."""
        self.take(None, ())

    def _go_on(self) -> bool:
        is_done = next(self._left, NOTHING_LEFT) is NOTHING_LEFT
        if is_done:
            self._rest()
        return not is_done

    def _rest(self) -> None:
        self._timer.stop()
        self._left = iter(())

    def _pieces(self, loaded: Loaded, present: Callable[[], Canvases]) -> Iterator[None]:
        canvases = Canvases(loaded.images, loaded.series, self._parent)
        self._made = loaded, canvases
        canvases.hide()
        yield
        canvases.keep_shares(present().shares_kept)
        canvases.resize(present().size())
        canvases.settle()
        for _, panel in canvases.panels:
            panel.draw_unseen()
            yield


def _close(canvases: Canvases) -> None:
    canvases.dispose()
    canvases.setParent(None)
    canvases.deleteLater()
