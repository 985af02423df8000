"""What the source says of each field of a record: the text that stands below it.

pydantic can take these texts along when a class is made; reading the source of all records costs
every start of the program a tenth of a second, so they are read where a schema or a data
dictionary is written.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from textwrap import dedent
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from modic_annotate.domain.base import Record


@cache
def field_texts(record: type[Record]) -> Mapping[str, str]:
    """Return the text below each field, by field name; inherited fields are included."""
    own = (cls for cls in reversed(record.__mro__) if issubclass(cls, Record))
    return {name: text for cls in own for name, text in _texts_in(cls)}


def _texts_in(cls: type[Any]) -> Iterator[tuple[str, str]]:
    try:
        source = inspect.getsource(cls)
    except (OSError, TypeError):  # a generic record with its type filled in stands in no file
        return
    made = ast.parse(dedent(source)).body[0]
    for field, below in pairwise(made.body if isinstance(made, ast.ClassDef) else ()):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, inspect.cleandoc(text)


class DescribedSchema(GenerateJsonSchema):
    """JSON Schema in which each field of a record carries the text below it."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Return a record's schema."""
        made = super().model_schema(schema)
        record: type[Record] = schema["cls"]
        texts = field_texts(record)
        for name, field in record.model_fields.items():
            shown = made.get("properties", {}).get(field.alias or name)
            if shown is not None and name in texts:
                shown.setdefault("description", texts[name])
        return made
