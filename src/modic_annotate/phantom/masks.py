"""Which pixels a change fills, as runs per image."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from modic_annotate.domain.base import Record, Uid
from modic_annotate.domain.series import SeriesRole
from modic_annotate.phantom.anatomy import Spine
from modic_annotate.phantom.canvas import Canvas
from modic_annotate.phantom.column import CORTEX_HALF_MM
from modic_annotate.phantom.geometry import Place, Segment
from modic_annotate.phantom.protocol import Sequence
from modic_annotate.phantom.render import slice_canvas, slice_points
from modic_annotate.phantom.shapes import Array

MARGIN_MM = 6.0
COARSE = 6
OUTLINE_TEXTURES = ("trabecular", "marrow")

Inside = Callable[[Canvas, Place], Array]
"""Distance inside a change (mm) at the places of a canvas in its body."""


class InstanceMask(Record):
    """The pixels of one image whose centre lies in a change, in the middle plane of the slice."""

    sop_instance_uid: Uid
    role: SeriesRole
    slice: int
    """Of the series' grid."""

    runs: tuple[tuple[int, int], ...]
    """First pixel and length of each run, counted row by row from 0 at the first pixel."""

    @property
    def pixels(self) -> int:
        """How many pixels the change fills in this image."""
        return sum(length for _, length in self.runs)


def masks_in(
    spine: Spine, body: Segment, inside: Inside, sequence: Sequence, seed: int
) -> Iterator[tuple[int, tuple[tuple[int, int], ...]]]:
    """Yield slice index and runs of every slice of a series that meets a change of a body.

    The outline is the drawn one, half faded, before chemical shift moves its fat.
    """
    for index in range(sequence.shape[0]):
        points = slice_points(sequence, index)
        cut = _cut(spine, body, points)
        if cut is None:
            continue
        near = (points[0][cut], points[1][cut], points[2][cut])
        canvas = slice_canvas(spine, sequence, seed, near, OUTLINE_TEXTURES)
        place = body.locate(canvas.lateral, canvas.y, canvas.z)
        whole = np.zeros(sequence.shape[1:], dtype=bool)
        whole[cut] = (inside(canvas, place) > 0) & (place.inside > CORTEX_HALF_MM)
        if whole.any():
            yield index, runs_of(whole)


def _cut(
    spine: Spine, body: Segment, points: tuple[Array, Array, Array]
) -> tuple[slice, slice] | None:
    """Return the rows and columns about a body, from every few pixels; None beside it."""
    x, y, z = (p[::COARSE, ::COARSE] for p in points)
    lateral, z = spine.straightened(x, z)
    low_y, high_y, low_z, high_z = body.bounds(MARGIN_MM)
    near = (y >= low_y) & (y <= high_y) & (z >= low_z) & (z <= high_z)
    near = near & (np.abs(lateral) <= max(body.top.width_mm, body.bottom.width_mm) / 2)
    rows, columns = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
    if not rows.size:
        return None
    first_row, first_column = (max((int(p[0]) - 1) * COARSE, 0) for p in (rows, columns))
    end_row, end_column = ((int(p[-1]) + 2) * COARSE for p in (rows, columns))
    return slice(first_row, end_row), slice(first_column, end_column)


def runs_of(mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> tuple[tuple[int, int], ...]:
    """Return first pixel and length of each run of true pixels, row by row."""
    flat = np.concatenate([[False], mask.ravel(), [False]]).astype(np.int8)
    steps = np.diff(flat)
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    return tuple((int(a), int(b - a)) for a, b in zip(starts, ends, strict=True))
