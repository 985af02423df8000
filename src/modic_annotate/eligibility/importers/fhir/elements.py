"""Elements that FHIR R4 resources share: codes, dates, references, values.

https://hl7.org/fhir/R4/datatypes.html; the content is whatever a file holds, so every step checks
what it finds and takes nothing for granted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from modic_annotate.domain.screening import ValueState
from modic_annotate.eligibility.importers.source import Cell, Entry

ABSENT_REASONS = {
    "not-asked": ValueState.NOT_ASKED,
    "not-applicable": ValueState.NOT_APPLICABLE,
    "not-performed": ValueState.NOT_ASKED,
}
"""http://terminology.hl7.org/CodeSystem/data-absent-reason; all others say not available."""

_FULL_DATE = 10

Json = Any
"""A value out of a JSON file: checked where it is used."""


def strings(content: Json, *path: str) -> Iterator[str]:
    """Yield every text at a path of keys, through lists."""
    if isinstance(content, list):
        for one in content:
            yield from strings(one, *path)
    elif not path:
        if isinstance(content, str) and content:
            yield content
    elif isinstance(content, dict):
        yield from strings(content.get(path[0]), *path[1:])


def text(content: Json, *path: str) -> str:
    """Return the first text at a path; empty where there is none."""
    return next(strings(content, *path), "")


def dicts(content: Json, *path: str) -> Iterator[Mapping[str, Json]]:
    """Yield every object at a path of keys, through lists."""
    if isinstance(content, list):
        for one in content:
            yield from dicts(one, *path)
    elif isinstance(content, dict):
        if path:
            yield from dicts(content.get(path[0]), *path[1:])
        else:
            yield content


def codes(concept: Json) -> dict[str, str]:
    """Return ``system|code`` -> display of a CodeableConcept's codings."""
    return {
        f"{text(one, 'system')}|{code}": text(one, "display") or text(concept, "text")
        for one in dicts(concept, "coding")
        if (code := text(one, "code"))
    }


def status_code(concept: Json) -> str:
    """Return the code of a CodeableConcept that holds one status; empty where it has none."""
    return text(concept, "coding", "code")


def day(moment: str) -> date | None:
    """Return the day of a date or dateTime; None for a part of a date."""
    try:
        return date.fromisoformat(moment[:_FULL_DATE]) if len(moment) >= _FULL_DATE else None
    except ValueError:
        return None


def instant(moment: str) -> datetime | None:
    """Return an instant in UTC; None where it has no zone or is none."""
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return None if found.tzinfo is None else found.astimezone(UTC)


def date_cell(place: str, moment: str) -> Cell:
    """Return a date as a cell; a part of a date is no date, and no problem either."""
    if not moment:
        return Cell(place)
    if day(moment) is None:
        return Cell(place, state=ValueState.NOT_AVAILABLE, why="only a part of the date is given")
    return Cell(place, moment[:_FULL_DATE])


def absent_cell(place: str, reason: Json) -> Cell:
    """Return why a value is absent, as the file states it."""
    state = ABSENT_REASONS.get(status_code(reason), ValueState.NOT_AVAILABLE)
    return Cell(place, state=state, why="the file says why it is absent")


def value_cell(place: str, holder: Mapping[str, Json]) -> Cell:
    """Return the ``value[x]`` of an observation or an answer as a cell."""
    key = next((k for k in holder if k.startswith("value") and k != "value"), "")
    value: Json = holder.get(key)
    reader = _READERS.get(key)
    if not key or value is None:
        return Cell(place)
    if reader is None:
        return Cell(place, state=ValueState.NOT_AVAILABLE, why=f"a {key} is not read")
    return reader(place, value)


def _quantity(place: str, value: Json) -> Cell:
    if not isinstance(value, dict) or text(value, "comparator"):
        return Cell(place, state=ValueState.NOT_AVAILABLE, why="a bound is given, not a number")
    unit = text(value, "code") or text(value, "unit")
    is_annotation = unit == "1" or (unit.startswith("{") and unit.endswith("}"))  # UCUM: no unit
    return Cell(place, text(value, "value"), unit="" if is_annotation else unit)


def _plain(place: str, value: Json) -> Cell:
    if isinstance(value, bool):
        return Cell(place, "true" if value else "false")
    return Cell(place, value if isinstance(value, str) else "")


def _concept(place: str, value: Json) -> Cell:
    found = list(codes(value))
    return Cell(place, found[0] if found else text(value, "text"))


def _coding(place: str, value: Json) -> Cell:
    return _concept(place, {"coding": [value]})


_READERS = {
    "valueQuantity": _quantity,
    "valueBoolean": _plain,
    "valueInteger": _plain,
    "valueDecimal": _plain,
    "valueString": _plain,
    "valueCodeableConcept": _concept,
    "valueCoding": _coding,
    "valueDate": date_cell,
    "valueDateTime": date_cell,
}
"""Kinds of values that are read; numbers come as the text they were written in."""


def once(place: str, cells: Mapping[str, Cell], **about: str) -> Entry:
    """Return an entry whose cells know their place and the column they are of."""
    placed = {
        name: replace(cell, place=f"{place}, column {name}", document=f"fhir:{name}")
        for name, cell in cells.items()
        if name
    }
    return Entry(place, placed, **about)


def identifier_name(identifier: Json) -> str:
    """Return how an identifier is named: with its system, where it has one."""
    system = text(identifier, "system")
    return f"identifier|{system}" if system else "identifier"
