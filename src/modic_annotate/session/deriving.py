"""Sizes, zones and slices of a finding that follow from its geometry.

A mask decides where there is one; else callipers on several slices give what one alone cannot
(left-right extent, zones, slices). A field the reader set is left alone, whatever is drawn later,
until the reader takes it back; only a size estimated by eye gives way to a measured one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from modic_annotate.domain.finding import Calliper, Finding, Measurement, MeasurementMethod
from modic_annotate.domain.modic import ExtentCategory
from modic_annotate.domain.series import SeriesUsed
from modic_annotate.domain.spine import Endplate
from modic_annotate.session import lesion_sizes as sizes
from modic_annotate.session import places
from modic_annotate.session.draft import Draft
from modic_annotate.session.geometry import lesion_of, measured_slices, painted, slices_of
from modic_annotate.session.lesion_sizes import Lesion
from modic_annotate.session.lesion_slices import LesionOnSlice
from modic_annotate.session.outlines import EDGES

Fields = dict[str, object]

HEIGHT = ("height_mm", "body_height_mm", "height_percent", "height_category", "height_measurement")
AP = ("ap_mm", "endplate_length_mm", "ap_percent", "ap_category", "ap_measurement")
LEFT_RIGHT = ("left_right_mm", "left_right_percent", "left_right_measurement")
AREA = ("area_percent", "area_category", "area_measurement")
VOLUME = ("volume_percent", "volume_measurement")
SLICES = ("first_sop_instance_uid", "last_sop_instance_uid", "sop_instance_uids")
GROUPS = (HEIGHT, AP, ("max_diameter_mm",), LEFT_RIGHT, AREA, VOLUME, ("zones",), SLICES)
"""Fields that stand and fall together: a reader who sets one of them has said all of them."""

SEVERAL = 2
"""Callipers on so many slices tell how far a lesion reaches from right to left."""

PLACED = "the body's placed endplates, at the lesion"
OUTLINES = "the body's outlines on several slices"
LENGTH = "the placed endplate on this slice"


def derived_fields(draft: Draft, series: Sequence[SeriesUsed], finding: Finding) -> Fields:
    """Return every field that follows from mask or callipers; empty where there is neither."""
    endplate = finding.endplate
    masks = painted(draft, series, endplate)
    if masks is not None:
        slices = slices_of(draft, masks, endplate)
        lesion = lesion_of(draft, masks.used, endplate, slices)
        return {
            **_largest(masks.used, slices),
            **_across(masks.used, lesion, MeasurementMethod.MASK),
            **_shares(masks.used, lesion, endplate),
        }
    known = calliper_fields(finding.callipers) if "height_mm" in finding.derived else {}
    found = _series_of(series, finding.callipers)
    if found is None:
        return known
    slices = measured_slices(draft, found, endplate, finding.callipers)
    if len(slices) < SEVERAL:
        return known
    lesion = lesion_of(draft, found, endplate, slices)
    return known | _across(found, lesion, MeasurementMethod.CALLIPER)


def calliper_fields(callipers: Sequence[Calliper]) -> Fields:
    """Return height, AP extent and diameter of the slices measured, each where it is largest."""
    if not callipers:
        return {}
    high = max(callipers, key=lambda one: one.height_mm)
    long = max(callipers, key=lambda one: one.ap_mm)
    along = long.measurement.replace(
        reference_source=long.ap_reference_source, error_percent=long.ap_error_percent
    )
    height = (high.height_mm, high.body_height_mm, high.height_percent)
    extent = (long.ap_mm, long.endplate_length_mm, long.ap_percent)
    return {
        **dict(zip(HEIGHT, (*height, _category(height[2]), high.measurement), strict=True)),
        **dict(zip(AP, (*extent, _category(extent[2]), along), strict=True)),
        "max_diameter_mm": max(one.max_diameter_mm for one in callipers),
    }


def _series_of(series: Sequence[SeriesUsed], callipers: Sequence[Calliper]) -> SeriesUsed | None:
    """Return the series most slices were measured on; the last measured one decides a tie."""
    uids = [c.measurement.series_uid for c in callipers]
    if len(uids) < SEVERAL:
        return None
    most = max(reversed(uids), key=uids.count)
    return next((s for s in series if s.series_uid == most), None)


def _largest(used: SeriesUsed, slices: Sequence[LesionOnSlice]) -> Fields:
    """Return height, AP extent and diameter, each of the slice where it is largest."""
    pixel_mm = max(used.grid.spacing_mm[1:])
    high = max(slices, key=lambda one: one.height_mm)
    long = max(slices, key=lambda one: one.ap_mm)
    height = (high.height_mm, high.body_height_mm, PLACED)
    extent = (long.ap_mm, long.endplate_length_mm, LENGTH)
    return {
        **dict(zip(HEIGHT, _extent(height, _where(used, high), pixel_mm), strict=True)),
        **dict(zip(AP, _extent(extent, _where(used, long), pixel_mm), strict=True)),
        "max_diameter_mm": max(one.max_diameter_mm for one in slices),
    }


def _where(used: SeriesUsed, one: LesionOnSlice) -> Measurement:
    return Measurement(
        method=MeasurementMethod.MASK,
        series_uid=used.series_uid,
        sop_instance_uid=places.image_of(used, one.slice_index).sop_instance_uid,
        points_lps_mm=one.points_lps_mm,
    )


def _extent(
    part: tuple[float, float | None, str], made: Measurement, pixel_mm: float
) -> Iterator[object]:
    """Yield mm, whole, percent, category and measurement of one extent."""
    part_mm, whole_mm, source = part
    percent = _percent(part_mm, whole_mm)
    yield part_mm
    yield whole_mm
    yield percent
    yield _category(percent)
    if whole_mm:
        made = made.replace(
            reference_source=source, error_percent=min(100.0, 200 * pixel_mm / whole_mm)
        )
    yield made


def _category(percent: float | None) -> ExtentCategory | None:
    return None if percent is None else ExtentCategory.of_percent(percent)


def _percent(part: float, whole: float | None) -> float | None:
    """Return a share, rounded as it is kept, so that its category is that of the kept value."""
    return min(round(100 * part / whole, 4), 100.0) if whole else None


def _across(used: SeriesUsed, lesion: Lesion, method: MeasurementMethod) -> Fields:
    """Return left-right extent, zones and the slices involved."""
    width = lesion.width_mm
    made = Measurement(method=method, series_uid=used.series_uid)
    if width:
        error = min(100.0, 100 * lesion.slice_mm / width)  # half a slice at each end
        made = made.replace(reference_source=OUTLINES, error_percent=error)
    uids = [
        image.sop_instance_uid
        for index in range(lesion.slices[0].slice_index, lesion.slices[-1].slice_index + 1)
        if (image := used.instance_at(index)) is not None
    ]
    return {
        "left_right_mm": lesion.left_right_mm,
        "left_right_percent": _percent(lesion.left_right_mm, width),
        "left_right_measurement": made,
        "zones": sizes.zones_of(lesion),
        "first_sop_instance_uid": uids[0],
        "last_sop_instance_uid": uids[-1],
        "sop_instance_uids": tuple(uids),
    }


def _shares(used: SeriesUsed, lesion: Lesion, endplate: Endplate) -> Fields:
    """Return the shares of endplate area and body volume, where outlines give the whole."""
    area = sizes.endplate_area_mm2(lesion, EDGES[endplate.surface])
    volume = sizes.body_volume_mm3(lesion)
    if not area or not volume:
        return {}
    made = Measurement(
        method=MeasurementMethod.MASK, series_uid=used.series_uid, reference_source=OUTLINES
    )
    percent = _percent(sizes.covered_mm2(lesion), area)
    pixel_mm, slice_mm = max(used.grid.spacing_mm[1:]), lesion.slice_mm
    lengths = [sum(high - low for low, high in one.covered) for one in lesion.slices]
    ends = 2 * pixel_mm * slice_mm * len(lengths) + slice_mm * float(np.mean(lengths))
    rims = 2 * pixel_mm * used.grid.spacing_mm[1] * slice_mm * sum(s.n_rows for s in lesion.slices)
    return {
        "area_percent": percent,
        "area_category": _category(percent),
        "area_measurement": made.replace(error_percent=min(100.0, 100 * ends / area)),
        "volume_percent": _percent(sizes.volume_mm3(lesion), volume),
        "volume_measurement": made.replace(error_percent=min(100.0, 100 * rims / volume)),
    }


def settled(finding: Finding, fields: Mapping[str, object]) -> Fields:
    """Return what a derivation changes of a finding: its own fields, and those still blank.

    Fields derived before that no longer follow from anything are blank again.
    """
    changes: Fields = {}
    derived: list[str] = []
    for group in GROUPS:
        own = [name for name in group if name in finding.derived]
        new = {name: fields[name] for name in group if name in fields}
        if not _is_free(finding, group):
            derived += own
            continue
        blank = {name: Finding.model_fields[name].default for name in own}
        said = _said_besides(finding, new)
        changes |= blank | new | said
        derived += [n for n in new if n not in said and new[n] not in (None, ())]
    return {**changes, "derived": tuple(derived)}


def _is_free(finding: Finding, group: tuple[str, ...]) -> bool:
    """Whether a derivation may write a group: nothing the reader said stands in it."""
    said = [
        name
        for name in group
        if name not in finding.derived and getattr(finding, name) not in (None, ())
    ]
    if group in (HEIGHT, AP):
        measurement = getattr(finding, group[-1])
        return not said or isinstance(measurement, Measurement)
    return not said or group == ("max_diameter_mm",)


def _said_besides(finding: Finding, new: Mapping[str, object]) -> Fields:
    """Return a height said to be of the endplate only: it stands beside any percentage."""
    said = finding.height_category
    kept = said == ExtentCategory.ENDPLATE_ONLY and "height_category" not in finding.derived
    return {"height_category": said} if kept and "height_category" in new else {}
