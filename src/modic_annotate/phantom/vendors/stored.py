"""From rendered slices to what a scanner stores: flipped, counted and in the vendor's own values.

Slices are kept in the truth's order: lowest first along row direction x column direction of the
image as it is stored, as a scan orders them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from modic_annotate.domain.grid import Grid
from modic_annotate.phantom.anatomy import build_spine
from modic_annotate.phantom.protocol import Sequence
from modic_annotate.phantom.recipe import Recipe
from modic_annotate.phantom.render import render_series
from modic_annotate.phantom.shapes import Array
from modic_annotate.phantom.vendors.export import Export, Image
from modic_annotate.phantom.vendors.position import STORED_FLIPS
from modic_annotate.phantom.vendors.protocols import Part, Protocol
from modic_annotate.phantom.vendors.vendor import Pixels

_KEPT_STACKS = 48  # a few MB each at most; an exam in several forms is drawn once


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """One stack as it is stored."""

    grey: NDArray[np.uint16]
    """(slice, row, column)."""

    positions: Array
    """Centres of the first pixels, (slice, 3), LPS mm."""

    along_row: Array
    along_column: Array
    pixel_mm: float

    @property
    def grid(self) -> Grid:
        """Where it lies, before any number is spelt."""
        affine = np.eye(4)
        affine[:3, 0] = (self.positions[-1] - self.positions[0]) / (len(self.positions) - 1)
        affine[:3, 1] = self.along_column * self.pixel_mm
        affine[:3, 2] = self.along_row * self.pixel_mm
        affine[:3, 3] = self.positions[0]
        rows = np.round(affine, 9).tolist()
        return Grid.model_validate({"shape": self.grey.shape, "affine_lps": rows})

    def with_rows_flipped(self) -> Stack:
        """Return it stored from the last row to the first."""
        aside = self.along_column * self.pixel_mm * (self.grey.shape[1] - 1)
        return replace(
            self,
            grey=self.grey[::-1, ::-1],
            positions=(self.positions + aside)[::-1],
            along_column=-self.along_column,
        )

    def with_columns_flipped(self) -> Stack:
        """Return it stored from the last column to the first."""
        aside = self.along_row * self.pixel_mm * (self.grey.shape[2] - 1)
        return replace(
            self,
            grey=self.grey[::-1, :, ::-1],
            positions=(self.positions + aside)[::-1],
            along_row=-self.along_row,
        )


def draw(recipe: Recipe, sequence: Sequence, seed: int) -> Stack:
    """Render a stack, not flipped."""
    along_row, along_column, _ = sequence.axes
    return Stack(
        grey=_drawn(recipe, sequence, seed),
        positions=np.array([sequence.position(i) for i in range(sequence.shape[0])]),
        along_row=along_row,
        along_column=along_column,
        pixel_mm=sequence.pixel_mm,
    )


@lru_cache(maxsize=_KEPT_STACKS)
def _drawn(recipe: Recipe, sequence: Sequence, seed: int) -> NDArray[np.uint16]:
    pixels = render_series(build_spine(recipe), sequence, seed)
    pixels.flags.writeable = False
    return pixels


def store(export: Export, part: Part) -> Stack:
    """Return a stack of a study the way round in which it is stored."""
    stack = draw(export.recipe, part.sequence, export.seed)
    rows, columns = STORED_FLIPS[export.position]
    stack = stack.with_rows_flipped() if rows else stack
    return stack.with_columns_flipped() if columns else stack


def images_of(export: Export, protocol: Protocol) -> tuple[tuple[Stack, tuple[Image, ...]], ...]:
    """Return the stacks of a series with their images, in slice order."""
    stacks = [store(export, part) for part in protocol.parts]
    count = sum(len(stack.grey) for stack in stacks)
    rows, columns = STORED_FLIPS[export.position]
    found, before = [], 0
    for number, (part, stack) in enumerate(zip(protocol.parts, stacks, strict=True)):
        ranks = export.vendor.order.ranks(len(stack.grey))
        if rows != columns:
            ranks = ranks[::-1]  # counted from the same side of the patient, however stored
        values = stored_values(stack.grey, export.vendor.pixels)
        images = tuple(
            Image(
                export=export,
                protocol=protocol,
                part=part,
                stack=number,
                index=index,
                rank=rank,
                number=before + rank + 1,
                count=count,
                pixels=values[index],
                position=stack.positions[index],
                along_row=stack.along_row,
                along_column=stack.along_column,
            )
            for index, rank in enumerate(ranks)
        )
        found.append((stack, images))
        before += len(images)
    return tuple(found)


def stored_values(grey: NDArray[np.uint16], pixels: Pixels) -> NDArray[np.integer]:
    """Return grey values as a vendor stores them, little endian."""
    values = grey.astype(np.int64) * pixels.factor + pixels.shift
    low, high = pixels.bounds
    return np.clip(values, low, high).astype("<i2" if pixels.signed else "<u2")
