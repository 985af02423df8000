"""Every criteria set there is: it parses, cites its sources and means what its examples say."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from modic_annotate.domain.determination import Outcome
from modic_annotate.eligibility import (
    CriteriaSet,
    SiteVerification,
    list_criteria,
    load_criteria,
    parse_criteria,
)
from modic_annotate.eligibility.cases import Example
from modic_annotate.eligibility.examples import broken_examples, evaluated, outcomes_shown
from modic_annotate.errors import InvalidCriteriaSetError, UnknownCriteriaSetError
from modic_annotate.store.canonical import canonical_bytes, parse_record

SETS = list_criteria()


@pytest.mark.parametrize("name", SETS)
def test_the_examples_evaluate_as_stated(name: str) -> None:
    """Every example of a set gives the outcomes and the roll-up it states."""
    assert broken_examples(load_criteria(name)) == ()


@pytest.mark.parametrize("name", [n for n in SETS if load_criteria(n).criterion])
def test_examples_show_every_outcome(name: str) -> None:
    """The examples of a set show met, not met, unknown and needs review at least once."""
    shown = outcomes_shown(load_criteria(name))
    assert shown >= {Outcome.MET, Outcome.NOT_MET, Outcome.UNKNOWN, Outcome.NEEDS_REVIEW}


@pytest.mark.parametrize("name", SETS)
def test_each_row_is_expected_by_an_example(name: str) -> None:
    """No row of a set is without an example that says what it means."""
    criteria = load_criteria(name)
    expected = {row for example in criteria.example for row in example.expect}
    assert expected == {row.id for row in criteria.criterion}


@pytest.mark.parametrize("name", SETS)
def test_a_set_is_named_by_its_file_and_cites_its_sources(name: str) -> None:
    """The id is the file's name, and the set and all rows cite a source."""
    criteria = load_criteria(name)
    assert criteria.id == name
    assert all([criteria.source, *(row.source for row in criteria.criterion)])


@pytest.mark.parametrize("name", SETS)
def test_a_set_comes_back_from_its_canonical_bytes(name: str, tmp_path: Path) -> None:
    """The exact set in a package is the set that was evaluated, however it is read back."""
    criteria = load_criteria(name)
    written = canonical_bytes(criteria)
    (tmp_path / "set.json").write_bytes(written)
    assert load_criteria(tmp_path / "set.json") == criteria
    assert canonical_bytes(parse_record(CriteriaSet, written, name)) == written


@pytest.mark.parametrize("name", SETS)
def test_exclusions_are_never_printed_as_met(name: str) -> None:
    """Exclusions print as absent, present or unknown; other rows never as absent or present."""
    criteria = load_criteria(name)
    for example in criteria.example:
        for row in evaluated(criteria, example).outcomes:
            words = (
                {"absent", "present", "unknown"}
                if row.kind == "exclusion"
                else {"met", "not met", "unknown", "needs review", "not applicable"}
            )
            assert row.finding in words


def test_an_example_that_does_not_hold_is_reported() -> None:
    """Broken examples are told by name, row and both outcomes."""
    criteria = load_criteria("fda_510k_bvna")
    wrong = Example.model_validate(
        {"name": "wrong", "expect": {"FDA-2": "unknown"}, "roll_up": "incomplete"}
    )
    assert broken_examples(criteria.replace(example=(wrong,))) == (
        "wrong: FDA-2 is met, stated unknown",
        "wrong: criteria_met, stated incomplete",
    )


def test_an_unknown_set_names_the_known_ones() -> None:
    """A name that is neither shipped nor a file is refused with the names there are."""
    with pytest.raises(UnknownCriteriaSetError, match="fda_510k_bvna") as caught:
        load_criteria("fda_501k")
    assert caught.value.known == SETS


def _changed(**changes: object) -> bytes:
    content = json.loads(canonical_bytes(load_criteria("fda_510k_bvna")))
    return json.dumps(content | changes).encode()


