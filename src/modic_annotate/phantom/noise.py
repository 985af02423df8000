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
    low, high, weight = [], [], []
    for coordinate, scale in zip(points, scale_mm, strict=True):
        place = coordinate / scale
        floor = np.floor(place)
        part = place - floor
        weight.append(part * part * (3.0 - 2.0 * part))
        cell = floor.astype(np.int64) % LATTICE
        low.append(cell)
        high.append((cell + 1) % LATTICE)
    flat = cube.ravel()
    result = np.zeros_like(points[0])
    for corner in range(8):
        sides = [corner & 1, corner >> 1 & 1, corner >> 2 & 1]
        i, j, k = (high[axis] if side else low[axis] for axis, side in enumerate(sides))
        w0, w1, w2 = (weight[a] if side else 1.0 - weight[a] for a, side in enumerate(sides))
        result += flat[(i * LATTICE + j) * LATTICE + k] * (w0 * w1 * w2)
    return result
