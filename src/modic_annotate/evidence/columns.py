"""Columns that follow from the fields of a record: name, title, unit, allowed values, meaning.

What a field is called and means is declared once, in its class; tables and codebooks read it there.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from types import NoneType
from typing import Annotated, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from modic_annotate.domain.base import Record
from modic_annotate.domain.field_docs import field_docs
from modic_annotate.units import Unit

LIST_JOINT = "|"
POINT_JOINT = " "

UNIT_BY_SUFFIX = {"_mm": Unit.MILLIMETRE, "_percent": Unit.PERCENT, "_seconds": Unit.SECOND}

ACRONYMS = {"ai": "AI", "ap": "AP", "lps": "LPS", "sop": "SOP", "uid": "UID", "uids": "UIDs"}


Kind = Literal["text", "number", "integer", "boolean"]
KINDS: dict[object, Kind] = {float: "number", int: "integer", bool: "boolean"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column as its codebook describes it; `path` leads to the value in a row's JSON."""

    path: tuple[str, ...]
    title: str
    unit: str = ""
    values: str = ""
    description: str = ""
    kind: Kind = "text"
    """Type of its values; several in one cell are text."""

    @property
    def name(self) -> str:
        """Header of the column: the path without the part of the row it lies in."""
        return "_".join(self.path[1:])


def columns_of(
    model: type[Record], path: tuple[str, ...], without: Iterable[str] = ()
) -> Iterator[Column]:
    """Yield a column per field; a nested record, or a list of them, gives one per field of its own.

    Parameters
    ----------
    model
        Class of the record that stands at `path` in a row's JSON.
    path
        Where it stands.
    without
        Fields of `model` that are no columns.
    """
    return _columns(model, path, "", several=False, without=frozenset(without))


def _columns(
    model: type[Record],
    path: tuple[str, ...],
    parent: str,
    *,
    several: bool,
    without: frozenset[str] = frozenset(),
) -> Iterator[Column]:
    docs = field_docs(model)
    for name, field in model.model_fields.items():
        if name in without:
            continue
        title = f"{parent}: {_title(name, field)}" if parent else _title(name, field)
        many = several or get_origin(field.annotation) is tuple
        inner = _record_in(field.annotation)
        if inner is not None:
            yield from _columns(inner, (*path, name), title, several=many)
        else:
            yield Column(
                path=(*path, name),
                title=title,
                unit=_unit(name),
                values=LIST_JOINT.join(_values_of(field.annotation)),
                description=_description(name, docs.get(name, ""), several=many),
                kind="text" if many else _kind_of(field.annotation),
            )


def _title(name: str, field: FieldInfo) -> str:
    bare = next((name.removesuffix(s) for s in UNIT_BY_SUFFIX if name.endswith(s)), name)
    words = [ACRONYMS.get(word, word) for word in bare.split("_")]
    return field.title or " ".join((words[0][0].upper() + words[0][1:], *words[1:]))


def _unit(name: str) -> str:
    return next((unit for suffix, unit in UNIT_BY_SUFFIX.items() if name.endswith(suffix)), "")


def _description(name: str, words: str, *, several: bool) -> str:
    parts = (
        " ".join(words.replace("``", "").split()),
        "A point is x y z in LPS." if "_lps_" in name else "",
        f"Several are joined by {LIST_JOINT}." if several else "",
    )
    return " ".join(part for part in parts if part)


def _record_in(kind: object) -> type[Record] | None:
    """Return the record class of a field that holds one, several or none."""
    if isinstance(kind, type) and issubclass(kind, Record):
        return kind
    return next((found for k in get_args(kind) if (found := _record_in(k))), None)


def _kind_of(annotation: object) -> Kind:
    """Return the type of a field that holds one value or none."""
    if annotation in KINDS:
        return KINDS[annotation]
    inner = [k for k in get_args(annotation) if k is not NoneType]
    if get_origin(annotation) is Annotated:
        inner = inner[:1]
    return _kind_of(inner[0]) if len(inner) == 1 else "text"


def _values_of(kind: object) -> tuple[str, ...]:
    """Return the values an enumeration or a bool allows, wherever it stands in the annotation."""
    if kind is bool:
        return "true", "false"
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return tuple(kind)
    inner = [k for k in get_args(kind) if k not in (NoneType, Ellipsis)]
    if get_origin(kind) is Annotated:
        inner = inner[:1]
    return tuple(itertools.chain.from_iterable(_values_of(k) for k in inner))
