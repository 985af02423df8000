"""What a phantom is made of: bodies, discs, lesions, and the name on its images.

A recipe is data; the geometry is worked out from it in ``anatomy``. Sizes are those of a middle-
sized adult, rounded; they are chosen to look right, not measured on anyone.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from modic_annotate.domain.base import Percent, PositiveMm, Record
from modic_annotate.domain.modic import ModicType
from modic_annotate.domain.numbering import TransitionalVariant
from modic_annotate.domain.spine import Endplate, Surface


class BodyShape(Record):
    """One vertebral body; tilt is positive where the front end of an endplate lies lower."""

    name: str
    """T10 .. S4; bodies above T11 and below S2 only fill the edge of the field of view."""

    height_mm: PositiveMm
    """Between the centres of its endplates."""

    ap_superior_mm: PositiveMm
    ap_inferior_mm: PositiveMm
    width_mm: PositiveMm
    tilt_superior_deg: float
    tilt_inferior_deg: float
    concavity_mm: PositiveMm = 1.8
    """How deep each endplate dips into the body at its middle."""


class DiscShape(Record):
    """One disc: height between endplate centres, water content and bulge."""

    height_mm: PositiveMm
    hydration: Annotated[float, Field(ge=0, le=1)]
    bulge_mm: PositiveMm = 1.0
    slip_mm: float = 0.0
    """How far the body above stands in front of the one below; negative: behind it."""

    fluid: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of it that fluid has replaced, as in infection."""


class Lesion(Record):
    """A marrow change resting on an endplate; the first component is the predominant one."""

    endplate: Endplate
    components: Annotated[tuple[ModicType, ...], Field(min_length=1, max_length=2)]
    height_percent: Percent
    """Greatest depth, as a share of the body height at that place."""

    anterior_percent: Percent
    posterior_percent: Percent
    """Front and back end along the endplate: 0 is its front end, 100 its back end."""

    deepest_percent: Percent
    """Where along the endplate the change is deepest."""

    right: Annotated[float, Field(ge=-1, le=1)]
    left: Annotated[float, Field(ge=-1, le=1)]
    """Sideways ends in half widths of the body: -1 its right edge, 0 midline, +1 its left edge."""

    edge_power: Annotated[int, Field(ge=2, le=8)] = 4
    """How square the change is: 2 a dome, 8 nearly a box."""

    suppressed: bool = True
    """Whether fat suppression darkens its type 2 component; it often does not."""

    @property
    def ap_percent(self) -> float:
        """Share of the endplate's length that the change covers, 0..100."""
        return self.posterior_percent - self.anterior_percent


class MimicKind(StrEnum):
    """What may be taken for a Modic change."""

    HAEMANGIOMA = "haemangioma"
    SCHMORL = "Schmorl node"
    INFECTION = "infection-like"
    FRACTURE = "fracture"
    CORNER = "corner lesion"


