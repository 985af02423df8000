"""The sample as DICOM."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pydicom
import pytest

from modic_annotate import imaging
from modic_annotate.domain.series import SeriesRole
from modic_annotate.phantom import SAMPLE, Truth, write_phantom
from modic_annotate.phantom.anatomy import build_spine
from modic_annotate.phantom.dicom import file_name, phantom_uid, write_slice
from modic_annotate.phantom.protocol import SEQUENCES
from modic_annotate.phantom.render import render_slice
from modic_annotate.phantom.write import DEFAULT_SEED
from modic_annotate.store.canonical import parse_record

MOST_BYTES = 8_000_000
STUDIES = ("study", "normal-study")


def test_the_study_is_small(sample: Path) -> None:
    """All files of the study together have at most 8 MB."""
    assert sum(p.stat().st_size for p in (sample / "study").glob("*.dcm")) <= MOST_BYTES


def test_every_file_is_named_in_the_truth(sample: Path, truth: Truth) -> None:
    """The study folder holds the truth's files and no other."""
    named = {name for one in truth.series for name in one.files}
    assert named == {f"study/{p.name}" for p in (sample / "study").iterdir()}


def test_the_sample_says_that_it_is_synthetic(sample: Path) -> None:
    """Every file bears the invented name and says that there is no patient."""
    for path in (sample / "study").glob("*.dcm"):
        header = pydicom.dcmread(path, stop_before_pixels=True)
        assert header.PatientName == "Phantom^Synthetic"
        assert header.PatientID == "SYNTHETIC-1"
        assert "SYNTHETIC" in header.ImageComments
        assert (header.PatientBirthDate, header.StudyDate) == ("19790514", "20260310")
        assert header.PatientAge == "046Y"


@pytest.mark.parametrize("folder", STUDIES)
def test_dciodvfy_finds_nothing(sample: Path, folder: str) -> None:
    """The validator of dicom3tools has 0 errors and 0 warnings on every file."""
    tool = _program("dciodvfy", "dicom3tools")
    for path in sorted((sample / folder).glob("*.dcm")):
        said = subprocess.run([tool, str(path)], capture_output=True, text=True, check=False)
        assert (said.stderr + said.stdout).split() == ["MRImage"], path.name


@pytest.mark.parametrize("folder", STUDIES)
def test_dcmtk_reads_every_file_with_the_geometry_of_the_truth(sample: Path, folder: str) -> None:
    """DCMTK takes every file without a word of complaint and prints the truth's positions."""
    tool = _program("dcmdump", "dcmtk")
    for one in _truth_of(sample, folder).series:
        for index, name in enumerate(one.files):
            call = [tool, "-q", "+P", "ImagePositionPatient", "+P", "SOPInstanceUID", sample / name]
            said = subprocess.run(call, capture_output=True, text=True, check=False)
            assert (said.returncode, said.stderr) == (0, ""), name
            values = re.findall(r"\[([^\]]*)\]", said.stdout)
            assert one.sop_instance_uids[index] in values
            position = next(v for v in values if "\\" in v)
            place = [float(v) for v in position.split("\\")]
            assert place == pytest.approx(one.grid.to_lps([(index, 0, 0)])[0], abs=1e-3)


