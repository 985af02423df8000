"""One series is parted into stacks by plane, technique and block."""

from __future__ import annotations

import pydicom
import pytest

from modic_annotate.imaging import scan

SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
CORONAL = (1.0, 0.0, 0.0, 0.0, 0.0, -1.0)
AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def numbered(datasets, first=1):
    for i, ds in enumerate(datasets):
        ds.InstanceNumber = first + i
    return datasets


def shapes(mr):
    return [
        (series.stack, series.plane.value, series.shape[0], series.blocked)
        for series in scan(mr.folder).series
    ]


def test_a_localizer_is_parted_by_plane(mr) -> None:
    """Three planes in one series are three stacks, by image number, and fill no slot."""
    words = {"SeriesDescription": "Localizer T1"}
    for i, plane in enumerate((SAGITTAL, CORONAL, AXIAL)):
        mr.write_all(numbered(mr.stack(3, orientation=plane, **words), 1 + 3 * i), f"P{i}")
    assert shapes(mr) == [
        (0, "sagittal", 3, False),
        (1, "coronal", 3, False),
        (2, "axial", 3, False),
    ]
    assert {series.role.value for series in scan(mr.folder).series} == {"OTHER"}


@pytest.mark.parametrize("aside", [0.0, 6.0])
def test_parallel_blocks_are_stacks_of_their_own(mr, aside) -> None:
    """Axial blocks of one tilt, in line or set off, are told from missing slices."""
    for i, height in enumerate((100.0, 68.0, 31.0)):
        block = mr.stack(3, 4.0, orientation=AXIAL, start=(-80.0, -70.0 + aside * i, height))
        mr.write_all(numbered(block, 1 + 3 * i), f"B{i}")
    assert shapes(mr) == [(i, "axial", 3, False) for i in range(3)]


def test_a_slice_missing_inside_a_block_is_found(mr) -> None:
    """A gap of one slice within a block of a parted series blocks that stack alone."""
    for i, height in enumerate((100.0, 60.0)):
        block = numbered(mr.stack(5, 4.0, orientation=AXIAL, start=(0, 0, height)), 1 + 5 * i)
        mr.write_all([ds for ds in block if ds.InstanceNumber != 8], f"B{i}")
    assert sorted(shapes(mr)) == [(0, "axial", 5, False), (1, "axial", 4, True)]


def test_a_lone_slice_beyond_a_gap_is_a_fault(mr) -> None:
    """A block of one slice is not credible: the stack is blocked as a whole."""
    datasets = mr.stack(4, orientation=AXIAL)
    datasets[3].ImagePositionPatient[2] += 21.0
    mr.write_all(datasets)
    assert shapes(mr) == [(0, "axial", 4, True)]


def test_gaps_are_judged_without_image_numbers(mr) -> None:
    """Where no image has a number, a whole gap of four steps parts axial slices."""
    for height in (100.0, 80.0):
        block = mr.stack(2, 4.0, orientation=AXIAL, start=(0, 0, height))
        mr.write_all(block, f"B{height:.0f}")
    for path in mr.folder.iterdir():
        ds = pydicom.dcmread(path)
        del ds.InstanceNumber
        ds.save_as(path)
    assert sorted(count for _, _, count, blocked in shapes(mr) if not blocked) == [2, 2]


def test_sagittal_gaps_are_faults_unless_wide(mr) -> None:
    """A sagittal gap of 1.6 steps is irregular; two sagittal groups 60 mm apart are two stacks."""
    near = mr.stack(3) + numbered(mr.stack(3, start=(-29.2, -90.0, 120.0)), 4)
    mr.write_all(near)
    assert [blocked for *_, blocked in shapes(mr)] == [True]
    for ds in near[3:]:
        ds.ImagePositionPatient[0] -= 60.3
    mr.write_all(near)
    assert shapes(mr) == [(0, "sagittal", 3, False), (1, "sagittal", 3, False)]


@pytest.mark.parametrize(
    "changes",
    [
        {"EchoTime": "80"},
        {"ImageType": ["ORIGINAL", "PRIMARY", "P"]},
        {"DiffusionBValue": 800.0},
        {"TemporalPositionIdentifier": 2},
        {"AcquisitionNumber": 2},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_images_at_one_place_are_parted_by_technique(mr, changes) -> None:
    """Two echoes, magnitude and phase, repeats: each is a stack of its own."""
    mr.write_all(mr.stack(4, AcquisitionNumber=1))
    mr.write_all(numbered(mr.stack(4, **{"AcquisitionNumber": 1, **changes}), 5), "SECOND")
    assert shapes(mr) == [(0, "sagittal", 4, False), (1, "sagittal", 4, False)]


def test_techniques_that_share_no_place_are_not_parted(mr) -> None:
    """A series that repeats no place stays one stack, though its image types differ."""
    datasets = mr.stack(4)
    datasets[2].ImageType = ["DERIVED", "PRIMARY", "OTHER"]
    mr.write_all(datasets)
    assert shapes(mr) == [(0, "sagittal", 4, False)]


def test_a_lone_repeat_of_one_acquisition_is_a_double(mr) -> None:
    """Another acquisition number on a single doubled slice does not hide the double."""
    double = mr.stack(4, AcquisitionNumber=2)[1]
    mr.write_all([*mr.stack(4, AcquisitionNumber=1), double])
    (series,) = scan(mr.folder).series
    assert [problem.code for problem in series.problems] == ["duplicate_slice"]


def test_frames_of_reference_are_not_mixed(mr) -> None:
    """Slices of two frames of reference never share a stack."""
    datasets = mr.stack(4)
    for ds in datasets[2:]:
        ds.FrameOfReferenceUID = "1.2.3.4"
    mr.write_all(datasets)
    assert [count for _, _, count, _ in shapes(mr)] == [2, 2]