class Mimic(Record):
    """A marrow change that is no Modic change.

    A haemangioma lies at (along, down) and touches no endplate where it is small enough; a Schmorl
    node, a corner lesion, and the bands of infection and fracture rest on ``surface``.
    """

    kind: MimicKind
    vertebra: str
    surface: Surface = Surface.SUPERIOR
    size_mm: PositiveMm
    """Radius, or depth from the endplate."""

    along: Annotated[float, Field(ge=-1, le=1)] = 0.0
    """-1 at the front wall, +1 at the back wall; a corner lesion lies at the end it is nearer."""

    down: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Of a haemangioma: 0 at the top of the body, 1 at its bottom."""

    lateral_mm: float = 0.0
    """From the midline, left positive."""

    half_ap_mm: PositiveMm = 16.0
    """What 1 of ``along`` stands for."""

    oedema: bool = True
    """Of a Schmorl node: whether there is oedema round it."""

    signal: ModicType = ModicType.TYPE_1
    """Of a corner lesion: which type it looks like."""


class Recipe(Record):
    """One phantom: a spine with its lesions, and the seed of its noise and texture."""

    name: str
    bodies: tuple[BodyShape, ...]
    """Head to foot."""

    discs: tuple[DiscShape, ...]
    """One between each two neighbouring bodies, head to foot."""

    lesions: tuple[Lesion, ...] = ()
    mimics: tuple[Mimic, ...] = ()
    variant: TransitionalVariant = TransitionalVariant.NONE
    """What its lumbosacral junction is, where it is not the usual one."""

    scoliosis_mm: float = 0.0
    """Greatest sideways deviation of the midline, to the left positive."""

    rough_endplates: tuple[Endplate, ...] = ()
    """Endplates with an irregular, intact outline."""

    patient_id: str = "SYNTHETIC-1"
    patient_name: str = "Phantom^Synthetic"
    birth_date: str = "19790514"
    sex: str = "F"
    study_date: str = "20260310"


def _body(
    name: str, height: float, ap: tuple[float, float], width: float, *rest: float
) -> BodyShape:
    tilt_superior, tilt_inferior, concavity = rest
    return BodyShape(
        name=name,
        height_mm=height,
        ap_superior_mm=ap[0],
        ap_inferior_mm=ap[1],
        width_mm=width,
        tilt_superior_deg=tilt_superior,
        tilt_inferior_deg=tilt_inferior,
        concavity_mm=concavity,
    )


FIVE_LUMBAR_BODIES = (
    #     name   height  AP up, down   width  tilt up, down  concavity
    _body("T9", 21.5, (27.0, 27.5), 33.0, -7.0, -8.0, 1.0),
    _body("T10", 22.5, (28.0, 28.5), 35.0, -8.5, -9.5, 1.0),
    _body("T11", 24.0, (29.0, 30.0), 37.0, -10.0, -11.0, 1.2),
    _body("T12", 25.5, (30.0, 31.0), 40.0, -11.0, -12.0, 1.5),
    _body("L1", 27.0, (31.0, 32.0), 42.0, -10.5, -11.0, 1.9),
    _body("L2", 28.0, (32.5, 33.5), 44.0, -7.5, -7.0, 2.2),
    _body("L3", 28.5, (33.5, 34.5), 46.0, -1.5, -1.0, 2.3),
    _body("L4", 28.5, (34.5, 35.0), 48.0, 4.0, 6.5, 2.0),
    _body("L5", 27.5, (35.0, 34.5), 51.0, 11.5, 19.5, 1.9),
    _body("S1", 29.5, (34.0, 24.5), 66.0, 32.0, 37.5, 0.8),
    _body("S2", 24.5, (23.5, 18.0), 62.0, 38.0, 33.0, 0.4),
    _body("S3", 21.0, (17.0, 14.0), 58.0, 32.0, 20.0, 0.3),
    _body("S4", 18.0, (13.0, 11.0), 50.0, 18.0, 2.0, 0.3),
)

AGED_DISCS = (
    DiscShape(height_mm=4.5, hydration=0.55),
    DiscShape(height_mm=5.0, hydration=0.6),
    DiscShape(height_mm=6.0, hydration=0.6),
    DiscShape(height_mm=7.5, hydration=0.5),
    DiscShape(height_mm=9.0, hydration=0.8),
    DiscShape(height_mm=10.5, hydration=0.85),
    DiscShape(height_mm=11.0, hydration=0.65),
    DiscShape(height_mm=8.5, hydration=0.12, bulge_mm=2.4),
    DiscShape(height_mm=9.5, hydration=0.4, bulge_mm=1.6),
    DiscShape(height_mm=2.6, hydration=0.3, bulge_mm=0.0),
    DiscShape(height_mm=1.6, hydration=0.1, bulge_mm=0.0),
    DiscShape(height_mm=1.2, hydration=0.1, bulge_mm=0.0),
)

YOUNG_DISCS = tuple(
    disc.replace(hydration=0.9, height_mm=max(disc.height_mm, 10.0), bulge_mm=0.8)
    if disc.height_mm > 7  # noqa: PLR2004 - the lumbar ones
    else disc
    for disc in AGED_DISCS
)

SAMPLE = Recipe(
    name="sample",
    bodies=FIVE_LUMBAR_BODIES,
    discs=AGED_DISCS,
    lesions=(
        Lesion(
            endplate=Endplate.parse("L4-inferior"),
            components=(ModicType.TYPE_1, ModicType.TYPE_2),
            height_percent=40,
            anterior_percent=8,
            posterior_percent=68,
            deepest_percent=34,
            right=-0.3,
            left=0.75,
            edge_power=6,
        ),
        Lesion(
            endplate=Endplate.parse("L5-superior"),
            components=(ModicType.TYPE_2,),
            height_percent=30,
            anterior_percent=0,
            posterior_percent=100,
            deepest_percent=40,
            right=-0.7,
            left=0.75,
            edge_power=6,
        ),
        Lesion(
            endplate=Endplate.parse("L1-superior"),
            components=(ModicType.TYPE_2,),
            height_percent=12,
            anterior_percent=0,
            posterior_percent=25,
            deepest_percent=8,
            right=-0.45,
            left=0.5,
            edge_power=6,
        ),
    ),
    mimics=(
        Mimic(
            kind=MimicKind.HAEMANGIOMA,
            vertebra="T12",
            size_mm=7.0,
            along=-0.1,
            down=0.5,
            lateral_mm=2.0,
        ),
    ),
    rough_endplates=(Endplate.parse("L4-inferior"), Endplate.parse("L5-superior")),
)
"""The sample study: three changes, one of them outside L3..S1, and a haemangioma in T12."""

NORMAL = Recipe(
    name="normal",
    bodies=FIVE_LUMBAR_BODIES,
    discs=YOUNG_DISCS,
    patient_id="SYNTHETIC-2",
    patient_name="Phantom^Normal",
    birth_date="19930822",
    sex="M",
)
"""The same spine without any lesion, with well hydrated discs."""
