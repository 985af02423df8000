"""Screening records in: our own JSON as a new revision, and amendments field by field."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import JsonValue

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


@dataclass(frozen=True)
class ImportOutcome:
    """What an import did, or would do."""

    message: str
    changes: tuple[str, ...]
    revision: int


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


def import_record(ws: Workspace, path: Path, by: str, dry_run: bool = False) -> ImportOutcome:
    """Take a record file as the first or next revision; the same content changes nothing.

    A value that was recorded and is blank in the file is an error, not an erasure: it is named.
    """
    record = read_screening(path)
    if record.trial_id != ws.trial_id:
        raise RecordMismatchError(
            f"{path.name} belongs to trial {record.trial_id}, this workspace to {ws.trial_id}"
        )
    if record.record_id not in ws.record_ids():
        return _first(ws, record, by, dry_run)
    present, _ = ws.screening(record.record_id)
    changes = changed_fields(present, record)
    if not changes:
        return ImportOutcome(f"{record.record_id}: nothing to change", (), present.revision)
    vanished = vanished_fields(present, record)
    if vanished:
        raise InvalidRecordError(
            path.name, [f"blank, but recorded before; use 'screening edit' @ {v}" for v in vanished]
        )
    revision = _next(ws, present, record, Change(by=by, at=utc_now(), reason="import"), dry_run)
    return ImportOutcome(
        f"{record.record_id}: {'would become' if dry_run else 'now'} revision {revision}",
        changes,
        revision,
    )


def edit_record(
    ws: Workspace, record_id: str, changes: dict[str, JsonValue], by: str, reason: str
) -> ImportOutcome:
    """Write a revision with some fields changed, named like ``scores.odi_percent.value``.

    A field that holds a recorded value may be given the bare value: it is then asserted.
    """
    if not reason.strip():
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
    return tuple(
        name
        for name in changed_fields(old, new)
        if is_erased(_value_at(old, name), _value_at(new, name))
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
        change = Change(by=by, at=utc_now(), reason="import")
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


def _value_at(record: ScreeningRecord, name: str) -> Any:  # noqa: ANN401 - any JSON value
    value: Any = record.model_dump(mode="json")
    for step in name.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


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
    if isinstance(held, dict) and "state" in held and not isinstance(value, dict):
        value = {**held, "state": "asserted", "value": value}
    place[last] = value
