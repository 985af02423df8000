"""What a FHIR file asks: its codes and questions with their labels, and what identifies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from modic_annotate.eligibility.importers.fhir import elements
from modic_annotate.eligibility.importers.fhir.elements import Json
from modic_annotate.eligibility.importers.fhir.responses import item_name
from modic_annotate.eligibility.importers.identity import identifying
from modic_annotate.eligibility.importers.source import Column, ColumnKind

GENDERS = ("male", "female", "other", "unknown")
IDENTIFIES = "identifies"


def columns_of(resource: Mapping[str, Json], subject: str) -> Iterator[Column]:
    """Yield the columns a resource has that need more than a name: labels, options, identity.

    A patient's identifier may be a hospital's number; it is one of the study's where the map
    takes the subject's id from its system, and its type does not say medical record number.
    """
    kind = elements.text(resource, "resourceType")
    if kind == "Patient":
        yield Column("Patient.gender", kind=ColumnKind.CHOICE, options={g: g for g in GENDERS})
        yield from (
            Column(f"Patient.{name}", kind=ColumnKind.TEXT, identifies=IDENTIFIES)
            for name in ("name", "birthDate", "telecom", "address", "photo", "contact")
            if name in resource
        )
        for one in elements.dicts(resource, "identifier"):
            name = f"Patient.{elements.identifier_name(one)}"
            types = elements.strings(one, "type", "coding", "code")  # table 0203 of HL7 v2
            is_study = name == subject and "|" in name and "MR" not in types
            yield Column(name, identifies="" if is_study else "may be a hospital's number")
    for code, label in elements.codes(resource.get("code")).items():
        yield Column(f"{kind}:{code}", label)
    for item in elements.dicts(resource, "item"):
        yield from _item_columns(item)


def _item_columns(item: Mapping[str, Json]) -> Iterator[Column]:
    label = elements.text(item, "text")
    why = identifying(elements.text(item, "linkId"), label)
    yield Column(item_name(item), label, identifies=why)
    for inner in (*elements.dicts(item, "item"), *elements.dicts(item, "answer", "item")):
        yield from _item_columns(inner)
