"""The samples through dcm2niix, the converter most imaging sites use."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import SimpleITK

from modic_annotate import imaging
from modic_annotate.phantom import Truth
from modic_annotate.store.canonical import parse_record

SAMPLES = [("study", "truth.json"), ("normal-study", "normal-truth.json")]
PROBES = 200


@pytest.fixture(params=SAMPLES, ids=[folder for folder, _ in SAMPLES])
def study(request: pytest.FixtureRequest, sample: Path) -> tuple[Path, Truth]:
    """A sample study and what is true of it."""
    folder, truth = request.param
    return sample / folder, parse_record(Truth, (sample / truth).read_bytes(), truth)


@pytest.fixture
def converted(study: tuple[Path, Truth], tmp_path: Path) -> dict[str, SimpleITK.Image]:
    """What dcm2niix makes of the study, by series number; SimpleITK turns NIfTI's RAS to LPS."""
    tool = shutil.which("dcm2niix")
    if tool is None:
        pytest.skip("dcm2niix is not installed")
    call = [tool, "-b", "n", "-z", "n", "-f", "%s", "-o", str(tmp_path), str(study[0])]
    subprocess.run(call, check=True, capture_output=True)
    return {path.stem: SimpleITK.ReadImage(str(path)) for path in tmp_path.glob("*.nii")}


def test_every_series_becomes_one_volume(study, converted) -> None:
    """Nothing is parted, joined or left out."""
    grids = sorted(tuple(sorted(one.grid.shape)) for one in study[1].series)
    assert sorted(tuple(sorted(image.GetSize())) for image in converted.values()) == grids


def test_voxels_lie_where_the_truth_has_them_with_our_values(study, converted) -> None:
    """Corners and voxels by chance, in every series: the same place and the same grey level."""
    folder, truth = study
    read = {one.series_uid: one for one in imaging.scan(folder).series}
    chance = np.random.default_rng(20260310)
    for one in truth.series:
        series = read[one.series_uid]
        image, array = converted[str(series.series_number)], imaging.load_series(series).array
        last = np.array(one.grid.shape) - 1
        corners = np.array(list(np.ndindex(2, 2, 2))) * last
        probes = np.concatenate([corners, chance.integers(0, last + 1, (PROBES, 3))])
        for index, place in zip(probes, one.grid.to_lps(probes), strict=True):
            seen = image.TransformPhysicalPointToContinuousIndex(place.tolist())
            nearest = [round(v) for v in seen]
            there = image.TransformIndexToPhysicalPoint(nearest)
            assert np.linalg.norm(there - place) < 0.01, (one.description, index)
            assert image.GetPixel(nearest) == array[tuple(index)], (one.description, index)
