"""Components of an Observation back to the fields they came from, by the same tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydicom.sr.coding import Code

from modic_annotate.domain.finding import KeyImage, Measurement
from modic_annotate.domain.modic import Component
from modic_annotate.domain.spine import DiscLevel, Endplate
from modic_annotate.evidence.formats.dicom import codes as c
from modic_annotate.evidence.formats.dicom import terms as t
from modic_annotate.evidence.formats.dicom.anatomy import DISCS, SURFACES, VERTEBRAE
from modic_annotate.evidence.formats.dicom.held import HeldSeries
from modic_annotate.evidence.formats.dicom.terms import CodedField, NumberField
from modic_annotate.evidence.formats.dicom.terms_size import EXTENTS, Extent
from modic_annotate.evidence.formats.fhir.codes import ERRORS
from modic_annotate.evidence.formats.fhir.elements import Json

Values = dict[str, Any]  # fields of a record by name, of as many types as it has


def key_of(concept: Json) -> str:
    """Return the code of a concept."""
    code: str = concept["coding"][0]["code"]
    return code


def oid_of(urn: str) -> str:
    """Return the UID in ``urn:oid:<uid>``."""
    return urn.removeprefix("urn:oid:")


def note_of(observation: Json) -> str:
    """Return the note, empty where there is none."""
    return next((one["text"] for one in observation.get("note", ())), "")


@dataclass(frozen=True)
class Said:
    """The components of one Observation."""

    components: tuple[Json, ...]

    def of(self, name: Code) -> Iterator[Json]:
        """Yield every component of a name."""
        return (one for one in self.components if key_of(one["code"]) == name.value)

    def coded(self, one: CodedField) -> Any:  # noqa: ANN401 - the field's own type
        """Return the value of a coded field: a tuple where it holds several, None where nothing."""
        found = list(self.of(one.name))
        if one.values is t.FLAG:
            return any(component["valueBoolean"] for component in found)
        by_code = {code.value: value for value, code in one.values.items()}
        values = tuple(by_code[_code(component)] for component in found)
        return values if one.several else next(iter(values), None)

    def all_coded(self, fields: Iterable[CodedField]) -> Values:
        """Return every coded field that is there."""
        found = {one.field: self.coded(one) for one in fields}
        return {field: value for field, value in found.items() if value is not None}

    def code(self, name: Code) -> str | None:
        """Return the code that stands under a name, or None."""
        return next((_code(one) for one in self.of(name)), None)

    def number(self, name: Code) -> Any:  # noqa: ANN401 - int or float, as it was written
        """Return the number under a name, or None."""
        found = next(self.of(name), None)
        if found is None:
            return None
        return found["valueInteger"] if "valueInteger" in found else found["valueQuantity"]["value"]

    def numbers(self, fields: Iterable[NumberField]) -> Values:
        """Return every number that is there."""
        found = {one.field: self.number(one.name) for one in fields}
        return {field: value for field, value in found.items() if value is not None}

    def texts(self, name: Code) -> tuple[str, ...]:
        """Return all words under a name."""
        return tuple(one["valueString"] for one in self.of(name))

    def text(self, name: Code) -> str:
        """Return words, empty where there are none."""
        return next(iter(self.texts(name)), "")

    def uids(self, name: Code) -> tuple[str, ...]:
        """Return all UIDs under a name."""
        return tuple(map(oid_of, self.texts(name)))


def said(observation: Json) -> Said:
    """Return what an Observation's components say."""
    return Said(tuple(observation.get("component", ())))


def disc_at(site: Json) -> DiscLevel:
    """Return the disc of a body site."""
    code = key_of(site)
    known = {one.value: name for name, one in DISCS.items()}
    return DiscLevel.parse(known.get(code) or code.removeprefix("D-").replace("-", "/"))


def values_of_finding(observation: Json, series: tuple[HeldSeries, ...]) -> Values:
    """Return the fields of a finding."""
    told = said(observation)
    copied_from = told.text(c.COPIED_FROM)
    return {
        "endplate": _endplate(observation, told),
        **told.all_coded(t.CODED),
        **told.numbers(t.NUMBERS),
        **{one.measurement: _measurement(told, one) for one in EXTENTS},
        "components": tuple(_components(told)),
        "key_images": tuple(_key_images(told, series)),
        "sop_instance_uids": told.uids(c.SLICE_INVOLVED),
        "first_sop_instance_uid": next(iter(told.uids(c.FIRST_SLICE)), None),
        "last_sop_instance_uid": next(iter(told.uids(c.LAST_SLICE)), None),
        "copied_from": Endplate.parse(copied_from) if copied_from else None,
        "note": note_of(observation),
    }


def _code(component: Json) -> str:
    """Return a component's code; without a value it says that nobody read."""
    value = component.get("valueCodeableConcept")
    return key_of(value) if value else t.NOT_READ.value


def _endplate(observation: Json, told: Said) -> Endplate:
    bodies = {code.value: vertebra for vertebra, code in VERTEBRAE.items()}
    surfaces = {code.value: surface for surface, code in SURFACES.items()}
    return Endplate(bodies[key_of(observation["bodySite"])], surfaces[told.code(c.SURFACE) or ""])


def _measurement(told: Said, extent: Extent) -> Measurement | None:
    methods = {code.value: value for value, code in t.METHOD.items()}
    method = told.code(extent.method)
    if method is None:
        return None
    return Measurement(
        method=methods[method],
        reference_source=told.text(extent.whole) or None,
        error_percent=told.number(ERRORS[extent.measurement]),
    )


def _components(told: Said) -> Iterator[Component]:
    kinds = {code.value: kind for kind, code in t.TYPES.items()}
    shares = {code.value: value for value, code in t.CATEGORY.items()}
    for component in told.of(c.COMPONENT):
        kind = kinds[_code(component)]
        share = told.code(t.SHARE[kind])
        yield Component(
            modic_type=kind,
            share=shares[share] if share else None,
            share_percent=told.number(t.SHARE_PERCENT[kind]),
        )


def _key_images(told: Said, series: tuple[HeldSeries, ...]) -> Iterator[KeyImage]:
    for uid in told.uids(c.KEY_IMAGE):
        found = next((one for one in series if uid in one.sop_instance_uids), None)
        if found is not None:
            yield KeyImage(role=found.role, series_uid=found.series_uid, sop_instance_uid=uid)
