"""What the footer tells of the place under the pointer."""

from __future__ import annotations

import pytest

pytest.importorskip("PySide6", reason="Qt is not installed (modic-annotate[gui])")

from modic_annotate_napari.widgets.footer import cursor_text


@pytest.mark.parametrize(
    ("lps_mm", "text"),
    [
        ((-12.4, 33.0, -88.1), "R 12.4  P 33.0  F 88.1 mm"),
        ((12.4, -33.0, 88.1), "L 12.4  A 33.0  H 88.1 mm"),
        ((0.0, 0.04, -0.06), "L 0.0  P 0.0  F 0.1 mm"),
    ],
)
def test_a_point_is_told_in_mm_by_its_sides(lps_mm, text):
    """Patient millimetres with the letter of the side instead of a sign; never array indices."""
    assert cursor_text(lps_mm) == text
