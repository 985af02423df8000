"""Bodies and discs: cortex, marrow, the basivertebral vein, annulus and nucleus."""

from __future__ import annotations

import numpy as np

from modic_annotate.phantom.anatomy import Spine
from modic_annotate.phantom.canvas import Canvas
from modic_annotate.phantom.geometry import Place, Segment
from modic_annotate.phantom.lesion import paint_lesion
from modic_annotate.phantom.mimics import paint_mimic
from modic_annotate.phantom.recipe import DiscShape
from modic_annotate.phantom.shapes import Array, mix, powered, ramp
from modic_annotate.phantom.tissues import Tissue

CORTEX_HALF_MM = 0.5
"""The cortical rim reaches this far to either side of a body's surface."""

MARGIN_MM = 8.0


def paint_column(canvas: Canvas, spine: Spine) -> None:
    """Paint all discs, then all bodies with their lesions."""
    for disc, shape in zip(spine.discs, spine.recipe.discs, strict=True):
        part = canvas.window(*disc.bounds(MARGIN_MM))
        if part is not None:
            _paint_disc(part, disc, shape)
    for body in spine.bodies:
        part = canvas.window(*body.bounds(MARGIN_MM))
        if part is not None:
            _paint_body(part, body, spine)


def _paint_disc(canvas: Canvas, disc: Segment, shape: DiscShape) -> None:
    place = disc.locate(canvas.lateral, canvas.y, canvas.z)
    canvas.paint(place.inside + 0.6, Tissue.LIGAMENT)
    grey = _disc_grey(canvas, place, shape.hydration)
    if shape.fluid > 0:
        grey = mix(grey, canvas.tissue[Tissue.DISC_FLUID], np.asarray(shape.fluid))
    canvas.paint(place.inside - 0.6, grey)


def _disc_grey(canvas: Canvas, place: Place, hydration: float) -> Array:
    """Return the grey of a disc: a nucleus with its cleft, paler annulus inside, dark outside."""
    along = (place.along - 0.05) / 0.76
    down = (place.down - 0.5) / 0.52
    reach = powered(along, 4) + powered(down, 4) + powered(place.side / 0.85, 4)
    core = np.clip((1.0 - reach) * 1.2, 0.0, 1.0)
    wet = mix(
        canvas.tissue[Tissue.DRY_NUCLEUS], canvas.tissue[Tissue.NUCLEUS], np.asarray(hydration)
    )
    nucleus = wet * (1.0 + 0.06 * canvas.textures["marrow"])
    cleft = ramp(0.09 - np.abs(place.down - 0.5), 0.10) * ramp(0.5 - np.abs(place.along), 0.4)
    nucleus = mix(nucleus, canvas.tissue[Tissue.DRY_NUCLEUS], 0.45 * hydration * cleft)
    return mix(canvas.level(Tissue.ANNULUS, "trabecular", 0.08), nucleus, core)


def _paint_body(canvas: Canvas, body: Segment, spine: Spine) -> None:
    place = body.locate(canvas.lateral, canvas.y, canvas.z)
    canvas.paint(place.inside + CORTEX_HALF_MM, Tissue.CORTEX)
    inner = place.inside - CORTEX_HALF_MM
    canvas.paint(inner, _marrow(canvas, place))
    before = canvas.grey.copy()
    for lesion in spine.recipe.lesions:
        if lesion.endplate.vertebra == body.name:
            paint_lesion(canvas, place, lesion)
    for mimic in spine.recipe.mimics:
        if mimic.vertebra == body.name:
            paint_mimic(canvas, place, mimic)
    canvas.grey[...] = mix(before, canvas.grey, ramp(inner, canvas.edge_mm))
    if body.name[0] != "S":
        _paint_vein(canvas, place, inner)


def _marrow(canvas: Canvas, place: Place) -> Array:
    """Return marrow: fine trabeculae, patches, somewhat more fat in the middle of the body."""
    pattern = 0.09 * canvas.textures["trabecular"] + 0.08 * canvas.textures["marrow"]
    middle = np.maximum(1.0 - 4.0 * (place.down - 0.5) * (place.down - 0.5), 0.0)
    fatty = 0.07 * middle - 0.03
    lean = (canvas.tissue[Tissue.FAT] - canvas.tissue[Tissue.MARROW]) * fatty
    return np.asarray(canvas.tissue[Tissue.MARROW] * (1.0 + pattern) + lean)


def _paint_vein(canvas: Canvas, place: Place, inner: Array) -> None:
    """Paint the basivertebral vein: a wedge that opens to the canal in the midline."""
    opening = 0.3 + 1.9 * np.clip((place.along - 0.3) / 0.7, 0.0, 1.0)
    opening = opening + 0.5 * canvas.textures["trabecular"]
    height = (place.below_top + place.above_bottom) * np.abs(place.down - 0.53)
    inside = np.minimum(opening - height, (place.along - 0.36) * 12.0)
    inside = np.minimum(inside, 5.0 - np.abs(canvas.lateral))
    share = ramp(inside, canvas.edge_mm) * ramp(inner, canvas.edge_mm)
    canvas.blend(0.5 * share, Tissue.VEIN)
