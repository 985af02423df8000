"""Zoom and pan, without a screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate_napari.canvas.view import MAX_PX_PER_MM, MIN_PX_PER_MM, View, fitted

coordinate = st.floats(-500, 500)
views = st.builds(
    View,
    coordinate,
    coordinate,
    st.floats(MIN_PX_PER_MM, MAX_PX_PER_MM),
    st.floats(50, 2000),
    st.floats(50, 2000),
)


@given(views, coordinate, coordinate)
def test_display_and_screen_go_back_and_forth(view, u, v):
    """A display point maps to the screen and back to itself."""
    assert view.to_display(*view.to_screen(u, v)) == pytest.approx((u, v), abs=1e-6)


@given(views, st.floats(0.1, 10), coordinate, coordinate)
def test_zoom_holds_the_point_under_the_pointer(view, factor, x, y):
    """The display point under (x, y) is the same before and after, also at the zoom limits."""
    zoomed = view.zoomed(factor, x, y)
    assert zoomed.to_display(x, y) == pytest.approx(view.to_display(x, y), abs=1e-6)
    assert MIN_PX_PER_MM <= zoomed.px_per_mm <= MAX_PX_PER_MM


@given(views, coordinate, coordinate)
def test_pan_moves_the_image_by_the_pixels_given(view, dx, dy):
    """Each display point moves on the screen by exactly the drag."""
    x, y = view.to_screen(3.0, 4.0)
    assert view.panned(dx, dy).to_screen(3.0, 4.0) == pytest.approx((x + dx, y + dy), abs=1e-6)


@pytest.mark.parametrize(
    ("canvas", "least", "px_per_mm"),
    [
        ((600, 600), None, 2.0),
        ((900, 600), None, 2.0),
        ((300, 600), None, 1.0),
        ((300, 600), 150, 2.0),
        ((300, 1200), 150, 2.0),
        ((300, 1200), 600, 1.0),
    ],
)
def test_a_slice_is_fitted_to_its_canvas(canvas, least, px_per_mm):
    """300 x 300 mm fill the canvas; sides may be cut only down to the width that must be seen."""
    view = fitted((-0.5, -0.5, 300, 300), canvas, least)
    assert view.px_per_mm == pytest.approx(px_per_mm)
    assert view.to_display(canvas[0] / 2, canvas[1] / 2) == pytest.approx((149.5, 149.5))
