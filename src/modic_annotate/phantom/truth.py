"""What is true of a phantom: where its bodies, endplates and changes lie, in LPS mm."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from modic_annotate.domain.base import Percent, PointLps, PositiveMm, Record, Uid
from modic_annotate.domain.finding import Zone
from modic_annotate.domain.grid import Grid
from modic_annotate.domain.modic import Component
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Endplate, Vertebra
from modic_annotate.phantom.anatomy import Spine
from modic_annotate.phantom.geometry import Segment, Surface
from modic_annotate.phantom.lesion import SECOND_FROM
from modic_annotate.phantom.recipe import Lesion

POLYLINE_POINTS = 21
SECOND_SHARE_PERCENT = round(100 * (1 - SECOND_FROM), 1)
"""The second component fills what lies deeper than ``SECOND_FROM`` of the change."""

ZONE_SHARE = 1 / 3
"""A third of an endplate counts as involved from this share of its width or length on."""


class TruthBody(Record):
    """One vertebral body in the midsagittal plane of the spine."""

    vertebra: Vertebra
    centroid_lps_mm: PointLps
    corners_lps_mm: tuple[PointLps, PointLps, PointLps, PointLps]
    """Superior-anterior, superior-posterior, inferior-posterior, inferior-anterior."""


class TruthEndplate(Record):
    """One bony endplate in the midsagittal plane, anterior to posterior."""

    endplate: Endplate
    polyline_lps_mm: tuple[PointLps, ...]


class TruthDisc(Record):
    """One disc: its centre and water content."""

    disc: str
    centre_lps_mm: PointLps
    height_mm: PositiveMm
    hydration: float


class TruthLesion(Record):
    """One marrow change; its points lie in the sagittal plane in which it is deepest."""

    endplate: Endplate
    components: tuple[Component, ...]
    height_percent: Percent
    height_mm: PositiveMm
    body_height_mm: PositiveMm
    ap_percent: Percent
    ap_mm: PositiveMm
    endplate_length_mm: PositiveMm
    left_right_mm: PositiveMm
    left_right_percent: Percent
    zones: tuple[Zone, ...]
    front_lps_mm: PointLps
    back_lps_mm: PointLps
    deepest_lps_mm: PointLps
    endplate_below_deepest_lps_mm: PointLps
    opposite_endplate_lps_mm: PointLps
    """Where the line from the deepest point's endplate through it meets the other endplate."""


class TruthSeries(Record):
    """One imaged series; instances in slice order of the grid."""

    series_uid: Uid
    role: SeriesRole
    description: str
    grid: Grid
    sop_instance_uids: tuple[Uid, ...]
    instance_numbers: tuple[int, ...]
    files: tuple[str, ...]


class Truth(Record):
    """Everything that is known of one phantom study."""

    schema_id: Annotated[Literal["modic-annotate/phantom-truth/1"], Field(alias="schema")] = (
        "modic-annotate/phantom-truth/1"
    )
    recipe: str
    seed: int
    study_uid: Uid
    frame_of_reference_uid: Uid
    series: tuple[TruthSeries, ...]
    bodies: tuple[TruthBody, ...]
    """T11 .. S2, head to foot."""

    endplates: tuple[TruthEndplate, ...]
    discs: tuple[TruthDisc, ...]
    lesions: tuple[TruthLesion, ...]

    def body(self, vertebra: Vertebra) -> TruthBody:
        """Return the truth of one body."""
        return next(b for b in self.bodies if b.vertebra == vertebra)

    def endplate(self, endplate: Endplate) -> TruthEndplate:
        """Return the truth of one endplate."""
        return next(e for e in self.endplates if e.endplate == endplate)

    def lesion(self, endplate: Endplate) -> TruthLesion | None:
        """Return the change of one endplate, or None."""
        return next((item for item in self.lesions if item.endplate == endplate), None)

    def series_in(self, role: SeriesRole) -> TruthSeries:
        """Return the series that fills a slot."""
        return next(s for s in self.series if s.role == role)


NAMED = frozenset(Vertebra) - {Vertebra.T9, Vertebra.T10}


def true_bodies(spine: Spine) -> tuple[TruthBody, ...]:
    """Return the truth of every body from T11 to S2."""
    return tuple(
        TruthBody(
            vertebra=Vertebra(body.name),
            centroid_lps_mm=_lps(body.middle.y, body.middle.z, 0.0, spine),
            corners_lps_mm=(
                surface_point(body.top, -1, 0, spine),
                surface_point(body.top, 1, 0, spine),
                surface_point(body.bottom, 1, 0, spine),
                surface_point(body.bottom, -1, 0, spine),
            ),
        )
        for body in spine.bodies
        if body.name in NAMED
    )


