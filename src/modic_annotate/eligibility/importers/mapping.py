"""The map of an import: what a person states about a file, as TOML; nothing is guessed from data.

A map names a column for each field it fills. What it does not name is not imported. How dates,
decimals, codes and ids are written is stated here or the file is refused by name.
"""

from __future__ import annotations

import tomllib
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from modic_annotate.domain.base import Record
from modic_annotate.domain.provenance import SourceShape
from modic_annotate.domain.screening import ValueState
from modic_annotate.eligibility.importers.targets import Target, list_targets, targets
from modic_annotate.errors import InvalidRecordError
from modic_annotate.store.canonical import problems_of

DateOrder = Literal["YMD", "MDY", "DMY"]
Encoding = Literal["utf-8", "utf-16", "cp1252", "latin-1", "iso-8859-15", "mac-roman"]
StatedUnknown = Literal["not_asked", "not_available", "illegible", "not_applicable"]
UNKNOWN = frozenset(ValueState) - {ValueState.ASSERTED, ValueState.ASSERTED_ABSENT}


class FieldRule(Record):
    """How one field is filled."""

    source: Annotated[str | None, Field(alias="from")] = None
    """The column, item or code; for a checkbox as a whole the name without the option."""

    always: str | None = None
    """What holds for every subject of the file, for plain fields only (a scale, a version)."""

    event: str | None = None
    values: dict[str, str | bool] = Field(default_factory=dict)
    """What the file writes -> a word of this tool: a choice, yes or no, absent, or a state."""

    unit: str | None = None
    """The unit the file's number is in, where it is not the field's own."""

    dates: DateOrder | None = None
    observed_on: str | None = None
    """The column that holds the day the value was taken."""

    pick: Literal["latest", "earliest"] | None = None
    """Which of several answers counts, by the day they were taken."""

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.source is None) == (self.always is None):
            raise ValueError("a field is filled 'from' a column, or 'always' with one word")
        return self


class ListRule(Record):
    """How a list (care episodes, MRI studies) is filled: one element per entry."""

    target: str
    instrument: str = ""
    """The repeating instrument, item group or resource; empty for columns that stand once."""

    event: str | None = None
    unlisted: Literal["refuse", "leave_out"] = "refuse"
    """What becomes of an entry whose kind the map does not list."""

    fields: dict[str, FieldRule]


class SubjectRule(Record):
    """Where the subject's id stands and how it is written."""

    source: Annotated[str, Field(alias="from")]
    width: Annotated[int | None, Field(ge=1, le=64)] = None
    """Digits of a numeric id, so that 1 is 001 again after a spreadsheet dropped the zeros."""

    prefix: str = ""
    as_written: bool = False
    """Take ids that look like a spreadsheet's dates or numbers as they stand."""


class FileRule(Record):
    """How the file is written."""

    separator: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    encoding: Encoding | None = None
    dates: DateOrder = "YMD"
    decimal: Literal[".", ","] = "."
    export: Literal["raw", "label"] = "raw"
    """REDCap: codes, or the labels of the codes."""

    event: str | None = None
    """The event that counts where a field names none."""

    missing: dict[str, StatedUnknown] = Field(default_factory=dict)
    """Missing-data code -> what it says; a code that is not stated is refused."""

    none_of_these: dict[str, str] = Field(default_factory=dict)
    """Checkbox -> the code of its option "none of these"."""

    not_identifying: tuple[str, ...] = ()
    """Columns whose name sounds like a person's data and whose content is not."""


class ImportMap(Record):
    """Everything stated about a file."""

    schema_id: Annotated[Literal["modic-annotate/screening-map/1"], Field(alias="schema")] = (
        "modic-annotate/screening-map/1"
    )
    shape: SourceShape
    subject: SubjectRule
    file: FileRule = FileRule()
    fields: dict[str, FieldRule] = Field(default_factory=dict)
    lists: tuple[ListRule, ...] = ()

    @property
    def rules(self) -> tuple[tuple[str, FieldRule], ...]:
        """Every rule with the field it fills, those of lists included."""
        inner = (
            (f"{o.target}.{name}", rule) for o in self.lists for name, rule in o.fields.items()
        )
        return (*self.fields.items(), *inner)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every column or constant with the field it fills."""
        given = ((rule.source or f"always {rule.always}", path) for path, rule in self.rules)
        return ((self.subject.source, "subject.subject_id"), *given)

    @property
    def named_events(self) -> frozenset[str]:
        """All events the map names."""
        events = {self.file.event, *(o.event for o in self.lists)}
        events |= {rule.event for _, rule in self.rules}
        return frozenset(event for event in events if event is not None)

    @property
    def listed(self) -> frozenset[str]:
        """All codes the map gives a meaning to."""
        return frozenset(code for _, rule in self.rules for code in rule.values)

    @property
    def named_columns(self) -> frozenset[str]:
        """All columns the map takes something from."""
        named = {name for _, r in self.rules for name in (r.source, r.observed_on) if name}
        return frozenset(named | {self.subject.source})


def load_map(text: str, what: str) -> ImportMap:
    """Read a map; every problem is named with its place in the map.

    Raises
    ------
    InvalidRecordError
        It is no TOML, has keys that are none, names fields that are none, or words a field
        does not take.
    """
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidRecordError(what, [f"it is not TOML ({error})"]) from None
    try:
        found = ImportMap.model_validate(content)
    except ValidationError as error:
        raise InvalidRecordError(what, problems_of(error)) from None
    problems = _problems(found)
    if problems:
        raise InvalidRecordError(what, problems)
    return found


def _problems(found: ImportMap) -> list[str]:
    known = targets()
    problems = []
    for path, rule in found.fields.items():
        place = f"@ $.fields.{path}"
        problems += [f"{p} {place}" for p in _field_problems(rule, known.get(path))]
    for n, one in enumerate(found.lists):
        place = f"@ $.lists[{n}]"
        inner = list_targets().get(one.target)
        if inner is None:
            problems.append(f"no list of that name; there are {', '.join(list_targets())} {place}")
            continue
        for name, rule in one.fields.items():
            where = f"{place}.fields.{name}"
            problems += [f"{p} {where}" for p in _field_problems(rule, inner.get(name))]
    return problems


def _field_problems(rule: FieldRule, target: Target | None) -> list[str]:
    if target is None:
        return ["no field of that name can be imported; 'screening template' lists all"]
    problems = []
    if rule.always is not None and target.holder is not None:
        problems.append("what was answered is never the same 'always'; name its column")
    if target.choices:
        words = {*target.choices, *UNKNOWN, "absent"}
        stray = sorted({str(v) for v in rule.values.values()} - words)
        problems += [f"{word!r} is none of {', '.join(sorted(words))}" for word in stray]
        if rule.always is not None and rule.always not in target.choices:
            problems.append(f"'always' is none of {', '.join(target.choices)}")
    return problems
