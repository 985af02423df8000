"""Enhanced objects are read like the classic images they could be."""

from __future__ import annotations

import numpy as np
import pytest
from highdicom.legacy import LegacyConvertedEnhancedMRImage
from pydicom.dataset import Dataset

from modic_annotate.imaging import load_series, scan

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def test_an_enhanced_object_equals_its_classic_images(mr) -> None:
    """Same places, same values, same role, whatever the order of the frames."""
    datasets = mr.stack(5, PixelSpacing=["0.3", "0.5"])
    mr.write_all(datasets)
    (classic,) = scan(mr.folder).series
    path = mr.write(mr.enhanced([datasets[i] for i in (3, 0, 4, 1, 2)]), "enhanced/one")
    (enhanced,) = scan(path).series
    assert enhanced.grid == classic.grid
    assert (enhanced.role, enhanced.weighting, enhanced.fat) == ("SAG_T1", "T1", "none")
    assert [ref.frame for ref in enhanced.slices] == [1, 3, 4, 0, 2]
    volume = load_series(enhanced)
    assert np.array_equal(volume.array, load_series(classic).array.astype(int) * 2 - 5)
    assert volume.window == (300.0, 600.0)
    assert volume.affine_lps.dtype == np.float64
    hashes = [instance.pixel_sha256 for instance in volume.instances]
    assert hashes == [instance.pixel_sha256 for instance in load_series(classic).instances]


def test_stacks_and_echoes_of_one_object_are_parted(mr) -> None:
    """Two planes and two echoes in one object are three stacks."""
    second = mr.stack(3, EchoTime="80")
    planes = mr.stack(4, orientation=AXIAL)
    path = mr.write(mr.enhanced([*mr.stack(3), *second, *planes]), "one")
    found = scan(path).series
    assert [(s.stack, s.plane.value, s.shape[0]) for s in found] == [
        (0, "sagittal", 3),
        (1, "sagittal", 3),
        (2, "axial", 4),
    ]
    assert [s.acquisition.echo_time_ms for s in found] == [12.0, 80.0, 12.0]
    assert {s.n_files for s in found} == {1}


@pytest.mark.parametrize(
    ("where", "values", "fat", "role"),
    [
        ("top", {"SpectrallySelectedSuppression": "FAT"}, "FS", "OTHER"),
        ("top", {"SpectrallySelectedSuppression": "NONE"}, "none", "SAG_T1"),
        ("modifier", {"SpectrallySelectedSuppression": "FAT"}, "FS", "OTHER"),
        ("modifier", {"SpectrallySelectedExcitation": "WATER"}, "FS", "OTHER"),
    ],
)
def test_fat_suppression_is_read_from_its_groups(mr, where, values, fat, role) -> None:
    """Suppression stated for the object or in the modifier group counts the same."""
    top = values if where == "top" else {}
    ds = mr.enhanced(mr.stack(2), SeriesDescription="x", **top)
    if where == "modifier":
        item = Dataset()
        item.InversionRecovery = "NO"
        for keyword, value in values.items():
            setattr(item, keyword, value)
        ds.SharedFunctionalGroupsSequence[0].MRModifierSequence = [item]
    (series,) = scan(mr.write(ds, "one")).series
    assert (series.fat, series.role) == (fat, role)


def test_inversion_is_read_from_its_group(mr) -> None:
    """A short inversion time in the modifier group makes a STIR."""
    ds = mr.enhanced(mr.stack(2, RepetitionTime="4000", EchoTime="60"), SeriesDescription="")
    item = Dataset()
    item.InversionRecovery, item.InversionTimes = "YES", 160.0
    ds.SharedFunctionalGroupsSequence[0].MRModifierSequence = [item]
    (series,) = scan(mr.write(ds, "one")).series
    assert (series.role, series.fat) == ("SAG_FS", "STIR")
    assert "TI 160 ms" in series.role_evidence


def item(**values) -> Dataset:
    """One item of a sequence."""
    made = Dataset()
    for keyword, value in values.items():
        setattr(made, keyword, value)
    return made


