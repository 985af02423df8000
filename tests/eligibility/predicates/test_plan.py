"""Plans, consent and plain facts."""

from __future__ import annotations

import pytest

from modic_annotate.eligibility.predicates.plan import (
    ConsentGiven,
    IsolatedLumbarPain,
    PlannedBodies,
    RecordedTrue,
    TargetBodies,
)
from modic_annotate.eligibility.predicates.union import Either, NotSo

INSIDE = ("L3", "L4", "L5", "S1")
PLAN = "plan.planned_bodies"
TARGET = TargetBodies.model_validate({"bodies": INSIDE, "types": ("1", "2")})
LIMIT = PlannedBodies.model_validate({"bodies": ("L2", *INSIDE), "at_most": 4})
MATURE = RecordedTrue(fact="skeletally_mature")


@pytest.mark.parametrize(
    ("predicate", "record", "expected"),
    [
        (LIMIT, {PLAN: ["L3", "L4", "L5", "S1"]}, "yes"),
        (LIMIT, {PLAN: ["L2", "L3", "L4", "L5", "S1"]}, "no"),
        (LIMIT, {PLAN: ["L1"]}, "no"),
        (LIMIT, {PLAN: "absent"}, "yes"),
        (LIMIT, {}, "unknown"),
        (TARGET, {PLAN: ["L4"]}, "yes"),
        (TARGET, {PLAN: ["L2", "L4"]}, "no"),
        (TARGET, {}, "unknown"),
        (MATURE, {"subject.skeletally_mature": True}, "yes"),
        (MATURE, {"subject.skeletally_mature": False}, "no"),
        (MATURE, {"subject.skeletally_mature": "absent"}, "no"),
        (MATURE, {}, "unknown"),
        (NotSo(of=MATURE), {"subject.skeletally_mature": False}, "yes"),
        (Either(of=(MATURE, ConsentGiven())), {"subject.skeletally_mature": True}, "yes"),
        (ConsentGiven(), {"consent.given_on": "2026-03-20"}, "yes"),
        (ConsentGiven(), {"consent.given_on": "2026-03-21"}, "review"),
        (ConsentGiven(), {"consent.given_on": "absent"}, "no"),
        (ConsentGiven(), {}, "unknown"),
        (IsolatedLumbarPain(), {"pain.pattern": "axial"}, "yes"),
        (IsolatedLumbarPain(), {"pain.pattern": "radicular"}, "no"),
        (IsolatedLumbarPain(), {"pain.pattern": "mixed"}, "review"),
        (IsolatedLumbarPain(), {}, "unknown"),
    ],
)
def test_plain_facts(truth, predicate, record: dict[str, object], expected: str) -> None:
    """Recorded facts decide, absence is an answer, silence is not."""
    assert truth(predicate, record) == expected


@pytest.mark.parametrize(
    ("findings", "expected"), [({"L5-superior": "1"}, "yes"), ({"L2-inferior": "1"}, "no")]
)
def test_without_a_plan_the_changes_are_the_target(
    truth, make_reading, findings: dict[str, str], expected: str
) -> None:
    """As long as no plan is recorded the bodies with a qualifying change are looked at."""
    assert truth(TARGET, {}, make_reading(findings)) == expected


def test_a_plan_in_words(make_inputs) -> None:
    """The comparison names the planned bodies and the limit."""
    text = LIMIT.evaluate(make_inputs({PLAN: ["L1", "L4"]})).text
    assert text == "planned L1, L4 not within L2, L3, L4, L5, S1"
