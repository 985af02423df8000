"""Directions of an image plane, from its direction cosines (PS3.3 C.7.6.2.1.1)."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from modic_annotate.domain.series import Plane
from modic_annotate.imaging.geometry.tolerances import ORIENTATION_TOLERANCE, UNIT_TOLERANCE

Orientation = tuple[float, float, float, float, float, float]

OBLIQUE_COSINE = math.cos(math.radians(45.0))
"""A plane whose normal is farther than 45 degrees from every axis is oblique."""

_PLANES = (Plane.SAGITTAL, Plane.CORONAL, Plane.AXIAL)
_ROUNDING = 1e-9


@lru_cache(maxsize=256)
def axes(orientation: Orientation) -> NDArray[np.float64]:
    """Return unit vectors, shape (3, 3): row direction, column direction, normal, in LPS.

    The row direction is the one along which the column index grows. The array is read-only.
    """
    cosines = np.array(orientation, dtype=np.float64).reshape(2, 3)
    row, column = cosines / np.linalg.norm(cosines, axis=1, keepdims=True)
    normal = np.cross(row, column)
    found = np.stack([row, column, normal / np.linalg.norm(normal)])
    found.setflags(write=False)
    return found


@lru_cache(maxsize=256)
def is_orthonormal(orientation: Orientation) -> bool:
    """Whether direction cosines are two unit vectors at a right angle, within the tolerance."""
    cosines = np.asarray(orientation, dtype=np.float64).reshape(2, 3)
    gram = cosines @ cosines.T
    return bool(np.abs(gram - np.eye(2)).max() <= UNIT_TOLERANCE)


@lru_cache(maxsize=1024)
def same_plane(one: Orientation, other: Orientation) -> bool:
    """Whether two images are parallel and turned alike, within the tolerance of a stack."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= ORIENTATION_TOLERANCE


def degrees_between(one: Orientation, other: Orientation) -> float:
    """Return the largest angle between the axes (row, column, normal) of two images, degrees."""
    a, b = axes(one), axes(other)
    half_chord = np.linalg.norm(a - b, axis=1).max() / 2  # exact for small angles too
    return math.degrees(2 * math.asin(min(half_chord, 1.0)))


@lru_cache(maxsize=256)
def plane_of(orientation: Orientation | None) -> Plane:
    """Return the anatomical plane nearest to an image plane; oblique where it is not stated."""
    if orientation is None or not is_orthonormal(orientation):
        return Plane.OBLIQUE
    normal = np.abs(axes(orientation)[2])
    nearest = int(np.argmax(normal))
    return _PLANES[nearest] if normal[nearest] >= OBLIQUE_COSINE - _ROUNDING else Plane.OBLIQUE
