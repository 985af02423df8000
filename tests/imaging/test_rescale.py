"""Grey values are slope times stored value plus intercept, in a type that holds them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate.errors import DecodeError
from modic_annotate.imaging import load_series, scan
from modic_annotate.imaging.pixels.rescale import Stored, rescaled


def stored(values: list[int], dtype: str, slope: float, intercept: float) -> Stored:
    array = np.array([values], dtype)
    return Stored(array, int(array.min()), int(array.max()), slope, intercept, "a.dcm")


KINDS = {"u1": (0, 255), "i1": (-128, 127), "u2": (0, 65535), "i2": (-32768, 32767)}


@st.composite
def slices(draw: st.DrawFn, numbers: st.SearchStrategy[float]) -> list[Stored]:
    dtype = draw(st.sampled_from(sorted(KINDS)))
    values = st.lists(st.integers(*KINDS[dtype]), min_size=4, max_size=4)
    count = draw(st.integers(1, 4))
    return [stored(draw(values), dtype, draw(numbers), draw(numbers)) for _ in range(count)]


WHOLE = st.integers(-70_000, 70_000).map(float)
BROKEN = st.floats(-1e6, 1e6, allow_nan=False, allow_subnormal=False)


@given(slices(WHOLE))
def test_whole_slopes_keep_every_value_exactly(made: list[Stored]) -> None:
    """Each slice has its own slope and intercept; the integers are those of exact arithmetic."""
    grey = rescaled(made)
    assert grey.dtype.kind in "iu"
    for i, one in enumerate(made):
        wanted = [int(v) * int(one.slope) + int(one.intercept) for v in one.values[0]]
        assert grey[i, 0].tolist() == wanted


@given(slices(WHOLE))
def test_the_type_is_the_narrowest_that_holds_all(made: list[Stored]) -> None:
    """16 bit where they suffice, else 32, else 64; signed where stored or grey values are."""
    grey = rescaled(made)
    ends = [end for one in made for end in one.ends]
    signed = grey.dtype.kind == "i"
    assert signed == (min(ends) < 0 or made[0].values.dtype.kind == "i" or grey.itemsize == 8)
    if grey.itemsize > 2:
        narrower = np.iinfo(f"{grey.dtype.kind}{grey.itemsize // 2}")
        assert min(ends) < narrower.min or max(ends) > narrower.max


@given(slices(BROKEN))
def test_broken_slopes_give_the_nearest_float32(made: list[Stored]) -> None:
    """With a broken slope or intercept the values are float32, as near as it gets."""
    grey = rescaled(made)
    if all(one.is_whole for one in made):
        return
    assert grey.dtype == np.float32
    for i, one in enumerate(made):
        for found, value in zip(grey[i, 0], one.values[0], strict=True):
            exact = Fraction(one.slope) * int(value) + Fraction(one.intercept)
            near = max(abs(exact), abs(Fraction(one.slope) * int(value)), Fraction(1, 10**30))
            assert abs(Fraction(float(found)) - exact) <= near * Fraction(1, 2**23)


@pytest.mark.parametrize(
    ("slope", "intercept"),
    [(1e300, 0.0), (2.0**53, 0.0), (1e39 + 0.5, 0.5), (0.5, 1e39), (1.0, -1e300), (1e308, -1e308)],
)
def test_a_rescale_beyond_numbers_is_refused(slope, intercept) -> None:
    """Slopes that lead beyond exact integers or float32 are no slopes of an image."""
    with pytest.raises(DecodeError, match=r"a\.dcm states a rescale slope"):
        rescaled([stored([1, 2, 3, 4000], "u2", slope, intercept)])


def test_each_slice_has_its_own_rescale(mr) -> None:
    """Slopes that differ by slice, as some scanners write them, are applied by slice."""
    datasets = mr.stack(3)
    for i, ds in enumerate(datasets):
        ds.RescaleSlope, ds.RescaleIntercept = str(i + 1), str(-100 * i)
    volume = load_series(scan(mr.write_all(datasets)).series[0])
    wanted = np.stack([mr.pixels(i).astype(int) * (i + 1) - 100 * i for i in range(3)])
    assert volume.array.dtype == np.int16
    assert np.array_equal(volume.array, wanted)
