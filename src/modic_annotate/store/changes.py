"""What differs between two revisions of a record, as the names of its fields."""

from __future__ import annotations

from typing import Any

from modic_annotate.domain.base import Record

ABOUT_THE_REVISION = ("revision", "previous_sha256", "change")
"""Fields that differ in every revision and say nothing of the subject."""


def changed_fields(before: Record, after: Record) -> tuple[str, ...]:
    """Return the dotted names of all fields that differ, e.g. ``scores.odi_percent``.

    A value recorded with its state and source counts as one field; a list counts as one too.
    """
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    names = _differing(old, new, "")
    return tuple(name for name in names if name.partition(".")[0] not in ABOUT_THE_REVISION)


def _differing(old: Any, new: Any, path: str) -> list[str]:  # noqa: ANN401 - any JSON value
    if old == new:
        return []
    if not _is_group(old) or not _is_group(new):
        return [path]
    return [
        name
        for key in sorted({*old, *new})
        for name in _differing(old.get(key), new.get(key), f"{path}.{key}" if path else key)
    ]


def _is_group(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    return isinstance(value, dict) and "state" not in value
