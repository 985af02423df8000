"""One canvas on a screen of two pixels per point: where image and marks come to lie, as JSON.

Run as a program, since Qt reads its scale factor once when an application begins.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from qtpy.QtCore import QPoint
from qtpy.QtGui import QImage
from qtpy.QtWidgets import QApplication, QHBoxLayout, QWidget

from modic_annotate_napari.canvas.series_panel import SeriesPanel
from tests.plugin.canvas.conftest import StandIn, grid_of

BRIGHT = (2, 20, 50)
MARKED = (2, 35, 15)
REACH_PX = 40
PATIENCE_S = 20.0


def main() -> None:
    """Show a bright voxel, then a cross through another place, and print where both are."""
    app = QApplication([])
    array = np.zeros((5, 60, 80), np.int16)
    array[BRIGHT] = 1000
    grid = grid_of(array.shape, (4.0, 1.0, 1.0))
    volume = StandIn(array, grid, window=(500.0, 1000.0))
    window = QWidget()
    row = QHBoxLayout(window)
    row.setContentsMargins(0, 0, 0, 0)
    panel = SeriesPanel(volume, volume, "T1")
    row.addWidget(panel)
    painted: list[int] = []
    panel.painted.connect(painted.append)
    window.setGeometry(0, 0, 480, 400)
    window.show()
    end = time.monotonic() + PATIENCE_S
    while not painted and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.005)
    sys.stdout.write(json.dumps(_measured(app, panel)) + "\n")
    panel.dispose()
    window.close()


def _measured(app: QApplication, panel: SeriesPanel) -> dict[str, object]:
    lps, marked = (tuple(panel.volume.grid.to_lps(at).tolist()) for at in (BRIGHT, MARKED))
    image = _picture(app, panel)
    panel.set_cross(marked)
    crossed = _picture(app, panel)
    due = _in_pixels(panel.position_of(lps))
    corner = np.round(due).astype(int) - REACH_PX
    (top, left), (bottom, right) = corner, corner + 2 * REACH_PX
    near = image[top:bottom, left:right]
    blob = np.argwhere(near > near.max() / 2).mean(axis=0) + corner
    return {
        "ratio": panel.canvas_widget.devicePixelRatio(),
        "shape": image.shape,
        "size": [panel.canvas_widget.height(), panel.canvas_widget.width()],
        "voxel": blob.tolist(),
        "voxel_due": due,
        "cross": [int(crossed[:, 4:60].mean(1).argmax()), int(crossed[60:99].mean(0).argmax())],
        "cross_due": _in_pixels(panel.position_of(marked)),
    }


def _in_pixels(at: QPoint) -> list[float]:
    """The middle of a point in pixels of the screen, (row, column)."""
    return [2 * (at.y() + 0.5) - 0.5, 2 * (at.x() + 0.5) - 0.5]


def _picture(app: QApplication, panel: SeriesPanel) -> np.ndarray:
    for _ in range(20):
        app.processEvents()
        time.sleep(0.005)
    canvas = panel.canvas_widget
    at = canvas.mapToGlobal(QPoint(0, 0))
    shot = canvas.screen().grabWindow(0, at.x(), at.y(), canvas.width(), canvas.height())
    grey = shot.toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return rows[:, : grey.width()].astype(float)


if __name__ == "__main__":
    main()
