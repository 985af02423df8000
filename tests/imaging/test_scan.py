"""Every file of a folder ends in a series or is refused with a reason."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian, RLELossless

from modic_annotate.errors import BlockedSeriesError, NothingReadableError
from modic_annotate.imaging import Refused, load_series, scan
from modic_annotate.imaging.headers.reading import read_headers
from modic_annotate.samples import sample_folder

CONTRACT_KEYS = {
    "study_uid", "series_uid", "stack", "description", "role", "role_evidence", "weighting",
    "fat", "plane", "shape", "spacing_mm", "affine_lps", "transfer_syntax", "n_files", "blocked",
    "problems",
}  # fmt: skip


PIXEL_DATA = b"\xe0\x7f\x10\x00"


def compressed(ds: Dataset) -> Dataset:
    ds.compress(RLELossless, generate_instance_uid=False)
    return ds


def refused(catalogue) -> dict[str, str]:
    return {item.path.name: item.code for item in catalogue.refused}


def test_an_empty_folder_gives_an_empty_catalogue(tmp_path: Path) -> None:
    """Nothing in, nothing out, no error."""
    assert scan(tmp_path) == scan([])
    assert not scan(tmp_path).series


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """A wrong path is told by name."""
    with pytest.raises(NothingReadableError, match="nowhere"):
        scan(tmp_path / "nowhere")


def test_the_json_is_the_contract(mr) -> None:
    """One entry has the contract's keys and plain JSON values."""
    mr.write_all(mr.stack(3))
    (series,) = scan(mr.folder).series
    entry = json.loads(json.dumps(series.to_json(), allow_nan=False))
    assert set(entry) == CONTRACT_KEYS
    assert entry["shape"] == [3, 40, 48]
    assert entry["transfer_syntax"] == ExplicitVRLittleEndian
    assert entry["affine_lps"][0] == [-4.5, 0.0, 0.0, -13.0]
    assert (entry["role"], entry["blocked"], entry["problems"]) == ("SAG_T1", False, [])


def test_neighbours_are_refused_by_name(mr) -> None:
    """Text, empty files, archives, CT, reports and cut headers are refused, each with a code."""
    mr.write_all(mr.stack(2))
    (mr.folder / "README.TXT").write_text("hello")
    (mr.folder / "empty").touch()
    (mr.folder / "more.zip").write_bytes(b"PK\3\4" + bytes(200))
    mr.write(mr.dataset((0, 0, 0), Modality="CT", SOPClassUID="1.2.840.10008.5.1.4.1.1.2"), "ct")
    mr.write(mr.dataset((0, 0, 0), Modality=None), "unknown")
    report = mr.dataset((0, 0, 0), Rows=None, Columns=None)
    del report.PixelData
    mr.write(report, "noimage")
    whole = mr.write(mr.dataset((0, 0, 0)), "cut").read_bytes()
    (mr.folder / "cut").write_bytes(whole[:420])
    (mr.folder / "stump").write_bytes(whole[:141])
    catalogue = scan(mr.folder)
    assert refused(catalogue) == {
        "README.TXT": "not_dicom",
        "empty": "empty_file",
        "more.zip": "archive",
        "ct": "not_mr",
        "unknown": "not_mr",
        "noimage": "no_image",
        "cut": "incomplete_header",
        "stump": "damaged_header",
    }
    assert [series.n_files for series in catalogue.series] == [2]
    assert set(catalogue.refused[0].to_json()) == {"path", "code", "reason"}


def test_a_dicomdir_stands_for_its_folder(mr) -> None:
    """Scanning the index reads the files themselves; the index is refused as one."""
    mr.write_all(mr.stack(2))
    index = mr.dataset((0, 0, 0), SOPClassUID="1.2.840.10008.1.3.10")
    del index.PixelData
    path = mr.write(index, "DICOMDIR")
    catalogue = scan(path)
    assert refused(catalogue) == {"DICOMDIR": "dicomdir"}
    assert catalogue.series[0].n_files == 2


def test_links_and_overlaps_are_followed_once(mr) -> None:
    """A link back to the folder ends; a file reached twice counts once; a dead link is refused."""
    mr.write_all(mr.stack(3))
    sub = mr.folder / "sub"
    sub.mkdir()
    try:
        (sub / "up").symlink_to(mr.folder, target_is_directory=True)
        (sub / "again").symlink_to(next(p for p in mr.folder.iterdir() if p.is_file()))
        (sub / "dead").symlink_to(mr.folder / "gone")
        (sub / "self").symlink_to(sub / "self")
    except OSError:
        pytest.skip("this system lets us make no links")
    catalogue = scan(mr.folder, sub, [mr.folder])
    assert refused(catalogue) == {"dead": "broken_link", "self": "broken_link"}
    assert [series.n_files for series in catalogue.series] == [3]
    first = next(path for path in mr.folder.iterdir() if path.is_file())
    assert scan(first, mr.folder).series == catalogue.series
    assert not catalogue.series[0].problems


