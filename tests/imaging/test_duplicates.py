"""One instance in several files is read once, or blocks where the files disagree."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import ImplicitVRLittleEndian, JPEGLSLossless, RLELossless

from modic_annotate.errors import BlockedSeriesError
from modic_annotate.imaging import load_series, scan


def duplicates(catalogue) -> dict[str, str]:
    return {i.path.name: i.reason for i in catalogue.refused if i.code == "duplicate"}


def conflicts(series) -> list[str]:
    return [p.message for p in series.problems if p.code == "conflicting_copies" and p.blocking]


@pytest.mark.parametrize("syntax", [None, RLELossless, JPEGLSLossless, ImplicitVRLittleEndian])
def test_the_same_image_again_is_read_once(mr, syntax) -> None:
    """A copy, in its own encoding or another one, is refused as duplicate of the first."""
    mr.write_all(mr.stack(3))
    before = scan(mr.folder)
    path = before.series[0].slices[1].path
    copy = mr.folder / "zz-copy"
    if syntax is None:
        shutil.copy(path, copy)
    else:
        ds = next(d for d in mr.stack(3) if int(d.InstanceNumber) == 2)
        ds.SOPInstanceUID = before.series[0].slices[1].sop_instance_uid
        if syntax == ImplicitVRLittleEndian:
            ds.file_meta.TransferSyntaxUID = syntax
        else:
            ds.compress(syntax, generate_instance_uid=False)
        mr.write(ds, copy.name)
    catalogue = scan(mr.folder)
    assert catalogue.series == before.series
    assert duplicates(catalogue) == {"zz-copy": f"the same image as {path}, which is read"}


def test_a_study_beside_its_archive_is_read_once(mr) -> None:
    """A folder that holds a zip of itself gives each image once, each copy by name."""
    mr.write_all(mr.stack(4))
    plain = sorted(p for p in mr.folder.iterdir())
    with zipfile.ZipFile(mr.folder / "all.zip", "w") as opened:
        for path in plain:
            opened.write(path, f"cd/{path.name}")
    catalogue = scan(mr.folder)
    (series,) = catalogue.series
    assert (series.shape[0], series.problems) == (4, ())
    assert len(duplicates(catalogue)) == 4
    used = {str(ref.path) for ref in series.slices} | {str(i.path) for i in catalogue.refused}
    assert len(used) == 8


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            lambda ds: setattr(ds, "PixelData", ds.PixelData[:-1] + b"\0"), id="one pixel"
        ),
        pytest.param(lambda ds: setattr(ds, "ImagePositionPatient", ["9", "9", "9"]), id="place"),
        pytest.param(lambda ds: setattr(ds, "PatientID", "OTHER"), id="patient"),
        pytest.param(lambda ds: setattr(ds, "RescaleIntercept", "7"), id="rescale"),
        pytest.param(lambda ds: setattr(ds, "EchoTime", "99"), id="technique"),
        pytest.param(lambda ds: setattr(ds, "PixelRepresentation", 1), id="sign"),
    ],
)
def test_copies_that_differ_are_both_named(mr, change) -> None:
    """Other pixels, place, technique or patient under one UID block; neither file is chosen."""
    (ds,) = mr.stack(1)
    ds.PixelData = np.full((40, 48), 40_000, np.uint16).tobytes()
    mr.write(ds, "A/1")
    change(ds)
    mr.write(ds, "B/1")
    catalogue = scan(mr.folder)
    assert not catalogue.refused
    for series in catalogue.series:
        assert all("A/1 and B/1" in message for message in conflicts(series))
        assert conflicts(series)
        with pytest.raises(BlockedSeriesError, match="different content"):
            load_series(series)
    used = {ref.path for series in catalogue.series for ref in series.slices}
    assert used == {mr.folder / "A/1", mr.folder / "B/1"}


def test_one_uid_in_two_series_blocks_both(mr) -> None:
    """An instance that two series claim blocks the one and the other."""
    (ds,) = mr.stack(1)
    mr.write(ds, "one")
    ds.SeriesInstanceUID = "1.2.3"
    mr.write(ds, "two")
    series = scan(mr.folder).series
    assert len(series) == 2
    assert all(conflicts(entry) for entry in series)


def test_a_third_file_is_compared_with_each(mr) -> None:
    """Of A, A again and B, the second A is a duplicate, and A and B contradict each other."""
    (ds,) = mr.stack(1)
    mr.write(ds, "a1")
    mr.write(ds, "a2")
    ds.PixelData = bytes(len(ds.PixelData))
    mr.write(ds, "b")
    catalogue = scan(mr.folder)
    assert set(duplicates(catalogue)) == {"a2"}
    (message,) = conflicts(catalogue.series[0])
    assert "(a1 and b)" in message


def test_a_damaged_copy_is_no_duplicate(mr) -> None:
    """A copy that is cut short cannot be told to be the same; both are named."""
    (ds,) = mr.stack(1)
    whole = mr.write(ds, "whole").read_bytes()
    (mr.folder / "cut").write_bytes(whole[:-100])
    (series,) = scan(mr.folder).series
    (message,) = conflicts(series)
    assert "cut and whole" in message


def test_two_equal_damaged_files_are_one(mr) -> None:
    """Files of the same bytes are the same image, readable or not."""
    (ds,) = mr.stack(1)
    whole = mr.write(ds, "one").read_bytes()
    for name in ("one", "two"):
        (mr.folder / name).write_bytes(whole[:-100])
    catalogue = scan(mr.folder)
    assert set(duplicates(catalogue)) == {"two"}
    assert [p.code for p in catalogue.series[0].problems] == ["truncated"]


def test_enhanced_objects_are_compared_by_frame(mr) -> None:
    """A multi-frame object in two encodings is read once; another intercept in one frame blocks."""
    ds = mr.enhanced(mr.stack(3))
    mr.write(ds, "a")
    other = mr.enhanced(mr.stack(3), SOPInstanceUID=ds.SOPInstanceUID)
    other.compress(RLELossless, generate_instance_uid=False)
    mr.write(other, "b")
    catalogue = scan(mr.folder)
    assert set(duplicates(catalogue)) == {"b"}
    assert catalogue.series[0].shape[0] == 3
    frame: Dataset = ds.PerFrameFunctionalGroupsSequence[1]
    frame.PixelValueTransformationSequence[0].RescaleIntercept = "1"
    mr.write(ds, "b")
    assert conflicts(scan(mr.folder).series[0])


def test_a_copy_that_goes_away_is_no_duplicate(mr, monkeypatch) -> None:
    """Two files that cannot be read any more are not taken for the same image."""
    (ds,) = mr.stack(1)
    for name in ("a", "b"):
        mr.write(ds, name)

    def gone(path: Path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("modic_annotate.imaging.copies.open_image", gone)
    monkeypatch.setattr("modic_annotate.imaging.pixels.decode.open_image", gone)
    assert conflicts(scan(mr.folder).series[0])
