"""The fillable table for sites without an electronic form: one field a row, what to write beside.

A row ``subject_id`` begins a subject, so that several can stand in one file. A blank value was
not asked; the other states are written in words.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace

from modic_annotate.domain.provenance import SourceShape
from modic_annotate.domain.screening import ValueState
from modic_annotate.eligibility.importers import values
from modic_annotate.eligibility.importers.field_words import what_to_write
from modic_annotate.eligibility.importers.mapping import FieldRule, ImportMap, ListRule
from modic_annotate.eligibility.importers.problems import CellError, Problems
from modic_annotate.eligibility.importers.source import Cell, Column, Entry, Source, SourceSubject
from modic_annotate.eligibility.importers.tables import Row, Table
from modic_annotate.eligibility.importers.targets import EPISODES, MRI, list_targets, targets

SUBJECT = "subject_id"
COLUMNS = ("field", "value", "observed_on", "source_document", "what to write")
TIMES = {EPISODES: 4, MRI: 1}
"""How often the empty template holds each list; more may be added with the next number."""

STATE_WORDS = {
    "absent": ValueState.ASSERTED_ABSENT,
    "not asked": ValueState.NOT_ASKED,
    "not available": ValueState.NOT_AVAILABLE,
    "illegible": ValueState.ILLEGIBLE,
    "not applicable": ValueState.NOT_APPLICABLE,
}
_HEADER = re.compile(r"\s*\"?field\"?[,;\t|]\"?value\"?[,;\t|\r\n]", re.IGNORECASE)
_NUMBERED = re.compile(r"(?P<list>care\.episodes|mri)\.(?P<n>[1-9]\d?)\.(?P<name>[a-z_]+)")


def template_text() -> str:
    """Return the empty template as CSV, with a mark that makes spreadsheets read it as UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerow(
        [SUBJECT, "", "", "", "the study's own id of the subject; write no name anywhere"]
    )
    for name, words in _rows():
        writer.writerow([name, "", "", "", words])
    return "\ufeff" + out.getvalue()


def _rows() -> Iterator[tuple[str, str]]:
    for target in targets().values():
        yield target.path, what_to_write(target)
    for name, fields in list_targets().items():
        for n in range(1, TIMES[name] + 1):
            yield from ((f"{name}.{n}.{f}", what_to_write(t)) for f, t in fields.items())


def is_template(content: bytes) -> bool:
    """Whether a file begins as the template does."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return bool(_HEADER.match(content[:400].decode(encoding, errors="replace")))


def template_map(stated: ImportMap) -> ImportMap:
    """Return a map that fills every field from the row of its own name."""
    lists = (
        ListRule(target=name, instrument=name, fields={field: _own(field) for field in fields})
        for name, fields in list_targets().items()
    )
    fields = {path: _own(path) for path in targets()}
    return stated.replace(fields=fields, lists=tuple(lists))


def _own(name: str) -> FieldRule:
    return FieldRule.model_validate({"from": name})


def template_source(table: Table, stated: ImportMap, problems: Problems) -> Source:
    """Return a filled-in template as a source."""
    blocks: list[list[Row]] = []
    for row in table.rows:
        name = row.cells.get("field", "")
        if name == SUBJECT and row.cells.get("value"):
            blocks.append([row])
        elif blocks:
            blocks[-1].append(row)
        elif row.cells.get("value"):
            problems.add(row.place, "a value stands before the first subject_id")
    if not blocks:
        problems.add("", "no subject_id has a value; fill in the study's own id first")
    subjects = tuple(_subject(block, stated, problems) for block in blocks)
    columns = {path: Column(path) for path in targets()}
    return Source(SourceShape.TEMPLATE, columns, subjects, (f"subjects: {len(subjects)}",))


def _subject(block: list[Row], stated: ImportMap, problems: Problems) -> SourceSubject:
    once: dict[str, Cell] = {}
    numbered: dict[tuple[str, int], dict[str, Cell]] = {}
    for row in block[1:]:
        name = row.cells.get("field", "")
        match = _NUMBERED.fullmatch(name)
        group, field = once, name
        if match and match["name"] in list_targets()[match["list"]]:
            group, field = numbered.setdefault((match["list"], int(match["n"])), {}), match["name"]
        elif name not in targets() and name != SUBJECT:
            problems.add(row.place, "no field of that name; 'screening template' lists all")
            continue
        if field in group:
            problems.add(row.place, "the field stands twice for the subject")
        group[field] = _cell(row, stated, problems)
    lists = [
        Entry(block[0].place, cells, instrument=k) for (k, _), cells in sorted(numbered.items())
    ]
    place = block[0].place
    return SourceSubject(block[0].cells["value"], place, (Entry(place, once), *lists))


def _cell(row: Row, stated: ImportMap, problems: Problems) -> Cell:
    text = row.cells.get("value", "")
    document = row.cells.get("source_document") or f"{SourceShape.TEMPLATE}:{row.cells['field']}"
    cell = Cell(f"{row.place}, column value", text, document=document)
    state = STATE_WORDS.get(text.casefold())
    if state is not None:
        cell = replace(cell, text="", state=state, why="as written")
    observed = row.cells.get("observed_on", "")
    try:
        day = values.day(observed, stated.file.dates) if observed else None
    except CellError as error:
        problems.add(f"{row.place}, column observed_on", str(error))
        return cell
    return replace(cell, observed_on=day)