def test_what_is_no_plain_file_is_refused(mr) -> None:
    """A pipe among the images is refused, not waited for."""
    mr.write_all(mr.stack(1))
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(mr.folder / "pipe")
    assert refused(scan(mr.folder)) == {"pipe": "not_a_file"}


def test_a_folder_that_cannot_be_listed_is_refused(mr, monkeypatch) -> None:
    """A folder without leave to list it is refused by name; the rest is read."""
    mr.write_all(mr.stack(1))
    (mr.folder / "locked").mkdir()
    listing = os.scandir

    def guarded(path):
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return listing(path)

    monkeypatch.setattr(os, "scandir", guarded)
    found = scan(mr.folder)
    assert refused(found) == {"locked": "unreadable"}
    assert len(found.series) == 1


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    """A file that went away between listing and reading is refused as unreadable."""
    found = read_headers(tmp_path / "gone")
    assert isinstance(found, Refused)
    assert found.code == "unreadable"


def test_progress_counts_files(mr) -> None:
    """A caller is told how many files were looked at."""
    mr.write_all(mr.stack(3))
    seen: list[int] = []
    scan(mr.folder, progress=seen.append)
    assert seen == [1, 2, 3]


def test_a_truncated_file_blocks_its_series(mr) -> None:
    """A file that ends within its pixels keeps its place and blocks, by image number."""
    mr.write_all(mr.stack(3))
    path = scan(mr.folder).series[0].slices[1].path
    path.write_bytes(path.read_bytes()[:-500])
    (series,) = scan(mr.folder).series
    assert [problem.code for problem in series.problems] == ["truncated"]
    assert "image 2 " in series.problems[0].message
    with pytest.raises(BlockedSeriesError, match="image 2"):
        load_series(series)


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.99])
def test_a_truncated_compressed_file_blocks_its_series(mr, keep) -> None:
    """Compressed pixels without their end mark block just as plain ones do."""
    mr.write_all([compressed(ds) for ds in mr.stack(3)])
    path = scan(mr.folder).series[0].slices[1].path
    whole = path.read_bytes()
    begin = whole.index(PIXEL_DATA)
    path.write_bytes(whole[: begin + int(keep * (len(whole) - begin))])
    (series,) = scan(mr.folder).series
    assert [problem.code for problem in series.problems] == ["truncated"]
    with pytest.raises(BlockedSeriesError, match=r"image 2 .*ends before its pixel data does"):
        load_series(series)


def test_half_of_a_sample_file_is_blocked(tmp_path: Path) -> None:
    """A sample image of which half arrived is listed as truncated."""
    whole = (sample_folder() / "study" / "t1-05.dcm").read_bytes()
    (tmp_path / "half.dcm").write_bytes(whole[: len(whole) // 2])
    (series,) = scan(tmp_path).series
    assert "truncated" in [problem.code for problem in series.problems if problem.blocking]


def test_a_truncated_compressed_enhanced_object_is_blocked(mr) -> None:
    """A multi-frame object whose compressed frames are cut short is blocked."""
    path = mr.write(compressed(mr.enhanced(mr.stack(3))), "a")
    assert not scan(path).series[0].blocked
    path.write_bytes(path.read_bytes()[:-900])
    (series,) = scan(path).series
    assert [problem.code for problem in series.problems] == ["truncated"]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            lambda raw: raw + b"\xfc\xff\xfc\xffOB\0\0\4\0\0\0pad.", id="padding after it"
        ),
        pytest.param(lambda raw: raw[:-4], id="end mark without its length"),
        pytest.param(lambda raw: raw[:-8] + b"\0" + raw[-8:], id="stray byte before the end mark"),
    ],
)
def test_compressed_pixels_that_can_be_read_are_not_truncated(mr, change) -> None:
    """What follows or precedes the end mark oddly does not make whole pixel data truncated."""
    path = mr.write(compressed(mr.dataset((0, 0, 0))), "a")
    path.write_bytes(change(path.read_bytes()))
    (series,) = scan(path).series
    assert not series.problems
    assert (load_series(series).array[0] == mr.pixels(1)).all()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ImageType": ["ORIGINAL", "PRIMARY", "M", "MOSAIC"]}, "mosaic"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "colour"),
        ({"PhotometricInterpretation": "RGB", "SamplesPerPixel": 3}, "colour"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"}, "not_an_mr_image"),
        ({"NumberOfFrames": "2"}, "multiframe_without_geometry"),
        ({"BitsAllocated": 32}, "unsupported_bits"),
        ({"RescaleSlope": "0"}, "bad_rescale"),
        ({"RescaleSlope": "-0.0", "RescaleIntercept": "5"}, "bad_rescale"),
    ],
)
def test_what_must_not_be_read_is_blocked_by_name(mr, changes, code) -> None:
    """Recognised, listed, and never loaded."""
    mr.write(mr.dataset((0, 0, 0), **changes), "a")
    (series,) = scan(mr.folder).series
    assert code in [problem.code for problem in series.problems]
    with pytest.raises(BlockedSeriesError):
        load_series(series)


