"""The small cases a criteria set describes, so that it says itself what its rows mean."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, JsonValue

from modic_annotate.domain.base import Record
from modic_annotate.domain.determination import Outcome, RollUp


class ExampleReading(Record):
    """A reading described in short; see `modic_annotate.eligibility.examples`."""

    findings: dict[str, str] = Field(default_factory=dict)
    """Endplate -> words such as ``none``, ``1 > 2``, ``2, possible``."""

    others: str = "none"
    """Words for the endplates in scope that are not named."""

    discs: dict[str, dict[str, JsonValue]] = Field(default_factory=dict)
    status: Literal["signed", "draft"] = "signed"
    fields: dict[str, JsonValue] = Field(default_factory=dict)
    """Further fields of the reading or its numbering, by dotted name."""


class Example(Record):
    """A described case, and what the set makes of it."""

    name: str
    record: dict[str, JsonValue] = Field(default_factory=dict)
    """Values over the set's baseline record, by dotted name."""

    readings: tuple[ExampleReading, ...] | None = None
    """None takes the baseline's readings."""

    as_of: date | None = None
    site_verified: bool = False
    """Whether the case takes every unverified row as verified by the site."""

    expect: dict[str, Outcome]
    roll_up: RollUp | None = None


class Baseline(Record):
    """The case that examples change: it meets every row, as far as rows decide."""

    as_of: date
    record: dict[str, JsonValue]
    readings: tuple[ExampleReading, ...]
