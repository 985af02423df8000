"""The boundary cases on which published sets differ, set by set."""

from __future__ import annotations

import pytest

SMART, INTRACEPT, SINGLE = "trial_smart", "trial_intracept", "trial_clbp_single_arm"
FDA, LCD, HIGHMARK, CAM = "fda_510k_bvna", "lcd_a59468", "highmark_wy_15_01_004", "cam394"

RECORDS = [
    ("body-mass index 40.0", {"subject.bmi_kg_m2": 40.0}, {SMART: ("X8", "not_met")}),
    ("body-mass index 40.0", {"subject.bmi_kg_m2": 40.0}, {INTRACEPT: ("X14", "met")}),
    ("T-score -2.5", {"scores.dexa_t_score": -2.5}, {SMART: ("X9", "met")}),
    (
        "listhesis 2.0 mm",
        {"exclusions.listhesis_mm": 2.0},
        {INTRACEPT: ("X8", "met"), SINGLE: ("X8", "met"), SMART: ("X12-2", "unknown")},
    ),
    (
        "disc 5.0 mm",
        {"exclusions.disc_extrusion_mm": 5.0},
        {INTRACEPT: ("X7", "met"), SINGLE: ("X7", "met"), SMART: ("X12-1", "unknown")},
    ),
    (
        "ODI 30",
        {"scores.odi_percent": 30},
        {SMART: ("4", "met"), INTRACEPT: ("5", "met"), SINGLE: ("5", "met")},
    ),
    (
        "VAS 4.0 cm",
        {"scores.pain_score": 4.0},
        {SMART: ("5", "met"), INTRACEPT: ("6", "met"), SINGLE: ("6", "met")},
    ),
    (
        "pain of exactly 6 months",
        {"pain.low_back_pain_since": "2025-09-20"},
        {
            FDA: ("2", "met"),
            SMART: ("2", "met"),
            INTRACEPT: ("2", "met"),
            SINGLE: ("2", "met"),
            HIGHMARK: ("2", "met"),
            CAM: ("1", "not_met"),
        },
    ),
    (
        "pain of exactly 12 months",
        {"pain.low_back_pain_since": "2025-03-20"},
        {CAM: ("1", "met"), FDA: ("2", "met")},
    ),
]

READINGS = [
    (
        "changes at four bodies",
        {"L3-inferior": "2", "L4-superior": "2", "L5-superior": "1", "S1-superior": "2"},
        {SMART: ("X10", "not_met"), INTRACEPT: ("4", "met"), HIGHMARK: ("4", "met")},
    ),
    (
        "a change at L2 inferior beside one at L4",
        {"L2-inferior": "2", "L4-inferior": "1"},
        {INTRACEPT: ("X1", "not_met"), SINGLE: ("X1", "not_met"), FDA: ("4", "met")},
    ),
    (
        "a change at L3 superior alone",
        {"L3-superior": "2"},
        {
            FDA: ("4", "met"),
            SMART: ("6", "met"),
            INTRACEPT: ("4", "met"),
            SINGLE: ("X1", "met"),
            LCD: ("2", "met"),
            HIGHMARK: ("4", "met"),
        },
    ),
    (
        "a change mixed of types 2 and 3 alone",
        {"L4-inferior": "2 > 3"},
        {
            FDA: ("4", "needs_review"),
            SMART: ("6", "needs_review"),
            INTRACEPT: ("4", "needs_review"),
            LCD: ("2", "needs_review"),
            HIGHMARK: ("4", "needs_review"),
        },
    ),
    (
        "a change of type 3 alone",
        {"L4-inferior": "3"},
        {FDA: ("4", "not_met"), INTRACEPT: ("4", "not_met"), LCD: ("2", "not_met")},
    ),
]

PREFIX = {
    SMART: "SM-",
    INTRACEPT: "IN-",
    SINGLE: "SA-",
    FDA: "FDA-",
    LCD: "LCD-",
    HIGHMARK: "HM-",
    CAM: "CAM-",
}


def each(cases: list) -> list:
    return [
        pytest.param(name, f"{PREFIX[name]}{row}", given, outcome, id=f"{name}: {what}")
        for what, given, expected in cases
        for name, (row, outcome) in expected.items()
    ]


@pytest.mark.parametrize(("name", "row", "record", "outcome"), each(RECORDS))
def test_a_value_on_the_boundary(judge, name: str, row: str, record, outcome: str) -> None:
    """A recorded value exactly on a threshold falls where that set's source puts it."""
    assert judge(name, record).outcome(row).outcome == outcome


@pytest.mark.parametrize(("name", "row", "findings", "outcome"), each(READINGS))
def test_changes_on_the_boundary(
    judge, make_reading, name: str, row: str, findings, outcome: str
) -> None:
    """Bodies and endplates at the edge of L3 to S1 count as that set's source says."""
    assert judge(name, {}, (make_reading(findings),)).outcome(row).outcome == outcome
