"""The window that follows the marrow of the bodies placed."""

from __future__ import annotations

import numpy as np
import pytest

from modic_annotate_napari.canvas.marrow import RADIUS_MM, marrow_window
from modic_annotate_napari.canvas.window import Window, WindowError

BODIES = ((0.0, 0.0, 0.0), (0.0, 0.0, -30.0))


@pytest.fixture
def stack(make_volume):
    """Dark everywhere, and marrow of 400 +- 40 in balls around two centres."""
    volume = make_volume((9, 80, 60), (4.0, 1.0, 1.0), origin_lps=(-16, -30, 20))
    places = np.indices(volume.grid.shape).reshape(3, -1).T
    lps = volume.grid.to_lps(places)
    array = np.full(len(places), 20.0)
    for body in BODIES:
        inside = np.linalg.norm(lps - body, axis=1) <= RADIUS_MM + 2
        array[inside] = 400 + 40 * np.where(places[inside].sum(axis=1) % 2, 1, -1)
    return array.reshape(volume.grid.shape).astype(np.int16), volume.grid


def test_marrow_stands_in_the_middle_of_the_greys(stack):
    """The centre is the median of the bodies' pixels, wide enough for ten standard deviations."""
    window = marrow_window(*stack, BODIES)
    assert window.centre in (360.0, 400.0, 440.0)
    assert window.width >= 1.5 * window.centre


def test_quiet_marrow_keeps_a_width(stack):
    """Where all marrow has one value, black stands at a quarter of it."""
    array, grid = stack
    flat = np.where(array > 100, 400, 20).astype(np.int16)
    assert marrow_window(flat, grid, BODIES) == Window(400.0, 600.0)
    assert marrow_window(flat, grid, BODIES).limits[0] == 100.0


@pytest.mark.parametrize(
    ("bodies", "words"),
    [((), "number the spine first"), (((0.0, 500.0, 0.0),), "inside this series")],
)
def test_without_marrow_there_is_no_window(stack, bodies, words):
    """It is refused in a sentence before bodies are placed, and where they lie elsewhere."""
    with pytest.raises(WindowError, match=words):
        marrow_window(*stack, bodies)
