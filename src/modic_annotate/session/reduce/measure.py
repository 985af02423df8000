"""Reducer of calliper measurements."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from modic_annotate.domain.finding import Calliper, Finding, Measurement, MeasurementMethod
from modic_annotate.domain.modic import ExtentCategory
from modic_annotate.domain.series import SAGITTAL_SLOTS, SeriesUsed
from modic_annotate.domain.spine import Endplate, Surface
from modic_annotate.errors import ActRefusedError
from modic_annotate.session import measuring, places
from modic_annotate.session.acts import Measure
from modic_annotate.session.deriving import calliper_fields
from modic_annotate.session.draft import Draft
from modic_annotate.session.measuring import LesionSize, Plane
from modic_annotate.session.reduce.findings import changed, with_change
from modic_annotate.session.reduce.step import Step
from modic_annotate.session.spine_geometry import SpineCurve, Vector

OTHER = {Surface.SUPERIOR: Surface.INFERIOR, Surface.INFERIOR: Surface.SUPERIOR}
SAME_SLICE = "two points on the same slice"
PLACED = "the body's two placed endplates, at the lesion"
EARLIER = "measured at the body's other endplate"
OWN_LINE = "the placed endplate"
CHORD = "the line through the lesion's two ends"


@dataclass(frozen=True)
class Reference:
    """A denominator and where it comes from."""

    mm: float
    source: str


def measure(draft: Draft, act: Measure, step: Step) -> Draft:
    """Measure height and front-to-back extent of a change on one slice.

    Slices measured before stay; each extent is that of the slice where it is largest.
    """
    finding = with_change(draft, act.endplate)
    if act.role not in SAGITTAL_SLOTS:
        raise ActRefusedError(f"Sizes are measured on a sagittal series, not on {act.role}")
    used = step.need(draft, act.role)
    points = (*act.lesion_lps_mm, *(act.body_height_lps_mm or ()))
    places.check_inside(used, points)
    position = places.common_slice(used, points)
    plane = Plane(used.grid.slice_normal_lps)
    size, start = _size(draft, act, used, plane)
    made = Measurement(
        method=MeasurementMethod.CALLIPER,
        series_uid=used.series_uid,
        sop_instance_uid=places.image_of(used, position).sop_instance_uid,
        points_lps_mm=points,
    )
    pixel_mm = max(used.grid.spacing_mm[1:])
    height = _height(draft, act, size, plane)
    begun = made.replace(reference_source=f"height from {start}")
    fields = {
        **_fields("height", "body_height_mm", (size.height_mm, height), begun, pixel_mm),
        **_fields(
            "ap", "endplate_length_mm", (size.ap_mm, _own_length(draft, act, plane)), made, pixel_mm
        ),
    }
    callipers = _with(finding.callipers, _calliper(fields, size))
    largest = calliper_fields(callipers)
    found = changed(finding, step.origin, **largest)
    kept = tuple(name for name in finding.derived if name not in largest)
    return draft.with_finding(found.replace(callipers=callipers, derived=kept))


def _calliper(fields: dict[str, object], size: LesionSize) -> Calliper:
    """Return what is kept of one slice measured."""
    along = Measurement.model_validate(fields["ap_measurement"])
    names = (
        *("height_mm", "body_height_mm", "height_percent"),
        *("ap_mm", "endplate_length_mm", "ap_percent"),
    )
    return Calliper.model_validate(
        {name: fields[name] for name in names}
        | {
            "measurement": fields["height_measurement"],
            "ap_error_percent": along.error_percent,
            "ap_reference_source": along.reference_source,
            "max_diameter_mm": size.max_diameter_mm,
        }
    )


def _with(callipers: tuple[Calliper, ...], new: Calliper) -> tuple[Calliper, ...]:
    """Return the slices measured with a new one; measuring a slice again replaces it."""
    uid = new.measurement.sop_instance_uid
    return (*(c for c in callipers if c.measurement.sop_instance_uid != uid), new)


def _size(draft: Draft, act: Measure, used: SeriesUsed, plane: Plane) -> tuple[LesionSize, str]:
    """Return the lesion's sizes and where its height begins."""
    size = measuring.lesion_size(plane, act.lesion_lps_mm, _axis(draft, used, act))
    if size is None:
        raise ActRefusedError("The lesion's front and back end are the same point; mark both")
    line = draft.line(act.endplate)
    of_line = measuring.from_endplate(plane, size, line.polyline_lps_mm) if line else None
    if line is None or of_line is None:
        return size, CHORD
    step = np.mean(act.lesion_lps_mm, axis=0) - np.mean(line.polyline_lps_mm, axis=0)
    beside_mm = abs(float(np.dot(step, plane.normal)))
    if beside_mm > places.OFF_SLICE * used.grid.spacing_mm[0]:
        return of_line, f"{OWN_LINE}, drawn {beside_mm:.1f} mm beside this slice"
    return of_line, OWN_LINE


