"""Where the wheel stops: the union of all slice positions of stacks that run alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modic_annotate_napari.canvas.display import DisplayMap

PARALLEL_ABOVE = 0.94
"""Stacks count as parallel while the cosine between their normals exceeds this (20 degrees)."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One position, and the slice of each stack nearest to it."""

    position_mm: float
    slices: tuple[int, ...]


def are_parallel(one: DisplayMap, other: DisplayMap) -> bool:
    """Return whether two stacks run nearly in the same direction."""
    return bool(one.normal_lps @ other.normal_lps > PARALLEL_ABOVE)


def plane_positions(display: DisplayMap, leader: DisplayMap) -> NDArray[np.float64]:
    """Return where each slice plane crosses the axis of `leader`, in mm.

    The axis runs through the middle of the leader's stack along its normal, so that positions of
    slightly tilted stacks are compared at the place where a spine is looked for.
    """
    middle = np.array(leader.middle_lps)
    slices = np.arange(display.n_slices)
    origins = display.matrix[:3, 3] + slices[:, None] * display.matrix[:3, 2]
    along = leader.normal_lps @ display.normal_lps
    return np.asarray((origins - middle) @ display.normal_lps / along)


def stops_of(positions: Sequence[NDArray[np.float64]]) -> tuple[Stop, ...]:
    """Return every stop that shows another set of slices, in ascending order.

    Parameters
    ----------
    positions
        Slice positions of each stack on the common axis, shape (slices,).

    Returns
    -------
    tuple of Stop
        Each slice of each stack is in at least one of them.
    """
    wanted = np.unique(np.concatenate(positions))
    nearest = [np.argmin(np.abs(p[None, :] - wanted[:, None]), axis=1) for p in positions]
    groups: list[tuple[tuple[int, ...], list[float]]] = []
    for k, position in enumerate(wanted.tolist()):
        slices = tuple(int(column[k]) for column in nearest)
        if groups and groups[-1][0] == slices:
            groups[-1][1].append(position)
        else:
            groups.append((slices, [position]))
    return tuple(Stop(sum(at) / len(at), slices) for slices, at in groups)
