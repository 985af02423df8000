"""Recorded values as components of an Observation, by the tables that DICOM is written by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydicom.sr.coding import Code

from modic_annotate.domain.base import Record
from modic_annotate.domain.finding import Finding, Measurement
from modic_annotate.evidence.formats.dicom import codes as c
from modic_annotate.evidence.formats.dicom import terms as t
from modic_annotate.evidence.formats.dicom.anatomy import SURFACES
from modic_annotate.evidence.formats.dicom.terms import CodedField, NumberField
from modic_annotate.evidence.formats.dicom.terms_size import EXTENTS
from modic_annotate.evidence.formats.fhir.codes import ERRORS
from modic_annotate.evidence.formats.fhir.elements import (
    NOT_PERFORMED,
    Json,
    absent,
    concept,
    quantity,
)


def code_component(name: Code, value: Code) -> Json:
    """Return a coded value; "not read" is no value but the reason why there is none."""
    if value == t.NOT_READ:
        return {"code": concept(name), "dataAbsentReason": absent(NOT_PERFORMED, value.meaning)}
    return {"code": concept(name), "valueCodeableConcept": concept(value)}


def text_component(name: Code, value: str | None) -> Iterator[Json]:
    """Yield words, where there are any."""
    if value:
        yield {"code": concept(name), "valueString": value}


def coded(record: Record, fields: Iterable[CodedField]) -> Iterator[Json]:
    """Yield every coded field that holds something; several values are several components."""
    for one in fields:
        value = getattr(record, one.field)
        if one.values is t.FLAG:
            if value:
                yield {"code": concept(one.name), "valueBoolean": True}
        elif value is not None:
            for part in value if one.several else (value,):
                yield code_component(one.name, one.values[part])


def numbers(record: Record, fields: Iterable[NumberField]) -> Iterator[Json]:
    """Yield every number that was recorded; a count has no unit."""
    for one in fields:
        value = getattr(record, one.field)
        if value is not None:
            yield _number(one.name, value, one.unit)


def _number(name: Code, value: float, unit: Code) -> Json:
    if unit == c.NO_UNITS:
        return {"code": concept(name), "valueInteger": value}
    return {"code": concept(name), "valueQuantity": quantity(value, unit)}


def finding_components(finding: Finding) -> Iterator[Json]:
    """Yield everything said of an endplate beside its classification."""
    yield code_component(c.SURFACE, SURFACES[finding.endplate.surface])
    for component in finding.components:
        kind = component.modic_type
        yield code_component(c.COMPONENT, t.TYPES[kind])
        if component.share is not None:
            yield code_component(t.SHARE[kind], t.CATEGORY[component.share])
        if component.share_percent is not None:
            yield _number(t.SHARE_PERCENT[kind], component.share_percent, c.PERCENT)
    yield from coded(finding, t.CODED)
    yield from numbers(finding, t.NUMBERS)
    for extent in EXTENTS:
        measured: Measurement | None = getattr(finding, extent.measurement)
        if measured is not None:
            yield code_component(extent.method, t.METHOD[measured.method])
            yield from text_component(extent.whole, measured.reference_source)
            if measured.error_percent is not None:
                yield _number(ERRORS[extent.measurement], measured.error_percent, c.PERCENT)
    yield from _images(finding)
    yield from text_component(c.COPIED_FROM, str(finding.copied_from or ""))


def _images(finding: Finding) -> Iterator[Json]:
    """Yield the images a reader pointed at, by UID: R4 cannot refer to one image of a study."""
    named = (
        *((c.KEY_IMAGE, key.sop_instance_uid) for key in finding.key_images),
        *((c.SLICE_INVOLVED, uid) for uid in finding.sop_instance_uids),
        (c.FIRST_SLICE, finding.first_sop_instance_uid),
        (c.LAST_SLICE, finding.last_sop_instance_uid),
    )
    for name, uid in named:
        yield from text_component(name, f"urn:oid:{uid}" if uid else None)
