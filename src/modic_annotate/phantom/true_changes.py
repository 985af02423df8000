"""What is true of a phantom's marrow changes and their mimics, with the pixels they fill."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.finding import Zone
from modic_annotate.domain.modic import Component, FatSuppressedSignal, ModicType
from modic_annotate.domain.spine import Endplate, Vertebra
from modic_annotate.phantom.anatomy import Spine
from modic_annotate.phantom.canvas import Canvas
from modic_annotate.phantom.geometry import Place, Segment, Surface
from modic_annotate.phantom.lesion import SECOND_FROM, lesion_inside
from modic_annotate.phantom.masks import Inside, InstanceMask, masks_in
from modic_annotate.phantom.mimics import mimic_inside
from modic_annotate.phantom.protocol import Sequence
from modic_annotate.phantom.recipe import Lesion, Mimic, MimicKind
from modic_annotate.phantom.shapes import Array
from modic_annotate.phantom.truth import (
    TruthLesion,
    TruthMimic,
    TruthSeries,
    contour_of,
    lps_point,
    surface_point,
)

SECOND_SHARE_PERCENT = round(100 * (1 - SECOND_FROM), 1)
"""The second component fills what lies deeper than ``SECOND_FROM`` of the change."""

ZONE_SHARE = 1 / 3
"""A third of an endplate counts as involved from this share of its width or length on."""

FAT_SUPPRESSED = {
    ModicType.TYPE_1: FatSuppressedSignal.HIGH,
    ModicType.TYPE_2: FatSuppressedSignal.SUPPRESSED,
    ModicType.TYPE_3: FatSuppressedSignal.SUPPRESSED,
}


@dataclass(frozen=True, slots=True)
class Imaged:
    """How a phantom was imaged: what its masks are drawn on."""

    series: tuple[tuple[Sequence, TruthSeries], ...]
    seed: int


def true_lesion(spine: Spine, lesion: Lesion, imaged: Imaged) -> TruthLesion:
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
        contour=contour_of(lesion.endplate, spine),
        fat_suppressed=_fat_suppressed(lesion),
        masks=_masks(spine, body, partial(_in_lesion, lesion), imaged),
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


def true_mimic(spine: Spine, mimic: Mimic, imaged: Imaged) -> TruthMimic:
    """Return the truth of one mimic."""
    body = spine.body(mimic.vertebra)
    free = mimic.kind == MimicKind.HAEMANGIOMA
    surface = Endplate(Vertebra(mimic.vertebra), mimic.surface)
    return TruthMimic(
        kind=mimic.kind,
        vertebra=Vertebra(mimic.vertebra),
        endplate=None if free else surface,
        centre_lps_mm=_free_centre(spine, body, mimic)
        if free
        else _resting_place(spine, spine.surface(surface), mimic),
        size_mm=mimic.size_mm,
        nearest_endplate_mm=_free_distance(body, mimic) if free else 0.0,
        masks=_masks(spine, body, partial(_in_mimic, mimic), imaged),
    )


def _free_centre(spine: Spine, body: Segment, mimic: Mimic) -> PointLps:
    y, z = _free_place(body, mimic)
    return lps_point(y, z, mimic.lateral_mm, spine)


def _free_place(body: Segment, mimic: Mimic) -> tuple[float, float]:
    top, bottom = body.top.frame, body.bottom.frame
    height = float(np.hypot(top.y - bottom.y, top.z - bottom.z))
    return body.middle.at(mimic.along * mimic.half_ap_mm, (mimic.down - 0.5) * height)


def _free_distance(body: Segment, mimic: Mimic) -> float:
    y, z = _free_place(body, mimic)
    place = body.locate(np.array(mimic.lateral_mm), np.array(y), np.array(z))
    return max(float(np.minimum(place.below_top, place.above_bottom)) - mimic.size_mm, 0.0)


def _resting_place(spine: Spine, surface: Surface, mimic: Mimic) -> PointLps:
    return surface_point(surface, mimic.along, 2 * mimic.lateral_mm / surface.width_mm, spine)


def _masks(spine: Spine, body: Segment, inside: Inside, imaged: Imaged) -> tuple[InstanceMask, ...]:
    return tuple(
        InstanceMask(
            sop_instance_uid=truth.sop_instance_uids[index],
            role=truth.role,
            slice=index,
            runs=runs,
        )
        for sequence, truth in imaged.series
        for index, runs in masks_in(spine, body, inside, sequence, imaged.seed)
    )


def _in_lesion(lesion: Lesion, canvas: Canvas, place: Place) -> Array:
    return lesion_inside(canvas, place, lesion)


def _in_mimic(mimic: Mimic, canvas: Canvas, place: Place) -> Array:
    return mimic_inside(canvas, place, mimic)


def _fat_suppressed(lesion: Lesion) -> FatSuppressedSignal:
    kind = lesion.components[0]
    if kind == ModicType.TYPE_2 and not lesion.suppressed:
        return FatSuppressedSignal.ISO
    return FAT_SUPPRESSED[kind]


def _column(
    body: Segment, own: Surface, along: float, side: float, spine: Spine
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], ...]:
    """Return the points of both endplates at one place, the own one first."""
    other = body.bottom if own is body.top else body.top
    near, far = (np.array(surface_point(s, along, side, spine)) for s in (own, other))
    return near, far


def _tuple(point: np.ndarray[tuple[int], np.dtype[np.float64]]) -> PointLps:
    return (float(point[0]), float(point[1]), float(point[2]))
