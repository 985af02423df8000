"""Screening records out of another system's file: planned in full, shown, then written.

Nothing is written while anything in the file is wrong. What a record holds and the file leaves
blank stays, and the plan says so.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import ValidationError

from modic_annotate.conduct.corrections import Corrections, Kept, check_fields
from modic_annotate.conduct.screening_import import is_erased
from modic_annotate.conduct.source_files import GivenImport, keep_sources
from modic_annotate.conduct.values import in_words, value_at
from modic_annotate.domain.base import utc_now
from modic_annotate.domain.screening import Change, ScreeningRecord
from modic_annotate.eligibility.importers.build import Draft, Unknown
from modic_annotate.eligibility.importers.ids import without_zeros
from modic_annotate.eligibility.importers.problems import Problems
from modic_annotate.eligibility.importers.reading import ReadFile, read_file
from modic_annotate.eligibility.importers.targets import targets
from modic_annotate.store.canonical import problems_of
from modic_annotate.store.changes import changed_fields
from modic_annotate.store.workspace import Workspace


@dataclass(frozen=True)
class FieldChange:
    """One field that would differ: its name, and what it holds before and after, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class SubjectPlan:
    """What an import would do to one record."""

    record_id: str
    place: str
    action: Literal["new", "changed", "same"]
    revision: int
    changes: tuple[FieldChange, ...]
    kept: tuple[str, ...]
    """Fields that the record holds and the file leaves blank: they stay."""

    corrected: tuple[Kept, ...]
    """Fields that a person corrected and of which the file says otherwise: they stay."""

    unknown: tuple[Unknown, ...]
    filled: tuple[tuple[str, str], ...]
    """Every field of which the file says something, and what, in words."""

    record: ScreeningRecord


@dataclass(frozen=True)
class ImportPlan:
    """What an import would do to a workspace."""

    subjects: tuple[SubjectPlan, ...]
    notes: tuple[str, ...]
    left_out: tuple[str, ...]
    mapped: tuple[tuple[str, str], ...]
    """Column -> field, as the map states."""

    unmapped: tuple[str, ...]
    not_in_file: tuple[str, ...]
    """Records of the workspace that the file does not name: they stay as they are."""

    @property
    def writes(self) -> tuple[SubjectPlan, ...]:
        """The records that would get a revision."""
        return tuple(one for one in self.subjects if one.action != "same")


def plan_import(
    ws: Workspace, given: GivenImport, by: str, take_source: Collection[str] = ()
) -> ImportPlan:
    """Read a file under its map and say what it would change; nothing is written.

    What a person corrected by hand stays, but for the fields in `take_source`.

    Raises
    ------
    InvalidRecordError
        Something in the file is wrong; all of it is named, with rows and columns.
    """
    check_fields(take_source)
    problems = Problems(given.file.name)
    read = read_file(given.file, given.stated, problems)
    known = ws.record_ids()
    _check_ids(read, known, problems)
    change = Change(by=by, at=utc_now(), reason="import", source=given.source)
    subjects = [
        plan
        for draft in read.drafts
        if (
            plan := _planned(
                ws, draft, change, _corrections(ws, draft, known, take_source), problems
            )
        )
    ]
    problems.refuse_if_any()
    named = {draft.record_id for draft in read.drafts}
    absent = tuple(record_id for record_id in known if record_id not in named)
    return ImportPlan(
        subjects=tuple(subjects),
        notes=read.notes,
        left_out=read.left_out,
        mapped=given.stated.pairs,
        unmapped=read.unmapped,
        not_in_file=absent,
    )


def write_import(ws: Workspace, given: GivenImport, plan: ImportPlan, by: str) -> None:
    """Keep the source and write the planned revisions; stopped half-way, it can be run again."""
    if not plan.writes:
        return
    keep_sources(ws, given, by)
    for one in plan.writes:
        ws.add_screening(one.record, by)


