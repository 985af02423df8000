"""One slice on a bare vispy canvas: pixels, grey window and place, nothing else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import qtpy
from numpy.typing import NDArray
from vispy import app, scene
from vispy.color import Colormap
from vispy.visuals.transforms import STTransform

from modic_annotate_napari.canvas.smooth_image import PIXELS, SMOOTH, SmoothImage
from modic_annotate_napari.canvas.view import View
from modic_annotate_napari.qt import Qt, QWidget

GREYS = ("black", "white")
BACKGROUND = "black"
NO_TEXT_DPI = 96.0
"""Nothing that is drawn has a size in points; to ask the X server takes 5 ms a canvas."""


class ImageCanvas:
    """A vispy scene with a single image; the widget to embed is ``native``.

    The image is drawn in the canvas's own coordinates (logical pixels), without a camera: the
    mapping of `View` is the only one.

    Parameters
    ----------
    pixels
        First slice, float32, axes (vertical, horizontal).
    pixel_mm
        Vertical and horizontal pixel distance.
    limits
        Values shown black and white.
    inverted
        Whether low values are to be bright (MONOCHROME1).
    """

    def __init__(
        self,
        pixels: NDArray[np.float32],
        pixel_mm: tuple[float, float],
        limits: tuple[float, float],
        inverted: bool = False,
    ) -> None:
        app.use_app(qtpy.API_NAME)
        self._pixel_mm = pixel_mm
        self.closed = False
        self.scene = scene.SceneCanvas(
            keys=None,
            bgcolor=BACKGROUND,
            vsync=False,
            show=False,
            dpi=NO_TEXT_DPI,
            autoswap=False,  # Qt composes the window itself; a swap of our own waits for nothing
        )
        self.scene.unfreeze()
        self.image = SmoothImage(
            pixels,
            method="subdivide",
            interpolation=SMOOTH,
            texture_format=np.float32,
            cmap=Colormap(GREYS[::-1] if inverted else GREYS),
            clim=limits,
            parent=self.scene.scene,
        )
        self.image.set_gl_state(depth_test=False, blend=False, cull_face=False)
        self._transform = STTransform()
        self.image.transform = self._transform
        self.native: QWidget = self.scene.native
        self.native.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.native.setMinimumSize(80, 80)

    def show_pixels(self, pixels: NDArray[np.float32]) -> None:
        """Replace the slice by another of the same shape; redrawn on the next frame."""
        self.image.set_data(pixels)
        self.scene.update()

    def show_limits(self, low: float, high: float) -> None:
        """Set the values shown black and white."""
        self.image.clim = (low, high)
        self.scene.update()

    def show_view(self, view: View) -> None:
        """Put the slice where `view` says."""
        s = view.px_per_mm
        vertical, horizontal = self._pixel_mm
        left, top = view.to_screen(-horizontal / 2, -vertical / 2)
        self._transform.scale = (s * horizontal, s * vertical, 1, 1)
        self._transform.translate = (left, top, 0, 0)
        self.scene.update()

    def set_smooth(self, smooth: bool) -> None:
        """Switch between the display filter and plain pixels."""
        self.image.interpolation = SMOOTH if smooth else PIXELS
        self.scene.update()

    def on_drawn(self, callback: Callable[[object], None]) -> None:
        """Call `callback(event)` after each drawing of the scene."""
        self.scene.events.draw.connect(callback, position="last")

    def on_swapped(self, callback: Callable[[], None]) -> None:
        """Call `callback()` after each composition of the window to the screen."""
        self._swapped = self.native.frameSwapped  # type: ignore[attr-defined]
        self._swapped.connect(callback)

    def close(self) -> None:
        """Release the GL context and the widget, for good."""
        self.closed = True
        self.image.parent = None
        # vispy would answer all waiting events here, keys among them, amid the taking apart
        self.native._vispy_canvas = None  # type: ignore[attr-defined]  # noqa: SLF001
        self.scene.close()
        self.native.setParent(None)
        self.native.deleteLater()