@pytest.mark.parametrize(
    ("top", "shared", "expected"),
    [
        ({"EchoPlanarPulseSequence": "YES"}, {}, ("OTHER", "other", "none")),
        ({"SpectrallySelectedSuppression": "WATER"}, {}, ("OTHER", "T1", "fat")),
        (
            {},
            {"MRImageFrameTypeSequence": {"FrameType": ["DERIVED", "PRIMARY", "DIXON", "WATER"]}},
            ("OTHER", "T1", "water"),
        ),
        (
            {},
            {
                "MRImageFrameTypeSequence": {
                    "FrameType": ["DERIVED", "PRIMARY", "T1", "NONE"],
                    "VolumeBasedCalculationTechnique": "MPR",
                }
            },
            ("OTHER", "T1", "none"),
        ),
        ({"VolumeBasedCalculationTechnique": "MAX_IP"}, {}, ("OTHER", "other", "none")),
        ({"VolumeBasedCalculationTechnique": "NONE"}, {}, ("SAG_T1", "T1", "none")),
        (
            {"ContrastBolusAgentSequence": [Dataset()]},
            {"ContrastBolusUsageSequence": {"ContrastBolusAgentAdministered": "YES"}},
            ("OTHER", "T1", "none"),
        ),
        (
            {"ContrastBolusAgentSequence": [Dataset()]},
            {"ContrastBolusUsageSequence": {"ContrastBolusAgentAdministered": "NO"}},
            ("SAG_T1", "T1", "none"),
        ),
    ],
)
def test_an_enhanced_object_says_as_much_as_a_classic_one(mr, top, shared, expected) -> None:
    """Echo planar, suppressed water, Dixon part, calculation and agent are read in its words."""
    suppression = {"SpectrallySelectedSuppression": "NONE", **top}
    ds = mr.enhanced(mr.stack(2), SeriesDescription="", ProtocolName=None, **suppression)
    for sequence, values in shared.items():
        setattr(ds.SharedFunctionalGroupsSequence[0], sequence, [item(**values)])
    (series,) = scan(mr.write(ds, "one")).series
    assert (series.role, series.weighting, series.fat) == expected


def test_frames_without_groups_are_blocked(mr) -> None:
    """An enhanced object that does not say where its frames lie is blocked."""
    ds = mr.enhanced(mr.stack(3))
    del ds.PerFrameFunctionalGroupsSequence
    (series,) = scan(mr.write(ds, "one")).series
    assert [problem.code for problem in series.problems] == ["no_geometry"]
    assert series.shape[0] == 3
    assert "image 1 frame 1" in series.problems[0].message


def frames_of(ds):
    return ds.PerFrameFunctionalGroupsSequence


def content(ds, **values):
    """Give each frame its FrameContentSequence, a list of values for each keyword."""
    for i, frame in enumerate(frames_of(ds)):
        item = Dataset()
        for keyword, per_frame in values.items():
            setattr(item, keyword, per_frame[i])
        frame.FrameContentSequence = [item]


