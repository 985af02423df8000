"""A blocked stack is accepted where every slice keeps its true place, and nowhere else."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from modic_annotate import imaging
from modic_annotate.errors import BlockedSeriesError
from modic_annotate.imaging import accept, acceptable_faults, load_series, scan
from modic_annotate.imaging.accepting import MAY_BE_ACCEPTED, NEVER_ACCEPTED
from modic_annotate.imaging.model import Series

REASON = "the level is well seen on both sides of the gap"


def only(mr, datasets) -> Series:
    (series,) = scan(mr.write_all(datasets)).series
    return series


def without(datasets, *lost):
    return [ds for i, ds in enumerate(datasets) if i not in lost]


def moved(datasets, i, *by):
    datasets[i].ImagePositionPatient = list(np.add(datasets[i].ImagePositionPatient, by))
    return datasets


def turned(datasets, i):
    datasets[i].ImageOrientationPatient = [0.02, 0.9998, 0, 0, 0, -1]
    return datasets


def test_a_missing_slice_stays_empty_on_the_full_grid(mr) -> None:
    """The slices that are there keep their places and values; the missing one is all 0."""
    whole = load_series(only(mr, mr.stack(7)))
    (mr.folder / "IM1003").unlink()
    (blocked,) = scan(mr.folder).series
    series = accept(blocked, REASON)
    assert not series.blocked
    assert (series.not_acquired, series.acquired) == ((3,), (0, 1, 2, 4, 5, 6))
    assert [problem.code for problem in series.accepted] == ["missing_slice"]
    assert series.accepted_reason == REASON
    volume = load_series(series)
    assert volume.grid == whole.grid
    assert volume.array.dtype == whole.array.dtype
    acquired = [0, 1, 2, 4, 5, 6]
    assert np.array_equal(volume.array[acquired], whole.array[acquired])
    assert not volume.array[3].any()


def test_every_slice_of_an_accepted_stack_knows_its_image(mr) -> None:
    """Images are found by slice of the grid; a slice not acquired has none."""
    series = accept(only(mr, without(mr.stack(8), 2, 5)), REASON)
    volume, used = load_series(series), load_series(series).series_used()
    numbers = [
        None if (i := volume.instance_at(k)) is None else i.instance_number for k in range(8)
    ]
    assert numbers == [1, 2, None, 4, 5, None, 7, 8]
    assert [used.instance_at(k) for k in range(8)] == [volume.instance_at(k) for k in range(8)]
    assert used.acquired == (0, 1, 3, 4, 6, 7)
    assert [fault.code for fault in used.faults] == ["missing_slice", "missing_slice"]
    assert (used.accepted_by, used.accepted_reason) == (None, None)


def test_a_true_copy_is_left_out(mr) -> None:
    """Of two images with the same pixels at one place the first is kept; nothing else changes."""
    whole = load_series(only(mr, mr.stack(5)))
    double = mr.stack(5)[2]
    double.InstanceNumber = 9
    mr.write(double, "DOUBLE")
    (blocked,) = scan(mr.folder).series
    volume = load_series(accept(blocked, REASON))
    assert (volume.grid, volume.series.not_acquired) == (whole.grid, ())
    assert np.array_equal(volume.array, whole.array)
    assert [instance.instance_number for instance in volume.instances] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("change", ["pixels", "rescale"])
def test_another_image_at_the_same_place_is_not_left_out(mr, change) -> None:
    """Where two images at one place differ nobody knows which belongs."""
    datasets = mr.stack(5)
    double = mr.stack(5)[2]
    double.InstanceNumber = 9
    if change == "pixels":
        double.PixelData = mr.pixels(77).tobytes()
    else:
        double.RescaleSlope, double.RescaleIntercept = "2", "0"
    blocked = only(mr, [*datasets, double])
    with pytest.raises(BlockedSeriesError, match="image 3 and image 9 lie at the same place"):
        accept(blocked, REASON)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda mr: moved(mr.stack(7), 3, 0.5, 0, 0), "shifted_slice"),
        (lambda mr: moved(mr.stack(7), 3, 0, 0.5, 0), "shifted_slice"),
        (lambda mr: turned(mr.stack(7), 3), "tilted_slice"),
        (lambda mr: [moved([d], 0, 0, 0.4 * i, 0)[0] for i, d in enumerate(mr.stack(7))],
         "sheared_stack"),
        (lambda mr: [moved([d], 0, -0.4 * i * i, 0, 0)[0] for i, d in enumerate(mr.stack(5))],
         "irregular_spacing"),
        (lambda mr: mr.stack(5, ImageType=["ORIGINAL", "PRIMARY", "MOSAIC"]), "mosaic"),
        (lambda mr: mr.stack(5, PixelSpacing=None), "no_pixel_spacing"),
        (lambda mr: mr.stack(5, RescaleSlope="0"), "bad_rescale"),
        (lambda mr: moved(without(mr.stack(9), 4), 2, 0.5, 0, 0), "shifted_slice"),
    ],
    ids=["shifted", "aside", "tilted", "sheared", "irregular", "mosaic", "spacing", "rescale",
         "gap and shifted"],
)  # fmt: skip
def test_what_is_in_doubt_is_never_accepted(mr, make, code) -> None:
    """A fault that puts places or values in doubt cannot be accepted, and the message says why."""
    series = only(mr, make(mr))
    assert code in [problem.code for problem in series.problems if problem.blocking]
    assert acceptable_faults(series) == ()
    with pytest.raises(BlockedSeriesError, match=re.escape(NEVER_ACCEPTED[code])):
        accept(series, REASON)


def test_a_thinned_stack_is_not_accepted(mr) -> None:
    """Every second slice gone: which places were acquired is a guess, so there is no sure grid."""
    series = only(mr, mr.stack(9, SpacingBetweenSlices="4.5")[::2])
    with pytest.raises(BlockedSeriesError, match="does not lie on one sure grid"):
        accept(series, REASON)


def test_more_gone_than_there_is_not_accepted(mr) -> None:
    """Two slices on either side of a wide gap confirm no grid."""
    datasets = without(mr.stack(9), *range(2, 8))
    series = only(mr, datasets)
    assert series.blocked
    assert acceptable_faults(series) == ()


def test_accepting_needs_a_fault_and_a_reason(mr) -> None:
    """A sound stack has nothing to accept; a blocked one needs words."""
    sound = only(mr, mr.stack(4))
    with pytest.raises(BlockedSeriesError, match="nothing to accept"):
        accept(sound, REASON)
    (mr.folder / "IM3002").unlink()
    (blocked,) = scan(mr.folder).series
    with pytest.raises(BlockedSeriesError, match="needs a reason"):
        accept(blocked, "  ")


def test_every_blocking_fault_is_in_one_of_the_two_tables() -> None:
    """No fault the scan can block for is forgotten, none stands in both tables."""
    source = Path(imaging.__file__).parent
    found = {
        code
        for path in source.rglob("*.py")
        for code, rest in re.findall(
            r'Problem\(\s*"(\w+)",((?:(?!Problem\().)*?\n\s*\))', path.read_text(), re.S
        )
        if "blocking=True" in rest
    }
    assert not MAY_BE_ACCEPTED.keys() & NEVER_ACCEPTED.keys()
    assert found <= MAY_BE_ACCEPTED.keys() | NEVER_ACCEPTED.keys()
    assert {"mosaic", "shifted_slice", "truncated", "duplicate_slice"} <= found
