"""What a determination says of its own limits."""

from __future__ import annotations

import pytest

from modic_annotate.eligibility import assess, load_criteria
from modic_annotate.eligibility.examples import example_record

FDA = load_criteria("fda_510k_bvna")
BASE = "Reading R1-1: "
SLOTS = {"no series filled the slot SAG_T1.", "no series filled the slot SAG_T2."}


def said_of(reading) -> set[str]:
    found = assess(example_record(FDA.baseline.record), [reading], FDA, FDA.baseline.as_of)
    said = {c.removeprefix(BASE) for c in found.caveats if c.startswith(BASE)}
    return said - SLOTS


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, set()),
        (
            {"numbering.method": "assumed_from_sacrum", "numbering.confidence": "probable"},
            {"levels were counted from the sacrum, confidence probable; no whole-spine count."},
        ),
        (
            {"numbering.method": "assumed_from_sacrum"},
            {"levels were counted from the sacrum, confidence definite; no whole-spine count."},
        ),
        (
            {"numbering.confidence": "probable"},
            {"levels were counted from the last rib, confidence probable; no whole-spine count."},
        ),
        ({"numbering.method": None}, {"how the levels were counted is not stated."}),
        (
            {"numbering.confidence": None},
            {"levels were counted from the last rib, confidence not stated; no whole-spine count."},
        ),
        ({"numbering.report_offset": 1}, {"the report's labels lie 1 below these."}),
        ({"numbering.report_offset": -2}, {"the report's labels lie 2 above these."}),
        ({"scripted": True}, {"acts came from a file, not from a reader's hand."}),
        (
            {"not_covered_reason": "asked for by Mrs Smith"},
            {"not every slice of every series was shown."},
        ),
    ],
)
def test_what_limits_a_reading(make_reading, fields: dict[str, object], expected: set[str]) -> None:
    """Numbering, coverage and script are told in fixed words, never in a reader's free text."""
    assert said_of(make_reading({"L4-inferior": "1"}, fields=fields)) == expected


@pytest.mark.parametrize(("percent", "told"), [(100.0, False), (99.9, True)])
def test_coverage(make_reading, percent: float, told: bool) -> None:
    """A series not shown as a whole is told."""
    coverage = {
        "series_uid": "1.2",
        "role": "SAG_T1",
        "n_slices": 15,
        "shown_sop_instance_uids": [],
        "shown_percent": percent,
    }
    said = said_of(make_reading({"L4-inferior": "1"}, fields={"coverage": [coverage]}))
    assert bool(said) is told


def test_limits_bulk_and_draft_are_counted(make_reading) -> None:
    """How many endplates were read under limits or in bulk stands with the determination."""
    reading = make_reading({"L4-inferior": "1, limited"}, status="draft")
    bulk = tuple(
        f.replace(origins={"modic": "bulk"}) if f.modic == "absent" else f for f in reading.findings
    )
    assert said_of(reading.replace(findings=bulk)) == {
        "not signed.",
        "1 endplates were read under limits.",
        "11 endplates were graded as none by one act for all that remained.",
    }


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (1, "1 reading was not used (unsigned, superseded, or for another purpose)."),
        (2, "2 readings were not used (unsigned, superseded, or for another purpose)."),
    ],
)
def test_readings_left_out_are_counted(make_reading, n: int, expected: str) -> None:
    """A reading that does not count is not passed over in silence."""
    drafts = [make_reading(name=f"D{i}", status="draft") for i in range(n)]
    readings = [make_reading({"L4-inferior": "1"}), *drafts]
    found = assess(example_record(FDA.baseline.record), readings, FDA, FDA.baseline.as_of)
    assert expected in found.caveats


def test_the_record_and_the_rows_say_what_they_are() -> None:
    """A synthetic record and third-party rows are told; a real record is not called synthetic."""
    record = example_record(FDA.baseline.record)
    found = assess(record, [], FDA, FDA.baseline.as_of).caveats
    assert "The screening record is synthetic." in found
    assert "Rows FDA-1, FDA-2, FDA-3, FDA-4 rest on a third-party copy of the source." in found
    real = assess(record.replace(synthetic=False), [], FDA, FDA.baseline.as_of).caveats
    assert "The screening record is synthetic." not in real


def test_a_slot_that_is_filled_is_not_missed(make_reading) -> None:
    """The slots that types rest on are told where no series fills them."""
    affine = [[1.0, 0, 0, 0], [0, 1.0, 0, 0], [0, 0, 1.0, 0], [0, 0, 0, 1.0]]
    series = {
        "study_uid": "1.2",
        "series_uid": "1.2.3",
        "role": "SAG_T1",
        "weighting": "T1",
        "fat": "none",
        "plane": "sagittal",
        "grid": {"shape": [1, 1, 1], "affine_lps": affine},
        "instances": [],
    }
    reading = make_reading({"L4-inferior": "1"}, fields={"series": [series]})
    found = assess(example_record(FDA.baseline.record), [reading], FDA, FDA.baseline.as_of)
    slots = {c.removeprefix(BASE) for c in found.caveats} & SLOTS
    assert slots == {"no series filled the slot SAG_T2."}
