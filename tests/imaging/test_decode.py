"""Pixel values and their hash, whatever the encoding."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pydicom
import pydicom.encaps
import pytest
from pydicom.uid import (
    MPEG2MPML,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

from modic_annotate.errors import DecodeError, NotAnImageError
from modic_annotate.imaging import load_series, pixel_sha256, scan


@pytest.mark.real
def test_nine_encodings_have_one_hash(real_data: Path) -> None:
    """Nine encodings of one real image give the hash of its plain pixels."""
    files = sorted((real_data / "transfer-syntaxes").glob("*.dcm"))
    plain = pydicom.dcmread(files[0]).PixelData
    assert len(files) == 9
    assert {pixel_sha256(path) for path in files} == {hashlib.sha256(plain).hexdigest()}


@pytest.mark.real
def test_a_mosaic_is_blocked_by_name(real_data: Path) -> None:
    """A Siemens MOSAIC is one blocked entry that fills no slot."""
    (series,) = scan(real_data / "transfer-syntaxes").series
    assert series.blocked
    assert series.problems[0].code == "mosaic"
    assert series.n_files == 9
    assert series.role == "OTHER"


@pytest.mark.real
def test_an_enhanced_object_is_read_frame_by_frame(real_data: Path) -> None:
    """An enhanced sagittal T1 of 96 frames is one volume with its own values and places."""
    path = real_data / "siemens-enhanced-sag-t1" / "enhanced.dcm"
    (series,) = scan(path).series
    ds = pydicom.dcmread(path)
    volume = load_series(series)
    order = [ref.frame for ref in series.slices]
    assert (series.role, series.plane, series.shape) == ("SAG_T1", "sagittal", (96, 128, 128))
    assert (series.n_files, series.spacing_mm[1:]) == (1, (2.0, 2.0))
    assert np.array_equal(volume.array, ds.pixel_array[order])
    for i, frame in enumerate(order):
        groups = ds.PerFrameFunctionalGroupsSequence[frame]
        stated = groups.PlanePositionSequence[0].ImagePositionPatient
        assert np.abs(volume.grid.to_lps((i, 0, 0)) - stated).max() < 0.001
    assert volume.instances[3].pixel_sha256 == pixel_sha256(path, frame=order[3])


@pytest.mark.parametrize(
    "syntax",
    [
        ExplicitVRLittleEndian,
        ImplicitVRLittleEndian,
        ExplicitVRBigEndian,
        DeflatedExplicitVRLittleEndian,
        RLELossless,
        JPEGLSLossless,
        JPEG2000Lossless,
    ],
    ids=lambda syntax: syntax.name,
)
def test_made_encodings_load_exactly(mr, syntax) -> None:
    """Slices in any lossless encoding load to the values they were made from."""
    datasets = mr.stack(3, InversionTime="", TriggerTime="")
    for ds in datasets:
        if syntax.is_compressed and syntax.is_encapsulated:
            ds.compress(syntax, generate_instance_uid=False)
        else:
            ds.file_meta.TransferSyntaxUID = syntax
    folder = mr.write_all(datasets)
    (series,) = scan(folder).series
    volume = load_series(series)
    assert series.transfer_syntax == syntax
    assert not series.problems
    assert np.array_equal(volume.array, np.stack([mr.pixels(i) for i in range(3)]))
    expected = [hashlib.sha256(mr.pixels(i).astype("<u2").tobytes()).hexdigest() for i in range(3)]
    assert [instance.pixel_sha256 for instance in volume.instances] == expected


@pytest.mark.parametrize("path", ["folder", "gone"])
def test_a_path_that_cannot_be_read_is_an_error(tmp_path: Path, path) -> None:
    """A folder or a missing file is told by name."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(DecodeError, match=f"{path} cannot be read"):
        pixel_sha256(tmp_path / path)


