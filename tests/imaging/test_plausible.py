"""What only pixels tell: windows, values beyond the stated range, volumes out of nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import JPEGLSLossless

from modic_annotate.errors import DecodeError
from modic_annotate.imaging import load_series, scan
from modic_annotate.imaging.pixels.plausible import check_growth


def loaded(mr, ds: Dataset):
    mr.write(ds, "a")
    return load_series(scan(mr.folder).series[0])


@pytest.mark.parametrize(
    ("function", "centre", "width", "window"),
    [
        (None, "40", "400", (40.0, 400.0)),
        ("LINEAR", ["40", "300"], ["400", "1500"], (40.0, 400.0)),
        ("LINEAR", "40", "1", (40.0, 1.0)),
        ("LINEAR", "0.5", "0.4", None),
        ("LINEAR_EXACT", "0.5", "0.4", (0.5, 0.4)),
        ("LINEAR_EXACT", "0.5", "0", None),
        ("SIGMOID", "40", "400", (40.0, 400.0)),
        ("SIGMOID", "40", "-400", None),
        ("CUBIC", "40", "400", None),
        (None, "40", None, None),
    ],
)
def test_a_window_is_read_by_its_function(mr, function, centre, width, window) -> None:
    """The first window counts where its width is one of its function."""
    ds = mr.dataset((0, 0, 0), VOILUTFunction=function, WindowCenter=centre, WindowWidth=width)
    assert loaded(mr, ds).window == window


@pytest.mark.parametrize(
    ("function", "codes"),
    [("SIGMOID", ["voi_function"]), ("CUBIC", ["voi_function"]), ("LINEAR_EXACT", [])],
)
def test_a_function_not_applied_is_told(mr, function, codes) -> None:
    """A display that differs from the one asked for is said, never passed off as it."""
    ds = mr.dataset((0, 0, 0), VOILUTFunction=function, WindowCenter="40", WindowWidth="400")
    assert [problem.code for problem in loaded(mr, ds).problems] == codes


def test_a_table_not_applied_is_told(mr) -> None:
    """A VOI LUT without a window is not applied, and said."""
    table = Dataset()
    table.LUTDescriptor, table.LUTData = [2, 0, 16], [0, 65535]
    table["LUTDescriptor"].VR, table["LUTData"].VR = "US", "US"
    volume = loaded(mr, mr.dataset((0, 0, 0), VOILUTSequence=[table]))
    assert volume.window is None
    assert [problem.code for problem in volume.problems] == ["voi_table"]


def test_frames_have_their_own_window_and_rescale(mr) -> None:
    """The middle frame's window counts, after each frame's own slope and intercept."""
    ds = mr.enhanced(mr.stack(3), SeriesDescription="T1")
    for i, groups in enumerate(ds.PerFrameFunctionalGroupsSequence):
        groups.FrameVOILUTSequence[0].WindowCenter = str(100 + i)
        groups.PixelValueTransformationSequence[0].RescaleIntercept = str(-i)
    volume = loaded(mr, ds)
    assert volume.window == (101.0, 600.0)
    wanted = np.stack([mr.pixels(i).astype(int) * 2 - i for i in range(3)])
    assert np.array_equal(volume.array, wanted)


@pytest.mark.parametrize(
    ("least", "most", "padding", "codes"),
    [
        (5, 900, None, []),
        (0, 4095, None, []),
        (6, 900, None, ["values_beyond_stated"]),
        (5, 899, None, ["values_beyond_stated"]),
        (5, 899, 900, []),
        (900, 5, None, []),  # no range
        (0, 0, None, []),  # not filled in
        (None, 10, None, []),
    ],
)
def test_values_beyond_the_stated_range_are_told(mr, least, most, padding, codes) -> None:
    """A range that the header states and the values leave is a hint, but for padding."""
    values = np.linspace(5, 900, 40 * 48).astype(np.uint16).reshape(40, 48)
    ds = mr.dataset(
        (0, 0, 0),
        values,
        SmallestImagePixelValue=least,
        LargestImagePixelValue=most,
        PixelPaddingValue=padding,
    )
    volume = loaded(mr, ds)
    assert [problem.code for problem in volume.problems] == codes
    assert np.array_equal(volume.array[0], values)


def test_a_stated_range_may_be_signed(mr) -> None:
    """Smallest and largest values are signed where the image is."""
    values = np.linspace(-70, 900, 40 * 48).astype(np.int16).reshape(40, 48)
    ds = mr.dataset((0, 0, 0), values, SmallestImagePixelValue=-70, LargestImagePixelValue=900)
    assert not loaded(mr, ds).problems


@pytest.mark.real
def test_real_images_keep_to_their_stated_range(real_data) -> None:
    """The range stated is exact in every real image here, so that beyond it is worth a word."""
    for path in ("lumbar-hitachi-0.3t", "siemens-enhanced-sag-t1"):
        for series in scan(real_data / path).series:
            assert not load_series(series).problems


def test_a_volume_out_of_nothing_is_refused(mr) -> None:
    """A few kB that would decode to hundreds of MB are refused before any of them is."""
    ds = mr.dataset((0, 0, 0), np.zeros((64, 64), np.uint16))
    ds.compress(JPEGLSLossless)
    mr.write(ds, "a")
    (series,) = scan(mr.folder).series
    check_growth(series)
    with pytest.raises(DecodeError, match="promises 536 MB of images in 1 kB of files"):
        check_growth(replace(series, shape=(16, 4096, 4096)))
    with pytest.raises(DecodeError, match="promises 536 MB"):
        load_series(replace(series, shape=(16, 4096, 4096)))
