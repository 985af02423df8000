"""Tables of the record: what a criteria set made of it, each recorded value, care."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from modic_annotate.domain.base import Record
from modic_annotate.domain.determination import CriterionOutcome, RollUp
from modic_annotate.domain.screening import (
    CareEpisode,
    ExclusionKey,
    Exclusions,
    Recorded,
    ScreeningRecord,
    ScreeningStatus,
    ValueState,
)
from modic_annotate.evidence.columns import LIST_JOINT, Column, columns_of
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.csv_cells import cell
from modic_annotate.evidence.formats.tables.table import RECORD_COLUMNS, Row, Table, record_part
from modic_annotate.units import Unit

UNITS = {
    "_percent": Unit.PERCENT,
    "_mm": Unit.MILLIMETRE,
    "_cm": Unit.CENTIMETRE,
    "_kg": Unit.KILOGRAM,
    "_kg_m2": Unit.KG_PER_M2,
    "_months": Unit.MONTH,
    "months_without_response": Unit.MONTH,
    "_years": Unit.YEAR,
}
"""Ending of a field's name -> UCUM unit."""

PARTS = ("subject", "consent", "pain", "care", "scores", "exclusions", "plan")
"""Parts of a screening record that hold recorded values."""


def criteria_rows(contents: Contents) -> Iterator[Row]:
    """Yield one row per criterion; an exclusion is present or absent, never met."""
    found = contents.determination
    rules = {
        **found.model_dump(mode="json", include={"criteria_id", "criteria_version", "roll_up"}),
        "as_of": contents.document.as_of.isoformat(),
    }
    for outcome in found.outcomes:
        row = outcome.model_dump(mode="json", exclude={"operands", "outcome"})
        yield {"record": record_part(contents), "rules": rules, "row": row}


def screening_rows(contents: Contents) -> Iterator[Row]:
    """Yield one row per value the record can hold, asked or not."""
    part = record_part(contents)
    yield from ({"record": part, "value": row} for row in _values(contents.screening))


def care_rows(contents: Contents) -> Iterator[Row]:
    """Yield one row per course of conservative care."""
    for episode in contents.screening.care.episodes:
        yield {"record": record_part(contents), "care": episode.model_dump(mode="json")}


def _values(screening: ScreeningRecord) -> Iterator[Row]:
    yield _plain("status", screening.status)
    for part in PARTS:
        record: Record = getattr(screening, part)
        for name in type(record).model_fields:
            value = getattr(record, name)
            if isinstance(value, Recorded):
                yield _row(f"{part}.{name}", value)
            elif isinstance(value, str | int) or value is None:
                yield _plain(f"{part}.{name}", value)
        if isinstance(record, Exclusions):
            yield from (
                _row(f"{part}.{key}", record.feature(key)) | {"unit": ""} for key in ExclusionKey
            )


def _row(item: str, recorded: Recorded[Any]) -> Row:  # of whichever type it holds
    told = recorded.model_dump(mode="json")
    return {**told, "item": item, "unit": unit_of(item), "value": cell(told["value"]) or None}


def _plain(item: str, value: str | int | None) -> Row:
    """Return a value that the record holds without a state of its own."""
    return {"item": item, "unit": unit_of(item), "value": None if value is None else str(value)}


def unit_of(item: str) -> str:
    """Return the unit that a field's name ends in; empty where it has none."""
    return next((unit for ending, unit in UNITS.items() if item.endswith(ending)), "")


STATES = LIST_JOINT.join(ValueState)

CRITERIA = Table(
    "criteria",
    "One row per criterion of the set, as recorded",
    (
        *RECORD_COLUMNS,
        Column(("rules", "criteria_id"), "Criteria set"),
        Column(("rules", "criteria_version"), "Version of the set"),
        Column(("rules", "as_of"), "Day the record was judged by"),
        Column(
            ("rules", "roll_up"),
            "Result over all rows of the set",
            values=LIST_JOINT.join(RollUp),
            description="of the data as recorded; no statement on the person",
        ),
        *columns_of(CriterionOutcome, ("row",), ("operands", "outcome")),
    ),
    criteria_rows,
)
SCREENING = Table(
    "screening",
    "One row per value of the screening record",
    (
        *RECORD_COLUMNS,
        Column(
            ("value", "item"),
            "Item",
            description=f"status is one of {', '.join(ScreeningStatus)}; set by people",
        ),
        Column(("value", "value"), "Value", description="empty where nothing was asserted"),
        Column(("value", "unit"), "Unit", description="UCUM"),
        Column(
            ("value", "state"),
            "What is known about the value",
            values=STATES,
            description="empty where the record holds a value without a state",
        ),
        Column(("value", "observed_on"), "Day it was observed"),
        Column(("value", "source_document"), "Where it comes from"),
        Column(("value", "recorded_by"), "Who recorded it"),
        Column(("value", "recorded_at"), "When it was recorded", description="UTC"),
    ),
    screening_rows,
)
CARE = Table(
    "care",
    "One row per course of conservative care",
    (*RECORD_COLUMNS, *columns_of(CareEpisode, ("care",))),
    care_rows,
)
