"""Endplates, and what lies between two of them: a body or a disc.

In the midsagittal plane a frame has its u axis along the endplate (towards the back) and its v
axis along the spine (towards the foot); `lateral` is the distance from the midline, left positive.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from modic_annotate.phantom.shapes import Array, cos_sin, mix, smooth_min

CORNER_MM = 2.0
"""Over how much the corners of a body are rounded."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A place and tilt in the midsagittal plane, in LPS y and z (mm)."""

    y: float
    z: float
    tilt_deg: float

    def local(self, y: Array, z: Array) -> tuple[Array, Array]:
        """Return (u, v) of points given by their y and z."""
        cos, sin = cos_sin(self.tilt_deg)
        dy, dz = y - self.y, z - self.z
        return dy * cos + dz * sin, dy * sin - dz * cos

    def at(self, u: float, v: float) -> tuple[float, float]:
        """Return (y, z) of a point given by its (u, v)."""
        cos, sin = cos_sin(self.tilt_deg)
        return self.y + u * cos + v * sin, self.z + u * sin - v * cos

    def moved(self, u: float, v: float, tilt_deg: float) -> Frame:
        """Return the frame at (u, v) of this one, with another tilt."""
        return Frame(*self.at(u, v), tilt_deg)


@dataclass(frozen=True, slots=True)
class Surface:
    """One bony endplate: nearly flat, dipping into its body, perhaps rough."""

    frame: Frame
    half_mm: float
    """Half its front-to-back length."""

    width_mm: float
    dip_mm: float
    """Depth at the middle; positive towards the foot, so a superior endplate dips by +."""

    rough_mm: float = 0.0

    def height(self, along: Array, lateral: Array) -> Array:
        """Return v of the surface where `along` is -1 at its front end and +1 at its back end."""
        k = np.maximum(1.0 - along * along, 0.0)
        side = 2.0 * lateral / self.width_mm
        dip = self.dip_mm * k * k * np.maximum(1.0 - side * side, 0.0)
        if self.rough_mm == 0:
            return np.asarray(dip)
        wave = _wave(1.7 * along + 0.6 * side + 0.2) + 0.6 * _wave(2.9 * along - 0.9 * side + 0.6)
        return np.asarray(dip + self.rough_mm * k * wave)

    def locate(self, lateral: Array, y: Array, z: Array) -> tuple[Array, Array]:
        """Return u, and the distance below the surface (towards the foot), both in mm."""
        u, v = self.frame.local(y, z)
        return u, v - self.height(np.clip(u / self.half_mm, -1.0, 1.0), lateral)


def _wave(phase: Array) -> Array:
    """Return a smooth wave of period 1 between -1 and 1."""
    part = phase - np.floor(phase)
    hump = part * (1.0 - part)
    return np.asarray(32.0 * hump * hump - 1.0)


@dataclass(frozen=True, slots=True)
class Place:
    """Where points lie in a body or disc; distances in mm, positive inside."""

    below_top: Array
    above_bottom: Array
    along: Array
    """-1 at the front wall, +1 at the back wall, at the point's own height."""

    down: Array
    """0 at the top surface, 1 at the bottom surface."""

    side: Array
    """-1 at the right edge, +1 at the left edge."""

    inside: Array
    """About the distance from the nearest surface."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A body (between its own endplates) or a disc (between those of its neighbours)."""

    name: str
    top: Surface
    bottom: Surface
    waist_mm: float
    """How far its walls are drawn in half-way down; a bulging disc has a negative one."""

    def locate(self, lateral: Array, y: Array, z: Array) -> Place:
        """Return where points lie in this segment; broadcastable arrays in mm."""
        u_top, below = self.top.locate(lateral, y, z)
        u_bottom, under = self.bottom.locate(lateral, y, z)
        above = -under
        total = np.maximum(below + above, 0.1)
        down = np.clip(below / total, 0.0, 1.0)
        draw = self.waist_mm * 4.0 * down * (1.0 - down)
        half = mix(self.top.half_mm, self.bottom.half_mm, down) - draw
        width = mix(self.top.width_mm, self.bottom.width_mm, down) / 2 - draw
        u = mix(u_top, u_bottom, down)
        gone = 1.0 - np.sqrt(np.maximum(1.0 - (lateral / width) * (lateral / width), 0.0))
        front = u + half * (1.0 - gone * gone)
        back = half * (1.0 - gone * gone * gone) - u
        walls = smooth_min(front, back, CORNER_MM)
        inside = smooth_min(smooth_min(below, above, CORNER_MM), walls, CORNER_MM)
        return Place(
            below_top=below,
            above_bottom=above,
            along=np.asarray(u / half),
            down=down,
            side=np.asarray(lateral / width),
            inside=np.minimum(inside, width - np.abs(lateral)),
        )

    @property
    def middle(self) -> Frame:
        """The frame half-way between the two surfaces, at their mean tilt."""
        a, b = self.top.frame, self.bottom.frame
        return Frame((a.y + b.y) / 2, (a.z + b.z) / 2, (a.tilt_deg + b.tilt_deg) / 2)

    def bounds(self, margin_mm: float) -> tuple[float, float, float, float]:
        """Return least y, greatest y, least z, greatest z of it, with a margin."""
        ends = [
            s.frame.at(sign * s.half_mm, 0) for s in (self.top, self.bottom) for sign in (-1, 1)
        ]
        ys, zs = zip(*ends, strict=True)
        return (
            min(ys) - margin_mm,
            max(ys) + margin_mm,
            min(zs) - margin_mm,
            max(zs) + margin_mm,
        )
