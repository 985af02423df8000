"""A frozen generator: noise and texture that no library release can change.

splitmix64 (Steele, Lea, Flood 2014, doi 10.1145/2714064.2660195) on a counter: value n of a
stream depends on the seed and n alone.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from modic_annotate.phantom.shapes import Array

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)
LATTICE = 64
"""Edge of a texture's cube of random values; it repeats beyond."""


def stream_seed(*names: str | int) -> int:
    """Return the 64-bit seed of a stream, from its names."""
    text = "/".join(str(name) for name in names)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def random_bits(seed: int, count: int) -> NDArray[np.uint64]:
    """Return `count` random 64-bit numbers."""
    z = np.arange(1, count + 1, dtype=np.uint64) * GOLDEN + np.uint64(seed)
    z = (z ^ (z >> np.uint64(30))) * MIX_1
    z = (z ^ (z >> np.uint64(27))) * MIX_2
    return np.asarray(z ^ (z >> np.uint64(31)), dtype=np.uint64)


def normal(seed: int, shape: tuple[int, ...]) -> Array:
    """Return nearly Gaussian numbers (mean 0, deviation 1): sums of four 16-bit parts."""
    bits = random_bits(seed, int(np.prod(shape)))
    parts = np.uint64(0xFFFF)
    total = sum((bits >> np.uint64(16 * i)) & parts for i in range(4))
    scaled = (np.asarray(total).astype(np.float64) / 65535.0 - 2.0) * 1.7320508075688772
    return np.asarray(scaled).reshape(shape)


@lru_cache(maxsize=16)
def lattice(seed: int) -> Array:
    """Return a (64, 64, 64) cube of random values in -1..1; it is shared, so never written to."""
    bits = random_bits(seed, LATTICE**3) >> np.uint64(11)
    values = bits.astype(np.float64) / float(1 << 53) * 2.0 - 1.0
    cube = np.asarray(values).reshape(LATTICE, LATTICE, LATTICE)
    cube.flags.writeable = False
    return cube


def texture(
    cube: Array, points: tuple[Array, Array, Array], scale_mm: tuple[float, float, float]
) -> Array:
    """Return smooth random values in -1..1 at points, with grains of about `scale_mm`."""
    low, high, part = zip(*map(_cell, points, scale_mm), strict=True)
    flat = cube.ravel()
    planes = []
    for i in (low[0], high[0]):
        rows = []
        for j in (low[1], high[1]):
            row = (i * LATTICE + j) * LATTICE
            near = flat.take(row + low[2])
            rows.append(near + (flat.take(row + high[2]) - near) * part[2])
        planes.append(rows[0] + (rows[1] - rows[0]) * part[1])
    return np.asarray(planes[0] + (planes[1] - planes[0]) * part[0])


def _cell(coordinate: Array, scale: float) -> tuple[NDArray[np.int64], NDArray[np.int64], Array]:
    """Return the lattice cell below and above each coordinate, and how far between they are."""
    place = coordinate / scale
    floor = np.floor(place)
    part = place - floor
    # the lattice's edge is a power of two, so its last bits are the remainder, also below zero
    cell = floor.astype(np.int64) & (LATTICE - 1)
    return cell, (cell + 1) & (LATTICE - 1), part * part * (3.0 - 2.0 * part)
