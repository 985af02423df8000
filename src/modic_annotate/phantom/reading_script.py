"""A whole plausible reading of a phantom, made from its truth, as an acts file.

The reader it stands for places points a little beside the truth, as hands do, and always on a
slice of the series it names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.finding import Zone
from modic_annotate.domain.modic import (
    Attribution,
    Confidence,
    Contour,
    Defect,
    FatSuppressedSignal,
    ModicType,
    Signal,
)
from modic_annotate.domain.numbering import (
    Castellvi,
    NumberingConfidence,
    NumberingMethod,
    TransitionalVariant,
)
from modic_annotate.domain.series import SAGITTAL_SLOTS, QualityRating, SeriesRole
from modic_annotate.domain.spine import Endplate, Surface, endplates_between, spine_order
from modic_annotate.phantom.noise import random_bits, stream_seed
from modic_annotate.phantom.shapes import Array
from modic_annotate.phantom.truth import Truth, TruthLesion
from modic_annotate.session import acts

MEANING = "I have read these images and this is my reading"
SCATTER_MM = 2.5
"""Greatest offset of a placed body centre from the true one, along each image axis."""

SIGNALS = {
    # components: T1, T2, fat-suppressed (domain.md 1.1 put in the words of the form)
    (ModicType.TYPE_1,): (Signal.HYPO, Signal.HYPER, FatSuppressedSignal.HIGH),
    (ModicType.TYPE_2,): (Signal.HYPER, Signal.HYPER, FatSuppressedSignal.SUPPRESSED),
    (ModicType.TYPE_1, ModicType.TYPE_2): (Signal.MIXED, Signal.HYPER, FatSuppressedSignal.HIGH),
}


def reading_acts(truth: Truth) -> tuple[acts.Act, ...]:
    """Return the acts of a reader who sees in a phantom of five lumbar bodies what is true."""
    order = spine_order(5)
    made: list[acts.Act] = []
    for role in SAGITTAL_SLOTS:
        made.append(acts.RateQuality(role=role, rating=QualityRating.DIAGNOSTIC))
        made.append(acts.Show(role=role, slices="all"))
    made += [
        acts.PlaceBody(
            vertebra=vertebra,
            centroid_lps_mm=_hand_placed(truth, vertebra),
            role=SeriesRole.SAG_T1,
        )
        for vertebra in reversed(order)
    ]
    made.append(
        acts.StateNumbering(
            method=NumberingMethod.ASSUMED_FROM_SACRUM,
            confidence=NumberingConfidence.PROBABLE,
            lumbar_count=5,
            lstv_castellvi=Castellvi.NONE,
            lstv_variant=TransitionalVariant.NONE,
        )
    )
    made.append(acts.SignNumbering())
    for endplate in endplates_between(order):
        made += _endplate_acts(truth, endplate)
    made += [acts.DiscsNone(), acts.Sign(meaning=MEANING)]
    return tuple(made)


def acts_lines(made: tuple[acts.Act, ...]) -> str:
    """Return acts as an acts file: one JSON object per line, defaults left out."""
    lines = ({"act": act.act, **act.model_dump(mode="json", exclude_defaults=True)} for act in made)
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _endplate_acts(truth: Truth, endplate: Endplate) -> Iterator[acts.Act]:
    lesion = truth.lesion(endplate)
    if lesion is None:
        yield acts.Grade(endplate=endplate, modic="absent")
        return
    first, *rest = (c.modic_type for c in lesion.components)
    for surface in Surface:
        of_body = Endplate(endplate.vertebra, surface)
        line = _line_beside(truth, of_body, lesion.deepest_lps_mm)
        yield acts.PlaceEndplate(endplate=of_body, polyline_lps_mm=line, role=SeriesRole.SAG_T1)
    yield acts.Grade(endplate=endplate, modic="present", component=first)
    for component in rest:
        yield acts.AddComponent(endplate=endplate, component=component)
    points = (lesion.front_lps_mm, lesion.back_lps_mm, lesion.deepest_lps_mm)
    on_slice = _on_slice(truth, SeriesRole.SAG_T1, points, lesion.deepest_lps_mm)
    yield acts.Measure(
        endplate=endplate,
        role=SeriesRole.SAG_T1,
        lesion_lps_mm=(on_slice[0], on_slice[1], on_slice[2]),
    )
    yield from _description(lesion)
    for role in (SeriesRole.SAG_T1, SeriesRole.SAG_T2):
        (place,) = _on_slice(truth, role, (lesion.deepest_lps_mm,), lesion.deepest_lps_mm)
        yield acts.MarkKeyImage(endplate=endplate, role=role, at_lps_mm=place)


def _description(lesion: TruthLesion) -> Iterator[acts.Act]:
    """Yield the fields of a change: by the usual values where one type fills the endplate."""
    yield _field(lesion, "zones", [Zone(zone).value for zone in lesion.zones])
    kinds = tuple(c.modic_type for c in lesion.components)
    t1, t2, fs = SIGNALS[kinds]
    yield _field(lesion, "fs_signal", fs.value)
    if len(kinds) == 1 and lesion.ap_percent == 100:  # noqa: PLR2004 - the whole endplate
        yield acts.ApplyUsual(endplate=lesion.endplate)
        return
    yield _field(lesion, "t1_signal", t1.value)
    yield _field(lesion, "t2_signal", t2.value)
    small = lesion.ap_percent < 50  # noqa: PLR2004 - a small change is the less certain one
    contour = Contour.SMOOTH if small else Contour.IRREGULAR_INTACT
    confidence = Confidence.PROBABLE if small else Confidence.DEFINITE
    yield _field(lesion, "contour", contour.value)
    yield _field(lesion, "defect", Defect.NONE.value)
    yield _field(lesion, "attribution", Attribution.DEGENERATIVE.value)
    yield _field(lesion, "confidence", confidence.value)


def _field(lesion: TruthLesion, name: str, value: str | list[str]) -> acts.SetField:
    return acts.SetField(
        endplate=lesion.endplate,
        field=name,
        value=list(value) if isinstance(value, list) else value,
    )


def _hand_placed(truth: Truth, vertebra: str) -> PointLps:
    """Return a body's centre as a hand would place it on the nearest T1 slice."""
    centre = next(b for b in truth.bodies if b.vertebra == vertebra).centroid_lps_mm
    bits = random_bits(stream_seed(truth.seed, "hand", vertebra), 2)
    offset = [(float(b >> np.uint64(11)) / (1 << 53) * 2 - 1) * SCATTER_MM for b in bits]
    moved = (centre[0], centre[1] + offset[0], centre[2] + offset[1])
    (placed,) = _on_slice(truth, SeriesRole.SAG_T1, (moved,), moved)
    return placed


def _line_beside(truth: Truth, endplate: Endplate, through: PointLps) -> tuple[PointLps, ...]:
    """Return front end, middle and back end of an endplate on the T1 slice through a point."""
    line = truth.endplate(endplate).polyline_lps_mm
    ends = (line[0], line[len(line) // 2], line[-1])
    return _on_slice(truth, SeriesRole.SAG_T1, ends, through)


def _on_slice(
    truth: Truth, role: SeriesRole, points: tuple[PointLps, ...], through: PointLps
) -> tuple[PointLps, ...]:
    """Move points sideways onto the slice of a series that lies nearest to `through`."""
    grid = truth.series_in(role).grid
    plane = grid.nearest_slice(through)
    index: Array = grid.to_index(points)
    index[:, 0] = plane
    return tuple(
        (round(float(x), 2), round(float(y), 2), round(float(z), 2))
        for x, y, z in grid.to_lps(index)
    )
