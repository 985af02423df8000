"""The trace: every operand leads to its value, and the result holds no date and no hash."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from modic_annotate.domain.determination import Determination, Outcome
from modic_annotate.eligibility import list_criteria, load_criteria
from modic_annotate.eligibility.examples import case, evaluated
from modic_annotate.store.canonical import canonical_bytes, parse_record

CASES = [
    pytest.param(name, example, id=f"{name}: {example.name}")
    for name in list_criteria()
    for example in load_criteria(name).example
]


@pytest.mark.parametrize(("name", "example"), CASES)
def test_every_operand_is_found_where_it_points(name: str, example) -> None:
    """Each operand's pointer leads to its value in the document it names."""
    criteria = load_criteria(name)
    record, readings, as_of = case(criteria, example)
    found = evaluated(criteria, example)
    documents = {f"reading:{r.reading_id}": _json(r) for r in readings}
    documents |= {"screening": _json(record), "frozen": _json(found)}
    for row in found.outcomes:
        assert row.operands or row.outcome == Outcome.UNKNOWN
        for operand in row.operands:
            there = documents[operand.document]
            for step in operand.pointer.split("/")[1:]:
                there = there[int(step) if isinstance(there, list) else step]
            assert _same(there, operand.value, operand.unit, as_of)


def _json(record) -> object:
    return json.loads(canonical_bytes(record))


def _same(there, value, unit: str | None, as_of: date) -> bool:
    if unit == "d":
        return (as_of - date.fromisoformat(there)).days == value
    if isinstance(there, list) and value is not None:
        return ", ".join(there) == value
    return value is None or there == value


@pytest.mark.parametrize(("name", "example"), CASES)
def test_a_determination_holds_no_date_and_no_hash(name: str, example) -> None:
    """Nothing in a determination changes when all dates are shifted by one amount."""
    text = canonical_bytes(evaluated(load_criteria(name), example)).decode()
    assert not re.search(r"\d{4}-\d\d-\d\d", text.replace("2026-01-01", ""))
    assert not re.search(r"[0-9a-f]{64}", text)


@pytest.mark.parametrize(("name", "example"), CASES)
def test_a_determination_comes_back_from_its_bytes(name: str, example) -> None:
    """Written and read again, a determination is the same value and the same bytes."""
    found = evaluated(load_criteria(name), example)
    written = canonical_bytes(found)
    again = parse_record(Determination, written, "determination")
    assert (again, canonical_bytes(again)) == (found, written)
