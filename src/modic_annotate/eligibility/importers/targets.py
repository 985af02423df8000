"""The fields of a screening record that an import can fill, taken from the record's own classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from modic_annotate.domain.screening import (
    CareEpisode,
    ExclusionKey,
    MriReference,
    Recorded,
    ScreeningRecord,
)
from modic_annotate.domain.spine import Vertebra

FEATURES = "exclusions.features."
EPISODES = "care.episodes"
MRI = "mri"
NOT_IMPORTED = frozenset(
    {
        *("schema_id", "trial_id", "record_id", "revision", "previous_sha256", "criteria_set"),
        *("change", "synthetic", "subject.subject_id", EPISODES, MRI, "exclusions.features"),
        f"{MRI}.study_uid",  # the hospital's UID is not the workspace's; `link` records that
    }
)
NO_MEANS_ABSENT = (FEATURES, "pain.")
"""Where "no" is the absence of a feature, and so has that state rather than the value false."""


class Kind(StrEnum):
    """How a field's text is understood."""

    TEXT = "text"
    TEXTS = "texts"
    DATE = "date"
    YEAR = "year"
    INTEGER = "integer"
    NUMBER = "number"
    YES_NO = "yes or no"
    CHOICE = "choice"
    BODIES = "bodies"


@dataclass(frozen=True)
class Target:
    """One field: its dotted name, what it holds, and the class that holds it with its state."""

    path: str
    kind: Kind
    choices: tuple[str, ...] = ()
    holder: type[Recorded[Any]] | None = None
    """None for a plain field, which has a value or nothing."""

    @property
    def unit(self) -> str:
        """The unit that the field's name ends in; empty for none."""
        ends = {"_cm": "cm", "_mm": "mm", "_kg": "kg", "_percent": "%", "_months": "mo"}
        ends |= {"_years": "a", "_kg_m2": "kg/m2", "_strength_t": "T", "months": "mo"}
        return next((unit for end, unit in ends.items() if self.path.endswith(end)), "")

    @property
    def no_is_absent(self) -> bool:
        """Whether "no" is recorded as asked and absent."""
        return self.path.startswith(NO_MEANS_ABSENT)


@cache
def targets() -> Mapping[str, Target]:
    """Return every field that stands once in a record, by dotted name."""
    found = {target.path: target for target in _fields(ScreeningRecord, "")}
    for key in ExclusionKey:
        path = f"{FEATURES}{key}"
        found[path] = Target(path, Kind.YES_NO, holder=Recorded[bool])
    return found


@cache
def list_targets() -> Mapping[str, Mapping[str, Target]]:
    """Return the fields of each list in a record: care episodes and MRI studies."""
    models: dict[str, type[BaseModel]] = {EPISODES: CareEpisode, MRI: MriReference}
    return {
        path: {t.path.removeprefix(f"{path}."): t for t in _fields(model, f"{path}.")}
        for path, model in models.items()
    }


def _fields(model: type[BaseModel], prefix: str) -> Iterator[Target]:
    for name, info in model.model_fields.items():
        path = f"{prefix}{name}"
        if path in NOT_IMPORTED:
            continue
        plain = _plain(info.annotation)
        if isinstance(plain, type) and issubclass(plain, Recorded):
            kind, choices = _kind(path, _plain(plain.model_fields["value"].annotation))
            yield Target(path, kind, choices, plain)
        elif isinstance(plain, type) and issubclass(plain, BaseModel):
            yield from _fields(plain, f"{path}.")
        else:
            kind, choices = _kind(path, plain)
            yield Target(path, kind, choices)


def _plain(annotation: Any) -> Any:  # noqa: ANN401 - any type expression
    """Return a type without its bounds and without "or None"."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        (only,) = (arg for arg in get_args(annotation) if arg is not NoneType)
        return _plain(only)
    return annotation


_SIMPLE = {bool: Kind.YES_NO, date: Kind.DATE, int: Kind.INTEGER, float: Kind.NUMBER}


def _kind(path: str, plain: Any) -> tuple[Kind, tuple[str, ...]]:  # noqa: ANN401 - any type
    if path == "subject.birth_year":
        return Kind.YEAR, ()
    if plain in _SIMPLE:
        return _SIMPLE[plain], ()
    if get_origin(plain) is tuple:
        is_bodies = get_args(plain)[0] is Vertebra
        return (Kind.BODIES, _words(Vertebra)) if is_bodies else (Kind.TEXTS, ())
    choices = _words(plain)
    return (Kind.CHOICE if choices else Kind.TEXT), choices


def _words(plain: Any) -> tuple[str, ...]:  # noqa: ANN401 - any type
    """Return the words that a Literal or an enumeration allows; none for other types."""
    if get_origin(plain) is Literal:
        return tuple(get_args(plain))
    is_enum = isinstance(plain, type) and issubclass(plain, Enum)
    return tuple(str(member.value) for member in plain) if is_enum else ()
