"""The series of a vendor study: which stacks they have, and how each is imaged.

All are drawn by the spin echo equations of the sample. The 3-plane localizer is a single-shot
spin echo; a contrast agent is stated, not drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence as Items
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from modic_annotate.domain.series import Plane
from modic_annotate.phantom.anatomy import Spine, build_spine
from modic_annotate.phantom.protocol import SEQUENCES, Sequence
from modic_annotate.phantom.recipe import Recipe
from modic_annotate.phantom.vendors.kinds import DIXON, EXPECTED, Kind

BASIC = (Kind.T2, Kind.T1, Kind.STIR)
"""What every lumbar exam for Modic changes has, in the order of scanning."""

LOW_FIELD_TESLA = 0.3
SMALL_SLICES = 5
BLOCK_SLICES = 3
BLOCK_DISCS = ("L3/L4", "L4/L5", "L5/S1")
_T2, _T1, _STIR = SEQUENCES

_LOW_FIELD: Mapping[str, Mapping[str, Any]] = {  # values of the fields of a Sequence
    "t2": {"repetition_ms": 3203.0, "echo_ms": 110.0, "echo_train": 11, "echo_spacing_ms": 20.0},
    "t1": {"repetition_ms": 462.0, "echo_ms": 25.0, "echo_train": 1, "echo_spacing_ms": 25.0},
    "stir": {"repetition_ms": 3320.0, "echo_ms": 80.0, "inversion_ms": 110.0},
}
"""Timing of the shared 0.3 T exam."""

_STIR_3T_MS = 220.0

_CHANGES: Mapping[Kind, tuple[Sequence, Mapping[str, Any]]] = {
    Kind.T1: (_T1, {}),
    Kind.T2: (_T2, {}),
    Kind.STIR: (_STIR, {}),
    Kind.T2_FS: (_T2, {"fat_kept": 0.06, "echo_ms": 82.0}),
    Kind.T1_FS: (_T1, {"fat_kept": 0.06, "repetition_ms": 640.0}),
    Kind.T1_FS_CONTRAST: (_T1, {"fat_kept": 0.06, "repetition_ms": 640.0}),
    Kind.T2_IN_PHASE: (_T2, {"echo_ms": 90.0}),
    Kind.T2_OPPOSED: (_T2, {"echo_ms": 90.0, "fat_kept": -1.0}),
    Kind.T2_WATER: (_T2, {"echo_ms": 90.0, "fat_kept": 0.0}),
    Kind.T2_FAT: (_T2, {"echo_ms": 90.0, "water_kept": 0.0}),
    Kind.T1_FLAIR: (_T1, {"repetition_ms": 2200.0, "echo_ms": 9.8, "inversion_ms": 860.0}),
    Kind.T2_FLAIR: (_T2, {"repetition_ms": 8500.0, "echo_ms": 102.0, "inversion_ms": 2450.0}),
    Kind.PD: (_T2, {"repetition_ms": 2600.0, "echo_ms": 22.6, "echo_train": 7}),
    Kind.LOCALIZER: (_T2, {"repetition_ms": 1300.0, "echo_ms": 91.0, "echo_train": 64}),
    Kind.AX_T1: (_T1, {}),
    Kind.AX_T2: (_T2, {}),
}
"""What each kind changes of a sequence of the sample; times chosen within clinical habit."""


@dataclass(frozen=True, slots=True)
class Part:
    """One stack of a series."""

    kind: Kind
    sequence: Sequence


@dataclass(frozen=True, slots=True)
class Protocol:
    """One series: its stacks, and its number in order of scanning, from 1."""

    key: str
    ordinal: int
    parts: tuple[Part, ...]

    @property
    def kind(self) -> Kind:
        """The technique of its first stack."""
        return self.parts[0].kind


@dataclass(frozen=True, slots=True)
class Size:
    """How finely stacks are imaged; the field of view stays."""

    rows: int | None = None
    """None leaves the sample's own rows, columns and slices."""

    def of(self, sequence: Sequence) -> Sequence:
        """Return a sequence with so many rows and fewer columns, and few slices."""
        if self.rows is None:
            return sequence
        pixel = sequence.pixel_mm * sequence.shape[1] / self.rows
        slices = min(sequence.shape[0], SMALL_SLICES)
        shape = (slices, self.rows, self.rows * 5 // 6)
        return replace(sequence, shape=shape, pixel_mm=round(pixel, 5))


FULL_SIZE = Size()


def protocols_for(
    kinds: Items[Kind], recipe: Recipe, tesla: float, size: Size, *, dixon_in_one_series: bool
) -> tuple[Protocol, ...]:
    """Return the series that image these kinds, in this order.

    Parameters
    ----------
    kinds
        Without doubles. The four of a Dixon acquisition may come in one series.
    recipe
        Whose discs the axial blocks follow.
    tesla
        Field strength of the scanner.
    size
        Rows and columns.
    dixon_in_one_series
        Whether the vendor keeps in-phase, opposed, water and fat images together.
    """
    spine = build_spine(recipe)
    series: list[list[Part]] = []
    for kind in kinds:
        parts = [Part(kind, s) for s in _stacks(kind, spine, tesla, size)]
        together = dixon_in_one_series and kind in DIXON
        home = next((s for s in series if together and s[0].kind in DIXON), None)
        if home is None:
            series.append(parts)
        else:
            home.extend(parts)
    return tuple(
        Protocol(str(parts[0].kind), ordinal, tuple(parts))
        for ordinal, parts in enumerate(series, 1)
    )


def _stacks(kind: Kind, spine: Spine, tesla: float, size: Size) -> tuple[Sequence, ...]:
    base, changes = _CHANGES[kind]
    key = base.key
    sequence = replace(base, key=str(kind), role=EXPECTED[kind].role, **changes, tesla=tesla)
    if kind is Kind.STIR and tesla > base.tesla:
        sequence = replace(sequence, inversion_ms=_STIR_3T_MS)
    if tesla == LOW_FIELD_TESLA and not changes:
        sequence = replace(sequence, **_LOW_FIELD[key])
    if kind is Kind.LOCALIZER:
        return _three_planes(sequence, size)
    if kind in (Kind.AX_T1, Kind.AX_T2):
        return _disc_blocks(sequence, spine, size)
    return (size.of(sequence),)


def _three_planes(sequence: Sequence, size: Size) -> tuple[Sequence, ...]:
    """Return three slices each in the sagittal, coronal and axial plane, untilted."""
    coarse = size.of(replace(sequence, turn_deg=(0.0, 0.0, 0.0)))
    shape = (BLOCK_SLICES, coarse.shape[1], coarse.shape[2])
    coarse = replace(coarse, thickness_mm=8.0, spacing_mm=20.0, shape=shape)
    return tuple(
        replace(coarse, key=f"{sequence.key}-{plane}", plane=plane)
        for plane in (Plane.SAGITTAL, Plane.CORONAL, Plane.AXIAL)
    )


def _disc_blocks(sequence: Sequence, spine: Spine, size: Size) -> tuple[Sequence, ...]:
    """Return a block of slices through each low disc, tilted as the disc is."""
    blocks = []
    for disc in (d for d in spine.discs if d.name in BLOCK_DISCS):
        middle = disc.middle
        x = round(float(spine.midline_x(np.array(middle.z))), 3)
        block = replace(
            sequence,
            key=f"{sequence.key}-{disc.name}",
            plane=Plane.AXIAL,
            thickness_mm=4.0,
            spacing_mm=4.4,
            turn_deg=(0.0, 0.0, middle.tilt_deg),
            centre_lps_mm=(x, round(middle.y, 3), round(middle.z, 3)),
        )
        small = size.of(block)
        blocks.append(replace(small, shape=(BLOCK_SLICES, small.shape[1], small.shape[2])))
    return tuple(blocks)
