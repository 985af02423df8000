"""What part of a slice stands where on a canvas: millimetres to logical screen pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace

MIN_PX_PER_MM, MAX_PX_PER_MM = 0.2, 40.0
"""Zoom stays between a whole body and one pixel filling the canvas."""


@dataclass(frozen=True, slots=True)
class View:
    """The display point (u, v) in mm at the centre of a canvas, and the zoom.

    Screen coordinates are continuous logical pixels: (0, 0) is the top-left corner of the canvas
    and the centre of its first pixel is (0.5, 0.5).
    """

    u: float
    v: float
    px_per_mm: float
    width: float
    height: float

    def to_screen(self, u: float, v: float) -> tuple[float, float]:
        """Return where a display point stands on the canvas."""
        s = self.px_per_mm
        return (u - self.u) * s + self.width / 2, (v - self.v) * s + self.height / 2

    def to_display(self, x: float, y: float) -> tuple[float, float]:
        """Return the display point at a place on the canvas."""
        s = self.px_per_mm
        return (x - self.width / 2) / s + self.u, (y - self.height / 2) / s + self.v

    def zoomed(self, factor: float, x: float, y: float) -> View:
        """Return the view zoomed by `factor` with the point under (x, y) held in place."""
        scale = min(max(self.px_per_mm * factor, MIN_PX_PER_MM), MAX_PX_PER_MM)
        u, v = self.to_display(x, y)
        ratio = self.px_per_mm / scale
        return replace(
            self, u=u + (self.u - u) * ratio, v=v + (self.v - v) * ratio, px_per_mm=scale
        )

    def panned(self, dx: float, dy: float) -> View:
        """Return the view with the image moved by (dx, dy) screen pixels."""
        return replace(self, u=self.u - dx / self.px_per_mm, v=self.v - dy / self.px_per_mm)

    def resized(self, width: float, height: float) -> View:
        """Return the view of another canvas size, with the same centre and zoom."""
        return replace(self, width=width, height=height)

    def holds(self, u: float, v: float) -> bool:
        """Whether a display point lies inside the canvas."""
        x, y = self.to_screen(u, v)
        return 0 <= x <= self.width and 0 <= y <= self.height


def fitted(
    area: tuple[float, float, float, float],
    canvas: tuple[float, float],
    least_width_mm: float | None = None,
) -> View:
    """Return the view that shows an area as large as the canvas allows, in its middle.

    Parameters
    ----------
    area
        Left, top, width and height in display mm.
    canvas
        Width and height of the canvas in logical pixels.
    least_width_mm
        Where given, the sides of the area may be cut off to fill the height, down to this width.
    """
    left, top, width_mm, height_mm = area
    width, height = max(canvas[0], 1.0), max(canvas[1], 1.0)
    needed = width_mm if least_width_mm is None else min(width_mm, least_width_mm)
    scale = min(width / needed, height / height_mm)
    return View(left + width_mm / 2, top + height_mm / 2, scale, width, height)
