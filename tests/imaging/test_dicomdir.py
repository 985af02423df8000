"""An index says what a medium lacks; what is there is read, listed or not."""

from __future__ import annotations

import shutil
import warnings
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.fileset import FileSet
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from modic_annotate.imaging import scan
from modic_annotate.imaging.headers.header import MEDIA_STORAGE_DIRECTORY
from modic_annotate.imaging.sources.dicomdir import INCOMPLETE, references_of


@pytest.fixture
def medium(mr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A medium of three images with its DICOMDIR, written by pydicom."""
    left: list[TemporaryDirectory[str]] = []  # pydicom leaves them to chance

    def temporary(*args: object) -> TemporaryDirectory[str]:
        left.append(TemporaryDirectory(dir=tmp_path))
        return left[-1]

    monkeypatch.setattr("pydicom.fileset.TemporaryDirectory", temporary)
    files = FileSet()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for ds in mr.stack(3, StudyTime="101500", StudyID="1"):
            ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
            ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
            files.add(ds)
        files.write(tmp_path / "medium")
    for folder in left:
        folder.cleanup()
    return tmp_path / "medium"


def write_index(folder: Path, *references: list[str], syntax: str = ExplicitVRLittleEndian) -> Path:
    """Write an index of bare references, as broken programs do."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.file_meta.MediaStorageSOPClassUID = MEDIA_STORAGE_DIRECTORY
    ds.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    ds.FileSetID = "X"
    ds.DirectoryRecordSequence = []
    for parts in references:
        record = Dataset()
        record.add(DataElement(0x00041500, "CS", parts, validation_mode=pydicom.config.IGNORE))
        ds.DirectoryRecordSequence.append(record)
    folder.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ds.save_as(folder / "DICOMDIR", enforce_file_format=True)
    return folder / "DICOMDIR"


def images(medium: Path) -> list[Path]:
    return sorted(p for p in medium.rglob("*") if p.is_file() and p.name != "DICOMDIR")


@pytest.mark.parametrize("given_as", ["folder", "index"])
def test_a_whole_medium_reads_from_its_index(medium: Path, given_as: str) -> None:
    """All files it names are read; the index itself is the one refused file."""
    catalogue = scan(medium if given_as == "folder" else medium / "DICOMDIR")
    (series,) = catalogue.series
    assert sorted(ref.path for ref in series.slices) == images(medium)
    assert [(item.path.name, item.code) for item in catalogue.refused] == [("DICOMDIR", "dicomdir")]


def test_files_that_are_not_listed_are_read_or_refused(mr, medium: Path) -> None:
    """An image and a text beside the index count like those it names."""
    extra = mr.write(mr.stack(4)[3], "extra")
    shutil.move(extra, medium / "EXTRA")
    (medium / "README").write_text("x")
    catalogue = scan(medium / "DICOMDIR")
    assert catalogue.series[0].shape[0] == 4
    assert {item.path.name: item.code for item in catalogue.refused} == {
        "DICOMDIR": "dicomdir",
        "README": "not_dicom",
    }


def test_files_that_are_missing_are_named(medium: Path) -> None:
    """The folder is read instead, and the index is refused with the names of what is gone."""
    gone = images(medium)[0]
    gone.unlink()
    catalogue = scan(medium)
    (item,) = catalogue.refused
    assert (item.path.name, item.code) == ("DICOMDIR", INCOMPLETE)
    assert f"1 of the files it names are not there ({gone.relative_to(medium).as_posix()})" in (
        item.reason
    )
    assert catalogue.series[0].n_files == 2


def test_many_missing_files_are_counted(tmp_path: Path) -> None:
    """A long list is cut short, with its number."""
    write_index(tmp_path, *([f"IM{i}"] for i in range(9)))
    (item,) = scan(tmp_path).refused
    assert "9 of the files it names are not there (IM0, IM1, IM2, IM3, IM4 ...)" in item.reason


def test_names_in_another_case_are_found(medium: Path) -> None:
    """Some systems show the names of a medium in lower case."""
    for path in images(medium):
        lower = medium / path.relative_to(medium).as_posix().lower()
        lower.parent.mkdir(parents=True, exist_ok=True)
        path.rename(lower)
    assert [item.code for item in scan(medium / "DICOMDIR").refused] == ["dicomdir"]


def test_a_file_reached_by_another_name_is_there(medium: Path) -> None:
    """A file given by itself before the index is not missing from the medium."""
    first = images(medium)[0]
    assert [item.code for item in scan(first, medium).refused] == ["dicomdir"]
    link = medium.parent / "link"
    try:
        link.symlink_to(first)
    except OSError:
        pytest.skip("this system lets us make no links")
    assert [item.code for item in scan(link, medium).refused] == ["dicomdir"]


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
@pytest.mark.parametrize(
    "parts", [["..", "SECRET"], ["A", "..", "..", "SECRET"], ["", "ETC", "X"], ["C:", "X"],
              ["A/../../SECRET"], [".", "X"]],
)  # fmt: skip
def test_a_reference_that_leads_out_is_refused(mr, tmp_path: Path, parts, syntax) -> None:
    """A name that leaves the folder is told and not followed."""
    mr.write(mr.dataset((0, 0, 0)), "SECRET")
    shutil.move(mr.folder / "SECRET", tmp_path / "SECRET")
    index = write_index(tmp_path / "medium", parts, syntax=syntax)
    catalogue = scan(index)
    assert not catalogue.series
    assert [item.code for item in catalogue.refused] == ["dicomdir", "leads_out"]
    assert {item.path for item in catalogue.refused} == {index}
    assert parts[-1] in catalogue.refused[1].reason


def test_an_index_in_an_archive(medium: Path, tmp_path: Path) -> None:
    """Within a zip, names are looked for in the zip."""
    archive = tmp_path / "cd.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for path in [*images(medium), medium / "DICOMDIR"]:
            opened.write(path, f"cd/{path.relative_to(medium).as_posix()}")
    assert [item.code for item in scan(archive).refused] == ["dicomdir"]
    with zipfile.ZipFile(archive, "w") as opened:
        opened.write(medium / "DICOMDIR", "cd/DICOMDIR")
        opened.write(images(medium)[0], "elsewhere/1")
    catalogue = scan(archive)
    assert [item.code for item in catalogue.refused] == [INCOMPLETE]
    assert catalogue.series[0].n_files == 1


def test_an_index_that_goes_away_is_unreadable(medium: Path, monkeypatch) -> None:
    """An index that cannot be read again is refused as that, and the images are read."""

    def gone(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("modic_annotate.imaging.sources.dicomdir.open_image", gone)
    catalogue = scan(medium)
    assert [item.code for item in catalogue.refused] == ["unreadable"]
    assert catalogue.series[0].n_files == 3


@given(st.binary(max_size=400))
def test_any_bytes_give_references_or_none(content: bytes) -> None:
    """Damaged indexes never raise, and no reference is empty."""
    marked = content.replace(b"\1\2", b"\4\0\0\x15CS")
    assert all(any(parts) for parts in references_of(marked))


@pytest.mark.real
def test_the_index_of_a_real_exam(real_data: Path) -> None:
    """The DICOMDIR beside the real exam names exactly its images."""
    exam = real_data / "lumbar-hitachi-0.3t"
    index = next(exam.rglob("DICOMDIR"))
    catalogue = scan(index)
    assert {item.code for item in catalogue.refused} <= {"dicomdir", INCOMPLETE, "not_dicom"}
    named = {"/".join(parts).casefold() for parts in references_of(index.read_bytes())}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        records = pydicom.dcmread(index).DirectoryRecordSequence
    theirs = {
        (
            r.ReferencedFileID
            if isinstance(r.ReferencedFileID, str)
            else "/".join(r.ReferencedFileID)
        )
        for r in records
        if "ReferencedFileID" in r
    }
    assert named == {name.casefold() for name in theirs}
    assert sum(len(series.slices) for series in catalogue.series) == 67
