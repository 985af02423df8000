"""Numbers against thresholds: boundaries, instruments, derived values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modic_annotate.domain.determination import Reason
from modic_annotate.eligibility.compare import Operator, comparison, fewest_days, most_days
from modic_annotate.eligibility.predicates.scores import Age, Bmi, Number, PainScore

ODI_30 = Number(value="odi_percent", operator=Operator.AT_LEAST, threshold=30)
T_SCORE = Number(value="dexa_t_score", operator=Operator.BELOW, threshold=-2.5)
VAS_4 = PainScore(operator=Operator.AT_LEAST, threshold_cm=4)
BMI_40_OR_MORE = Bmi(operator=Operator.AT_LEAST, threshold_kg_m2=40)
BMI_ABOVE_40 = Bmi(operator=Operator.ABOVE, threshold_kg_m2=40)


@pytest.mark.parametrize(
    ("operator", "low", "equal", "high"),
    [
        (Operator.AT_LEAST, False, True, True),
        (Operator.ABOVE, False, False, True),
        (Operator.AT_MOST, True, True, False),
        (Operator.BELOW, True, False, False),
    ],
)
def test_operators_at_their_boundary(
    operator: Operator, low: bool, equal: bool, high: bool
) -> None:
    """Each operator decides below, at and above its threshold."""
    assert [operator.holds(v, 4.0) for v in (3.9, 4.0, 4.1)] == [low, equal, high]


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [(36.0, "%", "36 % >= 30 %"), (29.95, "", "29.95 is not >= 30")],
)
def test_comparison_in_words(value: float, unit: str, expected: str) -> None:
    """A comparison prints both numbers with their unit, and says when it does not hold."""
    assert comparison(value, Operator.AT_LEAST, 30, unit) == expected


@pytest.mark.parametrize(
    ("months", "least", "most"),
    [(0, 0, 0), (1, 28, 31), (6, 181, 184), (12, 365, 366), (48, 1461, 1461)],
)
def test_days_of_months(months: int, least: int, most: int) -> None:
    """Spans of calendar months have a shortest and a longest form."""
    assert (fewest_days(months), most_days(months)) == (least, most)


@pytest.mark.parametrize(
    ("predicate", "record", "expected"),
    [
        (ODI_30, {"scores.odi_percent": 30}, "yes"),
        (ODI_30, {"scores.odi_percent": 29.99}, "no"),
        (ODI_30, {}, "unknown"),
        (ODI_30, {"scores.odi_percent": "illegible"}, "unknown"),
        (ODI_30, {"scores.odi_percent": "absent"}, "unknown"),
        (ODI_30, {"scores.odi_percent": {"value": 40, "observed_on": "2026-03-21"}}, "review"),
        (ODI_30, {"scores.odi_percent": {"value": 40, "observed_on": "2026-03-20"}}, "yes"),
        (T_SCORE, {"scores.dexa_t_score": -2.5}, "no"),
        (T_SCORE, {"scores.dexa_t_score": -2.6}, "yes"),
        (VAS_4, {"scores.pain_score": 4.0, "scores.pain_instrument": "VAS_cm"}, "yes"),
        (VAS_4, {"scores.pain_score": 3.9, "scores.pain_instrument": "VAS_cm"}, "no"),
        (VAS_4, {"scores.pain_score": 40, "scores.pain_instrument": "VAS_mm"}, "yes"),
        (VAS_4, {"scores.pain_score": 39, "scores.pain_instrument": "VAS_mm"}, "no"),
        (VAS_4, {"scores.pain_score": 8, "scores.pain_instrument": "NRS"}, "review"),
        (VAS_4, {"scores.pain_score": 62, "scores.pain_instrument": "VAS_cm"}, "review"),
        (VAS_4, {"scores.pain_score": 6}, "unknown"),
        (VAS_4, {"scores.pain_instrument": "VAS_cm"}, "unknown"),
        (BMI_40_OR_MORE, {"subject.bmi_kg_m2": 40.0}, "yes"),
        (BMI_ABOVE_40, {"subject.bmi_kg_m2": 40.0}, "no"),
        (BMI_ABOVE_40, {"subject.height_cm": 170, "subject.weight_kg": 115.6}, "no"),
        (BMI_40_OR_MORE, {"subject.height_cm": 170, "subject.weight_kg": 115.6}, "yes"),
        (BMI_ABOVE_40, {"subject.height_cm": 170}, "unknown"),
        (
            BMI_ABOVE_40,
            {"subject.height_cm": 170, "subject.weight_kg": 75, "subject.bmi_kg_m2": 26},
            "no",
        ),
        (
            BMI_ABOVE_40,
            {"subject.height_cm": 170, "subject.weight_kg": 75, "subject.bmi_kg_m2": 30},
            "review",
        ),
    ],
)
def test_numbers(truth, predicate, record: dict[str, object], expected: str) -> None:
    """Recorded numbers compare as stated; missing ones are unknown, doubtful ones need review."""
    assert truth(predicate, record) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(25, 25, "yes"), (24, 25, "unknown"), (23, 24, "no"), (25, 26, "yes")],
)
def test_age_leaves_one_year_open(make_inputs, low: int, high: int, expected: str) -> None:
    """A birth year decides an age only where the birthday does not matter."""
    inputs = make_inputs()
    frozen = inputs.frozen.replace(age_years_min=low, age_years_max=high)
    age = Age(operator=Operator.AT_LEAST, threshold_years=25)
    answer = age.evaluate(replace(inputs, frozen=frozen))
    assert answer.truth == expected


def test_upper_age_limit_compares_the_highest_age(make_inputs) -> None:
    """An upper limit is compared with the oldest the subject can be."""
    age = Age(operator=Operator.AT_MOST, threshold_years=70)
    answer = age.evaluate(make_inputs(age=70))
    assert (answer.truth, answer.text) == ("yes", "70 years <= 70 years")


@pytest.mark.parametrize(
    ("record", "reason"),
    [({}, Reason.NOT_RECORDED), ({"subject.birth_year": 2050}, Reason.CONTRADICTION)],
)
def test_no_age_without_a_possible_birth_year(make_inputs, record, reason: Reason) -> None:
    """Without a birth year the age is unknown; one in the future needs review."""
    age = Age(operator=Operator.AT_LEAST, threshold_years=25)
    assert age.evaluate(make_inputs(record)).reasons == (reason,)
