"""Screening records in: our own JSON as a new revision, and amendments field by field."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from modic_annotate.conduct.corrections import IMPORTED, Corrections, check_fields
from modic_annotate.conduct.values import value_at
from modic_annotate.domain.base import utc_now
from modic_annotate.domain.screening import Change, ScreeningRecord, ValueState
from modic_annotate.errors import (
    InvalidRecordError,
    RecordError,
    RecordMismatchError,
    UnknownRecordError,
)
from modic_annotate.store.canonical import parse_record
from modic_annotate.store.changes import changed_fields
from modic_annotate.store.workspace import Workspace

FEATURE_ANSWERS = {"present": "asserted", "absent": "asserted_absent"}
"""How a feature may be answered in one word."""


@dataclass(frozen=True)
class ImportOutcome:
    """What an import did, or would do."""

    message: str
    changes: tuple[str, ...]
    revision: int
    kept: tuple[str, ...] = ()
    """What a person corrected and the file says otherwise of: it stays, a sentence each."""


def read_screening(path: Path | str) -> ScreeningRecord:
    """Read a screening record from a JSON file; every problem is named with its path."""
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnknownRecordError(
            f"{path} cannot be read ({error.strerror}); give a screening record as JSON"
        ) from error
    return parse_record(ScreeningRecord, content, path.name)


def import_record(
    ws: Workspace,
    path: Path,
    by: str,
    dry_run: bool = False,
    take_source: Collection[str] = (),
) -> ImportOutcome:
    """Take a record file as the first or next revision; the same content changes nothing.

    A value that was recorded and is blank in the file is an error, not an erasure: it is named.
    What a person corrected by hand stays, but for the fields in `take_source`.
    """
    check_fields(take_source)
    record = read_screening(path)
    if record.trial_id != ws.trial_id:
        raise RecordMismatchError(
            f"{path.name} belongs to trial {record.trial_id}, this workspace to {ws.trial_id}"
        )
    if record.record_id not in ws.record_ids():
        return _first(ws, record, by, dry_run)
    present, _ = ws.screening(record.record_id)
    record, kept = _with_corrections(ws, present, record, take_source)
    changes = changed_fields(present, record)
    if not changes:
        return ImportOutcome(f"{record.record_id}: nothing to change", (), present.revision, kept)
    vanished = vanished_fields(present, record)
    if vanished:
        raise InvalidRecordError(
            path.name, [f"blank, but recorded before; use 'screening edit' @ {v}" for v in vanished]
        )
    revision = _next(ws, present, record, Change(by=by, at=utc_now(), reason=IMPORTED), dry_run)
    return ImportOutcome(
        f"{record.record_id}: {'would become' if dry_run else 'now'} revision {revision}",
        changes,
        revision,
        kept,
    )


def _with_corrections(
    ws: Workspace, present: ScreeningRecord, wanted: ScreeningRecord, taken: Collection[str]
) -> tuple[ScreeningRecord, tuple[str, ...]]:
    """Return a file's record with what persons corrected put back, and a sentence for each."""
    held, content = present.model_dump(mode="json"), wanted.model_dump(mode="json")
    given = [(name, value_at(content, name)) for name in changed_fields(present, wanted)]
    kept = Corrections.of(ws, present.record_id, taken).kept(held, given)
    for one in kept:
        *path, last = one.field.split(".")
        place = value_at(content, ".".join(path)) if path else content
        place[last] = value_at(held, one.field)
        if place[last] is None and path[-1:] == ["features"]:  # a feature nobody asked for
            del place[last]
    name = f"the record {present.record_id} with its corrections"
    sound = parse_record(ScreeningRecord, json.dumps(content).encode(), name)
    return sound, tuple(one.sentence for one in kept)


def edit_record(
    ws: Workspace, record_id: str, changes: dict[str, JsonValue], by: str, reason: str
) -> ImportOutcome:
    """Write a revision with some fields changed, named like ``scores.odi_percent.value``.

    A field that holds a recorded value may be given the bare value: it is then asserted. A feature
    may be answered ``present`` or ``absent``.
    """
    if not reason.strip() or reason.strip().casefold() == IMPORTED:
        raise RecordError("A record is changed with a reason; give it with --reason")
    present, _ = ws.screening(record_id)
    content = present.model_dump(mode="json")
    for name, value in changes.items():
        _assign(content, name, value)
    wanted = parse_record(ScreeningRecord, json.dumps(content).encode(), f"the edit of {record_id}")
    changed = changed_fields(present, wanted)
    if not changed:
        return ImportOutcome(f"{record_id}: nothing to change", (), present.revision)
    revision = _next(ws, present, wanted, Change(by=by, at=utc_now(), reason=reason), False)
    return ImportOutcome(f"{record_id}: now revision {revision}", changed, revision)


def vanished_fields(old: ScreeningRecord, new: ScreeningRecord) -> tuple[str, ...]:
    """Return the dotted names of fields that were recorded in `old` and are blank in `new`."""
    before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
    return tuple(
        name
        for name in changed_fields(old, new)
        if is_erased(value_at(before, name), value_at(after, name))
    )


def is_erased(old: Any, new: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Return whether a recorded value, or one within it, is blank or gone."""
    if is_blank(old) or is_blank(new):
        return not is_blank(old)
    if isinstance(old, list) and isinstance(new, list):
        return len(new) < len(old) or any(map(is_erased, old, new))
    if isinstance(old, dict) and isinstance(new, dict) and "state" not in old:
        return any(is_erased(value, new.get(name)) for name, value in old.items())
    return False


def _first(ws: Workspace, record: ScreeningRecord, by: str, dry_run: bool) -> ImportOutcome:
    if not dry_run:
        change = Change(by=by, at=utc_now(), reason=IMPORTED)
        ws.add_screening(record.replace(revision=1, previous_sha256=None, change=change), by)
    done = "would be new" if dry_run else "imported"
    return ImportOutcome(f"{record.record_id}: {done}, revision 1", (), 1)


def _next(
    ws: Workspace, present: ScreeningRecord, wanted: ScreeningRecord, change: Change, dry_run: bool
) -> int:
    _, previous = ws.screening(present.record_id)
    revision = present.revision + 1
    if not dry_run:
        ws.add_screening(
            wanted.replace(revision=revision, previous_sha256=previous, change=change), change.by
        )
    return revision


def is_blank(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Return whether nothing is known: no value, an empty list, or a state that says so."""
    if isinstance(value, dict) and "state" in value:
        return value["state"] not in (ValueState.ASSERTED, ValueState.ASSERTED_ABSENT)
    return value in (None, [], {}, "")


def _assign(content: dict[str, Any], name: str, value: JsonValue) -> None:
    *path, last = name.split(".")
    place = content
    for step in path:
        if not isinstance(place.get(step), dict):
            raise InvalidRecordError("the edit", [f"no such field @ $.{name}"])
        place = place[step]
    if last not in place and "features" not in path:
        raise InvalidRecordError("the edit", [f"no such field @ $.{name}"])
    held = place.get(last)
    if path[-1:] == ["features"] and isinstance(value, str) and value in FEATURE_ANSWERS:
        value = {"state": FEATURE_ANSWERS[value], "value": value == "present" or None}
    if isinstance(held, dict) and "state" in held and not isinstance(value, dict):
        value = {**held, "state": "asserted", "value": value}
    place[last] = value
