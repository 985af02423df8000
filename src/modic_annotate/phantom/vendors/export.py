"""One study to be written, and one image of it with all that its header may say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modic_annotate.phantom.protocol import Sequence
from modic_annotate.phantom.recipe import SAMPLE, Recipe
from modic_annotate.phantom.shapes import Array
from modic_annotate.phantom.vendors.kinds import Kind
from modic_annotate.phantom.vendors.position import PatientPosition
from modic_annotate.phantom.vendors.protocols import (
    BASIC,
    FULL_SIZE,
    Part,
    Protocol,
    Size,
    protocols_for,
)
from modic_annotate.phantom.vendors.syntax import Syntax
from modic_annotate.phantom.vendors.vendor import Form, Rescale, Vendor, Words
from modic_annotate.phantom.write import DEFAULT_SEED


@dataclass(frozen=True, slots=True)
class Export:
    """One study as it leaves a scanner."""

    vendor: Vendor
    form: Form = Form.CLASSIC
    syntax: Syntax = Syntax.EXPLICIT
    position: PatientPosition = PatientPosition.HFS
    kinds: tuple[Kind, ...] = BASIC
    """Series, in the order of scanning."""

    size: Size = FULL_SIZE
    recipe: Recipe = SAMPLE
    seed: int = DEFAULT_SEED

    def __post_init__(self) -> None:
        """Refuse what the vendor does not write."""
        if self.form is Form.ENHANCED and self.vendor.enhanced is None:
            raise ValueError(f"{self.vendor.key} has no enhanced form here; take classic")
        if not self.kinds or len(set(self.kinds)) < len(self.kinds):
            raise ValueError("a study needs one series or more, each kind once; name others")
        lacking = [kind for kind in self.kinds if kind not in self.vendor.words]
        if lacking:
            raise ValueError(f"{self.vendor.key} has no series {', '.join(lacking)}; leave it out")

    @property
    def study(self) -> str:
        """What the study is called in all UIDs; the encoding does not change them."""
        parts = (self.recipe.name, self.seed, self.vendor.key, self.form, self.position)
        return "/".join(str(part) for part in (*parts, self.size.rows or "full"))

    @property
    def protocols(self) -> tuple[Protocol, ...]:
        """Its series."""
        return protocols_for(
            self.kinds,
            self.recipe,
            self.vendor.tesla,
            self.size,
            dixon_in_one_series=self.vendor.dixon_in_one_series,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """One stored slice, and all that its header may say of it."""

    export: Export
    protocol: Protocol
    part: Part
    stack: int
    """Of its series, from 0."""

    index: int
    """Slice of its stack in the truth's order, from 0."""

    rank: int
    """Place in which it is counted within its stack, from 0."""

    number: int
    """InstanceNumber of a classic image, within the series, from 1."""

    count: int
    """Images of the series."""

    pixels: NDArray[np.integer]
    """Stored values, (row, column)."""

    position: Array
    """Centre of the first pixel, LPS mm."""

    along_row: Array
    along_column: Array

    @property
    def sequence(self) -> Sequence:
        """How its stack is imaged."""
        return self.part.sequence

    @property
    def vendor(self) -> Vendor:
        """Whose image it is."""
        return self.export.vendor

    @property
    def words(self) -> Words:
        """How its vendor describes it."""
        return self.vendor.words[self.part.kind]

    @property
    def series_number(self) -> int:
        """SeriesNumber as its vendor counts."""
        factor, offset = self.vendor.series_number
        return self.protocol.ordinal * factor + offset

    @property
    def rescale(self) -> Rescale | None:
        """Rescale of its series, None where its vendor writes none."""
        return self.vendor.rescale(self.protocol)
