"""One series is parted into stacks by plane, technique and block."""

from __future__ import annotations

import numpy as np
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


def described(mr):
    """Number of slices, image type and state of each stack found."""
    return [
        (series.shape[0], series.acquisition.image_type.rpartition("\\")[2], series.blocked)
        for series in scan(mr.folder).series
    ]


@pytest.mark.parametrize(
    "kind", ["P", "PHASE MAP", "R", "IMAGINARY", "W", "FAT", "IN_PHASE", "OPP_PHASE", "ADC", "P_SE"]
)
def test_kinds_of_image_never_share_a_stack(mr, kind) -> None:
    """Magnitude and another kind in turn, each at half the places, are two stacks."""
    datasets = mr.stack(8)
    for ds in datasets[1::2]:
        ds.ImageType = ["ORIGINAL", "PRIMARY", kind]
    mr.write_all(datasets)
    found = scan(mr.folder).series
    assert [(n, last) for n, last, _ in described(mr)] == [(4, "M"), (4, kind)]
    assert [series.spacing_mm[0] for series in found] == pytest.approx([9.0, 9.0])


def test_a_lone_phase_image_leaves_a_gap_that_is_named(mr) -> None:
    """One phase image among magnitude images is not one of them: their stack lacks a slice."""
    datasets = mr.stack(7)
    datasets[3].ImageType = ["ORIGINAL", "PRIMARY", "P"]
    mr.write_all(datasets)
    assert described(mr) == [(6, "M", True), (1, "P", False)]


@pytest.mark.parametrize(("echo", "stacks"), [("80", [4, 4]), ("13", [8])])
def test_echoes_at_places_of_their_own_are_parted(mr, echo, stacks) -> None:
    """A second echo in turn with the first is a stack; a time that varies a little is not."""
    datasets = mr.stack(8)
    for ds in datasets[1::2]:
        ds.EchoTime = echo
    mr.write_all(datasets)
    assert [count for _, _, count, _ in shapes(mr)] == stacks


def test_a_damaged_echo_time_loses_no_image(mr) -> None:
    """A negative time is a time like another: each image is in a stack."""
    datasets = mr.stack(4)
    datasets[1].EchoTime = "-1"
    mr.write_all(datasets)
    assert sorted(count for _, _, count, _ in shapes(mr)) == [1, 3]


def test_diffusion_weightings_at_places_of_their_own_are_parted(mr) -> None:
    """Images with and without diffusion weighting never share a stack."""
    datasets = mr.stack(8)
    for ds in datasets[1::2]:
        ds.DiffusionBValue = 800.0
    mr.write_all(datasets)
    assert [count for _, _, count, _ in shapes(mr)] == [4, 4]


def test_another_matrix_under_the_same_uid_is_another_stack(mr) -> None:
    """Images of two sizes under one series UID are two stacks, each whole."""
    small = [mr.dataset((-13.0 - 4.5 * i, -90, 120), mr.pixels(i, 20, 24)) for i in range(3)]
    mr.write_all([*mr.stack(4), *numbered(small, 5)])
    found = scan(mr.folder).series
    assert [(series.shape, series.blocked) for series in found] == [
        ((4, 40, 48), False),
        ((3, 20, 24), False),
    ]


def test_rounded_pixel_spacing_does_not_part_a_stack(mr) -> None:
    """0.6836 and 0.68359 mm are one spacing, written in two ways."""
    datasets = mr.stack(6, PixelSpacing=["0.6836", "0.6836"])
    for ds in datasets[::2]:
        ds.PixelSpacing = ["0.68359", "0.68359"]
    mr.write_all(datasets)
    assert shapes(mr) == [(0, "sagittal", 6, False)]


def test_colour_images_block_their_own_stack_alone(mr) -> None:
    """Colour maps stored under the series' UID are blocked by name; the grey stack is read."""
    datasets = mr.stack(4)
    colour = mr.stack(4, PhotometricInterpretation="RGB", SamplesPerPixel=3, PlanarConfiguration=0)
    for ds in colour:
        ds.BitsAllocated, ds.BitsStored, ds.HighBit = 8, 8, 7
        ds.PixelData = bytes(40 * 48 * 3)
    mr.write_all([*datasets, *numbered(colour, 5)])
    grey, coloured = scan(mr.folder).series
    assert not grey.blocked
    assert [problem.code for problem in coloured.problems] == ["colour"]
    assert "image 5 (file" in coloured.problems[0].message


def test_other_objects_under_the_same_uid_block_alone(mr) -> None:
    """A screen capture and an enhanced copy in the series leave the classic stack as it is."""
    datasets = mr.stack(4)
    mr.write_all(datasets)
    mr.write(mr.enhanced(datasets, InstanceNumber="20"), "ENHANCED")
    capture = mr.dataset((0, 0, 0), InstanceNumber="30", SOPClassUID="1.2.840.10008.5.1.4.1.1.7")
    mr.write(capture, "CAPTURE")
    raw = mr.dataset((0, 0, 0), SOPClassUID="1.2.840.10008.5.1.4.1.1.66", Rows=None, Columns=None)
    del raw.PixelData
    mr.write(raw, "RAW")
    found = scan(mr.folder)
    assert [(s.shape[0], s.blocked) for s in found.series] == [(4, False), (4, False), (1, True)]
    assert [problem.code for problem in found.series[2].problems] == ["not_an_mr_image"]
    assert [(item.path.name, item.code) for item in found.refused] == [("RAW", "no_image")]


@pytest.mark.parametrize("at", [0, 3, 6])
@pytest.mark.parametrize("degrees", [0.1, 1.0, 8.0])
def test_a_tilted_slice_is_named(mr, at, degrees) -> None:
    """A slice tilted out of its stack blocks it, by image, file, place and angle."""
    datasets = mr.stack(7)
    angle = np.radians(degrees)
    datasets[at].ImageOrientationPatient = [0, 1, 0, np.sin(angle), 0, -np.cos(angle)]
    mr.write_all(datasets)
    (series,) = scan(mr.folder).series
    (problem,) = [p for p in series.problems if p.blocking]
    assert problem.code == "tilted_slice"
    tilted = next(ref for ref in series.slices if ref.instance_number == at + 1)
    assert problem.message == (
        f"image {at + 1} (file {tilted.path.name}) at {13 + 4.5 * at:.2f} mm along the slice normal"
        f" is tilted by {degrees:.2f} degrees against the other slices"
    )


def test_a_scout_turned_away_is_no_tilted_slice(mr) -> None:
    """A lone slice in another plane, or beyond the stack, is a stack of its own."""
    far = mr.dataset(
        (200, -90, 120), InstanceNumber="9", ImageOrientationPatient=[0.05, 0.99874922, 0, 0, 0, -1]
    )
    coronal = mr.dataset((0, 0, 0), InstanceNumber="8", ImageOrientationPatient=list(CORONAL))
    mr.write_all([*mr.stack(5), coronal, far])
    assert [(count, blocked) for _, _, count, blocked in shapes(mr)] == [
        (5, False),
        (1, False),
        (1, False),
    ]


def test_disc_blocks_of_several_tilts_are_stacks(mr) -> None:
    """Axial blocks through five discs, each with its own tilt, are five stacks head to foot."""
    image = 1
    for i, degrees in enumerate((-8, -3, 4, 15, 30)):
        angle = np.radians(degrees)
        tilted = (1, 0, 0, 0, np.cos(angle), np.sin(angle))
        block = mr.stack(4, -4.0, orientation=tilted, start=(-80.0, -70.0 + 2 * i, 150.0 - 35 * i))
        mr.write_all(numbered(block, image), f"B{i}")
        image += 4
    assert shapes(mr) == [(i, "axial", 4, False) for i in range(5)]


def test_the_order_of_the_files_changes_nothing(mr) -> None:
    """Stacks, their order and their slices are the same whatever the files are called."""
    datasets = [*mr.stack(4), *numbered(mr.stack(4, EchoTime="80"), 5)]
    datasets += numbered(mr.stack(3, orientation=AXIAL), 9)
    found = []
    for seed in range(4):
        folder = mr.folder / str(seed)
        for place, i in enumerate(np.random.default_rng(seed).permutation(len(datasets))):
            mr.write(datasets[i], f"{seed}/F{place:02d}")
        found.append(
            [
                (s.stack, s.grid, [ref.sop_instance_uid for ref in s.slices])
                for s in scan(folder).series
            ]
        )
    assert found[0] == found[1] == found[2] == found[3]
