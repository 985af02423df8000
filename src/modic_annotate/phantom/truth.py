"""What is true of a phantom: where its bodies, endplates and changes lie, in LPS mm."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from modic_annotate.domain.base import Percent, PointLps, PositiveMm, Record, Uid
from modic_annotate.domain.finding import Zone
from modic_annotate.domain.grid import Grid
from modic_annotate.domain.modic import Component, Contour, FatSuppressedSignal
from modic_annotate.domain.numbering import TransitionalVariant
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Endplate, Vertebra
from modic_annotate.phantom.anatomy import Spine
from modic_annotate.phantom.geometry import Segment, Surface
from modic_annotate.phantom.masks import InstanceMask
from modic_annotate.phantom.recipe import DiscShape, MimicKind

POLYLINE_POINTS = 21


class TruthBody(Record):
    """One vertebral body in the midsagittal plane of the spine."""

    vertebra: Vertebra
    centroid_lps_mm: PointLps
    corners_lps_mm: tuple[PointLps, PointLps, PointLps, PointLps]
    """Superior-anterior, superior-posterior, inferior-posterior, inferior-anterior."""

    front_height_mm: PositiveMm = 0.0
    middle_height_mm: PositiveMm = 0.0
    back_height_mm: PositiveMm = 0.0
    """Between the endplates at the front, in the middle (where they dip) and at the back."""

    width_mm: PositiveMm = 0.0


class TruthEndplate(Record):
    """One bony endplate in the midsagittal plane, anterior to posterior."""

    endplate: Endplate
    polyline_lps_mm: tuple[PointLps, ...]
    contour: Contour = Contour.SMOOTH


class TruthDisc(Record):
    """One disc: its centre and water content."""

    disc: str
    centre_lps_mm: PointLps
    height_mm: PositiveMm
    hydration: float
    bulge_mm: PositiveMm = 0.0
    slip_mm: float = 0.0
    """How far the body above stands in front of the one below."""

    fluid: float = 0.0


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

    contour: Contour = Contour.SMOOTH
    fat_suppressed: FatSuppressedSignal | None = None
    """What its predominant component shows where fat is suppressed."""

    masks: tuple[InstanceMask, ...] = ()


class TruthMimic(Record):
    """One marrow change that is no Modic change."""

    kind: MimicKind
    vertebra: Vertebra
    endplate: Endplate | None
    """On which it rests; none for a haemangioma."""

    centre_lps_mm: PointLps
    """Of a haemangioma its middle, of all others the place on the endplate where they are."""

    size_mm: PositiveMm
    nearest_endplate_mm: PositiveMm
    """From its edge; 0 where it touches one."""

    masks: tuple[InstanceMask, ...] = ()


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
    mimics: tuple[TruthMimic, ...] = ()
    lumbar_count: int = 5
    variant: TransitionalVariant = TransitionalVariant.NONE
    scoliosis_mm: float = 0.0

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
    return tuple(_true_body(body, spine) for body in spine.bodies if body.name in NAMED)


def _true_body(body: Segment, spine: Spine) -> TruthBody:
    above = [surface_point(body.top, along, 0, spine) for along in (-1, 0, 1)]
    below = [surface_point(body.bottom, along, 0, spine) for along in (-1, 0, 1)]
    front, middle, back = (
        float(np.linalg.norm(np.subtract(a, b))) for a, b in zip(above, below, strict=True)
    )
    return TruthBody(
        vertebra=Vertebra(body.name),
        centroid_lps_mm=lps_point(body.middle.y, body.middle.z, 0.0, spine),
        corners_lps_mm=(above[0], above[2], below[2], below[0]),
        front_height_mm=front,
        middle_height_mm=middle,
        back_height_mm=back,
        width_mm=(body.top.width_mm + body.bottom.width_mm) / 2,
    )


def true_endplates(spine: Spine) -> tuple[TruthEndplate, ...]:
    """Return the polyline of every endplate from T11 to S2, head to foot."""
    along = np.linspace(-1.0, 1.0, POLYLINE_POINTS)
    return tuple(
        TruthEndplate(
            endplate=Endplate.parse(f"{body.name}-{side}"),
            polyline_lps_mm=tuple(surface_point(surface, float(s), 0, spine) for s in along),
            contour=contour_of(Endplate.parse(f"{body.name}-{side}"), spine),
        )
        for body in spine.bodies
        if body.name in NAMED
        for side, surface in (("superior", body.top), ("inferior", body.bottom))
    )


def contour_of(endplate: Endplate, spine: Spine) -> Contour:
    """Return the outline of an endplate: destroyed by infection, rough by recipe, or smooth."""
    for mimic in spine.recipe.mimics:
        same = (mimic.vertebra, mimic.surface) == (endplate.vertebra, endplate.surface)
        if same and mimic.kind == MimicKind.INFECTION:
            return Contour.DESTRUCTIVE
    rough = endplate in spine.recipe.rough_endplates
    return Contour.IRREGULAR_INTACT if rough else Contour.SMOOTH


def true_discs(spine: Spine) -> tuple[TruthDisc, ...]:
    """Return the truth of every disc."""
    return tuple(
        _true_disc(disc, shape, spine)
        for disc, shape in zip(spine.discs, spine.recipe.discs, strict=True)
    )


def _true_disc(disc: Segment, shape: DiscShape, spine: Spine) -> TruthDisc:
    return TruthDisc(
        disc=disc.name,
        centre_lps_mm=lps_point(disc.middle.y, disc.middle.z, 0.0, spine),
        height_mm=shape.height_mm,
        hydration=shape.hydration,
        bulge_mm=shape.bulge_mm,
        slip_mm=shape.slip_mm,
        fluid=shape.fluid,
    )


def surface_point(surface: Surface, along: float, side: float, spine: Spine) -> PointLps:
    """Return a point of an endplate in LPS mm, rounded as records hold it."""
    lateral = side * surface.width_mm / 2
    v = float(surface.height(np.array(along), np.array(lateral)))
    y, z = surface.frame.at(along * surface.half_mm, v)
    return lps_point(y, z, lateral, spine)


def lps_point(y: float, z: float, lateral: float, spine: Spine) -> PointLps:
    """Return a place of the straight spine in LPS mm, rounded as records hold it."""
    x, z = spine.bent(lateral, z)
    return (round(x, 4), round(y, 4), round(z, 4))
