"""The grey window of a series."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate_napari.canvas.window import (
    Window,
    WindowError,
    dragged,
    first_window,
    full_range,
    presets,
    robust_window,
    typed,
)


def test_the_window_comes_from_the_images(make_volume):
    """A VOI window in the headers is the first one shown."""
    assert first_window(make_volume(window=(450.0, 900.0))) == Window(450.0, 900.0)


@pytest.mark.parametrize("stated", [None, (450.0, 0.0)])
def test_without_a_usable_window_the_values_tell(make_volume, stated):
    """No window, or one without width, gives way to a robust one."""
    volume = make_volume(window=stated)
    assert first_window(volume) == robust_window(volume.array)


def test_a_few_bright_pixels_do_not_darken_the_rest():
    """The robust window ignores a bright coil artefact of one pixel in a thousand."""
    rng = np.random.default_rng(1)
    array = rng.normal(500, 100, (8, 64, 64)).astype(np.float32)
    plain = robust_window(array)
    array.reshape(-1)[::1000] = 30000
    assert robust_window(array).limits == pytest.approx(plain.limits, rel=0.1)


def test_a_flat_volume_has_a_window_too():
    """All values equal still gives a width above zero."""
    assert robust_window(np.full((3, 9, 9), 7, np.int16)).width > 0


def test_presets_begin_with_the_first_window(make_volume):
    """The first preset is what the panel began with; names are unique."""
    volume = make_volume(window=(450.0, 900.0))
    names = [name for name, _ in presets(volume)]
    assert presets(volume)[0] == ("images", Window(450.0, 900.0))
    assert "automatic" in names
    assert len(set(names)) == len(names)


def test_a_drag_never_reaches_zero_width():
    """However far left the drag, black stays below white."""
    assert dragged(Window(100, 50), -100000, 0, 400).width > 0


@pytest.mark.parametrize(
    ("window", "text"),
    [(Window(450.4, 899.6), "W 900 L 450"), (Window(0.25, 0.5), "W 0.50 L 0.25")],
)
def test_the_window_in_words(window, text):
    """Large values are whole numbers, unit ranges have decimals."""
    assert window.text == text


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("450 900", Window(450.0, 900.0)),
        (" -20.5 , 80 ", Window(-20.5, 80.0)),
        ("W 900 L 450", Window(450.0, 900.0)),
        ("l450 w900", Window(450.0, 900.0)),
        ("W900 450", Window(450.0, 900.0)),
        ("900 L 450", Window(450.0, 900.0)),
        ("450/900", Window(450.0, 900.0)),
    ],
)
def test_a_window_can_be_typed(text, window):
    """Two numbers, the centre first unless letters say otherwise, as the title has them too."""
    assert typed(text) == window


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "two numbers"),
        ("450", "two numbers"),
        ("450 900 1", "two numbers"),
        ("bright", "two numbers"),
        ("450 nan", "two numbers"),
        ("W 900 W 450", "width once"),
        ("C 900 L 450", "centre once"),
        ("450 0", "above zero"),
        ("450 -900", "above zero"),
    ],
)
def test_what_is_no_window_is_refused_in_words(text, words):
    """The sentence says what is wrong and shows how it is written."""
    with pytest.raises(WindowError, match=words):
        typed(text)


@given(centre=st.integers(-3000, 30000), width=st.integers(10, 60000))
def test_what_the_title_says_can_be_typed(centre, width):
    """The text of a window gives the window back."""
    assert typed(Window(centre, width).text) == Window(centre, width)


def test_the_full_range_reaches_from_end_to_end(make_volume):
    """Its limits are the lowest and the highest value."""
    assert full_range(make_volume().array).limits == (0.0, 40.0)
