"""What stands below each field of a record's class, for schemas and codebooks.

Read from the source when somebody asks: to do so whenever a class is made, as pydantic's
``use_attribute_docstrings`` does, takes a third of the time that importing the records takes.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import sys
from functools import cache

from modic_annotate.domain.base import Record


def field_docs(cls: type[Record]) -> dict[str, str]:
    """Return field -> the text below it, inherited ones included; others have none."""
    found: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        if issubclass(base, Record):
            found |= _docs_in(base.__module__).get(base.__name__, {})
    return found


@cache
def _docs_in(module: str) -> dict[str, dict[str, str]]:
    """Return class -> field -> text of one module."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    classes = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    return {node.name: _docs_of(node) for node in classes}


def _docs_of(cls: ast.ClassDef) -> dict[str, str]:
    return {
        field.target.id: inspect.cleandoc(below.value.value)
        for field, below in itertools.pairwise(cls.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }
