"""The real lumbar exam, compared with pydicom and SimpleITK."""

from __future__ import annotations

import itertools
import warnings
from pathlib import Path

import numpy as np
import pydicom
import pytest

from modic_annotate.domain.series import FatTechnique, Plane, SeriesRole, Weighting
from modic_annotate.imaging import Catalogue, choose_slots, load_series, scan, slot_stacks
from modic_annotate.imaging.model import Series

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # SWIG's own deprecations on newer Pythons
    sitk = pytest.importorskip("SimpleITK")

pytestmark = pytest.mark.real
AGREEMENT_MM = 0.01


@pytest.fixture(scope="module")
def exam(real_data: Path) -> Catalogue:
    return scan(real_data / "lumbar-hitachi-0.3t")


def test_every_file_is_in_a_series_or_refused(exam: Catalogue, real_data: Path) -> None:
    """67 images lie in stacks, the index and the licence are refused, nothing is lost."""
    used = [ref.path for series in exam.series for ref in series.slices]
    refused = {item.path.name: item.code for item in exam.refused}
    files = [p for p in (real_data / "lumbar-hitachi-0.3t").rglob("*") if p.is_file()]
    assert refused == {"DICOMDIR": "dicomdir", "LICENSE": "not_dicom"}
    assert len(used) == 67
    assert sorted(used + [item.path for item in exam.refused]) == sorted(files)


@pytest.mark.parametrize(
    ("description", "role", "weighting", "fat", "stacks", "evidence"),
    [
        ("T1 SAG", "SAG_T1", "T1", "none", 1, ("TR 462 ms", "TE 25 ms")),
        ("T2 SAG", "SAG_T2", "T2", "none", 1, ("TR 3203 ms", "TE 110 ms")),
        ("STIR SAG", "SAG_FS", "T2", "STIR", 1, ("TI 110 ms", "sequence IR")),
        ("T1 AX", "AX_T1", "T1", "none", 5, ("TR 567 ms", "TE 21 ms")),
        ("T2 AX", "AX_T2", "T2", "none", 5, ("TR 4455 ms", "TE 95 ms")),
    ],
)
def test_roles_with_evidence(  # noqa: PLR0917
    exam: Catalogue,
    description: str,
    role: str,
    weighting: str,
    fat: str,
    stacks: int,
    evidence: tuple[str, ...],
) -> None:
    """Each series has its role, technique and number of stacks, from numbers and words alike."""
    found = [series for series in exam.series if series.description == description]
    assert [series.stack for series in found] == list(range(stacks))
    for series in found:
        assert (series.role, series.weighting, series.fat) == (role, weighting, fat)
        assert set(evidence) <= set(series.role_evidence)
        assert series.role_confidence == "high"
        assert not series.problems


def test_stir_is_known_without_its_words(real_data: Path, tmp_path: Path) -> None:
    """Inversion time and sequence tell STIR where the words are gone."""
    for i in range(56, 67):
        ds = pydicom.dcmread(real_data / f"lumbar-hitachi-0.3t/DCM/D00000{i}")
        ds.SeriesDescription, ds.ProtocolName, ds.SequenceName = "", "", ""
        ds.save_as(tmp_path / f"{i}")
    (stir,) = scan(tmp_path).series
    assert (stir.role, stir.fat) == (SeriesRole.SAG_FS, FatTechnique.STIR)
    assert stir.role_confidence == "moderate"


def test_axial_blocks_have_their_slices(exam: Catalogue) -> None:
    """The five disc blocks of an axial series hold 3, 3, 3, 4 and 4 slices, head to foot."""
    blocks = [s for s in exam.series if s.role is SeriesRole.AX_T2]
    assert [s.shape[0] for s in blocks] == [3, 3, 3, 4, 4]
    heights = [s.grid.matrix[2, 3] for s in blocks if s.grid]
    assert heights == sorted(heights, reverse=True)
    assert {s.plane for s in blocks} == {Plane.AXIAL}
    assert slot_stacks(exam, SeriesRole.AX_T2) == tuple(blocks)


def test_slots_are_filled(exam: Catalogue) -> None:
    """Every slot of the exam finds its series."""
    slots = choose_slots(exam)
    assert {role: s.description for role, s in slots.items()} == {
        SeriesRole.SAG_T1: "T1 SAG",
        SeriesRole.SAG_T2: "T2 SAG",
        SeriesRole.SAG_FS: "STIR SAG",
        SeriesRole.AX_T1: "T1 AX",
        SeriesRole.AX_T2: "T2 AX",
    }


def _itk(series: Series) -> sitk.Image:
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames([str(ref.path) for ref in series.slices])
    return reader.Execute()


def test_voxels_lie_where_simpleitk_puts_them(exam: Catalogue) -> None:
    """The eight corners of every stack agree with SimpleITK to 0.01 mm."""
    for series in exam.series:
        image = _itk(series)
        assert series.grid is not None
        ends = [(0, size - 1) for size in series.shape]
        for corner in itertools.product(*ends):
            theirs = image.TransformIndexToPhysicalPoint([int(i) for i in reversed(corner)])
            assert np.abs(series.grid.to_lps(corner) - theirs).max() < AGREEMENT_MM


def test_every_slice_lies_where_its_header_says(exam: Catalogue) -> None:
    """The first voxel of each slice is at its ImagePositionPatient."""
    for series in exam.series:
        assert series.grid is not None
        for i, ref in enumerate(series.slices):
            stated = pydicom.dcmread(ref.path, stop_before_pixels=True).ImagePositionPatient
            assert np.abs(series.grid.to_lps((i, 0, 0)) - stated).max() < AGREEMENT_MM


def test_pixel_values_are_those_of_other_readers(exam: Catalogue) -> None:
    """Every voxel of every stack equals pydicom's and SimpleITK's."""
    for series in exam.series:
        volume = load_series(series)
        theirs = np.stack([pydicom.dcmread(ref.path).pixel_array for ref in series.slices])
        assert volume.array.dtype == np.int16
        assert np.array_equal(volume.array, theirs)
        assert np.array_equal(volume.array, sitk.GetArrayFromImage(_itk(series)))


def test_t1_values_are_signed(exam: Catalogue) -> None:
    """12 of 16 bits with a sign: T1 runs from -117 to 1811, its window is the header's."""
    t1 = load_series(choose_slots(exam)[SeriesRole.SAG_T1])
    assert (t1.array.min(), t1.array.max()) == (-117, 1811)
    assert t1.window == (918.0, 1616.0)
    assert [instance.instance_number for instance in t1.instances] == list(range(11, 0, -1))


def test_a_record_of_the_series_can_be_kept(exam: Catalogue) -> None:
    """A volume gives the record of the series used, with one pixel hash per slice."""
    used = load_series(choose_slots(exam)[SeriesRole.SAG_FS]).series_used()
    assert (used.role, used.weighting, used.fat) == ("SAG_FS", Weighting.T2, "STIR")
    assert len({instance.pixel_sha256 for instance in used.instances}) == 11
    assert used.acquisition.inversion_time_ms == 110.0


def test_identity_is_held_but_never_shown(exam: Catalogue) -> None:
    """Birth year, sex and date can be compared; no repr and no JSON holds the name."""
    (patient,) = exam.patients()
    assert (patient.birth_year, patient.sex, patient.study_date) == (None, "M", "2018-01-01")
    assert patient.name == "LUMBAR^REAL01"
    shown = repr(patient) + repr(exam) + str([s.to_json() for s in exam.series])
    assert "REAL" not in shown.upper().replace(str(exam.refused[0].path).upper(), "")