def _check_ids(read: ReadFile, known: tuple[str, ...], problems: Problems) -> None:
    by_number = {without_zeros(record_id): record_id for record_id in known}
    for draft in read.drafts:
        other = by_number.get(without_zeros(draft.record_id))
        if other is not None and other != draft.record_id and draft.record_id not in known:
            problems.add(
                draft.place,
                f"subject {draft.record_id} differs from record {other} by zeros or case alone; "
                "restore the zeros, or state subject.width in the map",
            )


def _planned(
    ws: Workspace, draft: Draft, change: Change, made: Corrections | None, problems: Problems
) -> SubjectPlan | None:
    present, previous = ws.screening(draft.record_id) if made else (None, None)
    before = present.model_dump(mode="json") if present else {}
    corrected = made.kept(before, _given(draft)) if made else ()
    held = present.model_dump(mode="json") if present else _blank_record(ws, draft, change)
    wanted, kept = _merged(held, _without(draft, {one.field for one in corrected}))
    wanted["revision"] = present.revision + 1 if present else 1
    wanted["previous_sha256"] = previous
    wanted["change"] = change.model_dump(mode="json")
    try:
        record = ScreeningRecord.model_validate_json(json.dumps(wanted))
    except ValidationError as error:
        for problem in problems_of(error):
            problems.add(draft.place, problem)
        return None
    fields = changed_fields(present, record) if present else ()
    after = record.model_dump(mode="json")
    return SubjectPlan(
        record_id=draft.record_id,
        place=draft.place,
        action="new" if present is None else "changed" if fields else "same",
        revision=record.revision if fields or present is None else present.revision,
        changes=tuple(_change(f, before, after) for f in fields),
        kept=kept if present else (),
        corrected=corrected,
        unknown=draft.unknown,
        filled=tuple((f, in_words(value_at(after, f))) for f, _ in _given(draft)),
        record=record,
    )


def _corrections(
    ws: Workspace, draft: Draft, known: tuple[str, ...], taken: Collection[str]
) -> Corrections | None:
    """Return what persons corrected in the record a draft is of; None where there is no record."""
    return Corrections.of(ws, draft.record_id, taken) if draft.record_id in known else None


def _change(field: str, before: dict[str, Any], after: dict[str, Any]) -> FieldChange:
    old, new = in_words(value_at(before, field)), in_words(value_at(after, field))
    return FieldChange(field, old, f"{new}, with another day or source" if old == new else new)


def _given(draft: Draft) -> Iterator[tuple[str, Any]]:
    """Yield each field of which the file says something, with its JSON-ready value."""
    yield from draft.values.items()
    yield from ((name, list(elements)) for name, elements in draft.lists.items() if elements)


def _without(draft: Draft, fields: set[str]) -> Draft:
    values = {name: value for name, value in draft.values.items() if name not in fields}
    lists = {name: value for name, value in draft.lists.items() if name not in fields}
    return replace(draft, values=values, lists=lists)


def _blank_record(ws: Workspace, draft: Draft, change: Change) -> dict[str, Any]:
    first = {
        "trial_id": ws.trial_id,
        "record_id": draft.record_id,
        "subject": {"subject_id": draft.record_id},
        "change": change.model_dump(mode="json"),
    }
    return ScreeningRecord.model_validate(first).model_dump(mode="json")


def _merged(held: dict[str, Any], draft: Draft) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Lay a draft over a record; a known value gives way to a known value alone."""
    kept = []
    blank = {o.field: None for o in draft.unknown if o.field in targets() and o.field != "status"}
    given = {**blank, **draft.values, **{name: list(one) for name, one in draft.lists.items()}}
    for path, value in given.items():
        group, name = _place_of(held, path)
        if is_erased(group.get(name), value):
            kept.append(path)
        elif value is not None:
            group[name] = _with_what_was_known(group.get(name), value)
    return held, tuple(kept)


def _with_what_was_known(old: Any, new: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value with the day and source that were recorded of it, where the file has none."""
    is_held = isinstance(old, dict) and isinstance(new, dict) and "state" in old
    if not is_held or (old["state"], old["value"]) != (new["state"], new["value"]):
        return new
    return old | {key: given for key, given in new.items() if given is not None}


def _place_of(held: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    *steps, name = path.split(".")
    for step in steps:
        held = held[step]
    return held, name