def _fields(
    name: str,
    whole_name: str,
    sizes: tuple[float, Reference | None],
    made: Measurement,
    pixel_mm: float,
) -> dict[str, object]:
    """Fields of one extent; without a denominator there is no share and no category."""
    part_mm, whole = sizes
    share: dict[str, object] = {f"{name}_percent": None, f"{name}_category": None}
    if whole is not None:
        error = min(100.0, 100 * 2 * pixel_mm / whole.mm)
        percent = round(100 * part_mm / whole.mm, 4)
        if percent > 100 + error:
            raise ActRefusedError(
                f"The {name} is {percent:.0f} % of the whole ({whole.source}); "
                "check the points and the reference"
            )
        percent = min(percent, 100.0)
        share = {
            f"{name}_percent": percent,
            f"{name}_category": ExtentCategory.of_percent(percent),
        }
        sources = "; ".join(filter(None, (whole.source, made.reference_source)))
        made = made.replace(reference_source=sources, error_percent=error)
    return {
        f"{name}_mm": part_mm,
        whole_name: whole.mm if whole else None,
        **share,
        f"{name}_measurement": made,
    }


def _axis(draft: Draft, used: SeriesUsed, act: Measure) -> Vector | None:
    """Cranio-caudal direction: between placed endplates, of the body height, else of the spine."""
    vertebra = act.endplate.vertebra
    edges = [draft.line(Endplate(vertebra, surface)) for surface in Surface]
    if all(edges):
        upper, lower = (np.mean(edge.polyline_lps_mm, axis=0) for edge in edges if edge)
        return np.asarray(lower - upper)
    if act.body_height_lps_mm is not None:
        return np.subtract(*act.body_height_lps_mm)
    return SpineCurve.of(draft.numbering, used).axis(vertebra)


def _height(draft: Draft, act: Measure, size: LesionSize, plane: Plane) -> Reference | None:
    """Body height: as measured now, between placed endplates, or as measured before."""
    if act.body_height_lps_mm is not None:
        return _reference(measuring.length(plane, act.body_height_lps_mm), SAME_SLICE)
    opposite = Endplate(act.endplate.vertebra, OTHER[act.endplate.surface])
    own_line, other_line = draft.line(act.endplate), draft.line(opposite)
    if own_line and other_line:
        lines = (own_line.polyline_lps_mm, other_line.polyline_lps_mm)
        return _reference(measuring.thickness(plane, size, lines) or 0.0, PLACED)
    earlier = draft.findings.get(opposite)
    return _earlier(earlier) or _earlier(draft.findings[act.endplate])


def _earlier(finding: Finding | None) -> Reference | None:
    if finding is None or finding.body_height_mm is None:
        return None
    return _reference(finding.body_height_mm, EARLIER)


def _own_length(draft: Draft, act: Measure, plane: Plane) -> Reference | None:
    line = draft.line(act.endplate)
    return _reference(measuring.length(plane, line.polyline_lps_mm), OWN_LINE) if line else None


def _reference(mm: float, source: str) -> Reference:
    if mm <= 0:
        raise ActRefusedError(f"The reference length is zero ({source}); mark it again")
    return Reference(mm, source)
