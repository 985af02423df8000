"""How long the next case takes from being asked for to its first images, loaded ahead."""

from __future__ import annotations

import time

from modic_annotate_napari.flow.open_room import OpenRoom
from tests.bench.room.frames import Frames

WARMING_UP = 2
"""Turns before the clock counts: each case was opened once by then."""


def measured(opened: OpenRoom, n: int) -> list[float]:
    """Turn to the next case and back, and return the seconds of `n` turns.

    Parameters
    ----------
    opened
        A room on one of two unfinished cases; each is the next one of the other.
    n
        How many turns are timed.
    """
    seconds = []
    for number in range(n + WARMING_UP):
        opened.finish()
        Frames.settle()
        start = time.perf_counter()
        opened.open_next()
        Frames([panel.canvas_widget for _, panel in opened.room.canvases.panels]).wait()
        if number >= WARMING_UP:
            seconds.append(time.perf_counter() - start)
        Frames.settle()
    return seconds