def test_a_slope_of_zero_is_told_by_image(mr) -> None:
    """One image whose rescale wipes out its grey values blocks its series, by number."""
    datasets = mr.stack(3, RescaleSlope="2")
    datasets[1].RescaleSlope = "0"
    (series,) = scan(mr.write_all(datasets)).series
    (problem,) = series.problems
    assert (problem.code, problem.blocking) == ("bad_rescale", True)
    assert problem.message.startswith("image 2 ")


def test_a_slope_of_zero_in_one_frame_is_told(mr) -> None:
    """An enhanced object states the slope by frame; one of 0 blocks its stack."""
    ds = mr.enhanced(mr.stack(3))
    frame = ds.PerFrameFunctionalGroupsSequence[1]
    frame.PixelValueTransformationSequence[0].RescaleSlope = "0"
    (series,) = scan(mr.write(ds, "a")).series
    (problem,) = series.problems
    assert problem.code == "bad_rescale"
    assert problem.message.startswith("image 1 frame 2 ")


def test_odd_values_are_taken_as_not_stated(mr, caplog) -> None:
    """Malformed values neither fail nor warn nor reach a log; a number or date is None then."""
    path = mr.write(mr.dataset((0, 0, 0), SpecificCharacterSet=["", "ISO 2022 IR 87"]), "a")
    raw = path.read_bytes()
    for good, bad in ((b"500 ", b"5x0 "), (b"20240131", b"2024-131"), (b"Roe^S", b"R=e=S")):
        assert good in raw
        raw = raw.replace(good, bad)
    path.write_bytes(raw)
    with caplog.at_level(logging.DEBUG):
        (series,) = scan(mr.folder).series
        load_series(series)
    assert series.acquisition.repetition_time_ms is None
    assert series.acquisition.echo_time_ms == 12.0
    assert series.patient.study_date is None
    assert not caplog.records


def test_a_two_byte_character_set_is_read(mr) -> None:
    """A description in Japanese is decoded."""
    mr.write(
        mr.dataset((0, 0, 0), SpecificCharacterSet="ISO_IR 192", SeriesDescription="腰椎 T1"), "a"
    )
    (series,) = scan(mr.folder).series
    assert series.description == "腰椎 T1"
    assert series.weighting == "T1"


def test_studies_and_patients_are_told_apart(mr) -> None:
    """A medium with two patients and three studies lists them all."""
    mr.write(mr.dataset((0, 0, 0)), "a")
    mr.write(mr.dataset((0, 0, 0), StudyInstanceUID="1.2.3", SeriesInstanceUID="1.2.4"), "b")
    other = {"StudyInstanceUID": "1.2.5", "SeriesInstanceUID": "1.2.6", "PatientID": "SECOND-9"}
    mr.write(mr.dataset((0, 0, 0), **other), "c")
    catalogue = scan(mr.folder)
    assert len(catalogue.studies()) == 3
    assert sorted(p.patient_id for p in catalogue.patients() if p.patient_id) == [
        "HIDDEN-77",
        "SECOND-9",
    ]
    assert len(catalogue.of_series("1.2.6")) == 1


def test_two_patients_in_one_series_block_without_a_name(mr) -> None:
    """A series of two patients is blocked; no message, repr or JSON names either."""
    datasets = mr.stack(3)
    datasets[1].PatientName = "Doe^Private"
    mr.write_all(datasets)
    catalogue = scan(mr.folder)
    (series,) = catalogue.series
    assert [problem.code for problem in series.problems] == ["mixed_patients"]
    shown = repr(catalogue) + json.dumps(series.to_json())
    for name in ("Secret", "Private", "HIDDEN"):
        assert name not in shown


def test_identity_is_read_for_comparison(mr) -> None:
    """Birth year, sex and study date come out as values to compare."""
    mr.write(mr.dataset((0, 0, 0), StudyDate=""), "a")
    patient = scan(mr.folder).series[0].patient
    assert (patient.birth_year, patient.sex, patient.study_date) == (1961, "F", None)
    assert repr(patient) == "PatientIdentity()"


def test_importing_the_package_loads_nothing_heavy() -> None:
    """The package imports neither pydicom nor pydantic until a name is used."""
    code = (
        "import sys, modic_annotate.imaging as im\n"
        "heavy = [m for m in ('pydicom', 'pydantic', 'numpy') if m in sys.modules]\n"
        "print(heavy, 'scan' in dir(im))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[] True"


def test_an_unknown_name_is_no_attribute() -> None:
    """A misspelt name fails as usual."""
    import modic_annotate.imaging as im

    with pytest.raises(AttributeError, match="scam"):
        im.scam  # noqa: B018
    assert "scan" in dir(im)


def test_images_without_numbers_are_named_by_instance(mr) -> None:
    """Where InstanceNumber is missing, a message names the end of the instance UID."""
    mr.write(
        mr.dataset((0, 0, 0), InstanceNumber="", PixelSpacing=None, SOPInstanceUID="1.23"), "a"
    )
    (series,) = scan(mr.folder).series
    assert (
        series.problems[0].message == "instance ...1.23 (file a) does not state its pixel spacing"
    )
