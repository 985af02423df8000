"""Things on an image that can be dragged, named by whoever put them there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from modic_annotate_napari.canvas.boxes import Point


@dataclass(frozen=True, slots=True)
class Handle:
    """One of them; `name` says which."""

    name: object


def nearest_handle(
    names: Sequence[object], places: Sequence[Point], at: Point, reach: float
) -> Handle | None:
    """Return the thing nearest to a place on the canvas, within `reach` px, or None."""
    distances = [math.dist(place, at) for place in places]
    if not distances or min(distances) > reach:
        return None
    return Handle(names[distances.index(min(distances))])
