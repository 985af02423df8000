"""Resources of FHIR R4 to entries: what each says, and where its status takes that back.

A condition that is not there says nothing; one that was refuted says it is absent. What was
entered in error, not done or not taken is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from modic_annotate.domain.screening import ValueState
from modic_annotate.eligibility.importers.fhir import elements
from modic_annotate.eligibility.importers.fhir.elements import Json
from modic_annotate.eligibility.importers.fhir.responses import response_entries
from modic_annotate.eligibility.importers.source import Cell, Entry

Resource = Mapping[str, Json]
_FINAL = frozenset({"final", "amended", "corrected"})
_DONE = frozenset({"completed", "in-progress", "stopped", "active"})
_IS_ACTIVE = frozenset({"active", "recurrence", "relapse"})
ENTERED_IN_ERROR = "entered-in-error"


@dataclass(frozen=True)
class Reading:
    """How resources are read: which codes the map lists, so that one of several is chosen."""

    listed: frozenset[str]

    def code(self, concept: Json) -> str:
        """Return the coding the map lists, or the first."""
        found = list(elements.codes(concept))
        return next((c for c in found if c in self.listed), found[0] if found else "")


def is_taken_back(resource: Resource) -> bool:
    """Whether a resource says of itself that it is not so."""
    verification = elements.status_code(resource.get("verificationStatus"))
    return ENTERED_IN_ERROR in (elements.text(resource, "status"), verification)


def entries_of(resource: Resource, place: str, reading: Reading) -> Iterator[Entry]:
    """Yield what a resource says; nothing for a kind that is not read."""
    reader = _READERS.get(elements.text(resource, "resourceType"))
    if reader is not None:
        yield from reader(resource, place, reading)


def is_read(resource: Resource) -> bool:
    """Whether resources of a kind are read at all."""
    return elements.text(resource, "resourceType") in _READERS


def _patient(resource: Resource, place: str, _: Reading) -> Iterator[Entry]:
    yield elements.once(
        place,
        {
            "Patient.id": Cell(place, elements.text(resource, "id")),
            "Patient.gender": Cell(place, elements.text(resource, "gender")),
            "Patient.birthDate": Cell(place, elements.text(resource, "birthDate")),
            **_identifiers("Patient", resource, place),
        },
    )


def _research_subject(resource: Resource, place: str, _: Reading) -> Iterator[Entry]:
    yield elements.once(
        place,
        {
            "ResearchSubject.status": Cell(place, elements.text(resource, "status")),
            "ResearchSubject.period.start": elements.date_cell(
                place, elements.text(resource, "period", "start")
            ),
            **_identifiers("ResearchSubject", resource, place),
        },
    )


def _identifiers(kind: str, resource: Resource, place: str) -> dict[str, Cell]:
    return {
        f"{kind}.{elements.identifier_name(one)}": Cell(place, elements.text(one, "value"))
        for one in elements.dicts(resource, "identifier")
    }


def _consent(resource: Resource, place: str, _: Reading) -> Iterator[Entry]:
    cell = elements.date_cell(place, elements.text(resource, "dateTime"))
    if elements.text(resource, "status") != "active":
        cell = Cell(place, state=ValueState.NOT_AVAILABLE, why="the consent is not active")
    yield elements.once(place, {"Consent.dateTime": cell})


def _observation(resource: Resource, place: str, _: Reading) -> Iterator[Entry]:
    names = {f"Observation:{code}": resource for code in elements.codes(resource.get("code"))}
    parts = {
        f"{name}/{code}": part
        for name in names
        for part in elements.dicts(resource, "component")
        for code in elements.codes(part.get("code"))
    }
    cells = {n: _observed(resource, part, place) for n, part in (names | parts).items()}
    yield elements.once(place, cells)


def _observed(resource: Resource, part: Resource, place: str) -> Cell:
    if "dataAbsentReason" in part:
        cell = elements.absent_cell(place, part["dataAbsentReason"])
    else:
        cell = elements.value_cell(place, part)
    if elements.text(resource, "status") not in _FINAL:
        cell = Cell(place, state=ValueState.NOT_AVAILABLE, why="the observation is not final")
    moment = elements.text(resource, "effectiveDateTime")
    return replace(
        cell,
        observed_on=elements.day(moment or elements.text(resource, "effectivePeriod", "end")),
        recorded_at=elements.instant(elements.text(resource, "issued")),
    )


def _condition(resource: Resource, place: str, _: Reading) -> Iterator[Entry]:
    verified = elements.status_code(resource.get("verificationStatus"))
    clinical = elements.status_code(resource.get("clinicalStatus"))
    if verified == "refuted":
        cell = Cell(place, state=ValueState.ASSERTED_ABSENT)
    elif verified not in ("", "confirmed"):
        cell = Cell(place, state=ValueState.NOT_AVAILABLE, why="the condition is not confirmed")
    elif clinical not in _IS_ACTIVE:
        why = "the condition is not said to be active; a person must say whether it counts"
        cell = Cell(place, state=ValueState.NOT_AVAILABLE, why=why)
    else:
        cell = Cell(place, "present")
    recorded = elements.day(elements.text(resource, "recordedDate"))
    onset = elements.date_cell(place, elements.text(resource, "onsetDateTime"))
    if verified == "refuted":
        onset = Cell(place)
    cells: dict[str, Cell] = {}
    for code in elements.codes(resource.get("code")):
        cells[f"Condition:{code}"] = replace(cell, observed_on=recorded)
        cells[f"Condition:{code}.onset"] = onset
    yield elements.once(place, cells)


def _procedure(resource: Resource, place: str, reading: Reading) -> Iterator[Entry]:
    if elements.text(resource, "status") not in _DONE:
        return
    moment = elements.text(resource, "performedDateTime")
    start = moment or elements.text(resource, "performedPeriod", "start")
    end = moment or elements.text(resource, "performedPeriod", "end")
    cells = {
        "Procedure.code": Cell(place, reading.code(resource.get("code"))),
        "Procedure.start": elements.date_cell(place, start),
        "Procedure.end": elements.date_cell(place, end),
        "Procedure.outcome": Cell(place, reading.code(resource.get("outcome"))),
    }
    yield elements.once(place, cells, instrument="Procedure")
    done = Cell(place, "present", observed_on=elements.day(end))
    if elements.text(resource, "status") == "completed":
        found = elements.codes(resource.get("code"))
        yield elements.once(place, {f"Procedure:{code}": done for code in found})


def _medication(resource: Resource, place: str, reading: Reading) -> Iterator[Entry]:
    if elements.text(resource, "status") not in _DONE:
        return
    period = "effectivePeriod"
    start = elements.text(resource, "effectiveDateTime") or elements.text(resource, period, "start")
    cells = {
        "MedicationStatement.code": Cell(
            place, reading.code(resource.get("medicationCodeableConcept"))
        ),
        "MedicationStatement.start": elements.date_cell(place, start),
        "MedicationStatement.end": elements.date_cell(
            place, elements.text(resource, period, "end")
        ),
    }
    yield elements.once(place, cells, instrument="MedicationStatement")


def _imaging(resource: Resource, place: str, _: Reading) -> Iterator[Entry]:
    started = elements.date_cell(place, elements.text(resource, "started"))
    if "MR" in elements.strings(resource, "modality", "code"):
        yield elements.once(place, {"ImagingStudy.started": started}, instrument="ImagingStudy")


_Reader = Callable[[Resource, str, Reading], Iterator[Entry]]
_READERS: dict[str, _Reader] = {
    "Patient": _patient,
    "ResearchSubject": _research_subject,
    "Consent": _consent,
    "Observation": _observation,
    "Condition": _condition,
    "Procedure": _procedure,
    "MedicationStatement": _medication,
    "ImagingStudy": _imaging,
    "QuestionnaireResponse": response_entries,
}
"""Kinds of resources that are read (https://hl7.org/fhir/R4/resourcelist.html)."""
