"""What the further series of a vendor study show: planes, disc blocks, Dixon parts."""

from __future__ import annotations

import numpy as np
import pytest

from modic_annotate.domain.series import Plane, SeriesRole
from modic_annotate.phantom import SAMPLE, make_truth
from modic_annotate.phantom.signal import level
from modic_annotate.phantom.tissues import Tissue
from modic_annotate.phantom.vendors import EXPECTED, Kind, Size
from modic_annotate.phantom.vendors.protocols import BLOCK_DISCS, Protocol, protocols_for
from modic_annotate.phantom.vendors.stored import Stack, draw

SEED = 7
TRUTH = make_truth(SAMPLE, SEED, sequences=())


def test_three_planes_show_the_same_spine() -> None:
    """The middle of each lumbar body is as bright in the sagittal as in the other planes."""
    localizer = _protocol(Kind.LOCALIZER, Size(96))
    assert [part.sequence.plane for part in localizer.parts] == [
        Plane.SAGITTAL,
        Plane.CORONAL,
        Plane.AXIAL,
    ]
    sagittal, coronal, axial = (draw(SAMPLE, part.sequence, SEED) for part in localizer.parts)
    compared = 0
    for body in TRUTH.bodies:
        known = _grey(sagittal, body.centroid_lps_mm)
        for stack in (coronal, axial):
            seen = _grey(stack, body.centroid_lps_mm)
            if seen is not None and known is not None:
                assert seen == pytest.approx(known, rel=0.35), body.vertebra
                compared += 1
    assert compared >= 6


@pytest.mark.parametrize("kind", [Kind.AX_T1, Kind.AX_T2])
def test_axial_blocks_lie_in_their_discs(kind: Kind) -> None:
    """The middle slice of each block passes through its disc's centre, tilted as the disc is."""
    blocks = _protocol(kind, Size(48)).parts
    discs = [disc for disc in TRUTH.discs if disc.disc in BLOCK_DISCS]
    assert len(blocks) == len(discs) == 3
    normals = []
    for block, disc in zip(blocks, discs, strict=True):
        grid = block.sequence.grid
        place = grid.to_index([disc.centre_lps_mm])[0]
        assert place == pytest.approx([(n - 1) / 2 for n in grid.shape], abs=0.3)
        normals.append(grid.slice_normal_lps)
        assert block.sequence.role == EXPECTED[kind].role
    assert abs(float(normals[0] @ normals[2])) < np.cos(np.radians(10.0))


@pytest.mark.parametrize("tissue", [Tissue.MARROW, Tissue.FAT, Tissue.CSF, Tissue.MODIC_2])
def test_dixon_parts_add_up(tissue: Tissue) -> None:
    """In phase is water and fat together, opposed is their difference."""
    kinds = (Kind.T2_IN_PHASE, Kind.T2_OPPOSED, Kind.T2_WATER, Kind.T2_FAT)
    together, opposed, water, fat = (
        level(tissue, _protocol(kind, Size(48)).parts[0].sequence.timing) for kind in kinds
    )
    assert together == pytest.approx(water + fat, abs=1e-6)
    assert opposed == pytest.approx(abs(water - fat), abs=1e-6)


def test_fluid_is_nulled_by_a_long_inversion() -> None:
    """Cerebrospinal fluid is dark on a T2 FLAIR and bright on T2."""
    flair, plain = (
        level(Tissue.CSF, _protocol(kind, Size(48)).parts[0].sequence.timing)
        for kind in (Kind.T2_FLAIR, Kind.T2)
    )
    assert flair < plain / 4


@pytest.mark.parametrize("tesla", [0.3, 1.5, 3.0])
def test_fat_is_nulled_at_every_field(tesla: float) -> None:
    """STIR has an inversion time that suits the field: fat is far darker than marrow's water."""
    stir = _protocol(Kind.STIR, Size(48), tesla).parts[0].sequence
    assert level(Tissue.FAT, stir.timing) < 0.25 * level(Tissue.MODIC_1, stir.timing)


def test_each_kind_has_an_expectation() -> None:
    """Only plain T1 and T2, in phase too, and suppressed T2 fill a slot."""
    assert set(EXPECTED) == set(Kind)
    slots = {kind for kind, expected in EXPECTED.items() if expected.role is not SeriesRole.OTHER}
    assert slots == {
        Kind.T1, Kind.T2, Kind.STIR, Kind.T2_FS, Kind.T2_IN_PHASE, Kind.T2_WATER, Kind.T1_FLAIR,
        Kind.AX_T1, Kind.AX_T2,
    }  # fmt: skip


def _protocol(kind: Kind, size: Size, tesla: float = 1.5) -> Protocol:
    (protocol,) = protocols_for((kind,), SAMPLE, tesla, size, dixon_in_one_series=False)
    return protocol


def _grey(stack: Stack, place: tuple[float, float, float]) -> float | None:
    """Return the mean grey about a place, or None where no slice is within 6 mm of it."""
    index = stack.grid.to_index([place])[0]
    nearest = np.rint(index).astype(int)
    step_mm = stack.grid.spacing_mm[0]
    inside = all(1 <= i < n - 1 for i, n in zip(nearest[1:], stack.grey.shape[1:], strict=True))
    if not (0 <= nearest[0] < stack.grey.shape[0] and inside):
        return None
    if abs(index[0] - nearest[0]) * step_mm > 6.0:
        return None
    row, column = nearest[1], nearest[2]
    return float(stack.grey[nearest[0], row - 1 : row + 2, column - 1 : column + 2].mean())