def test_an_image_of_another_size_than_promised_is_an_error(mr) -> None:
    """A codestream whose size differs from the header's is refused with both."""
    ds = mr.dataset((0, 0, 0))
    ds.compress(JPEG2000Lossless)
    ds.Rows = 20
    path = mr.write(ds, "odd.dcm")
    with pytest.raises(DecodeError, match=r"odd\.dcm \(JPEG 2000"):
        pixel_sha256(path)


def test_a_colour_image_has_no_pixel_hash(mr) -> None:
    """Three values per pixel are not the grey image the hash is over."""
    ds = mr.dataset((0, 0, 0), np.zeros((4, 4), np.uint8), PhotometricInterpretation="RGB")
    ds.SamplesPerPixel, ds.PlanarConfiguration = 3, 0
    ds.PixelData = bytes(4 * 4 * 3)
    path = mr.write(ds, "rgb.dcm")
    with pytest.raises(DecodeError, match=r"rgb\.dcm is a colour image \(RGB\)"):
        pixel_sha256(path)


def test_eight_bit_pixels_hash_as_sixteen(mr) -> None:
    """A hash is over 16-bit values, also where the file stores 8."""
    pixels = np.arange(48, dtype=np.uint8).reshape(6, 8)
    path = mr.write(mr.dataset((0, 0, 0), pixels), "a")
    assert pixel_sha256(path) == hashlib.sha256(pixels.astype("<u2").tobytes()).hexdigest()


@pytest.mark.parametrize(
    ("slope", "intercept", "dtype", "expected"),
    [
        (None, None, np.uint16, 10),
        ("1", "0", np.uint16, 10),
        ("2", "-1024", np.int16, -1004),
        ("40", "0", np.uint32, 400),
        ("3000000", "0", np.int64, 30_000_000),
        ("-3000000", "0", np.int64, -30_000_000),
        ("0.5", "0", np.float32, 5.0),
    ],
)
def test_rescale_keeps_integers_where_it_can(mr, slope, intercept, dtype, expected) -> None:
    """The array is integer where slope and intercept are whole, else float32."""
    pixels = np.full((4, 4), 10, np.uint16)
    pixels[0, 0] = 4000
    ds = mr.dataset((0, 0, 0), pixels, RescaleSlope=slope, RescaleIntercept=intercept)
    mr.write(ds, "a")
    volume = load_series(scan(mr.folder).series[0])
    assert volume.array.dtype == dtype
    assert volume.array[0, 1, 1] == expected


def test_monochrome1_is_said_not_changed(mr) -> None:
    """MONOCHROME1 keeps its values; the volume says that low is to be shown bright."""
    mr.write(mr.dataset((0, 0, 0), PhotometricInterpretation="MONOCHROME1"), "a")
    volume = load_series(scan(mr.folder).series[0])
    assert volume.inverted
    assert np.array_equal(volume.array[0], mr.pixels(1))


def test_the_middle_slice_gives_the_window(mr) -> None:
    """Several windows per image and per slice: the middle slice's first one counts."""
    datasets = mr.stack(3)
    for i, ds in enumerate(datasets):
        ds.WindowCenter, ds.WindowWidth = [100 + i, 5], [200, 10]
    assert load_series(scan(mr.write_all(datasets)).series[0]).window == (101.0, 200.0)


def test_a_syntax_without_decoder_is_named(mr) -> None:
    """A video is refused with its syntax and the file's name."""
    ds = mr.dataset((0, 0, 0))
    ds.file_meta.TransferSyntaxUID = MPEG2MPML
    ds.PixelData = pydicom.encaps.encapsulate([bytes(8)])
    ds["PixelData"].is_undefined_length = True
    mr.write(ds, "odd.dcm")
    with pytest.raises(DecodeError, match=r"odd\.dcm is encoded as MPEG2.*no decoder"):
        load_series(scan(mr.folder).series[0])


