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
from modic_annotate.eligibility.importers.source import Cell, Column, ColumnKind, Entry

Resource = Mapping[str, Json]
GENDERS = ("male", "female", "other", "unknown")
IDENTIFIES = "identifies"
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


def columns_of(resource: Resource, subject: str) -> Iterator[Column]:
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
            name = f"Patient.{_identifier_name(one)}"
            types = elements.strings(one, "type", "coding", "code")  # table 0203 of HL7 v2
            is_study = name == subject and "|" in name and "MR" not in types
            yield Column(name, identifies="" if is_study else "may be a hospital's number")
    for code, label in elements.codes(resource.get("code")).items():
        yield Column(f"{kind}:{code}", label)
    for item in elements.dicts(resource, "item"):
        yield from _item_columns(item)


def _item_columns(item: Mapping[str, Json]) -> Iterator[Column]:
    yield Column(_item_name(item), elements.text(item, "text"))
    for inner in (*elements.dicts(item, "item"), *elements.dicts(item, "answer", "item")):
        yield from _item_columns(inner)


def _item_name(item: Mapping[str, Json]) -> str:
    return f"QuestionnaireResponse:{elements.text(item, 'linkId')}"


def _identifier_name(identifier: Json) -> str:
    system = elements.text(identifier, "system")
    return f"identifier|{system}" if system else "identifier"


def _once(place: str, cells: Mapping[str, Cell], **about: str) -> Entry:
    """Return an entry whose cells know their place and the column they are of."""
    placed = {
        name: replace(cell, place=f"{place}, column {name}", document=f"fhir:{name}")
        for name, cell in cells.items()
        if name
    }
    return Entry(place, placed, **about)


def _patient(resource: Resource, place: str, _: Reading) -> Iterator[Entry]:
    yield _once(
        place,
        {
            "Patient.id": Cell(place, elements.text(resource, "id")),
            "Patient.gender": Cell(place, elements.text(resource, "gender")),
            "Patient.birthDate": Cell(place, elements.text(resource, "birthDate")),
            **_identifiers("Patient", resource, place),
        },
    )


def _research_subject(resource: Resource, place: str, _: Reading) -> Iterator[Entry]:
    yield _once(
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
        f"{kind}.{_identifier_name(one)}": Cell(place, elements.text(one, "value"))
        for one in elements.dicts(resource, "identifier")
    }


def _consent(resource: Resource, place: str, _: Reading) -> Iterator[Entry]:
    cell = elements.date_cell(place, elements.text(resource, "dateTime"))
    if elements.text(resource, "status") != "active":
        cell = Cell(place, state=ValueState.NOT_AVAILABLE, why="the consent is not active")
    yield _once(place, {"Consent.dateTime": cell})


def _observation(resource: Resource, place: str, _: Reading) -> Iterator[Entry]:
    names = {f"Observation:{code}": resource for code in elements.codes(resource.get("code"))}
    parts = {
        f"{name}/{code}": part
        for name in names
        for part in elements.dicts(resource, "component")
        for code in elements.codes(part.get("code"))
    }
    cells = {n: _observed(resource, part, place) for n, part in (names | parts).items()}
    yield _once(place, cells)


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
    yield _once(place, cells)


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
    yield _once(place, cells, instrument="Procedure")
    done = Cell(place, "present", observed_on=elements.day(end))
    if elements.text(resource, "status") == "completed":
        found = elements.codes(resource.get("code"))
        yield _once(place, {f"Procedure:{code}": done for code in found})


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
    yield _once(place, cells, instrument="MedicationStatement")


def _imaging(resource: Resource, place: str, _: Reading) -> Iterator[Entry]:
    started = elements.date_cell(place, elements.text(resource, "started"))
    if "MR" in elements.strings(resource, "modality", "code"):
        yield _once(place, {"ImagingStudy.started": started}, instrument="ImagingStudy")


def _response(resource: Resource, place: str, _: Reading) -> Iterator[Entry]:
    is_final = elements.text(resource, "status") in ("completed", "amended")
    questionnaire = elements.text(resource, "questionnaire").partition("|")[0]
    authored = elements.text(resource, "authored")
    about = Cell(
        place,
        observed_on=elements.day(authored),
        state=None if is_final else ValueState.NOT_AVAILABLE,
        why="" if is_final else "the questionnaire is not completed",
    )
    for group, instrument, cells in _items(list(elements.dicts(resource, "item")), about):
        yield _once(place, cells, event=questionnaire, group=group, instrument=instrument)


_Group = tuple[str, str, dict[str, Cell]]


def _items(
    items: list[Mapping[str, Json]], about: Cell, group: str = "", instrument: str = ""
) -> Iterator[_Group]:
    """Yield the answers of one level, then of each group in it; a repeated group is a list."""
    cells = {_item_name(one): _answer(one, about) for one in items if "item" not in one}
    links = [elements.text(one, "linkId") for one in items]
    twice = {link for link in links if links.count(link) > 1}
    for one in items:
        if _item_name(one) in cells and elements.text(one, "linkId") in twice:
            why = "the question stands several times in the response"
            cells[_item_name(one)] = replace(about, state=ValueState.NOT_AVAILABLE, why=why)
    yield group, instrument, cells
    for one in items:
        link = elements.text(one, "linkId")
        inner = [*elements.dicts(one, "item"), *elements.dicts(one, "answer", "item")]
        if inner:
            yield from _items(inner, about, link, link if link in twice else instrument)


def _answer(item: Mapping[str, Json], about: Cell) -> Cell:
    answers = list(elements.dicts(item, "answer"))
    if about.state is not None:
        return about
    if len(answers) > 1:
        ticked = tuple(elements.value_cell("", one).text for one in answers)
        return replace(about, ticked=ticked, state=ValueState.ASSERTED)
    found = elements.value_cell("", answers[0]) if answers else Cell("")
    return replace(found, observed_on=about.observed_on)


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
    "QuestionnaireResponse": _response,
}
"""Kinds of resources that are read (https://hl7.org/fhir/R4/resourcelist.html)."""