@pytest.mark.parametrize("folder", STUDIES)
def test_gdcm_reads_every_file_with_the_geometry_of_the_truth(sample: Path, folder: str) -> None:
    """GDCM gives every file the truth's origin, directions and spacing, and the same pixels."""
    gdcm = pytest.importorskip("gdcm", reason="python-gdcm is not installed")
    for one in _truth_of(sample, folder).series:
        matrix = one.grid.matrix[:3, :3]
        for index, name in enumerate(one.files):
            reader = gdcm.ImageReader()
            reader.SetFileName(str(sample / name))
            assert reader.Read(), name
            image = reader.GetImage()
            origin = [image.GetOrigin(i) for i in range(3)]
            assert origin == pytest.approx(one.grid.to_lps([(index, 0, 0)])[0], abs=1e-3)
            steps = [image.GetDirectionCosines(i) * image.GetSpacing(i // 3) for i in range(6)]
            assert steps == pytest.approx([*matrix[:, 2], *matrix[:, 1]], abs=1e-4)
            content = image.GetBuffer().encode("utf-8", errors="surrogateescape")
            assert content == pydicom.dcmread(sample / name).pixel_array.tobytes()


@pytest.mark.parametrize("folder", STUDIES)
def test_highdicom_reads_volumes_with_the_geometry_of_the_truth(sample: Path, folder: str) -> None:
    """Highdicom makes one regular volume of every series, its corners where the truth's are."""
    highdicom = pytest.importorskip("highdicom", reason="highdicom is not installed")
    for one in _truth_of(sample, folder).series:
        datasets = [pydicom.dcmread(sample / name) for name in one.files]
        volume = highdicom.get_volume_from_series(datasets)
        assert sorted(volume.spatial_shape) == sorted(one.grid.shape)
        ends = np.array(np.meshgrid(*[(0, n - 1) for n in volume.spatial_shape])).reshape(3, -1).T
        ours = np.array(np.meshgrid(*[(0, n - 1) for n in one.grid.shape])).reshape(3, -1).T
        seen = sorted(map(tuple, np.round(volume.map_indices_to_reference(ends), 2)))
        wanted = sorted(map(tuple, np.round(one.grid.to_lps(ours), 2)))
        assert np.allclose(seen, wanted, atol=0.02)


def test_simpleitk_reads_the_grids_of_the_truth(truth: Truth, series) -> None:
    """Corner voxels lie where the truth's grid says, to 0.001 mm."""
    for one in truth.series:
        slices, rows, columns = one.grid.shape
        image = series[one.role].image
        assert image.GetSize() == (columns, rows, slices)
        for index in np.ndindex(2, 2, 2):
            place = np.array(index) * (slices - 1, rows - 1, columns - 1)
            seen = image.TransformIndexToPhysicalPoint([int(v) for v in place[::-1]])
            assert one.grid.to_lps(place) == pytest.approx(seen, abs=1e-3)


def test_the_three_grids_share_space_but_not_planes(truth: Truth) -> None:
    """The series have three shapes or spacings and three slice directions."""
    normals = [one.grid.slice_normal_lps for one in truth.series]
    assert len({(one.grid.shape, one.grid.spacing_mm) for one in truth.series}) == 3
    for a, b in ((0, 1), (0, 2), (1, 2)):
        assert float(normals[a] @ normals[b]) < np.cos(np.radians(0.5))


def test_slice_zero_lies_lowest_along_the_normal(truth: Truth) -> None:
    """The truth's slices run along row direction x column direction."""
    for one in truth.series:
        matrix = one.grid.matrix[:3, :3]
        assert float(np.cross(matrix[:, 2], matrix[:, 1]) @ matrix[:, 0]) > 0


def test_scan_finds_the_three_slots(sample: Path, truth: Truth) -> None:
    """Our own scan gives each series its role and the truth's grid."""
    found = {one.role: one for one in imaging.scan(sample / "study").series}
    assert set(found) == {SeriesRole.SAG_T1, SeriesRole.SAG_T2, SeriesRole.SAG_FS}
    for one in truth.series:
        seen = found[one.role]
        assert not seen.blocked
        assert seen.series_uid == one.series_uid
        assert seen.grid is not None
        assert seen.grid.matrix == pytest.approx(one.grid.matrix, abs=1e-4)
        uids = tuple(s.sop_instance_uid for s in seen.slices)
        assert uids == one.sop_instance_uids


@pytest.mark.parametrize("sequence", SEQUENCES, ids=lambda s: s.key)
def test_a_slice_drawn_again_is_the_committed_file(sample: Path, tmp_path: Path, sequence) -> None:
    """Drawing and writing a slice on this machine gives the committed bytes."""
    index = sequence.shape[0] // 2
    pixels = render_slice(build_spine(SAMPLE), sequence, DEFAULT_SEED, index)
    path = tmp_path / file_name(sequence, index)
    write_slice(path, pixels, SAMPLE, sequence, index, f"sample/{DEFAULT_SEED}")
    committed = sample / "study" / path.name
    assert _digest(path) == _digest(committed)


@pytest.mark.slow
def test_the_whole_sample_is_written_again_byte_for_byte(sample: Path, tmp_path: Path) -> None:
    """Writing the sample gives the committed study and truth."""
    write_phantom(tmp_path)
    written = {p.relative_to(tmp_path): _digest(p) for p in tmp_path.rglob("*") if p.is_file()}
    assert written == {name: _digest(sample / name) for name in written}


def test_another_seed_is_another_study_with_the_same_anatomy(tmp_path: Path) -> None:
    """The seed changes the noise and all UIDs, and nothing that is true of the spine."""
    short = (SEQUENCES[1].__class__(**_fields(SEQUENCES[1]) | {"shape": (2, 64, 64)}),)
    a = write_phantom(tmp_path / "a", seed=1, sequences=short)
    b = write_phantom(tmp_path / "b", seed=2, sequences=short)
    assert a.study_uid != b.study_uid
    assert a.endplates == b.endplates
    pixels = [pydicom.dcmread(tmp_path / n / a.series[0].files[0]).pixel_array for n in "ab"]
    assert not np.array_equal(*pixels)


def test_uids_are_valid_and_fixed() -> None:
    """A name always gives the same valid UID."""
    assert phantom_uid("sample/20260310").is_valid
    assert phantom_uid("a") == "2.25.102307450719204475767626012360180291071"


def _truth_of(sample: Path, folder: str) -> Truth:
    name = "truth.json" if folder == "study" else "normal-truth.json"
    return parse_record(Truth, (sample / name).read_bytes(), name)


def _program(name: str, package: str) -> str:
    tool = shutil.which(name)
    if tool is None:
        pytest.skip(f"{name} ({package}) is not installed")
    return tool


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _fields(sequence) -> dict[str, object]:
    return {name: getattr(sequence, name) for name in sequence.__slots__}