def true_endplates(spine: Spine) -> tuple[TruthEndplate, ...]:
    """Return the polyline of every endplate from T11 to S2, head to foot."""
    along = np.linspace(-1.0, 1.0, POLYLINE_POINTS)
    return tuple(
        TruthEndplate(
            endplate=Endplate.parse(f"{body.name}-{side}"),
            polyline_lps_mm=tuple(surface_point(surface, float(s), 0, spine) for s in along),
        )
        for body in spine.bodies
        if body.name in NAMED
        for side, surface in (("superior", body.top), ("inferior", body.bottom))
    )


def true_discs(spine: Spine) -> tuple[TruthDisc, ...]:
    """Return the truth of every disc."""
    return tuple(
        TruthDisc(
            disc=disc.name,
            centre_lps_mm=_lps(disc.middle.y, disc.middle.z, 0.0, spine),
            height_mm=shape.height_mm,
            hydration=shape.hydration,
        )
        for disc, shape in zip(spine.discs, spine.recipe.discs, strict=True)
    )


def true_lesion(spine: Spine, lesion: Lesion) -> TruthLesion:
    """Return the truth of one change."""
    body = spine.body(lesion.endplate.vertebra)
    own = spine.surface(lesion.endplate)
    side = (lesion.left + lesion.right) / 2
    front, back = (
        np.array(surface_point(own, percent / 50 - 1, side, spine))
        for percent in (lesion.anterior_percent, lesion.posterior_percent)
    )
    near, far = _column(body, own, lesion.deepest_percent / 50 - 1, side, spine)
    deepest = near + (far - near) * lesion.height_percent / 100
    ends = [np.array(surface_point(own, s, side, spine)) for s in (-1, 1)]
    first, *rest = lesion.components
    second_share = SECOND_SHARE_PERCENT if rest else 0.0
    shares = (100.0 - second_share, second_share)
    return TruthLesion(
        endplate=lesion.endplate,
        components=tuple(
            Component(modic_type=kind, share_percent=share)
            for kind, share in zip((first, *rest), shares, strict=False)
        ),
        height_percent=lesion.height_percent,
        height_mm=float(np.linalg.norm(deepest - near)),
        body_height_mm=float(np.linalg.norm(far - near)),
        ap_percent=lesion.ap_percent,
        ap_mm=float(np.linalg.norm(back - front)),
        endplate_length_mm=float(np.linalg.norm(ends[1] - ends[0])),
        left_right_mm=(lesion.left - lesion.right) * own.width_mm / 2,
        left_right_percent=(lesion.left - lesion.right) * 50,
        zones=zones_of(lesion),
        front_lps_mm=_tuple(front),
        back_lps_mm=_tuple(back),
        deepest_lps_mm=_tuple(deepest),
        endplate_below_deepest_lps_mm=_tuple(near),
        opposite_endplate_lps_mm=_tuple(far),
    )


def zones_of(lesion: Lesion) -> tuple[Zone, ...]:
    """Return the ninths of the endplate that a change fills to a third in both directions."""
    lengthwise = _thirds(lesion.anterior_percent / 100, lesion.posterior_percent / 100)
    across = _thirds((lesion.right + 1) / 2, (lesion.left + 1) / 2)
    names = ("anterior", "middle", "posterior"), ("right", "central", "left")
    return tuple(
        Zone(f"{names[0][i]}-{names[1][j]}")
        for i, along in enumerate(lengthwise)
        for j, beside in enumerate(across)
        if along and beside
    )


def _thirds(low: float, high: float) -> tuple[bool, ...]:
    cover = [min(high, (i + 1) / 3) - max(low, i / 3) for i in range(3)]
    return tuple(part * 3 >= ZONE_SHARE for part in cover)


def surface_point(surface: Surface, along: float, side: float, spine: Spine) -> PointLps:
    """Return a point of an endplate in LPS mm, rounded as records hold it."""
    lateral = side * surface.width_mm / 2
    v = float(surface.height(np.array(along), np.array(lateral)))
    y, z = surface.frame.at(along * surface.half_mm, v)
    return _lps(y, z, lateral, spine)


def _column(
    body: Segment, own: Surface, along: float, side: float, spine: Spine
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], ...]:
    """Return the points of both endplates at one place, the own one first."""
    other = body.bottom if own is body.top else body.top
    near, far = (np.array(surface_point(s, along, side, spine)) for s in (own, other))
    return near, far


def _lps(y: float, z: float, lateral: float, spine: Spine) -> PointLps:
    x = float(spine.midline_x(np.array(z))) + lateral
    return (round(x, 4), round(y, 4), round(z, 4))


def _tuple(point: np.ndarray[tuple[int], np.dtype[np.float64]]) -> PointLps:
    return (float(point[0]), float(point[1]), float(point[2]))
