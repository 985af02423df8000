"""Rows of JSON as cells of a CSV file, spelt one way."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from modic_annotate.evidence.columns import LIST_JOINT, POINT_JOINT


def value_at(value: Any, path: tuple[str, ...]) -> object:  # noqa: ANN401 - whatever JSON holds
    """Return what stands at a path; through a list of records, the list of what stands in each."""
    if value is None or not path:
        return value
    if isinstance(value, list):
        return [value_at(one, path) for one in value]
    return value_at(value.get(path[0]), path[1:])  # what holds nothing may be left out of a record


def cell(value: object, joint: str = LIST_JOINT) -> str:
    """Write a JSON value as one cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    if isinstance(value, list):
        return "" if not any(value) else joint.join(cell(part, POINT_JOINT) for part in value)
    return str(value)


def csv_bytes(header: list[str], rows: Iterable[list[str]]) -> bytes:
    """Return a table as UTF-8 CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
