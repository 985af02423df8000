"""pydicom decoding the pixels of files already known and in order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray


def decode(files: list[Path]) -> NDArray[np.generic]:
    """Return the stacked stored values, shape (slice, row, column)."""
    return np.stack([pydicom.dcmread(path).pixel_array for path in files])
