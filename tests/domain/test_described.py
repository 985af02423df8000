"""What stands below a field in the source describes it in the schema."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, TypeAdapter

from modic_annotate.domain.base import Record
from modic_annotate.domain.described import DescribedSchema


class Place(Record):
    """A record with a text below one of its fields."""

    level: str
    """Where it lies,
    in words."""

    LIMIT: ClassVar = 3
    """Not a field."""


class Measured(Place):
    """A record that inherits a described field."""

    size: float = Field(alias="size_mm")
    """How large."""

    bare: int
    said: int = Field(description="Said in the field itself.")
    """Said below it."""


def test_fields_are_described_by_the_text_below_them() -> None:
    """Own and inherited fields, by alias; what the field itself says comes first."""
    schema = TypeAdapter(Measured).json_schema(schema_generator=DescribedSchema)
    described = {name: shown.get("description") for name, shown in schema["properties"].items()}
    assert described == {
        "level": "Where it lies,\nin words.",
        "size_mm": "How large.",
        "bare": None,
        "said": "Said in the field itself.",
    }
