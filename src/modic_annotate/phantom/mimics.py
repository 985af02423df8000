"""Marrow that looks like a Modic change and is none: shapes shared by the painter and the truth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from modic_annotate.domain.spine import Surface as Side
from modic_annotate.phantom.canvas import Canvas
from modic_annotate.phantom.geometry import Place
from modic_annotate.phantom.recipe import Mimic, MimicKind
from modic_annotate.phantom.shapes import Array, ramp
from modic_annotate.phantom.tissues import MODIC_TISSUE, Tissue

STREAK_MM = 2.6
"""Distance between the thick upright trabeculae of a haemangioma."""

RIM_MM = 0.9
HALO_MM = 4.5
"""How far oedema reaches round a Schmorl node."""

FRACTURE_LINE_MM = 1.1
FRACTURE_LINE_AT = 0.45
"""Where the dark line of a fracture lies, as a share of the oedema's depth."""


def mimic_inside(canvas: Canvas, place: Place, mimic: Mimic) -> Array:
    """Return about the distance inside a mimic, in mm, positive inside."""
    return SHAPES[mimic.kind](canvas, place, mimic)


def paint_mimic(canvas: Canvas, place: Place, mimic: Mimic) -> None:
    """Lay a mimic over the marrow of its body."""
    PAINTERS[mimic.kind](canvas, place, mimic)


def _depth(place: Place, mimic: Mimic) -> Array:
    """Return the distance from the mimic's endplate into the body, in mm."""
    upper = mimic.surface == Side.SUPERIOR
    return place.below_top if upper else place.above_bottom


def _offsets(canvas: Canvas, place: Place, mimic: Mimic) -> tuple[Array, Array]:
    """Return the distance along the body and sideways from the mimic's centre, in mm."""
    along = (place.along - mimic.along) * mimic.half_ap_mm
    return along, canvas.lateral - mimic.lateral_mm


def _ball(canvas: Canvas, place: Place, mimic: Mimic) -> Array:
    along, side = _offsets(canvas, place, mimic)
    tall = place.below_top - (place.below_top + place.above_bottom) * mimic.down
    ragged = 1.2 * canvas.textures["marrow"]
    away = np.sqrt(along * along + side * side + tall * tall * 0.9)
    return np.asarray(mimic.size_mm - away + ragged)


def _node(canvas: Canvas, place: Place, mimic: Mimic) -> Array:
    along, side = _offsets(canvas, place, mimic)
    depth = _depth(place, mimic)
    away = np.sqrt(along * along + side * side + depth * depth)
    return np.asarray(mimic.size_mm - away)


def _band(canvas: Canvas, place: Place, mimic: Mimic) -> Array:
    """Return the whole endplate to a depth of ``size_mm``."""
    ragged = 2.2 * canvas.textures["marrow"] + 0.8 * canvas.textures["trabecular"]
    return np.asarray(mimic.size_mm + ragged - _depth(place, mimic))


def _corner(canvas: Canvas, place: Place, mimic: Mimic) -> Array:
    """Return a corner: front where ``along`` is negative, cut off slantwise."""
    front = 1.0 if mimic.along < 0 else -1.0
    from_wall = (1.0 + front * place.along) * mimic.half_ap_mm
    across = 0.35 * np.abs(canvas.lateral - mimic.lateral_mm)
    return np.asarray((mimic.size_mm - from_wall - _depth(place, mimic) - across) * 0.7)


def _paint_haemangioma(canvas: Canvas, place: Place, mimic: Mimic) -> None:
    """Paint fat and slow blood between thick upright trabeculae, seen end on as dots."""
    inside = _ball(canvas, place, mimic)
    along, side = _offsets(canvas, place, mimic)
    phase = (along + 0.25 * side) / STREAK_MM
    part = np.abs(phase - np.floor(phase) - 0.5) * 2.0
    bars = np.clip(part * 3.0 - 2.1, 0.0, 1.0) * 0.45
    value = canvas.level(Tissue.HAEMANGIOMA, "trabecular", 0.10) * (1.0 - bars)
    canvas.blend(ramp(inside, 1.2), value)


def _paint_schmorl(canvas: Canvas, place: Place, mimic: Mimic) -> None:
    """Paint disc that has sunk into the body, with a dark rim and oedema round it."""
    inside = _node(canvas, place, mimic)
    if mimic.oedema:
        halo = ramp(inside + HALO_MM + canvas.textures["marrow"], 3.0)
        canvas.blend(0.7 * halo, canvas.level(Tissue.MODIC_1, "marrow", 0.1))
    canvas.paint(inside + RIM_MM, Tissue.CORTEX)
    disc = canvas.tissue[Tissue.DRY_NUCLEUS] * 0.6 + canvas.tissue[Tissue.NUCLEUS] * 0.4
    canvas.paint(inside, np.asarray(disc + 0.0 * inside))


def _paint_infection(canvas: Canvas, place: Place, mimic: Mimic) -> None:
    """Paint oedema from a destroyed endplate."""
    inside = _band(canvas, place, mimic)
    canvas.blend(ramp(inside, 6.0), canvas.level(Tissue.INFECTED, "marrow", 0.1))
    eaten = ramp(1.6 + 2.6 * canvas.textures["trabecular"] - _depth(place, mimic), 1.5)
    canvas.blend(0.8 * eaten, Tissue.DISC_FLUID)


def _paint_fracture(canvas: Canvas, place: Place, mimic: Mimic) -> None:
    """Paint oedema below a broken endplate, crossed by the dark line of the fracture."""
    inside = _band(canvas, place, mimic)
    canvas.blend(0.9 * ramp(inside, 4.0), canvas.level(Tissue.MODIC_1, "marrow", 0.12))
    wave = 1.6 * canvas.textures["trabecular"]
    line = np.abs(_depth(place, mimic) - mimic.size_mm * FRACTURE_LINE_AT + wave)
    canvas.blend(0.75 * ramp(FRACTURE_LINE_MM - line, 1.2), Tissue.CORTEX)


def _paint_corner(canvas: Canvas, place: Place, mimic: Mimic) -> None:
    inside = _corner(canvas, place, mimic)
    canvas.blend(ramp(inside, 1.6), canvas.level(MODIC_TISSUE[mimic.signal], "marrow", 0.08))


SHAPES: dict[MimicKind, Callable[[Canvas, Place, Mimic], Array]] = {
    MimicKind.HAEMANGIOMA: _ball,
    MimicKind.SCHMORL: _node,
    MimicKind.INFECTION: _band,
    MimicKind.FRACTURE: _band,
    MimicKind.CORNER: _corner,
}

PAINTERS: dict[MimicKind, Callable[[Canvas, Place, Mimic], None]] = {
    MimicKind.HAEMANGIOMA: _paint_haemangioma,
    MimicKind.SCHMORL: _paint_schmorl,
    MimicKind.INFECTION: _paint_infection,
    MimicKind.FRACTURE: _paint_fracture,
    MimicKind.CORNER: _paint_corner,
}
