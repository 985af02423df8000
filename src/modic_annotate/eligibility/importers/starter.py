"""A map to start from: what the columns' names suggest, and everything else as open questions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from modic_annotate.domain.provenance import SourceShape
from modic_annotate.eligibility.importers import suggestions
from modic_annotate.eligibility.importers.identity import YEAR_ONLY
from modic_annotate.eligibility.importers.source import Column, ColumnKind
from modic_annotate.eligibility.importers.targets import EPISODES, Kind, Target, targets

_NO_MAP_NEEDED = frozenset({ColumnKind.YES_NO, ColumnKind.TICK})


def starter_map(
    shape: SourceShape,
    columns: Mapping[str, Column],
    instruments: Sequence[str] = (),
    notes: Sequence[str] = (),
    encoding: str | None = None,
) -> str:
    """Return a starting map as TOML.

    Parameters
    ----------
    shape
        What kind of file it is.
    columns
        What the file asks; only names, labels and options are looked at.
    instruments
        Names of what repeats: instruments, item groups, resource types.
    notes
        What a person should know of the file.
    encoding
        What it is written in, where nothing in it says so.
    """
    head = _head(shape, columns, notes)
    file = _file(shape, columns, encoding)
    return "\n".join([*head, *file, *_fields(columns), *_lists(instruments), ""])


def _head(shape: SourceShape, columns: Mapping[str, Column], notes: Sequence[str]) -> Iterator[str]:
    yield "# A map to correct before it is used: what it names is imported, nothing else is."
    yield "# Proposals rest on the columns' names alone. Try it with: screening import --dry-run"
    yield from (f"# {_said(note)}" for note in notes)
    yield 'schema = "modic-annotate/screening-map/1"'
    yield f'shape = "{shape}"'
    yield ""
    yield "[subject]"
    subject = suggestions.subject_column(columns)
    if shape == SourceShape.ODM:
        subject = "SubjectKey"
    if shape == SourceShape.FHIR:
        subject = next((n for n in columns if n.startswith("ResearchSubject.identifier")), None)
    if subject is None:
        yield "# Name the column of the study's own id; never a name or a hospital's number."
        yield 'from = ""'
    else:
        yield f"from = {_quoted(subject)}"
    yield "# width = 3          # digits of a numeric id, where a spreadsheet made 001 to 1"
    yield '# prefix = "S-"      # put before every id'
    yield ""


def _file(shape: SourceShape, columns: Mapping[str, Column], encoding: str | None) -> Iterator[str]:
    yield "[file]"
    if encoding:
        yield f"encoding = {_quoted(encoding)}"
    yield '# dates = "MDY"      # YMD (2026-03-31, the default), MDY (03/31/2026), DMY (31.03.2026)'
    yield '# decimal = ","'
    if shape == SourceShape.REDCAP:
        yield '# export = "label"   # where the export holds labels instead of codes'
        yield '# event = "screening_arm_1"   # the event that counts where a field names none'
        yield '# missing = { NASK = "not_asked", UNK = "not_available" }   # missing-data codes'
        yield from _none_of_these(columns)
    yield ""


def _none_of_these(columns: Mapping[str, Column]) -> Iterator[str]:
    yield "# The option 'none of these' of a checkbox: ticked, it makes the others absent."
    for column in columns.values():
        for code, label in column.options.items() if column.kind == ColumnKind.TICKS else ():
            if suggestions.plain(label).split("_")[0] == "none":
                yield f"none_of_these.{_quoted(column.name)} = {_quoted(code)}   # {_said(label)}"


def _fields(columns: Mapping[str, Column]) -> Iterator[str]:
    found = suggestions.suggested(columns)
    for path, column in found.items():
        yield from _rule(targets()[path], column, columns)
    used = {column.name for column in found.values()}
    used |= {day for path in found if (day := suggestions.day_column(path, columns))}
    yield "# Columns without a proposal; the fields there are: 'screening template' lists them."
    for column in columns.values():
        if column.name in used or column.name == suggestions.subject_column(columns):
            continue
        if column.identifies:
            yield f"# {_said(column.name)}: left out, {column.identifies}"
            if column.kind == ColumnKind.DATE or "birth" in column.name.lower():
                yield f'#   its year alone: [fields."{YEAR_ONLY}"] from = {_quoted(column.name)}'
        else:
            label = f" ({_said(column.label)})" if column.label else ""
            yield f"# {_said(column.name)}{label}"
    yield ""


def _rule(target: Target, column: Column, columns: Mapping[str, Column]) -> Iterator[str]:
    yield f"[fields.{_quoted(target.path)}]"
    yield f"from = {_quoted(column.name)}" + (f"   # {_said(column.label)}" if column.label else "")
    day = suggestions.day_column(target.path, columns)
    if day is not None:
        yield f"observed_on = {_quoted(day)}"
    yield from _values(target, column)
    yield ""
    instrument = suggestions.INSTRUMENTS.get(suggestions.plain(column.name))
    if target.path == "scores.pain_score" and "scores.pain_instrument" not in columns:
        yield "# The scale decides what the score means: VAS_cm, VAS_mm or NRS."
        mark = "" if instrument else "# "
        yield f'{mark}[fields."scores.pain_instrument"]'
        yield f'{mark}always = "{instrument or "VAS_cm"}"'
        yield ""


def _values(target: Target, column: Column) -> Iterator[str]:
    """Yield what the codes mean as far as the labels are words of ours; the rest stays open."""
    if target.kind == Kind.YES_NO and column.kind not in _NO_MAP_NEEDED:
        yield '# values = { "1" = true, "0" = false, "9" = "not_available" }   # as the form codes'
    if target.kind not in (Kind.CHOICE, Kind.BODIES):
        return
    listed, others = suggestions.words_for(target, column)
    pairs = ", ".join(f"{_quoted(code)} = {_quoted(word)}" for code, word in listed.items())
    if pairs:
        yield f"values = {{ {pairs} }}"
    elif target.kind == Kind.CHOICE:
        yield f"# values = {{ ... }}   # what each code means: {', '.join(target.choices)}"
    for code, label in others.items():
        yield f"# not yet stated: {_quoted(code)} ({_said(label)})"


def _lists(instruments: Sequence[str]) -> Iterator[str]:
    for name in instruments:
        yield f"# What repeats: {_said(name)}. For care episodes or MRI studies, state:"
        yield "# [[lists]]"
        yield f'# target = "{EPISODES}"'
        yield f"# instrument = {_quoted(name)}"
        yield '# fields.kind = { from = "", values = { } }'
        yield '# fields.started_on = { from = "" }'
        yield '# fields.ended_on = { from = "" }'


def _quoted(text: str) -> str:
    """Return a TOML basic string; JSON's escapes are TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _said(text: str) -> str:
    """Return text for a comment: one line, no control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
