"""A FHIR R4 file to a source: its resources by patient, the subject's id as the map states it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from modic_annotate.domain.provenance import SourceShape
from modic_annotate.eligibility.importers.fhir import elements
from modic_annotate.eligibility.importers.fhir.columns import columns_of
from modic_annotate.eligibility.importers.fhir.elements import Json
from modic_annotate.eligibility.importers.fhir.resources import (
    Reading,
    Resource,
    entries_of,
    is_read,
    is_taken_back,
)
from modic_annotate.eligibility.importers.problems import Problems, json_of, refuse
from modic_annotate.eligibility.importers.source import Cell, Column, Entry, Source, SourceSubject

COLLECTIONS = frozenset({"collection", "searchset", "document"})
"""Types of bundles that state what is; a history or a transaction states changes."""


@dataclass(frozen=True)
class Placed:
    """A resource, where it stands in the file, and how others refer to it."""

    resource: Resource
    place: str
    full_url: str

    @property
    def kind(self) -> str:
        """The resource's type."""
        return elements.text(self.resource, "resourceType")


def fhir_source(
    text: str, what: str, subject: str, listed: frozenset[str], problems: Problems
) -> Source:
    """Return a FHIR file as a source.

    Parameters
    ----------
    subject
        Where the subject's id stands, e.g. ``ResearchSubject.identifier|<system>``.
    listed
        Codes that the map lists; of several codings of one thing these are chosen.
    """
    placed = _resources(text, what)
    notes = Counter(_why_not(one) for one in placed)
    patients = {name: _name_of(p) for p in placed if p.kind == "Patient" for name in _names(p)}
    by_patient: dict[str, list[Entry]] = {}
    columns: dict[str, Column] = {}
    for one in placed:
        if _why_not(one):
            continue
        patient = _patient_of(one, patients)
        entries = by_patient.setdefault(patient, [])
        entries += entries_of(one.resource, one.place, Reading(listed))
        own = columns_of(one.resource, subject)
        columns |= {c.name: c for c in own if c.name not in columns}
        if patient.startswith("Patient/") and one.kind != "Patient":
            cell = Cell(f"{one.place}, column Patient.id", patient.partition("/")[2])
            entries.append(Entry(one.place, {"Patient.id": cell}))
    subjects = [_subject(entries, subject, problems) for entries in by_patient.values()]
    for entry in (entry for one in subjects for entry in one.entries):
        columns |= {name: Column(name) for name in entry.cells if name not in columns}
    told = tuple(f"resources not read: {n} ({why})" for why, n in sorted(notes.items()) if why)
    return Source(SourceShape.FHIR, columns, tuple(subjects), told)


def _why_not(one: Placed) -> str:
    """Return why a resource is not read; empty where it is."""
    if not is_read(one.resource):
        return _word(one.resource)
    if is_taken_back(one.resource):
        return "entered in error"
    if "modifierExtension" in one.resource or "implicitRules" in one.resource:
        return "with extensions that change their meaning"
    if one.kind != "Patient" and not _reference(one.resource):
        return "of no patient"
    return ""


def _subject(entries: Sequence[Entry], name: str, problems: Problems) -> SourceSubject:
    place = entries[0].place if entries else ""
    found = dict.fromkeys(e.cells[name].text for e in entries if name in e.cells)
    keys = [key for key in found if key]
    if len(keys) > 1:
        problems.add(place, f"the patient has {len(keys)} ids under {name}; name one system")
    return SourceSubject(keys[0] if keys else "", place, tuple(entries))


def _resources(text: str, what: str) -> tuple[Placed, ...]:
    content = list(_parsed(text, what))
    if len(content) == 1 and elements.text(content[0], "resourceType") == "Bundle":
        kind = elements.text(content[0], "type")
        if kind not in COLLECTIONS:
            raise refuse(
                what,
                f"it is a bundle of type {kind[:20]!r}; only {', '.join(sorted(COLLECTIONS))} "
                "state what is",
            )
        found = [
            (resource, elements.text(entry, "fullUrl"))
            for entry in elements.dicts(content[0], "entry")
            for resource in elements.dicts(entry.get("resource"))
        ]
    else:
        found = [(resource, "") for one in content for resource in elements.dicts(one)]
    if not found or not any(elements.text(resource, "resourceType") for resource, _ in found):
        raise refuse(what, "it holds no FHIR resources; give a bundle of FHIR R4 as JSON")
    return tuple(
        Placed(resource, f"entry {n} ({_word(resource)})", url)
        for n, (resource, url) in enumerate(found, start=1)
    )


def _word(resource: Resource) -> str:
    kind = elements.text(resource, "resourceType")
    return kind if kind.isalpha() else "no type"


def _parsed(text: str, what: str) -> Iterable[Json]:
    """Return the file's JSON: one value, or one a line as bulk exports write it.

    Numbers come as the text they were written in, so that none is rounded.
    """
    try:
        return [json_of(text, str)]
    except (ValueError, RecursionError):
        lines = [line for line in text.splitlines() if line.strip()]
    try:
        return [json_of(line, str) for line in lines]
    except (ValueError, RecursionError) as error:
        raise refuse(
            what, f"it is no JSON ({type(error).__name__}); FHIR is read as JSON"
        ) from None


def _reference(resource: Resource) -> str:
    return next(
        (found for key in ("subject", "patient", "individual")
         if (found := elements.text(resource, key, "reference"))),
        "",
    )  # fmt: skip


def _patient_of(one: Placed, patients: Mapping[str, str]) -> str:
    """Return one name for the patient a resource is of, however it refers to them."""
    if one.kind == "Patient":
        return _name_of(one)
    reference = _reference(one.resource)
    return patients.get(reference, "/".join(reference.split("/")[-2:]))


def _names(patient: Placed) -> set[str]:
    identifier = elements.text(patient.resource, "id")
    relative = {f"Patient/{identifier}"} if identifier else set()
    return {patient.full_url, *relative} - {""}


def _name_of(patient: Placed) -> str:
    identifier = elements.text(patient.resource, "id")
    return f"Patient/{identifier}" if identifier else patient.full_url or patient.place
