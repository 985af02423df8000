"""One thin section through the phantom, painted tissue over tissue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from modic_annotate.phantom.anatomy import Spine
from modic_annotate.phantom.noise import lattice, stream_seed, texture
from modic_annotate.phantom.shapes import Array, cos_sin
from modic_annotate.phantom.tissues import Tissue

GRAINS_MM: dict[str, tuple[float, float, float]] = {
    # size of the grains across, front to back, head to foot
    "trabecular": (4.0, 2.0, 2.3),
    "marrow": (9.0, 6.5, 7.5),
    "streak": (6.0, 3.2, 15.0),
    "root": (2.4, 2.6, 80.0),
    "bowel": (22.0, 19.0, 23.0),
    "septum": (26.0, 6.0, 34.0),
}

SLANT_DEG = {"trabecular": 23.0, "marrow": 34.0, "streak": 8.0, "bowel": 28.0}
"""How far the grains are turned, so that their lattice does not show."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """Where the pixels of a section lie, what is painted there so far, and the textures."""

    lateral: Array
    """Distance from the midsagittal plane, left positive, in mm; (rows, columns) as all arrays."""

    y: Array
    z: Array
    grey: Array
    """(2, rows, columns): of water and of fat; they are added when the image is formed."""

    textures: dict[str, Array]
    tissue: dict[Tissue, Array]
    """Grey of each tissue on this kind of image, each (2, 1, 1)."""

    edge_mm: float
    """Over how many mm an edge is soft: about a pixel."""

    def window(self, y_low: float, y_high: float, z_low: float, z_high: float) -> Canvas | None:
        """Return the part of the canvas about a place, sharing memory; None where there is none."""
        if self._is_sagittal():
            rows = _inside(self.z[:, 0], self.z[:, -1], z_low, z_high)
            columns = _inside(self.y[0], self.y[-1], y_low, y_high)
        else:
            rows, columns = _box(self.y, self.z, (y_low, y_high), (z_low, z_high))
        if rows is None or columns is None:
            return None
        cut = (rows, columns)
        return Canvas(
            self.lateral[cut],
            self.y[cut],
            self.z[cut],
            self.grey[(slice(None), *cut)],
            {name: values[cut] for name, values in self.textures.items()},
            self.tissue,
            self.edge_mm,
        )

    def _is_sagittal(self) -> bool:
        """Whether rows run from front to back, so that the edges of the canvas tell a place."""
        first, last = self.y[0, 0], self.y[-1, -1]
        return bool(abs(self.y[0, -1] - first) >= abs(last - self.y[0, -1]))

    def paint(self, inside: Array, value: Tissue | Array, softness: float = 1.0) -> None:
        """Lay a tissue or grey levels over the canvas where `inside` (mm) is positive."""
        share = np.clip(inside / (self.edge_mm * softness) + 0.5, 0.0, 1.0)
        self.blend(share, value)

    def blend(self, share: Array, value: Tissue | Array) -> None:
        """Lay a tissue or grey levels over the canvas with a share of 0..1 per pixel."""
        level = self.tissue[value] if isinstance(value, Tissue) else value
        self.grey[...] += (level - self.grey) * share

    def beside(self, low: float, high: float) -> bool:
        """Return whether any of the canvas lies so far from the midline, to either side (mm)."""
        side = np.abs(self.lateral)
        return bool(side.min() <= high and side.max() >= low)

    def level(self, tissue: Tissue, grain: str, amount: float) -> Array:
        """Return the grey of a tissue, varied by a share of itself along a texture: (2, r, c)."""
        return np.asarray(self.tissue[tissue] * (1.0 + amount * self.textures[grain]))


def _inside(a: Array, b: Array, low: float, high: float) -> slice | None:
    """Return the run of indices where the span between a and b meets low..high."""
    hit = np.flatnonzero((np.maximum(a, b) >= low) & (np.minimum(a, b) <= high))
    return slice(int(hit[0]), int(hit[-1]) + 1) if hit.size else None


def _box(
    y: Array, z: Array, ys: tuple[float, float], zs: tuple[float, float]
) -> tuple[slice | None, slice | None]:
    """Return the runs of rows and of columns that hold all points between two y and two z."""
    hit = (y >= ys[0]) & (y <= ys[1]) & (z >= zs[0]) & (z <= zs[1])
    rows, columns = (np.flatnonzero(hit.any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return None, None
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def make_textures(
    spine: Spine,
    seed: int,
    points: tuple[Array, Array, Array],
    names: tuple[str, ...] = tuple(GRAINS_MM),
) -> dict[str, Array]:
    """Return textures by name at points (lateral, y, z), following the curve of the spine."""
    lateral, y, z = points
    back, cos, *_ = spine.outer.at(z)
    behind = (y - back) * cos
    made = {}
    for name in names:
        size = GRAINS_MM[name]
        cube = lattice(stream_seed(seed, name))
        turn_cos, turn_sin = cos_sin(SLANT_DEG.get(name, 0.0))
        across, down = behind * turn_cos + z * turn_sin, z * turn_cos - behind * turn_sin
        coarse = texture(cube, (lateral, across, down), size)
        fine = texture(cube, (lateral + 31.0, across + 17.0, down), _halved(size))
        made[name] = coarse * 0.72 + fine * 0.45
    return made


def _halved(size: tuple[float, float, float]) -> tuple[float, float, float]:
    return size[0] * 0.53, size[1] * 0.47, size[2] * 0.51
