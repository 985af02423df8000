"""A set at a site: rows it verified, sets of its own, rows with a condition, how current it is."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from modic_annotate.domain.determination import Outcome, Provenance, RollUp
from modic_annotate.domain.row_verification import RowVerification
from modic_annotate.eligibility import CriteriaSet, list_criteria, load_criteria, parse_criteria
from modic_annotate.eligibility.cases import Baseline, Example
from modic_annotate.eligibility.examples import evaluated
from modic_annotate.eligibility.site import check_own, for_site, outdated, row_of, row_sha256
from modic_annotate.eligibility.summary import summary
from modic_annotate.errors import InvalidCriteriaSetError

LCD = load_criteria("lcd_a59468")
READ = datetime(2026, 3, 2, 10, tzinfo=UTC)


def verification(row: str, **changes: object) -> RowVerification:
    given = {
        "criteria_id": LCD.id,
        "criterion": row,
        "row_sha256": row_sha256(row_of(LCD, row)),
        "by": "R01",
        "at": READ,
        "source_sha256": "a" * 64,
        "source_bytes": 9,
    }
    return RowVerification.model_validate(given | changes)


def standing(criteria: CriteriaSet, row: str) -> Provenance:
    return row_of(criteria, row).standing


def test_a_set_concludes_once_its_rows_are_verified() -> None:
    """With every unverified row verified, the set that could not conclude does."""
    rows = ("LCD-M1", "LCD-M2", "LCD-X5")
    verified = for_site(LCD, [verification(row) for row in rows])
    assert evaluated(LCD, LCD.example[0]).roll_up == RollUp.INCOMPLETE_SET
    found = evaluated(verified, LCD.example[0])
    assert found.roll_up == RollUp.CRITERIA_MET
    assert {found.outcome(row).verified_by for row in rows} == {"R01"}
    assert "Rows LCD-M1, LCD-M2, LCD-X5 rest on a source that the site verified." in found.caveats


@pytest.mark.parametrize(
    "changes",
    [{"withdrawn": True, "reason": "an older text"}, {"row_sha256": "b" * 64}],
)
def test_a_verification_that_does_not_stand_does_nothing(changes: dict[str, object]) -> None:
    """Withdrawn, or given for other words: the row stays unverified."""
    applied = for_site(LCD, [verification("LCD-M1", **changes)])
    assert applied == LCD


def test_a_row_that_reads_otherwise_is_said_to_need_reading_again() -> None:
    """A verification of other words, or of a row that is gone, is named; a withdrawn one is not."""
    old = verification("LCD-M1", row_sha256="b" * 64)
    gone = verification("LCD-M2").replace(criterion="LCD-M9")
    back = verification("LCD-X5", row_sha256="b" * 64, withdrawn=True, reason="x")
    sentences = outdated(LCD, [old, gone, back, verification("LCD-M2")])
    assert [s.split()[1] for s in sentences] == ["LCD-M1", "LCD-M9"]
    assert for_site(LCD, [gone]) == LCD


@pytest.mark.parametrize("change", ["title", "source", "evidence", "predicate"])
def test_a_row_hash_is_of_all_that_was_verified(change: str) -> None:
    """Another title, source, evidence or predicate is another row; its verification is not."""
    row = row_of(LCD, "LCD-M2")
    other = row_of(LCD, "LCD-M1").predicate if change == "predicate" else "another"
    assert row_sha256(row.replace(**{change: other})) != row_sha256(row)
    verified = for_site(LCD, [verification("LCD-M2")])
    assert row_sha256(row_of(verified, "LCD-M2")) == row_sha256(row)


def test_a_reason_stands_with_a_withdrawal_only() -> None:
    """A withdrawal without a reason, or a reason without one, is no record."""
    for changes in ({"withdrawn": True}, {"reason": "x"}):
        with pytest.raises(ValueError, match="a reason stands"):
            verification("LCD-M1", **changes)


def test_a_person_is_named_with_the_id() -> None:
    """A name stands with the id; without a name the id stands alone."""
    assert verification("LCD-M1", by_name="Demo Reader").person == "Demo Reader (R01)"
    assert verification("LCD-M1").person == "R01"


def test_a_shipped_name_stands_for_the_shipped_content() -> None:
    """A file may hold a shipped set, but not another one under its name."""
    check_own(LCD)
    with pytest.raises(InvalidCriteriaSetError, match="an id of its own"):
        check_own(LCD.replace(version="2"))


def test_a_set_without_rows_is_incomplete() -> None:
    """No rows is no list: only an incomplete set may have none."""
    empty = load_criteria("aspn")
    assert evaluated(empty, empty.example[0]).roll_up == RollUp.INCOMPLETE_SET
    with pytest.raises(ValueError, match="without rows"):
        empty.replace(status="current")


@pytest.mark.parametrize("name", list_criteria())
def test_a_set_says_how_current_it_is(name: str) -> None:
    """A date of reading that is not known is said, and so is a review that is due."""
    criteria = load_criteria(name)
    unread = "When the source of the criteria set was read is not recorded."
    stale = "The criteria set is past its review date: its source may have changed."
    fresh = evaluated(criteria, criteria.example[0])
    assert (unread in fresh.caveats) == (criteria.retrieved_on is None)
    assert stale not in fresh.caveats
    late = criteria.replace(review_by=date(2026, 1, 1), retrieved_on=date(2025, 1, 1))
    found = evaluated(late, criteria.example[0])
    assert stale in found.caveats
    assert unread not in found.caveats
    assert "(stale)" in summary(late, date(2026, 1, 2)).review_by
    assert summary(late).retrieved_on == "2025-01-01"


@pytest.mark.parametrize("name", list_criteria())
def test_rows_keep_the_marks_of_their_sources(name: str) -> None:
    """Third-party rows decide with their label; unverified rows never come to met."""
    criteria = load_criteria(name)
    for example in criteria.example:
        for row in evaluated(criteria, example).outcomes:
            if row.provenance == Provenance.UNVERIFIED:
                assert row.outcome in (Outcome.UNKNOWN, Outcome.NEEDS_REVIEW)
            assert (row.verified_by is not None) == (row.provenance == Provenance.SITE_VERIFIED)


def one_row(kind: str, **more: object) -> CriteriaSet:
    """A set with one row that demands maturity, where back pain is radicular."""
    row = {
        "id": "A",
        "kind": kind,
        "title": "a",
        "evidence": "",
        "source": "x",
        "provenance": "verified",
        "predicate": {"kind": "recorded_true", "fact": "skeletally_mature"},
        "applies_when": {"kind": "feature", "feature": "radicular_pain"},
    }
    base = Baseline(as_of=date(2026, 3, 20), record={}, readings=())
    return CriteriaSet.model_validate(
        {
            "id": "x",
            "version": "1",
            "title": "x",
            "purpose": "trial",
            "source": "x",
            "review_by": date(2027, 1, 1),
            "criterion": [row | more],
            "baseline": base,
            "example": [{"name": "x", "expect": {}}],
        }
    )


MATURE, RADICULAR = "subject.skeletally_mature", "exclusions.features.radicular_pain"


@pytest.mark.parametrize(
    ("kind", "condition", "holds", "outcome", "finding"),
    [
        ("inclusion", True, True, "met", "met"),
        ("inclusion", True, False, "not_met", "not met"),
        ("inclusion", False, False, "not_applicable", "not applicable"),
        ("inclusion", False, None, "not_applicable", "not applicable"),
        ("inclusion", None, True, "met", "met"),
        ("inclusion", None, False, "unknown", "unknown"),
        ("exclusion", True, True, "not_met", "present"),
        ("exclusion", True, False, "met", "absent"),
        ("exclusion", False, True, "not_applicable", "absent"),
        ("exclusion", None, True, "unknown", "unknown"),
        ("exclusion", None, False, "met", "absent"),
    ],
)
def test_a_row_with_a_condition(kind: str, condition, holds, outcome: str, finding: str) -> None:
    """Where the condition does not hold the row is not applicable; unknown, it is implied."""
    given = {RADICULAR: condition, MATURE: holds}
    criteria = one_row(kind)
    example = criteria.example[0].replace(
        record={name: value for name, value in given.items() if value is not None}
    )
    found = evaluated(criteria, example)
    assert (found.outcome("A").outcome, found.outcome("A").finding) == (outcome, finding)
    if outcome == "not_applicable":
        assert found.roll_up == RollUp.CRITERIA_MET


def test_an_unverified_row_that_does_not_apply_still_concludes_nothing() -> None:
    """What an unverified row does not demand is no more certain than what it demands."""
    criteria = one_row("inclusion", provenance="unverified")
    example = criteria.example[0].replace(record={RADICULAR: False})
    found = evaluated(criteria, example)
    assert (found.outcome("A").outcome, found.roll_up) == ("unknown", RollUp.INCOMPLETE_SET)


@pytest.mark.parametrize(
    ("described", "said"),
    [
        ({"record": {"scores.odi": 30}}, "a record has no field scores.odi"),
        ({"record": {"scores": "absent"}}, "scores is a group"),
        ({"record": {"exclusions.features": "absent"}}, "exclusions.features is a group"),
        ({"record": {"record_id.value": "x"}}, "a record has no field record_id.value"),
        ({"record": {"exclusions.features.odd": True}}, "$.exclusions.features.odd"),
        ({"record": {"scores.odi_percent": "many"}}, "$.scores.odi_percent.value"),
        ({"readings": [{"findings": {"L4-inferior": "mild"}}]}, "modic_type"),
        ({"readings": [{"findings": {"L9-inferior": "1"}}]}, "$.findings"),
        ({"readings": [{"findings": {"L4-inferior": "1, mild"}}]}, "'mild' is not a valid Mimic"),
        ({"readings": [{"fields": {"numbering.lumbar_count": 9}}]}, "4, 5 or 6"),
        ({"readings": [{"discs": {"L9/10": {}}}]}, "$.discs"),
        (
            {
                "readings": [
                    {
                        "fields": {
                            "screening": {
                                "trial_id": "x",
                                "record_id": "x",
                                "revision": 1,
                                "sha256": "0" * 64,
                            }
                        }
                    }
                ]
            },
            "belongs to record x",
        ),
    ],
)
def test_an_example_that_describes_no_case_is_told(described: dict[str, object], said: str) -> None:
    """What an example cannot mean is named with the example, not left to a crash."""
    example = Example.model_validate({"name": "odd", "expect": {}} | described)
    with pytest.raises(InvalidCriteriaSetError) as caught:
        check_own(LCD.replace(id="own", example=(example,)))
    assert len(caught.value.problems) >= 1
    assert all(problem.startswith("odd: ") for problem in caught.value.problems)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "predicate",
    [
        {"kind": "both", "of": []},
        {"kind": "all_features", "features": []},
        {"kind": "modic_at", "bodies": [], "types": ["1"]},
        {"kind": "pain_months", "at_least_months": -1},
        {"kind": "number", "value": "bdi", "operator": ">", "threshold": float("nan")},
    ],
)
def test_a_predicate_that_says_nothing_is_refused(predicate: dict[str, object]) -> None:
    """All of nothing would hold of everybody, and a negative span of time of nobody."""
    with pytest.raises(ValueError, match="predicate"):
        one_row("inclusion", predicate=predicate)


def test_rows_nested_without_end_are_refused() -> None:
    """A set nested deeper than anybody reads is refused as broken."""
    deep = b'{"kind":"not","of":' * 3000 + b'{"kind":"care_failed"}' + b"}" * 3000
    with pytest.raises(InvalidCriteriaSetError):
        parse_criteria(b'{"criterion":[{"predicate":' + deep + b"}]}", "deep", is_json=True)
