"""What every predicate is."""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, TypeVar

from pydantic import Field

from modic_annotate.domain.base import Record
from modic_annotate.eligibility.inputs import Inputs
from modic_annotate.eligibility.kleene import Answer

T = TypeVar("T")

Count = Annotated[int, Field(ge=0)]
Some = Annotated[tuple[T, ...], Field(min_length=1)]
"""One or more: "all of none" would hold of everybody."""


class Predicate(Record):
    """A statement that can be evaluated; each subclass adds a Literal ``kind``."""

    @abstractmethod
    def evaluate(self, inputs: Inputs) -> Answer:
        """Return whether the statement holds for these inputs."""
