"""The shape of a marrow change, shared by the painter and by the truth."""

from __future__ import annotations

import numpy as np

from modic_annotate.domain.modic import ModicType
from modic_annotate.domain.spine import Surface as Side
from modic_annotate.phantom.canvas import Canvas
from modic_annotate.phantom.geometry import Place
from modic_annotate.phantom.recipe import Lesion
from modic_annotate.phantom.shapes import Array, powered, ramp
from modic_annotate.phantom.tissues import MODIC_TISSUE, Tissue

EDGE_MM = 1.4
"""Over how many mm a change fades into normal marrow; its extent ends where it is half faded."""

SMOOTH_BELOW_MM = 8.0
"""The outline of a change is the less ragged, the shallower it is."""

SECOND_FROM = 0.68
"""The second component lies deeper than this share of the first one's depth."""


def profile(position: Array, low: float, high: float, peak: float, power: int) -> Array:
    """Return 1 at `peak`, 0 at `low` and `high`, flat on top and steep at the ends."""
    side = np.where(position < peak, max(peak - low, 1e-6), max(high - peak, 1e-6))
    off = np.minimum(np.abs(position - peak) / side, 1.0)
    return np.asarray(1.0 - powered(off, power))


def depth_percent(lesion: Lesion, along: Array, side: Array) -> Array:
    """Return how deep the change reaches, in % of body height; 0 where there is none.

    Parameters
    ----------
    along
        -1 at the front end of the endplate, +1 at its back end.
    side
        -1 at the right edge of the body, +1 at its left edge.
    """
    place = (along + 1.0) * 50.0
    low, high = lesion.anterior_percent, lesion.posterior_percent
    # a change that reaches a wall of the body does not taper towards it
    low = low if low > 0 else low - 40.0
    high = high if high < 100 else high + 40.0  # noqa: PLR2004 - the back end
    lengthwise = profile(place, low, high, lesion.deepest_percent, lesion.edge_power)
    middle = (lesion.left + lesion.right) / 2
    across = profile(side, lesion.right, lesion.left, middle, 4)
    return np.asarray(lesion.height_percent * lengthwise * np.sqrt(np.maximum(across, 0.0)))


def into_body(lesion: Lesion, place: Place) -> Array:
    """Return the distance from the change's own endplate into the body, in mm."""
    upper = lesion.endplate.surface == Side.SUPERIOR
    return place.below_top if upper else place.above_bottom


def paint_lesion(canvas: Canvas, place: Place, lesion: Lesion) -> None:
    """Lay the components of a change over the marrow."""
    reach, depth, ragged = _reach(canvas, place, lesion)
    share = ramp(lesion_inside(canvas, place, lesion), EDGE_MM)
    canvas.blend(share, canvas.level(_tissue(lesion, 0), "marrow", 0.07))
    for number in range(1, len(lesion.components)):
        outer = ramp(depth - SECOND_FROM * reach + 0.9 * ragged, 3.0)
        canvas.blend(share * outer, canvas.level(_tissue(lesion, number), "marrow", 0.07))


def lesion_inside(canvas: Canvas, place: Place, lesion: Lesion) -> Array:
    """Return about the distance inside a change as it is drawn, in mm, positive inside."""
    reach, depth, ragged = _reach(canvas, place, lesion)
    return np.asarray(np.minimum(reach - depth + 0.6 * ragged, 4.0 * reach))


def _reach(canvas: Canvas, place: Place, lesion: Lesion) -> tuple[Array, Array, Array]:
    """Return how deep the change reaches, the depth of each point, and its outline's roughness."""
    reach = depth_percent(lesion, place.along, place.side)
    reach = reach * (place.below_top + place.above_bottom) / 100.0
    ragged = 0.8 * canvas.textures["trabecular"] + 1.6 * canvas.textures["marrow"]
    ragged = ragged * np.minimum(reach / SMOOTH_BELOW_MM, 1.0)
    return reach, into_body(lesion, place), ragged


def _tissue(lesion: Lesion, number: int) -> Tissue:
    """Return what a component is painted with."""
    kind = lesion.components[number]
    if kind == ModicType.TYPE_2 and not lesion.suppressed:
        return Tissue.MODIC_2_KEPT
    return MODIC_TISSUE[kind]
