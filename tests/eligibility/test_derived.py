"""Labels of published schemes from findings."""

from __future__ import annotations

import pytest

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import ExtentCategory
from modic_annotate.eligibility.derived import (
    aim_group,
    fayad_type,
    nordic_type,
    udby_grade,
    vertebra_evidence,
)


@pytest.fixture
def finding(make_reading):
    """A builder of one finding from words."""

    def make(words: str) -> Finding:
        return next(
            f
            for f in make_reading({"L4-inferior": words}).findings
            if f.endplate.vertebra == "L4" and f.endplate.surface == "inferior"
        )

    return make


@pytest.mark.parametrize(
    ("words", "nordic", "fayad"),
    [
        ("none", "0", None),
        ("not read", None, None),
        ("type undetermined", None, None),
        ("1", "I", "I"),
        ("1 > 2", "I/II", "I-2"),
        ("2 > 1", "I/II", "II-1"),
        ("1 = 2", "I/II", None),
        ("2", "II", "II"),
        ("3 > 2", "II/III", None),
        ("1 > 2 > 3", "I/II/III", None),
    ],
)
def test_types_by_nordic_and_fayad(
    finding, words: str, nordic: str | None, fayad: str | None
) -> None:
    """Nordic names the set of types, Fayad the order of 1 and 2; neither guesses."""
    assert (nordic_type(finding(words)), fayad_type(finding(words))) == (nordic, fayad)


@pytest.mark.parametrize(
    ("words", "group"),
    [
        (("none", "none"), None),
        (("2", "1 > 2"), "MC1"),
        (("2 > 3", "3"), "MC2"),
        (("3", "none"), "MC3"),
    ],
)
def test_group_after_aim(finding, words: tuple[str, ...], group: str | None) -> None:
    """Any type 1 makes group 1, else any type 2 group 2."""
    assert aim_group([finding(w) for w in words]) == group


@pytest.mark.parametrize(
    ("percents", "grade"),
    [((24.9,), "A"), ((25.0, 10.0), "B"), ((10.0, 50.0), "C"), ((), None), ((None,), None)],
)
def test_udby_grade_by_the_largest_height(finding, percents, grade: str | None) -> None:
    """The largest height of a level grades it; a height not measured leaves it open."""
    found = [finding("1").replace(height_percent=p) for p in percents]
    assert udby_grade([*found, finding("none")]) == grade


def test_udby_grade_from_an_estimated_category(finding) -> None:
    """A category stands in where no height was measured."""
    estimated = finding("1").replace(height_category=ExtentCategory.FROM_25_TO_50)
    assert udby_grade([estimated]) == "B"


def test_evidence_per_vertebra(make_inputs, make_reading) -> None:
    """Each of L3 to S1 has evidence of a type 1 or 2, or none, or is open."""
    reading = make_reading({"L4-inferior": "1 > 2", "L5-superior": "3", "S1-superior": "not read"})
    found = vertebra_evidence(make_inputs({}, reading))
    assert [a.truth.value for a in found.values()] == ["no", "yes", "no", "unknown"]
    assert {a.truth.value for a in vertebra_evidence(make_inputs()).values()} == {"unknown"}
