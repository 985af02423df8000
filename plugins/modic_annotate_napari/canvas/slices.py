"""The slices of a volume as they are shown, made when first asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modic_annotate_napari.canvas.display import DisplayMap, Volume


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
