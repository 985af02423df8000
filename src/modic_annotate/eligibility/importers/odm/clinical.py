"""ODM's clinical data to a source: one entry per item group, later transactions over earlier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from modic_annotate.domain.provenance import SourceShape
from modic_annotate.domain.screening import ValueState
from modic_annotate.eligibility.importers.identity import identifying
from modic_annotate.eligibility.importers.odm.audit import Audit, audit_of, audits_by_id
from modic_annotate.eligibility.importers.odm.metadata import Metadata, read_metadata
from modic_annotate.eligibility.importers.odm.xml_file import child, children, name_of, parse, words
from modic_annotate.eligibility.importers.problems import Problems
from modic_annotate.eligibility.importers.source import Cell, Column, Entry, Source, SourceSubject

SUBJECT = "SubjectKey"
SITE = "SiteRef"
_LEVELS = ("StudyEventData", "FormData", "ItemGroupData")
_OIDS = ("StudyEventOID", "FormOID", "ItemGroupOID")
_REPEATS = ("StudyEventRepeatKey", "FormRepeatKey", "ItemGroupRepeatKey")
_Key = tuple[str, ...]


@dataclass
class _Group:
    """One item group of a subject: its names and its cells so far."""

    place: str
    event: str
    form: str
    group: str
    cells: dict[str, Cell] = field(default_factory=dict)


@dataclass
class _Subject:
    place: str
    groups: dict[_Key, _Group] = field(default_factory=dict)


def odm_source(
    text: str, what: str, problems: Problems, not_identifying: tuple[str, ...] = ()
) -> Source:
    """Return an ODM 1.3 file as a source.

    Raises
    ------
    InvalidRecordError
        It is no ODM 1.3.
    """
    root = parse(text, what)
    reader = _Reader(root, read_metadata(root, not_identifying), problems)
    subjects = reader.subjects()
    columns = dict(reader.metadata.columns)
    for entry in (e for one in subjects for e in one.entries):
        columns |= {
            name: Column(name, identifies="" if name in not_identifying else identifying(name))
            for name in entry.cells
            if name not in columns
        }
    return Source(SourceShape.ODM, columns, subjects, tuple(reader.notes()))


class _Reader:
    """The work on one file."""

    def __init__(self, root: Element, metadata: Metadata, problems: Problems) -> None:
        self.root = root
        self.metadata = metadata
        self.problems = problems
        self.audits = audits_by_id(root)
        self.is_transactional = root.get("FileType") == "Transactional"
        self.n_reasons = 0
        self.found: dict[str, _Subject] = {}

    def notes(self) -> Iterator[str]:
        """Yield what a person should know of the file."""
        kind = "transactions" if self.is_transactional else "a snapshot"
        yield f"subjects: {len(self.found)}, {kind}"
        if self.n_reasons:
            yield f"values with a reason for change: {self.n_reasons}; it stays in the source file"

    def subjects(self) -> tuple[SourceSubject, ...]:
        """Return every subject with its item groups."""
        for data in children(self.root, "ClinicalData"):
            for subject in children(data, "SubjectData"):
                self._read_subject(subject)
        return tuple(
            SourceSubject(key, one.place, tuple(self._entries(one)))
            for key, one in self.found.items()
        )

    def _read_subject(self, subject: Element) -> None:
        key = subject.get("SubjectKey", "")
        if subject.get("TransactionType") == "Remove":
            self.found.pop(key, None)
            return
        n = len(self.found) + 1
        one = self.found.setdefault(key, _Subject(f"subject {n}"))
        audit = audit_of(subject, self.audits, Audit())
        site = child(subject, "SiteRef")
        location = site.get("LocationOID") if site is not None else audit.location
        if location:
            cell = Cell(f"{one.place}, column {SITE}", location, document=f"odm:{SITE}")
            one.groups[(SITE,)] = _Group(one.place, "", "", "", {SITE: cell})
        self._descend(subject, one, audit, ())

    def _descend(self, element: Element, one: _Subject, audit: Audit, key: _Key) -> None:
        depth = len(key) // 2
        for inner in children(element, _LEVELS[depth]):
            own = audit_of(inner, self.audits, audit)
            names = (*key, inner.get(_OIDS[depth], ""), inner.get(_REPEATS[depth], ""))
            if inner.get("TransactionType") == "Remove":
                _remove(one, names)
            elif depth < len(_LEVELS) - 1:
                self._descend(inner, one, own, names)
            else:
                self._read_group(inner, one, own, names)

    def _read_group(self, element: Element, one: _Subject, audit: Audit, key: _Key) -> None:
        event, _, form, _, group, _ = key
        place = f"{one.place}, {event}, {group}"
        held = one.groups.setdefault(key, _Group(place, event, form, group))
        may_change = self.is_transactional or element.get("TransactionType") is not None
        for item in element:
            if not name_of(item).startswith("ItemData"):
                continue
            oid = item.get("ItemOID", "")
            cell = self._cell(item, oid, place, audit)
            is_change = may_change or item.get("TransactionType") is not None
            if oid in held.cells and not is_change:
                self.problems.add(cell.place, "the item stands twice in a snapshot")
            held.cells[oid] = cell

    def _cell(self, item: Element, oid: str, place: str, outer: Audit) -> Cell:
        audit = audit_of(item, self.audits, outer)
        self.n_reasons += audit.has_reason
        cell = Cell(
            f"{place}, column {oid}",
            recorded_by=audit.user,
            recorded_at=audit.at,
            document=f"odm:{oid}",
        )
        if item.get("TransactionType") == "Remove":
            return replace(cell, state=ValueState.NOT_ASKED, why="removed in the file")
        if item.get("IsNull") == "Yes":
            return replace(cell, state=ValueState.NOT_ASKED, why="null in the file")
        unit = child(item, "MeasurementUnitRef")
        symbol = (
            self.metadata.units.get(unit.get("MeasurementUnitOID", "")) if unit is not None else ""
        )
        return replace(cell, text=item.get("Value", words(item)).strip(), unit=symbol or "")

    def _entries(self, one: _Subject) -> Iterator[Entry]:
        times = Counter(_without_repeats(key) for key in one.groups)
        for key, held in one.groups.items():
            is_said = bool({held.group, held.form} & self.metadata.repeating)
            repeats = is_said or times[_without_repeats(key)] > 1
            yield Entry(
                held.place,
                held.cells,
                event=held.event,
                instrument=held.group if repeats else "",
                group=held.group,
            )


def _without_repeats(key: _Key) -> _Key:
    """Return the names of an item group without the repeats of its form and of itself."""
    return tuple(part for n, part in enumerate(key) if n not in (3, 5))


def _remove(one: _Subject, names: _Key) -> None:
    """Make every cell below a removed event, form or group a blank that says so."""
    for key, held in one.groups.items():
        if key[: len(names)] == names:
            for oid, cell in held.cells.items():
                why = "removed in the file"
                held.cells[oid] = Cell(cell.place, state=ValueState.NOT_ASKED, why=why)
