"""The letters of orientation and the scale bar: at the edge, never on an endplate or a label."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from modic_annotate_napari.canvas.boxes import Box, Polyline, from_box
from modic_annotate_napari.canvas.layout import CLEAR_MM, PEN_PX
from modic_annotate_napari.canvas.view import View

MARGIN_PX = 6.0
SCALE_MM = 10.0
ALONG_EDGE = (0.5, 0.35, 0.65, 0.2, 0.8, 0.08, 0.92)
"""Where along its edge a letter may stand, the wished place first."""

ALONG_BOTTOM = (1.0, 0.85, 0.7, 0.15, 0.0)


@dataclass(frozen=True, slots=True)
class Furniture:
    """A text at the edge; the scale bar also has a length."""

    text: str
    box: Box
    bar_px: float = 0.0


def arrange(
    letters: tuple[str, str, str, str],
    measure: Callable[[str], tuple[float, float]],
    view: View,
    lines: Sequence[Polyline],
    taken: Sequence[Box],
) -> tuple[Furniture, ...]:
    """Place letters (top, bottom, left, right) and scale bar where they cover nothing.

    Parameters
    ----------
    letters
        What stands at each edge.
    measure
        Width and height of a text.
    view
        The canvas size and zoom.
    lines
        Endplates on the screen, kept clear by `CLEAR_MM`.
    taken
        Boxes of the level labels.
    """
    clear = CLEAR_MM * view.px_per_mm + PEN_PX
    pieces: list[Furniture] = []
    taken = list(taken)

    def settle(text: str, places: Iterator[Box], bar_px: float = 0.0) -> None:
        for box in places:
            if any(box.overlaps(other) for other in taken):
                continue
            if all(from_box(box, line) >= clear for line in lines):
                taken.append(box)
                pieces.append(Furniture(text, box, bar_px))
                return

    for edge, text in enumerate(letters):
        settle(text, _along(edge, measure(text), view))
    bar = SCALE_MM * view.px_per_mm
    if bar <= view.width / 2:
        text = f"{SCALE_MM:.0f} mm"
        width, height = measure(text)
        settle(text, _at_bottom(max(width, bar), height + MARGIN_PX, view), bar)
    return tuple(pieces)


def _along(edge: int, size: tuple[float, float], view: View) -> Iterator[Box]:
    width, height = size
    across, down = view.width - width - 2 * MARGIN_PX, view.height - height - 2 * MARGIN_PX
    for share in ALONG_EDGE:
        left = MARGIN_PX + across * (share, share, 0.0, 1.0)[edge]
        top = MARGIN_PX + down * (0.0, 1.0, share, share)[edge]
        yield Box(left, top, width, height)


def _at_bottom(width: float, height: float, view: View) -> Iterator[Box]:
    across = view.width - width - 2 * MARGIN_PX
    for share in ALONG_BOTTOM:
        yield Box(MARGIN_PX + across * share, view.height - height - MARGIN_PX, width, height)
