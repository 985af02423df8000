"""The posterior elements of each vertebra: pedicles, laminae, joints and spinous process."""

from __future__ import annotations

import numpy as np

from modic_annotate.phantom.anatomy import CANAL, Spine
from modic_annotate.phantom.canvas import Canvas
from modic_annotate.phantom.geometry import Frame, Segment
from modic_annotate.phantom.shapes import Array, box, ellipse, ramp
from modic_annotate.phantom.tissues import Tissue

REACH_MM = 62.0
"""How far behind a body its arch is looked for."""

RIM_MM = 0.8


def paint_foramina(canvas: Canvas, spine: Spine) -> None:
    """Paint the fat and the root below every pedicle; the canal is painted over it."""
    for body in spine.bodies:
        part = _behind(canvas, body)
        if part is not None and body.name[0] != "S" and part.beside(9.0, 22.0):
            _paint_foramen(part, *_beside_wall(part, body))


def paint_arches(canvas: Canvas, spine: Spine) -> None:
    """Paint the arch of every body, head to foot."""
    for body in spine.bodies:
        part = _behind(canvas, body)
        if part is not None:
            _paint_arch(part, body)


def _behind(canvas: Canvas, body: Segment) -> Canvas | None:
    """Return the part of the canvas in which an arch can lie."""
    y_low, y_high, z_low, z_high = body.bounds(6.0)
    return canvas.window(y_low, y_high + REACH_MM, z_low - 24.0, z_high + 12.0)


def _beside_wall(canvas: Canvas, body: Segment) -> tuple[Array, Array, Array]:
    """Return u behind the middle of the back wall, v below it, and the distance sideways."""
    wall = body.middle.at((body.top.half_mm + body.bottom.half_mm) / 2, 0.0)
    u, v = Frame(*wall, body.middle.tilt_deg).local(canvas.y, canvas.z)
    return u, v, np.abs(canvas.lateral)


def _paint_arch(canvas: Canvas, body: Segment) -> None:
    u, v, side = _beside_wall(canvas, body)
    depth, gap, *_ = CANAL[body.name]
    canal = max(depth, 3.0) + gap
    sacral = body.name[0] == "S"
    if not sacral and canvas.beside(9.0, 27.0):
        _bone(canvas, _pedicle(u, v, side))
        _bone(canvas, _joints(u - canal, v, side))
    if not sacral and canvas.beside(0.0, 13.0):
        _yellow_ligament(canvas, u - canal, v, side)
    if canvas.beside(0.0, 24.0 if sacral else 15.5):
        _bone(canvas, _lamina(u - canal, v, side, sacral=sacral))
    if not sacral and canvas.beside(0.0, 5.5):
        _bone(canvas, _spinous(u - canal, v, side, body.name))


def _bone(canvas: Canvas, inside: Array) -> None:
    ragged = inside + 0.9 * canvas.textures["marrow"] + 0.4 * canvas.textures["trabecular"]
    canvas.paint(ragged, Tissue.CORTEX, softness=1.3)
    canvas.paint(ragged - RIM_MM, canvas.level(Tissue.MARROW, "marrow", 0.12), softness=1.3)


def _paint_foramen(canvas: Canvas, u: Array, v: Array, side: Array) -> None:
    """Paint the fat below the pedicle, with the root and its vessels high up in it."""
    width = 5.5 - 0.16 * np.maximum(v - 10.0, 0.0)
    hole = box((u - 5.0) / width * 5.5, v - 12.0, (5.5, 9.0), 5.0)
    hole = np.minimum(hole + 0.8 * canvas.textures["marrow"], 5.0 - np.abs(side - 15.5))
    canvas.paint(hole, canvas.level(Tissue.FAT, "septum", 0.05))
    root = np.minimum(ellipse(u - 5.5, v - 7.0, (2.6, 3.2)), hole + 2.0)
    canvas.paint(root, Tissue.ROOT)
    canvas.paint(np.minimum(ellipse(u - 2.5, v - 10.5, (1.1, 1.1)), hole), Tissue.FLOWING_BLOOD)


def _pedicle(u: Array, v: Array, side: Array) -> Array:
    return np.minimum(box(u - 5.0, v + 4.5, (9.0, 6.8), 4.0), 4.4 - np.abs(side - 15.0))


def _joints(u: Array, v: Array, side: Array) -> Array:
    """Return the articular pillar, cut by the slanting gap of the joint."""
    pillar = box(u - 3.0 - 0.12 * v, v - 6.0, (6.0, 20.0), 4.0)
    gap = np.abs(u - 3.5 - 0.30 * (v - 19.0)) - 0.7
    cut = np.where(v > 13.0, np.minimum(pillar, gap), pillar)  # noqa: PLR2004 - above the joint
    return np.minimum(cut, 6.0 - np.abs(side - 19.0))


def _yellow_ligament(canvas: Canvas, u: Array, v: Array, side: Array) -> None:
    inside = np.minimum(box(u - 3.4, v + 10.0, (1.6, 9.0), 1.5), 11.0 - side)
    inside = np.minimum(inside, side - 1.2)
    canvas.paint(inside, Tissue.LIGAMENT)


def _lamina(u: Array, v: Array, side: Array, *, sacral: bool) -> Array:
    if sacral:
        return np.minimum(box(u - 3.5, v, (2.6, 11.5), 2.5), 22.0 - side)
    slant = u - 3.6 - 0.22 * (v - 8.0) - 0.10 * side
    return np.minimum(box(slant, v - 8.5, (2.9, 8.0), 2.8), 13.5 - side)


def _spinous(u: Array, v: Array, side: Array, name: str) -> Array:
    """Return the spinous process: broad plates in the lumbar spine, slanting ones above."""
    thoracic = name[0] == "T"
    length = {"L5": 19.0, "T12": 24.0}.get(name, 27.0)
    droop, half = (0.75, 5.5) if thoracic else (0.22, 9.5)
    taper = half * (1.0 - 0.18 * ramp(u - length * 0.75, length * 0.6))
    along = u - 3.0 - length / 2
    across = (v - 9.0 - droop * along) / taper * half
    return np.minimum(box(along, across, (length / 2, half), 5.0), 3.4 - side)
