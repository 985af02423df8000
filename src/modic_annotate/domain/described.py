"""What the source says of each field of a record: the text that stands below it.

pydantic can take these texts along when a class is made; reading the source of all records costs
every start of the program a tenth of a second, so they are read where a schema or a data
dictionary is written.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from modic_annotate.domain.base import Record


def field_texts(record: type[Record]) -> Mapping[str, str]:
    """Return the text below each field, by field name; inherited fields are included."""
    own = (cls for cls in reversed(record.__mro__) if issubclass(cls, Record))
    return {
        name: text
        for cls in own
        for name, text in _texts_in(cls.__module__).get(cls.__name__, {}).items()
    }


@cache
def _texts_in(module: str) -> Mapping[str, Mapping[str, str]]:
    """Return class -> field -> text of one module."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    classes = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    return {node.name: dict(_texts_of(node)) for node in classes}


def _texts_of(cls: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, below in pairwise(cls.body):
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
