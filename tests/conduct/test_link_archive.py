"""A study is linked from a zip archive as from its folder, and stops where one is in doubt."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from modic_annotate import imaging
from modic_annotate.conduct.link import link_study
from modic_annotate.domain.series import SeriesRole
from modic_annotate.errors import RecordError
from modic_annotate.evidence.checks.images import find_images
from modic_annotate.samples import sample_folder
from modic_annotate.store.images import image_faults, open_volumes
from modic_annotate.store.workspace import Workspace

SAGITTAL = (SeriesRole.SAG_T1, SeriesRole.SAG_T2, SeriesRole.SAG_FS)


def zipped(folder: Path, archive: Path) -> Path:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            opened.write(path, f"DICOM/{path.relative_to(folder).as_posix()}")
    return archive


@pytest.mark.parametrize("mode", ["deidentified", "verbatim"])
def test_a_study_in_a_zip_is_linked(ws: Workspace, add_record, make_study, tmp_path, mode) -> None:
    """Its images are copied in, verified, and read after the archive is gone."""
    add_record()
    source = make_study()
    expected = {s.role: imaging.load_series(s).array for s in imaging.scan(source).series}
    archive = zipped(source, tmp_path / "cd.zip")
    shutil.rmtree(source)

    report = link_study(ws, "case1", [archive], by="coordinator", mode=mode)

    assert (report.link.n_series, report.link.n_instances) == (3, 15)
    archive.unlink()
    volumes = open_volumes(ws, "case1", SAGITTAL)
    assert all(np.array_equal(volumes[role].array, expected[role]) for role in SAGITTAL)
    assert image_faults(ws, "case1") == ()


def test_an_archive_cannot_be_read_in_place(
    ws: Workspace, add_record, make_study, tmp_path
) -> None:
    """A workspace notes files, and a file in an archive is none; nothing is linked."""
    add_record()
    archive = zipped(make_study(), tmp_path / "cd.zip")
    with pytest.raises(RecordError, match=r"unpack it, or link without --in-place"):
        link_study(ws, "case1", [archive], by="coordinator", mode="in_place")
    assert ws.links("case1") == ()
    assert not ws.image_folder("case1").exists()


@pytest.mark.parametrize("name", ["broken.zip", "nested.zip"])
def test_an_archive_that_was_not_opened_stops_a_link(
    ws: Workspace, add_record, make_study, name
) -> None:
    """A damaged archive might hold images of the study; one within another is only told."""
    add_record()
    source = make_study()
    if name == "broken.zip":
        (source / name).write_bytes(b"PK\3\4" + bytes(300))
        with pytest.raises(RecordError, match="zip archive that is damaged"):
            link_study(ws, "case1", [source], by="coordinator")
        assert ws.links("case1") == ()
    else:
        with zipfile.ZipFile(source / name, "w") as opened:
            opened.writestr("viewer.zip", b"x")
        report = link_study(ws, "case1", [source], by="coordinator")
        assert "1 other files were left out (scan says why)" in report.message


def test_files_an_index_misses_are_told(ws: Workspace, add_record, make_study) -> None:
    """The coordinator hears that the medium's index names files that are not there."""
    add_record()
    source = make_study()
    meta = b"\2\0\2\0UI\x14\x001.2.840.10008.1.3.10" + b"\2\0\x10\0UI\x14\x001.2.840.10008.1.2.1\0"
    (source / "DICOMDIR").write_bytes(bytes(128) + b"DICM" + meta + b"\4\0\0\x15CS\4\0GONE")
    report = link_study(ws, "case1", [source], by="coordinator")
    assert report.lacks_files
    assert "names files that are not there" in report.message


def test_copies_on_a_medium_are_linked_once(ws: Workspace, add_record, make_study) -> None:
    """A medium that holds each image twice gives each once."""
    add_record()
    source = make_study()
    shutil.copytree(source, source / "AGAIN")
    report = link_study(ws, "case1", [source], by="coordinator")
    assert report.link.n_instances == 15
    assert report.n_refused_files == 15
    assert not report.lacks_files


def test_images_given_for_verification_may_be_zipped(tmp_path: Path) -> None:
    """The same instances with the same pixels are found in an archive as in its folder."""
    study = sample_folder() / "study"
    assert find_images(zipped(study, tmp_path / "cd.zip")) == find_images(study)
