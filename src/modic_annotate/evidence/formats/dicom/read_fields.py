"""The groups of a report back to the fields they came from, by the same tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from modic_annotate.domain.finding import KeyImage, Measurement
from modic_annotate.domain.modic import Component
from modic_annotate.domain.reading import EndplateLine
from modic_annotate.domain.spine import Endplate
from modic_annotate.evidence.formats.dicom import codes as c
from modic_annotate.evidence.formats.dicom import terms as t
from modic_annotate.evidence.formats.dicom.held import HeldSeries
from modic_annotate.evidence.formats.dicom.read_tree import (
    METHOD,
    UPPER_ERROR,
    Item,
    Key,
    key_of,
    tracking_id,
)
from modic_annotate.evidence.formats.dicom.terms import CodedField, NumberField
from modic_annotate.evidence.formats.dicom.terms_size import EXTENTS, Extent

Values = dict[str, Any]  # fields of a record by name, of as many types as it has
Series = tuple[HeldSeries, ...]

NUMBER_BY_FIELD = {one.field: one for one in t.NUMBERS}
WHOLE_NUMBERS = frozenset({"lumbar_count", "report_offset", "endplate_score"})


def coded_value(group: Item, one: CodedField) -> Any:  # noqa: ANN401 - the field's own type
    """Return the value of a coded field: a tuple where it holds several, None where nothing."""
    by_code = {key_of(code): value for value, code in one.values.items()}
    found = tuple(by_code[item.code] for item in group.below(key_of(one.name), "CODE"))
    if one.values is t.FLAG:
        return bool(found)
    return found if one.several else next(iter(found), None)


def coded(group: Item, fields: Iterable[CodedField]) -> Values:
    """Return every coded field that a group holds."""
    found = {one.field: coded_value(group, one) for one in fields}
    return {field: value for field, value in found.items() if value is not None}


def numbers(group: Item, fields: Iterable[NumberField]) -> Values:
    """Return every number that a group holds."""
    items = {one.field: group.first(key_of(one.name), "NUM") for one in fields}
    return {
        field: int(item.number) if field in WHOLE_NUMBERS else item.number
        for field, item in items.items()
        if item is not None
    }


def text(group: Item, name: Key) -> str:
    """Return words, empty where there are none."""
    item = group.first(name, "TEXT")
    return item.text if item else ""


def values_of_finding(group: Item, series: Series) -> Values:
    """Return the fields of a finding."""
    copied_from = text(group, key_of(c.COPIED_FROM))
    sizes = {one.measurement: _measurement(group, one, series) for one in EXTENTS}
    return {
        "endplate": Endplate.parse(tracking_id(group)),
        **coded(group, t.CODED),
        **numbers(group, t.NUMBERS),
        **sizes,
        "components": tuple(_components(group)),
        "key_images": tuple(_key_images(group, series)),
        "sop_instance_uids": _uids(group, key_of(c.SLICE_INVOLVED)),
        "first_sop_instance_uid": next(iter(_uids(group, key_of(c.FIRST_SLICE))), None),
        "last_sop_instance_uid": next(iter(_uids(group, key_of(c.LAST_SLICE))), None),
        "copied_from": Endplate.parse(copied_from) if copied_from else None,
        "note": text(group, key_of(c.COMMENT)),
    }


def line_of(group: Item, series: Series) -> EndplateLine | None:
    """Return the endplate as it was drawn, or None where it was not."""
    item = group.first(key_of(c.LINE_LENGTH), "NUM")
    if item is None:
        return None
    place, image, method = item.first(kind="SCOORD3D"), item.first(kind="IMAGE"), item.first(METHOD)
    methods = {key_of(code): name for name, code in t.LINE_METHOD.items()}
    uid = image.sop_instance_uid if image else None
    found = _series_of(uid, series)
    frame_uid = str(place.ds.ReferencedFrameOfReferenceUID) if place else None
    return EndplateLine.model_validate(
        {
            "endplate": Endplate.parse(tracking_id(group)),
            "polyline_lps_mm": place.points if place else (),
            "frame_of_reference_uid": frame_uid,
            "series_uid": found.series_uid if found else None,
            "sop_instance_uid": uid,
            "method": methods[method.code] if method else "placed",
            "origin": coded_value(group, t.LINE_ORIGIN),
        }
    )


def _measurement(group: Item, extent: Extent, series: Series) -> Measurement | None:
    methods = {key_of(code): value for value, code in t.METHOD.items()}
    method = group.first(key_of(extent.method), "CODE")
    if method is None:
        return None
    named = [NUMBER_BY_FIELD[field].name for field in (extent.in_mm, extent.in_percent)]
    items = [item for name in named if (item := group.first(key_of(name), "NUM"))]
    places = [place for item in items for place in item.below(kind="SCOORD3D")]
    uids = [image.sop_instance_uid for item in items for image in item.below(kind="IMAGE")]
    errors = [error.number for item in items for error in item.below(UPPER_ERROR)]
    uid = next(iter(uids), None)
    found = _series_of(uid, series)
    return Measurement(
        method=methods[method.code],
        series_uid=found.series_uid if found else None,
        sop_instance_uid=uid,
        points_lps_mm=places[0].points if places else (),
        reference_source=text(group, key_of(extent.whole)) or None,
        error_percent=next(iter(errors), None),
    )


def _components(group: Item) -> Iterable[Component]:
    kinds = {key_of(code): kind for kind, code in t.TYPES.items()}
    shares = {key_of(code): value for value, code in t.CATEGORY.items()}
    for item in group.below(key_of(c.COMPONENT), "CODE"):
        kind = kinds[item.code]
        share = group.first(key_of(t.SHARE[kind]), "CODE")
        percent = group.first(key_of(t.SHARE_PERCENT[kind]), "NUM")
        yield Component(
            modic_type=kind,
            share=shares[share.code] if share else None,
            share_percent=percent.number if percent else None,
        )


def _key_images(group: Item, series: Series) -> Iterable[KeyImage]:
    for uid in _uids(group, key_of(c.KEY_IMAGE)):
        found = _series_of(uid, series)
        if found is not None:
            yield KeyImage(role=found.role, series_uid=found.series_uid, sop_instance_uid=uid)


def _uids(group: Item, name: Key) -> tuple[str, ...]:
    return tuple(item.sop_instance_uid for item in group.below(name, "IMAGE"))


def _series_of(uid: str | None, series: Series) -> HeldSeries | None:
    return next((one for one in series if uid in one.sop_instance_uids), None)
