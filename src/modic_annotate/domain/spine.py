"""Vertebrae, endplates and disc levels, named the one way the whole product names them.

An endplate is named by its vertebra ("L4-inferior"), never by its disc; the disc L4/5 is bounded
by L4-inferior and L5-superior.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


class Vertebra(StrEnum):
    """A vertebral body, head to foot. T13 and L6 exist in some people."""

    T9 = "T9"
    T10 = "T10"
    T11 = "T11"
    T12 = "T12"
    T13 = "T13"
    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    L4 = "L4"
    L5 = "L5"
    L6 = "L6"
    S1 = "S1"
    S2 = "S2"


class Surface(StrEnum):
    """Which endplate of a body: its upper (superior) or lower (inferior) one."""

    SUPERIOR = "superior"
    INFERIOR = "inferior"


INDICATED_VERTEBRAE = (Vertebra.L3, Vertebra.L4, Vertebra.L5, Vertebra.S1)
"""The bodies of the indication, L3 through S1 (FDA 510(k) K190504)."""

LUMBAR_BY_COUNT = {n: tuple(Vertebra(f"L{i}") for i in range(1, n + 1)) for n in (4, 5, 6)}


class _Name:
    """Make a frozen dataclass a string in JSON: parsed by ``parse``, written by ``str``."""

    PATTERN = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        raise NotImplementedError

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        from_text = core_schema.no_info_after_validator_function(
            cls.parse, core_schema.str_schema(pattern=cls.PATTERN)
        )
        return core_schema.json_or_python_schema(
            json_schema=from_text,
            python_schema=core_schema.union_schema(
                [core_schema.is_instance_schema(cls), from_text]
            ),
            serialization=core_schema.plain_serializer_function_ser_schema(
                str, return_schema=core_schema.str_schema(), when_used="json"
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "pattern": cls.PATTERN}


_VERTEBRA = "(" + "|".join(Vertebra) + ")"


@dataclass(frozen=True, slots=True)
class Endplate(_Name):
    """One endplate of one vertebra, e.g. ``L4-inferior``."""

    vertebra: Vertebra
    surface: Surface

    PATTERN = rf"^{_VERTEBRA}-(superior|inferior)$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the endplate named like ``L4-inferior``."""
        vertebra, _, surface = text.partition("-")
        return cls(Vertebra(vertebra), Surface(surface))

    def __str__(self) -> str:
        return f"{self.vertebra}-{self.surface}"

    @property
    def words(self) -> str:
        """The name as a person says it, e.g. ``L4 inferior endplate``."""
        return f"{self.vertebra} {self.surface} endplate"

    @property
    def short(self) -> str:
        """The name as it stands beside an image, e.g. ``L4 inf``."""
        return f"{self.vertebra} {self.surface[:3]}"


@dataclass(frozen=True, slots=True)
class DiscLevel(_Name):
    """The disc between two neighbouring bodies, e.g. ``L4/5`` or ``L5/S1``."""

    upper: Vertebra
    lower: Vertebra

    PATTERN = r"^[TLS][0-9]{1,2}/([TLS]?[0-9]{1,2})$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the disc level named like ``L4/5`` or ``T12/L1``."""
        upper, _, lower = text.partition("/")
        return cls(Vertebra(upper), Vertebra(lower if lower[0].isalpha() else upper[0] + lower))

    def __str__(self) -> str:
        lower = self.lower[1:] if self.lower[0] == self.upper[0] else self.lower
        return f"{self.upper}/{lower}"

    @property
    def endplates(self) -> tuple[Endplate, Endplate]:
        """The two endplates that bound the disc, upper first."""
        return Endplate(self.upper, Surface.INFERIOR), Endplate(self.lower, Surface.SUPERIOR)


@cache
def spine_order(lumbar_count: int) -> tuple[Vertebra, ...]:
    """Return T12 .. S1 of a spine with 4, 5 or 6 lumbar-type bodies, head to foot."""
    return (Vertebra.T12, *LUMBAR_BY_COUNT[lumbar_count], Vertebra.S1)


def disc_levels(order: Sequence[Vertebra]) -> tuple[DiscLevel, ...]:
    """Return the discs between neighbours of `order` (head to foot)."""
    return _disc_levels(tuple(order))


@cache
def _disc_levels(order: tuple[Vertebra, ...]) -> tuple[DiscLevel, ...]:
    return tuple(DiscLevel(a, b) for a, b in itertools.pairwise(order))


def endplates_between(order: Sequence[Vertebra]) -> tuple[Endplate, ...]:
    """Return the endplates that bound the discs of `order`, head to foot.

    Ten, twelve or fourteen for four, five or six lumbar bodies between T12 and S1.
    """
    return _endplates_between(tuple(order))


@cache
def _endplates_between(order: tuple[Vertebra, ...]) -> tuple[Endplate, ...]:
    return tuple(endplate for disc in disc_levels(order) for endplate in disc.endplates)


def facing(endplate: Endplate, order: Sequence[Vertebra]) -> Endplate | None:
    """Return the endplate across the disc, or None at the end of `order`."""
    for disc in disc_levels(order):
        upper, lower = disc.endplates
        if endplate == upper:
            return lower
        if endplate == lower:
            return upper
    return None


def disc_of(endplate: Endplate, order: Sequence[Vertebra]) -> DiscLevel | None:
    """Return the disc that `endplate` bounds in `order`, or None."""
    return next((disc for disc in disc_levels(order) if endplate in disc.endplates), None)