def test_damaged_compressed_data_names_syntax_and_file(mr) -> None:
    """A compressed frame cut short is an error by name, not an image."""
    ds = mr.dataset((0, 0, 0), mr.pixels(1, 64, 64))
    ds.compress(RLELossless)
    frame = next(pydicom.encaps.generate_frames(ds.PixelData, number_of_frames=1))
    ds.PixelData = pydicom.encaps.encapsulate([frame[: len(frame) // 2]])
    path = mr.write(ds, "cut.dcm")
    with pytest.raises(DecodeError, match=r"cut\.dcm \(RLE Lossless\)"):
        pixel_sha256(path)


@pytest.mark.parametrize("syntax", [RLELossless, ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_a_file_cut_within_its_pixels_says_so(mr, syntax) -> None:
    """Pixel data that stop before their end are cut short, neither absent nor undecodable."""
    ds = mr.dataset((0, 0, 0), mr.pixels(1, 64, 64))
    if syntax is RLELossless:
        ds.compress(syntax)
    ds.file_meta.TransferSyntaxUID = syntax
    path = mr.write(ds, "cut.dcm")
    path.write_bytes(path.read_bytes()[:-3000])
    with pytest.raises(DecodeError, match=r"pixel data of cut\.dcm are cut short"):
        pixel_sha256(path)


def test_an_empty_pixel_data_element_is_cut_short(mr) -> None:
    """Pixel data of no bytes at all hold less than the header promises."""
    ds = mr.dataset((0, 0, 0))
    ds.PixelData = b""
    path = mr.write(ds, "none.dcm")
    with pytest.raises(DecodeError, match=r"pixel data of none\.dcm are cut short"):
        pixel_sha256(path)


@pytest.mark.parametrize("keep", [141, 0.9])
def test_a_file_that_cannot_be_parsed_is_an_error_by_name(mr, keep) -> None:
    """A file cut within its header or its deflated data is told, never a parser's own error."""
    ds = mr.dataset((0, 0, 0), syntax=DeflatedExplicitVRLittleEndian)
    path = mr.write(ds, "stump.dcm")
    whole = path.read_bytes()
    path.write_bytes(whole[: keep if isinstance(keep, int) else int(keep * len(whole))])
    with pytest.raises(DecodeError, match=r"stump\.dcm cannot be parsed"):
        pixel_sha256(path)


def test_a_frame_that_is_not_there_is_an_error(mr) -> None:
    """A frame number beyond the last is refused."""
    path = mr.write(mr.dataset((0, 0, 0)), "one.dcm")
    with pytest.raises(DecodeError, match="frame 3"):
        pixel_sha256(path, frame=2)


def test_what_is_no_image_says_so(mr, tmp_path: Path) -> None:
    """Neither a text file nor an object without pixels has a pixel hash."""
    text = tmp_path / "note.txt"
    text.write_text("hello")
    ds = mr.dataset((0, 0, 0))
    del ds.PixelData
    path = mr.write(ds, "empty.dcm")
    for file in (text, path):
        with pytest.raises(NotAnImageError, match=file.name):
            pixel_sha256(file)


def test_a_file_changed_after_the_scan_is_an_error(mr) -> None:
    """A slice whose size changed between scan and load is refused."""
    mr.write(mr.dataset((0, 0, 0)), "a")
    (series,) = scan(mr.folder).series
    mr.write(mr.dataset((0, 0, 0), mr.pixels(1, 5, 5)), "a")
    with pytest.raises(DecodeError, match="changed since the scan"):
        load_series(series)


def test_a_slope_that_became_zero_after_the_scan_is_an_error(mr) -> None:
    """A slope of 0 is refused at loading too, never taken as 1."""
    mr.write(mr.dataset((0, 0, 0)), "a")
    (series,) = scan(mr.folder).series
    mr.write(mr.dataset((0, 0, 0), RescaleSlope="0"), "a")
    with pytest.raises(DecodeError, match="a states a rescale slope of 0"):
        load_series(series)
