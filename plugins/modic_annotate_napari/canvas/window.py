"""The grey window of a series: what the images ask for, or what their values suggest.

It is chosen once per series and stays the same across slices and endplates until the reader
changes it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modic_annotate.errors import ReadingError
from modic_annotate_napari.canvas.display import Volume

LOW_PERCENTILE, HIGH_PERCENTILE = 1.0, 99.7
"""Noise below and, near a surface coil, the brightest fat above carry no marrow contrast."""

SAMPLE_STRIDE = 3
"""Every third pixel in each direction tells the percentiles as well as all of them."""

PRESET_WIDTHS = (("narrow", 0.6), ("wide", 1.6), ("dark", 1.0), ("bright", 1.0))
PRESET_SHIFT = {"dark": 0.2, "bright": -0.2}
"""Presets change the first window by a factor of width and a shift of centre in widths."""

TYPED = re.compile(
    r"^\s*(?:(?P<letter>[wlc])\s*)?(?P<one>[-+]?\d+(?:\.\d+)?)[\s,;/]+"
    r"(?:(?P<other>[wlc])\s*)?(?P<two>[-+]?\d+(?:\.\d+)?)\s*$",
    re.IGNORECASE,
)
"""Two numbers; each may say by its letter whether it is the width (w) or the centre (l, c)."""


class WindowError(ReadingError):
    """A grey window that cannot be set as it was typed."""


@dataclass(frozen=True, slots=True)
class Window:
    """Centre and width; black at centre - width/2, white at centre + width/2."""

    centre: float
    width: float

    @property
    def limits(self) -> tuple[float, float]:
        """The values shown black and white."""
        return self.centre - self.width / 2, self.centre + self.width / 2

    @property
    def text(self) -> str:
        """As it stands in the title, e.g. ``W 900 L 450``."""
        digits = 0 if self.width >= 10 else 2  # noqa: PLR2004 - unit-range images need decimals
        return f"W {self.width:.{digits}f} L {self.centre:.{digits}f}"


def first_window(volume: Volume) -> Window:
    """Return the window the images ask for (VOI LUT, PS3.3 C.11.2), else a robust one."""
    if volume.window is not None and volume.window[1] > 0:
        return Window(*volume.window)
    return robust_window(volume.array)


def robust_window(array: NDArray[Any]) -> Window:
    """Return a window from the percentiles of the middle half of the slices.

    Parameters
    ----------
    array
        Values, axes (slice, row, column).
    """
    quarter = array.shape[0] // 4
    middle = array[quarter : array.shape[0] - quarter, ::SAMPLE_STRIDE, ::SAMPLE_STRIDE]
    low = float(np.percentile(middle, LOW_PERCENTILE))
    high = float(np.percentile(middle, HIGH_PERCENTILE))
    width = max(high - low, float(np.finfo(np.float32).eps))
    return Window(low + width / 2, width)


def full_range(array: NDArray[Any]) -> Window:
    """Return the window from the lowest to the highest value there is.

    Parameters
    ----------
    array
        Values, axes (slice, row, column).
    """
    low, high = float(array.min()), float(array.max())
    width = max(high - low, float(np.finfo(np.float32).eps))
    return Window(low + width / 2, width)


def presets(volume: Volume) -> tuple[tuple[str, Window], ...]:
    """Return named windows in the order a key steps through them, the first one first."""
    first, robust = first_window(volume), robust_window(volume.array)
    named = [("images" if volume.window else "automatic", first)]
    if volume.window:
        named.append(("automatic", robust))
    for name, factor in PRESET_WIDTHS:
        shift = PRESET_SHIFT.get(name, 0.0) * first.width
        named.append((name, Window(first.centre + shift, first.width * factor)))
    named.append(("full range", full_range(volume.array)))
    return tuple(named)


def typed(text: str) -> Window:
    """Return the window of a line like ``450 900``, centre first, or ``W 900 L 450``.

    Raises
    ------
    WindowError
        It is not two numbers, says one thing twice, or the width is not above zero.
    """
    found = TYPED.match(text)
    if found is None:
        raise WindowError("A window is two numbers, centre and width: 450 900, or W 900 L 450")
    one, two = float(found["one"]), float(found["two"])
    first, second = ((found[name] or "").lower().replace("l", "c") for name in ("letter", "other"))
    if first and first == second:
        raise WindowError("Say the width once and the centre once: W 900 L 450")
    centre, width = (two, one) if first == "w" or second == "c" else (one, two)
    if width <= 0:
        raise WindowError(f"The width of a window is above zero, not {width:g}: 450 900")
    return Window(centre, width)


def dragged(window: Window, dx: float, dy: float, span: float) -> Window:
    """Return the window after a drag: right is wider, down is darker.

    Parameters
    ----------
    window
        The window where the drag began.
    dx, dy
        Screen pixels since then.
    span
        Change of value for the width of the canvas or so; one pixel is span / 512.
    """
    per_pixel = span / 512
    return Window(window.centre + dy * per_pixel, max(window.width + dx * per_pixel, 2 * per_pixel))
