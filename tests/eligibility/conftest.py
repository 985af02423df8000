"""Small records and readings for the evaluation tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from modic_annotate.domain.determination import Determination, FrozenInputs
from modic_annotate.domain.reading import Reading
from modic_annotate.eligibility import assess, load_criteria
from modic_annotate.eligibility.cases import ExampleReading
from modic_annotate.eligibility.examples import example_reading, example_record
from modic_annotate.eligibility.inputs import Inputs, usable
from modic_annotate.eligibility.predicates.base import Predicate

AS_OF = date(2026, 3, 20)

Record = Mapping[str, Any]  # values by dotted name, as in a set's examples
MakeInputs = Callable[..., Inputs]


def reading(findings: Mapping[str, str] | None = None, name: str = "R1", **more: Any) -> Reading:
    """Return a reading with findings given in words."""
    return example_reading(ExampleReading(findings=dict(findings or {}), **more), f"{name}-1")


@pytest.fixture(scope="session")
def make_reading() -> Callable[..., Reading]:
    """The builder of small readings."""
    return reading


@pytest.fixture(scope="session")
def make_inputs() -> MakeInputs:
    """A builder of evaluator inputs from a described record and readings."""

    def make(record: Record | None = None, *readings: Reading, age: int | None = None) -> Inputs:
        used, draft = usable(readings)
        frozen = FrozenInputs(age_years_min=age, age_years_max=age, set_in_force=True)
        flagged = tuple(r for r in readings if r.red_flags)
        return Inputs(example_record(record or {}), used, flagged, draft, AS_OF, frozen)

    return make


@pytest.fixture(scope="session")
def truth(make_inputs: MakeInputs) -> Callable[..., str]:
    """Evaluate a predicate and return its truth as text."""

    def evaluate(predicate: Predicate, record: Record | None = None, *readings: Reading) -> str:
        return predicate.evaluate(make_inputs(record, *readings)).truth.value

    return evaluate


@pytest.fixture(scope="session")
def judge() -> Callable[..., Determination]:
    """Assess a set's baseline, changed by values given by dotted names, with given readings."""

    def evaluate(
        name: str, record: Record | None = None, readings: tuple[Reading, ...] | None = None
    ) -> Determination:
        criteria = load_criteria(name)
        base = criteria.baseline
        described = base.readings if readings is None else ()
        used = readings or tuple(example_reading(r, "R1-1") for r in described)
        whole = example_record({**base.record, **(record or {})})
        return assess(whole, used, criteria, base.as_of)

    return evaluate
