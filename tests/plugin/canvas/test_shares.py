"""The widths of canvases beside each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from modic_annotate_napari.canvas.shares import LEAST_PX, SHARES_IN_ALL, dragged, equal

WIDTHS = st.lists(st.integers(LEAST_PX, 1500), min_size=2, max_size=5)


@given(widths=WIDTHS, dx=st.integers(-3000, 3000), data=st.data())
def test_a_drag_moves_one_edge_alone(widths, dx, data):
    """The other canvases keep their widths, and the two at the edge stay wide enough to read."""
    between = data.draw(st.integers(0, len(widths) - 2))
    in_all = sum(widths)
    new = [share * in_all / SHARES_IN_ALL for share in dragged(widths, between, dx)]
    rounding = in_all / SHARES_IN_ALL
    assert abs(sum(new) - in_all) <= rounding * len(widths)
    for k, (before, after) in enumerate(zip(widths, new, strict=True)):
        assert after >= LEAST_PX - rounding
        if k not in (between, between + 1):
            assert abs(after - before) <= rounding
    wanted = min(max(widths[between] + dx, LEAST_PX), widths[between] + widths[between + 1])
    assert new[between] <= wanted + rounding


@given(n=st.integers(1, 6))
def test_equal_shares_are_equal(n):
    """Every canvas has the same."""
    assert len(equal(n)) == n
    assert len(set(equal(n))) == 1
