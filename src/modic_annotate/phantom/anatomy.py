"""From a recipe to a spine: bodies and discs stacked head to foot, and the canal behind them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from modic_annotate.domain.spine import Endplate
from modic_annotate.domain.spine import Surface as Side
from modic_annotate.phantom.geometry import Frame, Segment, Surface
from modic_annotate.phantom.recipe import BodyShape, Recipe
from modic_annotate.phantom.shapes import Array

ANCHOR = "L3"
ANCHOR_YZ_MM = (-9.0, 16.0)
"""Where the centre of the anchor body lies, LPS y and z."""

MIDLINE_X_MM = 2.0
MIDLINE_SLOPE = 0.018
"""The midsagittal plane: x at the anchor, and its lean per mm towards the head."""

BEND_HALF_MM = 125.0
"""Half the height over which scoliosis bends the midline."""

BEND_STEPS = 12
ROUGH_MM = 0.28
BODY_WAIST_MM = 1.5
TABLE_STEP_MM = 0.5
SMOOTHING_MM = 14.0

CANAL: dict[str, tuple[float, float, float, float, float]] = {
    # body: depth of the sac, its gap behind the body, half depth of the cord,
    #       fascia behind the posterior wall, fat behind the fascia (mm)
    "T9": (13.0, 1.2, 3.4, 40.0, 9.0),
    "T10": (13.5, 1.2, 3.5, 41.0, 9.0),
    "T11": (14.0, 1.2, 3.9, 43.0, 10.0),
    "T12": (15.0, 1.2, 4.1, 46.0, 11.0),
    "L1": (15.5, 1.2, 2.6, 49.0, 13.0),
    "L2": (15.0, 1.3, -2.2, 51.0, 15.0),
    "L3": (14.2, 1.4, -6.0, 52.0, 18.0),
    "L4": (13.4, 1.8, -6.0, 51.0, 22.0),
    "L5": (12.2, 2.8, -6.0, 46.0, 28.0),
    "L6": (11.4, 3.4, -6.0, 41.0, 31.0),
    "S1": (9.5, 4.5, -6.0, 33.0, 34.0),
    "S2": (4.5, 5.0, -6.0, 24.0, 36.0),
    "S3": (-3.0, 4.0, -6.0, 19.0, 34.0),
    "S4": (-6.0, 3.0, -6.0, 16.0, 30.0),
}


@dataclass(frozen=True, slots=True)
class Tables:
    """Smooth functions of z (mm, from the foot up), looked up by linear interpolation."""

    first_z: float
    values: Array
    """Shape (8, n): posterior wall y, cosine of its slope, anterior wall y, then CANAL."""

    def at(self, z: Array) -> tuple[Array, ...]:
        """Return every function at `z`, one array each."""
        place = np.clip((z - self.first_z) / TABLE_STEP_MM, 0, self.values.shape[1] - 1.001)
        cell = place.astype(np.int64)
        part = place - cell
        return tuple(row[cell] + (row[cell + 1] - row[cell]) * part for row in self.values)


@dataclass(frozen=True, slots=True)
class Spine:
    """The whole geometry of one phantom."""

    recipe: Recipe
    bodies: tuple[Segment, ...]
    discs: tuple[Segment, ...]
    tables: Tables
    outer: Tables
    """The same without any slip, which skin and muscle do not follow."""

    def body(self, name: str) -> Segment:
        """Return the body of that name."""
        return next(b for b in self.bodies if b.name == name)

    def surface(self, endplate: Endplate) -> Surface:
        """Return the surface of an endplate."""
        body = self.body(endplate.vertebra)
        return body.top if endplate.surface == Side.SUPERIOR else body.bottom

    def midline_x(self, z: Array) -> Array:
        """Return x of the midsagittal surface at z, both in LPS mm."""
        bend, _ = self._bend(z)
        return np.asarray(MIDLINE_X_MM + MIDLINE_SLOPE * (z - ANCHOR_YZ_MM[1]) + bend)

    def straightened(self, x: Array, z: Array) -> tuple[Array, Array]:
        """Return the distance from the midline and the z that a point has without the scoliosis."""
        lateral = x - self.midline_x(z)
        return lateral, np.asarray(z + lateral * self._bend(z)[1])

    def bent(self, lateral: float, z: float) -> tuple[float, float]:
        """Return the x and z (LPS mm) of a place of the straight spine: undo ``straightened``."""
        real = z
        for _ in range(BEND_STEPS):
            real = z - lateral * float(self._bend(np.array(real))[1])
        return float(self.midline_x(np.array(real))) + lateral, real

    def _bend(self, z: Array) -> tuple[Array | float, Array | float]:
        """Return how far scoliosis moves the midline at z, and the slope of that."""
        if self.recipe.scoliosis_mm == 0:
            return 0.0, 0.0
        t = np.clip((z - ANCHOR_YZ_MM[1]) / BEND_HALF_MM, -1.0, 1.0)
        hump = 1.0 - t * t
        size = self.recipe.scoliosis_mm
        return size * hump * hump, -4.0 * size / BEND_HALF_MM * t * hump


def build_spine(recipe: Recipe) -> Spine:
    """Stack the bodies and discs of a recipe and move the anchor body to its place."""
    bodies = _bodies(recipe)
    discs = tuple(
        Segment(f"{a.name}/{b.name}", a.bottom, b.top, waist_mm=-disc.bulge_mm)
        for (a, b), disc in zip(itertools.pairwise(bodies), recipe.discs, strict=True)
    )
    tables = _tables(bodies)
    if not any(disc.slip_mm for disc in recipe.discs):
        return Spine(recipe, bodies, discs, tables, tables)
    straight = tuple(disc.replace(slip_mm=0.0) for disc in recipe.discs)
    return Spine(recipe, bodies, discs, tables, _tables(_bodies(recipe.replace(discs=straight))))


def _bodies(recipe: Recipe) -> tuple[Segment, ...]:
    """Return the bodies of a recipe, the anchor at its place."""
    start = Frame(0.0, 0.0, recipe.bodies[0].tilt_superior_deg)
    frames = _stack(recipe, start)
    index = next(i for i, b in enumerate(recipe.bodies) if b.name == ANCHOR)
    upper, lower = frames[index]
    start = Frame(
        ANCHOR_YZ_MM[0] - (upper.y + lower.y) / 2,
        ANCHOR_YZ_MM[1] - (upper.z + lower.z) / 2,
        recipe.bodies[0].tilt_superior_deg,
    )
    return tuple(
        _body_segment(recipe, shape, pair)
        for shape, pair in zip(recipe.bodies, _stack(recipe, start), strict=True)
    )


def _stack(recipe: Recipe, start: Frame) -> list[tuple[Frame, Frame]]:
    """Walk from head to foot and return the frames of each body's two endplates."""
    frames = []
    upper = start
    for i, shape in enumerate(recipe.bodies):
        lower = _step(upper, shape.height_mm, shape.tilt_inferior_deg)
        frames.append((upper, lower))
        if i < len(recipe.discs):
            next_tilt = recipe.bodies[i + 1].tilt_superior_deg
            disc = recipe.discs[i]
            upper = _step(lower, disc.height_mm, next_tilt).moved(disc.slip_mm, 0.0, next_tilt)
    return frames


