"""Elements of FHIR R4 that several resources share, as plain JSON.

https://hl7.org/fhir/R4/datatypes.html; codes and their meanings are those of the DICOM objects.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydicom.sr.coding import Code

from modic_annotate.evidence.formats.dicom import codes as c

Json = dict[str, Any]
"""An element or a resource: whatever JSON holds."""

SYSTEMS = {
    "SCT": "http://snomed.info/sct",
    "LN": "http://loinc.org",
    "DCM": "http://dicom.nema.org/resources/ontology/DCM",
    "UCUM": "http://unitsofmeasure.org",
    c.SCHEME: f"urn:oid:{c.SCHEME_UID}",
}
"""Coding scheme designator of DICOM -> system of FHIR (PS3.16 table 8-1)."""

URI = "urn:ietf:rfc:3986"
DICOM_UID = "urn:dicom:uid"

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
NOT_PERFORMED = "not-performed"
UNKNOWN = "unknown"
"""Codes of ``data-absent-reason``."""

TEST_DATA = {
    "system": f"{TERMINOLOGY}/v3-ActReason",
    "code": "HTEST",
    "display": "test health data",
}


def coding(code: Code) -> Json:
    """Return a code; its display only where the scheme is ours, as others own their wording."""
    found = {"system": SYSTEMS[code.scheme_designator], "code": code.value}
    return {**found, "display": code.meaning} if code.scheme_designator == c.SCHEME else found


def concept(code: Code, text: str = "") -> Json:
    """Return a code with words, its meaning unless told otherwise."""
    return {"coding": [coding(code)], "text": text or code.meaning}


def absent(reason: str, text: str) -> Json:
    """Return why there is no value (``data-absent-reason``)."""
    system = f"{TERMINOLOGY}/data-absent-reason"
    return {"coding": [{"system": system, "code": reason}], "text": text}


def quantity(value: float, unit: Code) -> Json:
    """Return a number with its UCUM unit."""
    return {"value": value, "unit": unit.value, "system": SYSTEMS["UCUM"], "code": unit.value}


def uid_identifier(uid: str) -> Json:
    """Return a DICOM UID as ImagingStudy wants it (urn:dicom:uid)."""
    return {"system": DICOM_UID, "value": f"urn:oid:{uid}"}


def without_empty(resource: Json) -> Json:
    """Return a resource without what holds nothing: FHIR allows no empty element (ele-1)."""
    return {name: value for name, value in resource.items() if value not in (None, "", [], {})}


def references(urls: Iterable[str]) -> list[Json]:
    """Return references to resources by where they stand."""
    return [{"reference": url} for url in urls]
