"""Signal equations: what a spin echo train leaves of water and of fat.

Longitudinal magnetisation recovers from the end of one echo train to the next excitation, is
inverted before it on STIR, and decays with T2 until the effective echo time. Exponentials are
taken of single numbers and rounded, so that no two mathematics libraries differ.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from modic_annotate.phantom.relaxation import FAT, TABLE, field_index
from modic_annotate.phantom.shapes import Array
from modic_annotate.phantom.tissues import Tissue

DECIMALS = 9
FAT_PPM = 3.4
"""How much lower the main peak of fat precesses than water."""

LARMOR_MHZ_PER_TESLA = 42.576


@dataclass(frozen=True, slots=True)
class Timing:
    """The times of a spin echo train (ms), its field and what it does to fat."""

    repetition_ms: float
    echo_ms: float
    """Effective: of the echo in the middle of k-space."""

    echo_train: int
    echo_spacing_ms: float
    inversion_ms: float | None = None
    fat_kept: float = 1.0
    """Share of fat's signal that a spectral saturation pulse leaves; -1 where it is opposed."""

    tesla: float = 1.5
    water_kept: float = 1.0


def magnetisation(timing: Timing, t1: float, t2: float) -> float:
    """Return the signed transverse magnetisation at the effective echo, per proton.

    After an inversion that nulls fat, water is still negative: the sign tells apart what cancels
    in a voxel that holds both.
    """
    rest = timing.repetition_ms - timing.echo_train * timing.echo_spacing_ms
    full = 1.0 - math.exp(-rest / t1)
    if timing.inversion_ms is not None:
        before = 1.0 - math.exp(-(rest - timing.inversion_ms) / t1)
        full = 1.0 - (1.0 + before) * math.exp(-timing.inversion_ms / t1)
    return round(full * math.exp(-timing.echo_ms / t2), DECIMALS)


def fat_t2(echo_train: int) -> float:
    """Return the T2 that fat shows in a train of so many echoes.

    A single echo shows its short one; many refocusing pulses suppress J-coupling, so that a long
    train nears the T2 measured in CPMG trains. The way between the two is a plain guess.
    """
    return FAT.t2_single_echo + (FAT.t2_long_train - FAT.t2_single_echo) * (1.0 - 1.0 / echo_train)


def null_inversion_ms(timing: Timing, t1: float) -> float:
    """Return the inversion time at which a tissue of this T1 gives no signal."""
    rest = timing.repetition_ms - timing.echo_train * timing.echo_spacing_ms
    return t1 * math.log(2.0 / (1.0 + math.exp(-rest / t1)))


def water_and_fat(tissue: Tissue, timing: Timing) -> tuple[float, float]:
    """Return the signed signals of a tissue's water and fat, pure water fully recovered being 1."""
    row, column = TABLE[tissue], field_index(timing.tesla)
    water = row.density * (1.0 - row.fat_share) * magnetisation(timing, row.t1[column], row.t2)
    fat = magnetisation(timing, FAT.t1[column], fat_t2(timing.echo_train))
    fat = row.density * row.fat_share * fat * timing.fat_kept
    water = water * timing.water_kept
    return round(water, DECIMALS), round(fat, DECIMALS)


def level(tissue: Tissue, timing: Timing) -> float:
    """Return the brightness of a voxel filled with one tissue."""
    return abs(sum(water_and_fat(tissue, timing)))


def signals(timing: Timing, gain: float) -> dict[Tissue, Array]:
    """Return the grey of water and of fat of every tissue, each of shape (2, 1, 1)."""
    return {
        tissue: np.array(water_and_fat(tissue, timing)).reshape(2, 1, 1) * gain for tissue in Tissue
    }


def shift_pixels(tesla: float, bandwidth_hz: float) -> float:
    """Return by how many pixels fat is misplaced along the frequency direction."""
    return round(FAT_PPM * LARMOR_MHZ_PER_TESLA * tesla / bandwidth_hz, 6)
