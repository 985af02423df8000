"""``python -m tests.bench.peers.empty_napari``: an empty napari window, told once it is shown."""

from __future__ import annotations

import sys
import time


def main() -> None:
    """Open napari's window as ``napari`` does; write when its canvas was first on the screen."""
    import napari

    viewer = napari.Viewer()
    from qtpy.QtWidgets import QApplication, QOpenGLWidget

    canvas = next(
        widget
        for window in QApplication.topLevelWidgets()
        for widget in window.findChildren(QOpenGLWidget)
    )

    def shown() -> None:
        sys.stdout.write(f"{time.monotonic()}\n")
        sys.stdout.flush()
        QApplication.quit()

    canvas.frameSwapped.connect(shown)
    napari.run()
    del viewer


if __name__ == "__main__":
    main()
