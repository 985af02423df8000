"""The spine as a curve through the body centres, and where endplates lie along it.

Where no endplate was placed its line is estimated: on the curve, a fixed share of the way from
centre to centre, square to the curve in the sagittal plane, a fixed length from front to back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.numbering import Numbering
from modic_annotate.domain.series import SAGITTAL_SLOTS, SeriesUsed
from modic_annotate.domain.spine import Endplate, Surface, Vertebra
from modic_annotate.session import counting, slots
from modic_annotate.session.draft import Draft

BODY_SHARE = 0.74
"""Body height over the distance of neighbouring centres; the rest is disc (rule of thumb)."""

AP_LENGTH_MM = {
    Vertebra.T12: 29.0,
    Vertebra.L1: 30.0,
    Vertebra.L2: 32.0,
    Vertebra.L3: 33.0,
}
"""Front-to-back length of an estimated endplate where it is shorter than the usual one."""

USUAL_AP_LENGTH_MM = 34.0
"""Front-to-back length from L4 down (rules of thumb, of the order of what adults measure)."""

BEND_CARRIED_ON = 0.5
"""Share of the last bend that carries on beyond the last placed body."""

CARRIED_ON = 2
"""How many bodies beyond the placed ones the curve is carried on."""

ANTERIOR_LPS = np.array([0.0, -1.0, 0.0])
LEFT_LPS = np.array([1.0, 0.0, 0.0])

Vector = NDArray[np.float64]
"""A point or direction in LPS, shape (3,), mm."""


def unit(vector: Vector) -> Vector:
    """Return a vector at length one."""
    return np.asarray(vector / np.linalg.norm(vector))


def reference_series(draft: Draft, series: Sequence[SeriesUsed]) -> SeriesUsed | None:
    """Return the sagittal series that estimates refer to: T1, else T2, else fat-suppressed."""
    found = (slots.in_role(draft, series, role) for role in SAGITTAL_SLOTS)
    return next((used for used in found if used is not None), None)


@dataclass(frozen=True)
class SpineCurve:
    """A curve through the placed body centres, head to foot."""

    order: tuple[Vertebra, ...]
    """All labels, T9 to S2."""

    centres: dict[Vertebra, Vector]
    normal: Vector
    """Unit normal of the sagittal slices."""

    @classmethod
    def of(cls, numbering: Numbering, reference: SeriesUsed | None) -> SpineCurve:
        """Return the curve of a numbering, in the slice plane of a sagittal series."""
        order = counting.whole_order(counting.count_of(numbering))
        centres = {
            b.vertebra: np.array(b.centroid_lps_mm) for b in numbering.bodies if b.vertebra in order
        }
        normal = reference.grid.slice_normal_lps if reference else LEFT_LPS
        return cls(order=order, centres=centres, normal=normal)

    def centre(self, position: int) -> Vector | None:
        """Return the centre at a position of `order`; beyond the placed ones it is carried on."""
        own = self._placed(position)
        if own is not None:
            return own
        placed = [i for i, v in enumerate(self.order) if v in self.centres]
        if len(placed) < 2:  # noqa: PLR2004 - a direction needs two
            return None
        beyond = max(placed[0] - position, position - placed[-1])
        if not 0 < beyond <= CARRIED_ON:
            return None
        return self._carried_on(position, 1 if position < placed[0] else -1)

    def _carried_on(self, position: int, inward: int) -> Vector | None:
        """Return the next point outward of three (or two) neighbours, the last bend fading."""
        first, second = (self.centre(position + k * inward) for k in (1, 2))
        if first is None or second is None:
            return None
        step = first - second
        third = self._placed(position + 3 * inward)
        bend = step - (second - third) if third is not None else np.zeros(3)
        direction = unit(step + BEND_CARRIED_ON * bend)
        return np.asarray(first + np.linalg.norm(step) * direction)

    def _placed(self, position: int) -> Vector | None:
        is_label = 0 <= position < len(self.order)
        return self.centres.get(self.order[position]) if is_label else None

    def at(self, upper: int, share: float) -> tuple[Vector, Vector] | None:
        """Return point and caudal unit tangent a share of the way from one centre to the next.

        Parameters
        ----------
        upper
            Position of the upper body in `order`.
        share
            0 at the upper centre, 1 at the lower one (Catmull-Rom spline).
        """
        found = [self.centre(upper + k) for k in (-1, 0, 1, 2)]
        if any(point is None for point in found):
            return None
        p0, p1, p2, p3 = np.array(found)
        m1, m2, t = (p2 - p0) / 2, (p3 - p1) / 2, share
        point = (
            (2 * t**3 - 3 * t**2 + 1) * p1
            + (t**3 - 2 * t**2 + t) * m1
            + (3 * t**2 - 2 * t**3) * p2
            + (t**3 - t**2) * m2
        )
        tangent = (
            (6 * t**2 - 6 * t) * (p1 - p2) + (3 * t**2 - 4 * t + 1) * m1 + (3 * t**2 - 2 * t) * m2
        )
        return point, unit(self.in_plane(tangent))

    def in_plane(self, vector: Vector) -> Vector:
        """Return a vector without its part across the sagittal slices."""
        return np.asarray(vector - np.dot(vector, self.normal) * self.normal)

    def axis(self, vertebra: Vertebra) -> Vector | None:
        """Return the caudal unit direction of a body, or None where too little is placed."""
        if vertebra not in self.order:
            return None
        found = self.at(self.order.index(vertebra), 0.0)
        return None if found is None else found[1]

    def edge(self, endplate: Endplate) -> tuple[PointLps, PointLps] | None:
        """Return the estimated line of an endplate, anterior end first, in LPS mm."""
        if endplate.vertebra not in self.order:
            return None
        position = self.order.index(endplate.vertebra)
        is_lower = endplate.surface == Surface.INFERIOR
        half = BODY_SHARE / 2
        found = self.at(position, half) if is_lower else self.at(position - 1, 1 - half)
        if found is None:
            return None
        middle, caudal = found
        anterior = unit(np.cross(self.normal, caudal))
        if np.dot(anterior, ANTERIOR_LPS) < 0:
            anterior = -anterior
        reach = AP_LENGTH_MM.get(endplate.vertebra, USUAL_AP_LENGTH_MM) / 2 * anterior
        return _point(middle + reach), _point(middle - reach)


def expected_centre(numbering: Numbering, vertebra: Vertebra) -> Vector | None:
    """Return where a body's centre is to be expected beyond the placed ones, or None."""
    curve = SpineCurve.of(numbering, None)
    return curve.centre(curve.order.index(vertebra)) if vertebra in curve.order else None


def _point(vector: Vector) -> PointLps:
    x, y, z = (float(v) for v in vector)
    return x, y, z
