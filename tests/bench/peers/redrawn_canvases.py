"""The same canvases painted again as they stand: every image by OpenGL, every overlay by Qt."""

from __future__ import annotations

from collections.abc import Sequence

from modic_annotate_napari.qt import Qt, QWidget


def ask(canvases: Sequence[QWidget]) -> list[QWidget]:
    """Ask for a repaint of canvases and of what lies over them; return all that will paint."""
    asked: list[QWidget] = []
    for canvas in canvases:
        over = canvas.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        asked += [canvas, *(widget for widget in over if widget.isVisible())]
    for widget in asked:
        widget.update()
    return asked