def test_frames_at_one_place_are_parted_by_a_private_dimension(mr) -> None:
    """A dimension whose pointer nobody knows still tells two whole repetitions apart."""
    datasets = mr.stack(4)
    ds = mr.enhanced([image for pair in zip(datasets, datasets, strict=True) for image in pair])
    pointer = Dataset()
    pointer.DimensionIndexPointer, pointer.FunctionalGroupPointer = 0x00191099, 0x0019109A
    pointer.DimensionIndexPrivateCreator = "ACME"
    place = Dataset()
    place.DimensionIndexPointer = 0x00200032
    ds.DimensionIndexSequence = [place, pointer]
    content(ds, DimensionIndexValues=[[1 + i // 2, 1 + i % 2] for i in range(8)])
    found = scan(mr.write(ds, "one")).series
    assert [[ref.frame for ref in s.slices] for s in found] == [[0, 2, 4, 6], [1, 3, 5, 7]]
    assert not any(series.blocked for series in found)


def test_frames_at_one_place_without_a_reason_are_doubled(mr) -> None:
    """Where no dimension tells two frames at one place apart, both are named."""
    datasets = mr.stack(4)
    (series,) = scan(mr.write(mr.enhanced([*datasets, datasets[1]]), "one")).series
    assert [problem.code for problem in series.problems] == ["duplicate_slice"]
    message = series.problems[0].message
    assert "image 1 frame 2 (file one) and image 1 frame 5 (file one)" in message


def test_stack_ids_part_blocks_that_overlap(mr) -> None:
    """Two parallel blocks whose slices interlock are told apart by StackID."""
    block = {"orientation": AXIAL}
    first = mr.stack(4, 4.0, start=(-80, -70, 100.0), **block)
    second = mr.stack(4, 4.0, start=(-60, -70, 102.0), **block)
    ds = mr.enhanced([*first, *second])
    content(ds, StackID=["1"] * 4 + ["2"] * 4)
    found = scan(mr.write(ds, "one")).series
    assert [(s.shape[0], s.blocked) for s in found] == [(4, False), (4, False)]


def test_a_stack_id_for_each_frame_says_nothing(mr) -> None:
    """Some number every frame as a stack; they are one stack all the same."""
    ds = mr.enhanced(mr.stack(4))
    content(ds, StackID=["1", "2", "3", "4"])
    (series,) = scan(mr.write(ds, "one")).series
    assert (series.shape[0], series.blocked) == (4, False)


def test_components_of_one_object_are_parted(mr) -> None:
    """Magnitude and phase frames in turn, at places of their own, are two stacks."""
    ds = mr.enhanced(mr.stack(8))
    for i, frame in enumerate(frames_of(ds)):
        item = Dataset()
        item.FrameType = ["ORIGINAL", "PRIMARY", "T1", "NONE"]
        item.ComplexImageComponent = ("MAGNITUDE", "PHASE")[i % 2]
        frame.MRImageFrameTypeSequence = [item]
    magnitude, phase = scan(mr.write(ds, "one")).series
    assert [ref.frame for ref in magnitude.slices] == [0, 2, 4, 6]
    assert (magnitude.role, phase.role) == ("SAG_T1", "OTHER")


def test_geometry_may_stand_in_the_shared_groups(mr) -> None:
    """Orientation once for all frames, pixel size and rescale for each: the same volume."""
    datasets = mr.stack(5)
    ds = mr.enhanced(datasets)
    (whole,) = scan(mr.write(ds, "own")).series
    shared = ds.SharedFunctionalGroupsSequence[0]
    shared.PlaneOrientationSequence = frames_of(ds)[0].PlaneOrientationSequence
    for i, frame in enumerate(frames_of(ds)):
        del frame.PlaneOrientationSequence
        frame.PixelMeasuresSequence = shared.PixelMeasuresSequence
        frame.PixelValueTransformationSequence[0].RescaleSlope = str(1 + i)
    del shared.PixelMeasuresSequence
    (series,) = scan(mr.write(ds, "moved")).series
    assert series.grid == whole.grid
    for i, values in enumerate(load_series(series).array):
        assert np.array_equal(values, datasets[i].pixel_array.astype(int) * (1 + i) - 5)


@pytest.mark.parametrize("stated", ["0.5", "9"])
def test_stated_spacing_and_thickness_place_no_frame(mr, stated) -> None:
    """SpacingBetweenSlices and SliceThickness of the groups do not place frames."""
    ds = mr.enhanced(mr.stack(5))
    measures = ds.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    measures.SpacingBetweenSlices, measures.SliceThickness = stated, "9"
    (series,) = scan(mr.write(ds, "one")).series
    assert series.spacing_mm[0] == pytest.approx(4.5)


def concatenation(mr, datasets, parts):
    """One object in several files, the frames dealt out as `parts` says."""
    for number, part in enumerate(parts, 1):
        ds = mr.enhanced([datasets[i] for i in part], ConcatenationUID="1.2.99")
        ds.InConcatenationNumber, ds.InConcatenationTotalNumber = number, len(parts)
        mr.write(ds, f"part{number}")
    return mr.folder


def test_a_concatenation_is_one_stack(mr) -> None:
    """Three files of one object make the volume of its classic images, in any order of frames."""
    datasets = mr.stack(7)
    classic, *_ = scan(mr.write_all(datasets)).series
    values = load_series(classic).array.astype(int)
    for path in mr.folder.iterdir():
        path.unlink()
    (series,) = scan(concatenation(mr, datasets, [(5, 0), (3, 1, 6), (2, 4)])).series
    assert (series.grid, series.n_files, series.problems) == (classic.grid, 3, ())
    assert np.array_equal(load_series(series).array, values * 2 - 5)


def test_a_lost_part_of_a_concatenation_is_said(mr) -> None:
    """The last part gone leaves a regular stack; that frames are missing is said by part."""
    folder = concatenation(mr, mr.stack(7), [(0, 1, 2), (3, 4), (5, 6)])
    (folder / "part3").unlink()
    (series,) = scan(folder).series
    assert [problem.code for problem in series.problems] == ["partial_concatenation"]
    assert "part 3 of 3" in series.problems[0].message
    (folder / "part2").unlink()
    concatenation(mr, mr.stack(7), [(0, 1, 2), (3, 4), (5, 6)])
    (folder / "part2").unlink()
    (series,) = scan(folder).series
    assert [p.code for p in series.problems] == ["missing_slice", "partial_concatenation"]


def test_a_converted_object_says_what_its_classic_images_said(mr) -> None:
    """A legacy converted object has the geometry, pixels, times and role of its sources."""
    datasets = mr.stack(5, SliceLocation="0", AccessionNumber="", StudyTime="", StudyID="")
    for ds in datasets:
        ds.ReferringPhysicianName, ds.PositionReferenceIndicator = "", ""
        ds.Manufacturer, ds.PatientPosition, ds.ContentDate = "ACME", "HFS", "20240131"
        ds.ContentTime, ds.AcquisitionDate, ds.AcquisitionTime = "100000", "20240131", "100000"
    (classic,) = scan(mr.write_all(datasets)).series
    converted = LegacyConvertedEnhancedMRImage(
        datasets, series_instance_uid="1.2.3.4", series_number=9,
        sop_instance_uid="1.2.3.4.1", instance_number=1,
    )  # fmt: skip
    (series,) = scan(mr.write(converted, "converted/one")).series
    assert np.allclose(series.grid.matrix, classic.grid.matrix, atol=1e-6)
    assert (series.role, series.weighting, series.fat) == ("SAG_T1", "T1", "none")
    times = ("repetition_time_ms", "echo_time_ms", "scanning_sequence")
    assert [getattr(series.acquisition, n) for n in times] == [500.0, 12.0, "SE"]
    assert np.array_equal(load_series(series).array, load_series(classic).array)
