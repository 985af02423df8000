"""A napari ViewerModel without any window: one image, one step of its slider."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray


def stepper(volume: NDArray[Any], spacing_mm: tuple[float, ...]) -> Callable[[int], None]:
    """Return a function that shows a slice of a volume, axes (slice, row, column)."""
    from napari.components import ViewerModel

    model = ViewerModel()
    model.add_image(np.asarray(volume), scale=spacing_mm, units="mm")
    return lambda index: model.dims.set_current_step(0, index)
