"""Small pictures of an endplate, rendered from the pixels themselves."""

from __future__ import annotations

import numpy as np

from modic_annotate.domain.base import PointLps
from modic_annotate_napari.canvas.series_panel import SeriesPanel
from modic_annotate_napari.qt import QImage

CROP_MM = (61.0, 36.0)
"""Width and height of a crop: the whole endplate and half the body behind it."""


def crop(panel: SeriesPanel, centre: PointLps, slice_index: int | None = None) -> QImage:
    """Return a crop around a patient point, in the panel's window, as the panel shows it.

    Parameters
    ----------
    panel
        Where volume, orientation and window come from.
    centre
        The point in the middle, in LPS mm.
    slice_index
        The slice; None takes the one nearest to the point.
    """
    u, v, at = panel.display.to_display(centre).tolist()
    chosen = round(at) if slice_index is None else slice_index
    pixels = panel.display.pixels(panel.volume.array, min(max(chosen, 0), panel.n_slices - 1))
    down_mm, across_mm = panel.display.pixel_mm
    height, width = round(CROP_MM[1] / down_mm), round(CROP_MM[0] / across_mm)
    top, left = round(v / down_mm) - height // 2, round(u / across_mm) - width // 2
    padded = np.zeros((height, width), dtype=np.uint8)
    rows = slice(max(top, 0), max(min(top + height, pixels.shape[0]), 0))
    columns = slice(max(left, 0), max(min(left + width, pixels.shape[1]), 0))
    low, high = panel.window_level.limits
    grey = np.clip((pixels[rows, columns] - low) / max(high - low, 1e-9), 0, 1) * 255
    if panel.volume.inverted:
        grey = 255 - grey
    padded[
        rows.start - top : rows.start - top + grey.shape[0],
        columns.start - left : columns.start - left + grey.shape[1],
    ] = grey.astype(np.uint8)
    picture = QImage(padded.tobytes(), width, height, width, QImage.Format.Format_Grayscale8)
    return picture.copy()  # the bytes belong to Python and go with this call