def _step(frame: Frame, distance_mm: float, tilt_deg: float) -> Frame:
    """Go footward by a distance at the mean of two tilts."""
    mean = Frame(frame.y, frame.z, (frame.tilt_deg + tilt_deg) / 2)
    return mean.moved(0.0, distance_mm, tilt_deg)


def _body_segment(recipe: Recipe, shape: BodyShape, frames: tuple[Frame, Frame]) -> Segment:
    rough = {str(e) for e in recipe.rough_endplates}
    top, bottom = (
        Surface(
            frame=frame,
            half_mm=ap / 2,
            width_mm=shape.width_mm,
            dip_mm=sign * shape.concavity_mm,
            rough_mm=ROUGH_MM if f"{shape.name}-{side}" in rough else 0.0,
        )
        for frame, ap, sign, side in zip(
            frames, (shape.ap_superior_mm, shape.ap_inferior_mm), (1, -1), Side, strict=True
        )
    )
    return Segment(shape.name, top, bottom, waist_mm=BODY_WAIST_MM)


def _tables(bodies: tuple[Segment, ...]) -> Tables:
    """Sample the walls and the canal on a fine, even z grid, smoothed."""
    walls: dict[int, list[tuple[float, float]]] = {-1: [], 1: []}
    for body in bodies:
        for surface in (body.top, body.bottom):
            for sign, points in walls.items():
                y, z = surface.frame.at(sign * surface.half_mm, 0)
                points.append((z, y))
    centres = [body.middle.z for body in bodies]
    zs = np.arange(min(centres) - 60.0, max(centres) + 60.0, TABLE_STEP_MM)
    back, front = (_smooth(_line(zs, walls[sign])) for sign in (1, -1))
    slope = np.gradient(back, TABLE_STEP_MM)
    rows = [back, 1.0 / np.sqrt(1.0 + slope * slope), front]
    for column in range(5):
        knots = [(z, CANAL[body.name][column]) for z, body in zip(centres, bodies, strict=True)]
        rows.append(_smooth(np.interp(zs, *_sorted(knots))))
    return Tables(first_z=float(zs[0]), values=np.round(np.stack(rows), 6))


def _sorted(points: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    zs, values = zip(*sorted(points), strict=True)
    return list(zs), list(values)


def _line(zs: Array, points: list[tuple[float, float]]) -> Array:
    """Interpolate through points and run straight on beyond the ends."""
    knots, values = _sorted(points)
    line = np.interp(zs, knots, values)
    low = (values[3] - values[0]) / (knots[3] - knots[0])
    high = (values[-1] - values[-4]) / (knots[-1] - knots[-4])
    line = line + np.minimum(zs - knots[0], 0.0) * low + np.maximum(zs - knots[-1], 0.0) * high
    return np.asarray(line)


def _smooth(values: Array) -> Array:
    """Average over a window twice, holding the ends."""
    half = int(SMOOTHING_MM / TABLE_STEP_MM / 4)
    for _ in range(2):
        padded = np.concatenate([np.full(half, values[0]), values, np.full(half, values[-1])])
        total = np.zeros_like(values)
        for shift in range(2 * half + 1):
            total = total + padded[shift : shift + len(values)]
        values = total / (2 * half + 1)
    return values
