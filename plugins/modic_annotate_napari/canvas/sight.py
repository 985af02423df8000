"""Whether a reader can really see a canvas: coverage counts nothing else."""

from __future__ import annotations

from modic_annotate_napari.qt import QApplication, QPoint, QWidget

PROBES = ((0.5, 0.5), (0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8))
"""Where, in shares of width and height, another window is looked for."""


def is_in_sight(canvas: QWidget) -> bool:
    """Return whether a widget is on a screen and neither minimised nor covered by a window.

    Windows of other programs are noticed where the window system tells (X11); windows and
    pop-ups of this one always are.
    """
    window = canvas.window()
    if not canvas.isVisible() or window.isMinimized() or not window.windowHandle().isExposed():
        return False
    width, height = canvas.width() - 1, canvas.height() - 1
    points = (QPoint(int(width * x), int(height * y)) for x, y in PROBES)
    return all(QApplication.widgetAt(canvas.mapToGlobal(point)) is canvas for point in points)
