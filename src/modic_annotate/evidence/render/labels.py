"""Level labels in the soft tissue in front of the spine: never over an endplate or each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modic_annotate.evidence.render.overlay import Overlay, Points, parts_of, text_size
from modic_annotate.evidence.render.spread import spread
from modic_annotate.evidence.render.styles import GREY, Stroke

CLEAR_MM = 3.5
"""Nothing is drawn nearer to the front end of an endplate than this."""

TICK_MM = 5.0
LABEL_CLEAR_MM = 6.0
"""Distance of words from the front of the spine beside them, beyond the tick."""

LEADER = Stroke(GREY, width=0.9)
LINE_HEIGHT = 1.35
SAMPLE_PX = 2.0


@dataclass(frozen=True, slots=True)
class Label:
    """A place at the front of the spine with its tick, and the words for it, if any."""

    words: str
    front: tuple[float, float]
    """The place, as a picture point: front end of an endplate, or front of a body."""

    forward: tuple[float, float] = (-1.0, 0.0)
    """Unit vector out of the body, along which the tick runs."""

    strokes: tuple[Stroke, ...] = ()
    """Style of the tick; none for a body, which has none."""

    size: float = 17.0
    active: bool = False

    def ahead(self, distance_px: float) -> Points:
        """Return the point at a distance in front of the place."""
        return np.array(self.front) + np.array(self.forward) * distance_px


def draw_labels(
    overlay: Overlay, labels: Sequence[Label], outlines: Sequence[Points], px_per_mm: float
) -> None:
    """Draw ticks, and words with a leader to each.

    Parameters
    ----------
    overlay
        Where to draw.
    labels
        Head to foot.
    outlines
        Polylines, shape (N, 2), no words may come near: endplates, and the front of the spine.
    px_per_mm
        Scale of the picture.
    """
    for label in labels:
        _draw_tick(overlay, label, px_per_mm)
    worded = [label for label in labels if label.words]
    if not worded:
        return
    keep_clear = np.concatenate([np.empty((0, 2)), *map(_dense, outlines)])
    gap = max(label.size for label in worded) * LINE_HEIGHT
    heights = spread([label.front[1] for label in worded], gap, gap / 2, overlay.height - gap / 2)
    for label, y in zip(worded, heights, strict=True):
        front = _front_beside(keep_clear, y, gap / 2 + CLEAR_MM * px_per_mm, label.front[0])
        right = front - (CLEAR_MM + TICK_MM + LABEL_CLEAR_MM) * px_per_mm
        _draw_words(overlay, label, (right, y), px_per_mm)


def _draw_tick(overlay: Overlay, label: Label, px_per_mm: float) -> None:
    near, far = label.ahead(CLEAR_MM * px_per_mm), label.ahead((CLEAR_MM + TICK_MM) * px_per_mm)
    for part, stroke in zip(
        parts_of([far, near], max(len(label.strokes), 1)), label.strokes, strict=False
    ):
        overlay.line(part, Stroke(stroke.colour, width=max(stroke.width, 2.0)))


def _draw_words(
    overlay: Overlay, label: Label, right_middle: tuple[float, float], px_per_mm: float
) -> None:
    x = max(right_middle[0], text_size(label.words, label.size)[0] + 4)
    far = label.ahead((CLEAR_MM + TICK_MM) * px_per_mm)
    overlay.line(np.array([(x + 5, right_middle[1]), far]), LEADER)
    if label.active:
        overlay.badge((x, right_middle[1]), label.words, label.size)
    else:
        overlay.text((x, right_middle[1]), label.words, label.size, anchor="rm")


def _front_beside(points: Points, y: float, band: float, otherwise: float) -> float:
    """Return the leftmost x of `points` within `band` of a height."""
    beside = points[np.abs(points[:, 1] - y) <= band]
    return float(min(beside[:, 0].min(initial=np.inf), otherwise))


def _dense(path: Points) -> NDArray[np.float64]:
    """Return points along a polyline, every few pixels."""
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.linspace(0, along[-1], max(int(along[-1] / SAMPLE_PX), 2))
    return np.stack([np.interp(at, along, path[:, axis]) for axis in (0, 1)], axis=-1)
