"""The slices of a volume as they are shown, made when first asked for, and where they are empty."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modic_annotate_napari.canvas.display import DisplayMap, Volume

EMPTY_BELOW = 0.05
"""A line of pixels is empty where nothing exceeds this share of the grey window."""


class Slices:
    """Keeps each slice flipped and as float32, so that a scroll step only swaps a texture."""

    def __init__(self, volume: Volume, display: DisplayMap) -> None:
        self._volume = volume
        self._display = display
        self._made: dict[int, NDArray[np.float32]] = {}

    def __getitem__(self, index: int) -> NDArray[np.float32]:
        """Return a slice, axes (vertical, horizontal)."""
        pixels = self._made.get(index)
        if pixels is None:
            pixels = self._made[index] = self._display.pixels(self._volume.array, index)
        return pixels

    def rows_with_image(self, limits: tuple[float, float]) -> tuple[int, int]:
        """Return the first row that shows anything in the middle slice, and one past the last.

        Series are often filled up with black above and below to a square matrix.

        Parameters
        ----------
        limits
            Values shown black and white.
        """
        middle = self[self._volume.grid.shape[0] // 2]
        black, white = limits
        light = (middle - black) / (white - black)
        if self._volume.inverted:
            light = 1.0 - light
        rows = np.flatnonzero(light.max(axis=1) > EMPTY_BELOW)
        return (int(rows[0]), int(rows[-1]) + 1) if rows.size else (0, middle.shape[0])
