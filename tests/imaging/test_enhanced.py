"""Enhanced objects are read like the classic images they could be."""

from __future__ import annotations

import numpy as np
import pytest
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
