"""How wide the canvases are beside each other: shares that a hand may change."""

from __future__ import annotations

from collections.abc import Sequence

LEAST_PX = 160
"""No canvas is made narrower than this."""

SHARES_IN_ALL = 10_000
"""Shares are whole numbers that add up to about this."""


def equal(n: int) -> tuple[int, ...]:
    """Return the shares of canvases of one width."""
    return (SHARES_IN_ALL // n,) * n if n else ()


def dragged(widths: Sequence[int], between: int, dx: int) -> tuple[int, ...]:
    """Return the shares after the edge between two canvases was moved; the others keep theirs.

    Parameters
    ----------
    widths
        Present widths in pixels.
    between
        Number of the canvas left of the edge.
    dx
        How far the edge moves to the right, in pixels.
    """
    left, right = widths[between], widths[between + 1]
    room = left + right
    least = min(LEAST_PX, room // 2)
    left = min(max(left + dx, least), room - least)
    new = [*widths[:between], left, room - left, *widths[between + 2 :]]
    return tuple(max(round(SHARES_IN_ALL * width / sum(new)), 1) for width in new)
