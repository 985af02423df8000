"""The trace: every operand leads to its value, and the result holds no date and no hash."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from modic_annotate.domain.determination import Determination, Outcome
from modic_annotate.domain.finding import KeyImage
from modic_annotate.domain.series import SeriesRole
from modic_annotate.eligibility import assess, list_criteria, load_criteria
from modic_annotate.eligibility.examples import case, evaluated, example_record
from modic_annotate.eligibility.trace import trace
from modic_annotate.store.canonical import canonical_bytes, parse_record

CASES = [
    pytest.param(criteria, example, id=f"{criteria.id}: {example.name}")
    for criteria in map(load_criteria, list_criteria())
    for example in criteria.example
]


@pytest.mark.parametrize(("criteria", "example"), CASES)
def test_every_operand_is_found_where_it_points(criteria, example) -> None:
    """Each operand's pointer leads to its value in the document it names."""
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


@pytest.mark.parametrize(("criteria", "example"), CASES)
def test_a_determination_holds_no_date_and_no_hash_and_comes_back(criteria, example) -> None:
    """Nothing in it changes with the calendar, and read again it is the same bytes."""
    written = canonical_bytes(evaluated(criteria, example))
    text = written.decode()
    assert not re.search(r"\d{4}-\d\d-\d\d", text)
    assert not re.search(r"[0-9a-f]{64}", text)
    assert canonical_bytes(parse_record(Determination, written, "determination")) == written


def test_the_trace_gives_each_value_its_file_and_its_key_images(make_reading) -> None:
    """Pointer, hash and, for a finding, the slices the reader marked."""
    reading = make_reading({"L4-inferior": "1"}, discs={"L4/5": {"listhesis_mm": 1.0}})
    marked = KeyImage(role=SeriesRole.SAG_T1, series_uid="1.2", sop_instance_uid="1.2.3")
    shown = [
        finding.replace(key_images=(marked,) if finding.modic == "present" else ())
        for finding in reading.findings
    ]
    reading = reading.replace(findings=tuple(shown))
    criteria = load_criteria("trial_intracept")
    record = example_record(criteria.baseline.record)
    found = assess(record, [reading], criteria, criteria.baseline.as_of)
    digests = {"screening": "a" * 64, "reading:R1-1": "b" * 64}
    lines = trace(found, digests, [reading])
    assert [line.operand for line in lines] == [o for r in found.outcomes for o in r.operands]
    by_pointer = {line.operand.pointer: line for line in lines}
    assert by_pointer["/scores/odi_percent/value"].sha256 == "a" * 64
    assert by_pointer["/frozen/age_years_min"].sha256 is None
    assert by_pointer["/discs/0/listhesis_mm"].key_images == ()
    with_images = {line.operand.pointer for line in lines if line.key_images}
    index = next(n for n, f in enumerate(reading.findings) if f.modic == "present")
    assert {pointer.split("/")[2] for pointer in with_images} == {str(index)}
    (image,) = by_pointer[f"/findings/{index}/components/0/modic_type"].key_images
    assert image.marked == marked
    assert image.words == "SAG_T1 1.2.3"