def _with_predicate(**predicate: object) -> bytes:
    content = json.loads(canonical_bytes(load_criteria("fda_510k_bvna")))
    content["criterion"][1]["predicate"] = predicate
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    ("content", "path"),
    [
        (_with_predicate(kind="pain_months", at_least_monhts=6), "pain_months.at_least_monhts"),
        (_with_predicate(kind="pain_months", at_least_months="6"), "pain_months.at_least_months"),
        (_with_predicate(kind="pane_months", at_least_months=6), "$.criterion[1].predicate"),
        (_changed(titel="x"), "$.titel"),
        (_changed(example=[{"name": "x", "expect": {"FDA-9": "met"}}]), "FDA-9"),
        (_changed(review_by="soon"), "$.review_by"),
    ],
)
def test_a_broken_set_is_refused_with_the_path(content: bytes, path: str) -> None:
    """Typos, wrong types and unknown rows are refused, each with its path."""
    with pytest.raises(InvalidCriteriaSetError) as caught:
        parse_criteria(content, "broken", is_json=True)
    assert path in str(caught.value)


def test_all_problems_are_listed_at_once() -> None:
    """A set with two faults names both."""
    with pytest.raises(InvalidCriteriaSetError) as caught:
        parse_criteria(_changed(titel="x", purpose="y"), "broken", is_json=True)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize("content", [b"id = ", b"\xff\xfe"])
def test_what_is_not_toml_is_refused(content: bytes) -> None:
    """Bytes that are no TOML text are refused as a broken set."""
    with pytest.raises(InvalidCriteriaSetError, match="broken"):
        parse_criteria(content, "broken")


def test_a_row_id_stands_once() -> None:
    """Two rows of one id are refused, whatever their case."""
    rows = json.loads(canonical_bytes(load_criteria("fda_510k_bvna")))["criterion"]
    rows[1]["id"] = "fda-1"
    with pytest.raises(InvalidCriteriaSetError, match="once"):
        parse_criteria(_changed(criterion=rows, example=[]), "broken", is_json=True)


VERIFICATION = SiteVerification(by="A. Auditor", on=date(2026, 3, 1), source_sha256="a" * 64)


def test_a_site_can_verify_an_unverified_row() -> None:
    """A verified row decides from then on, and shows by whom."""
    criteria = load_criteria("fda_510k_bvna_contraindications")
    verified = criteria.verified("FDA-X1-4", VERIFICATION)
    row = evaluated(verified, criteria.example[0]).outcome("FDA-X1-4")
    assert (row.outcome, row.finding, row.verified_by) == ("met", "absent", "A. Auditor")


@pytest.mark.parametrize(("name", "row"), [("fda_510k_bvna", "FDA-1"), ("fda_510k_bvna", "FDA-9")])
def test_only_unverified_rows_can_be_verified(name: str, row: str) -> None:
    """A row that is unknown, or verified already, is refused."""
    with pytest.raises(InvalidCriteriaSetError, match=row):
        load_criteria(name).verified(row, VERIFICATION)


def test_a_file_cannot_verify_a_row_that_needs_none() -> None:
    """A set file with a site verification on a verified row is refused."""
    rows = json.loads(canonical_bytes(load_criteria("fda_510k_bvna")))["criterion"]
    rows[0]["verification"] = json.loads(canonical_bytes(VERIFICATION))
    with pytest.raises(InvalidCriteriaSetError, match="only an unverified row"):
        parse_criteria(_changed(criterion=rows), "broken", is_json=True)


@pytest.mark.parametrize(
    ("first", "last", "status", "expected"),
    [
        (None, None, "current", True),
        (date(2026, 3, 20), date(2026, 3, 20), "current", True),
        (date(2026, 3, 21), None, "current", False),
        (None, date(2026, 3, 19), "current", False),
        (None, None, "withdrawn", False),
    ],
)
def test_in_force_by_dates_and_status(
    first: date | None, last: date | None, status: str, expected: bool
) -> None:
    """A set is in force from its first to its last day, both included, unless withdrawn."""
    criteria = load_criteria("fda_510k_bvna").replace(
        in_force_from=first, in_force_until=last, status=status
    )
    assert criteria.in_force(date(2026, 3, 20)) is expected
