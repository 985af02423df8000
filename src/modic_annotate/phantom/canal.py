"""The canal: epidural fat, thecal sac with CSF, cord and roots."""

from __future__ import annotations

import numpy as np

from modic_annotate.phantom.canvas import Canvas
from modic_annotate.phantom.shapes import Array, ellipse, ramp
from modic_annotate.phantom.tissues import Tissue

CANAL_HALF_WIDTH_MM = 11.0
BEHIND_SAC_MM = 4.0


def paint_canal(canvas: Canvas, levels: tuple[Array, ...]) -> None:
    """Paint the canal behind the bodies; the arches are painted over it later.

    `levels` are the spine's tables at the canvas, as ``Tables.at`` gives them.
    """
    if not canvas.beside(0.0, CANAL_HALF_WIDTH_MM + 2.0):
        return
    back, cos, _, depth, gap, cord, *_ = levels
    behind = (canvas.y - back) * cos
    room = np.maximum(depth, 0.5)
    canal = np.minimum(behind - 0.2, room + gap + BEHIND_SAC_MM - behind)
    canal = np.minimum(canal, CANAL_HALF_WIDTH_MM - np.abs(canvas.lateral))
    canvas.paint(canal, canvas.level(Tissue.FAT, "marrow", 0.05))
    canvas.paint(np.minimum(1.0 - np.abs(behind - 0.5), canal + 1.0), Tissue.LIGAMENT)
    from_centre = behind - gap - room / 2
    across = canvas.lateral * (6.0 / np.maximum(room, 6.0) * 0.5 + 0.5)
    sac = ellipse(across, from_centre * 20.0 / room, (9.2, 10.0)) * room / 20.0
    sac = np.minimum(sac, depth)
    canvas.paint(sac + 0.4, Tissue.LIGAMENT)
    canvas.paint(sac - 0.3, Tissue.CSF)
    _paint_nerves(canvas, sac, from_centre / room, cord)


def _paint_nerves(canvas: Canvas, sac: Array, place: Array, cord: Array) -> None:
    """Paint the cord with its cone, and below it the roots lying towards the back of the sac."""
    radius = np.maximum(cord, 0.05)
    across = canvas.lateral / (1.0 + 0.25 * ramp(cord, 4.0))
    inside = radius - np.sqrt(across * across + (place * 14.0) * (place * 14.0))
    below = ramp(2.2 - cord, 2.5)
    strands = np.clip(canvas.textures["root"] * 1.8 + 0.40, 0.0, 1.0)
    bundle = ramp(place + 0.06 + 0.015 * np.abs(canvas.lateral), 0.5) * ramp(sac - 1.0, 1.2)
    canvas.blend(0.78 * below * strands * bundle, Tissue.ROOT)
    canvas.blend(ramp(inside, canvas.edge_mm) * ramp(cord, 0.8), Tissue.CORD)
