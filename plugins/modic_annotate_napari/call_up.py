"""Calling up one more series beside the sagittal ones, beginning with the one that is wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.series import SeriesUsed
from modic_annotate_napari.present.lists import title_of
from modic_annotate_napari.steps.places import middle

if TYPE_CHECKING:
    from modic_annotate_napari.room import Room


def call_up(room: Room, fits: Callable[[SeriesUsed], bool], what: str) -> str:
    """Show the next fitting series; the first is the one nearest to the active endplate.

    After the last of them none is shown.
    """
    canvases = room.canvases
    shown = [used for used, _ in canvases.panels if used is not canvases.extra]
    choice = [s for s in room.session.series if fits(s) and s not in shown]
    if not choice:
        return f"There are no {what} in this study"
    active = room.desk.active
    wanted = None if active is None else middle(room.desk, active)
    ordered = from_nearest(choice, wanted)
    place = ordered.index(canvases.extra) + 1 if canvases.extra in ordered else 0
    following = ordered[place] if place < len(ordered) else None
    canvases.show_extra(following)
    if following is None:
        return ""
    panel = canvases.panels[-1][1]
    if wanted is not None and panel in canvases.link.in_frame:
        panel.show_point(wanted)
    return f"{title_of(following)} ({choice.index(following) + 1} of {len(choice)})"


def from_nearest(series: Sequence[SeriesUsed], point: PointLps | None) -> list[SeriesUsed]:
    """Return series in their order, turned so that the one nearest to a point comes first.

    Of a series' stacks the nearest counts; of equally near series the first.
    """
    if point is None:
        return list(series)
    distances = [_off_mm(used, point) for used in series]
    first = distances.index(min(distances))
    return [*series[first:], *series[:first]]


def _off_mm(used: SeriesUsed, point: PointLps) -> float:
    """Return how far a point lies outside a stack, along its normal; 0 within it."""
    grid = used.grid
    place = float(grid.to_index(point)[0])
    beyond = max(-0.5 - place, place - (grid.shape[0] - 0.5), 0.0)
    return round(beyond * grid.spacing_mm[0], 1)
