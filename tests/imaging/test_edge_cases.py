"""Folders that trip loaders: what we say of each, beside what highdicom and SimpleITK do.

Each folder is the phantom's T1 on a small matrix with one thing done to it. Where a peer is right
it must agree with us to 0.01 mm at all eight corners and in every pixel; where it loads a volume
that is not there, the table says so.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pydicom
import pytest
from highdicom.legacy import LegacyConvertedEnhancedMRImage
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

from modic_annotate.imaging import load_series, scan
from modic_annotate.imaging.model import Series
from modic_annotate.phantom import NORMAL, write_phantom
from modic_annotate.phantom.protocol import SEQUENCES, Sequence
from tests.imaging.peers import (
    AGREEMENT_MM,
    Peer,
    by_highdicom,
    by_simpleitk,
    farthest_corner_mm,
    same_pixels,
)

SMALL = replace(SEQUENCES[1], shape=(15, 64, 64), pixel_mm=4.5)
OBLIQUE = replace(SMALL, turn_deg=(11.0, -7.0, 4.0))
MIDDLE = 7
"""Slice that something is done to, in ascending order of position; image number 8."""

EXACT = "exact"
Images = list[Dataset]


def as_it_is(images: Images) -> Images:
    return images


def with_noise(images: Images) -> Images:
    noise = np.random.default_rng(1)
    for ds in images:
        shift(ds, noise.uniform(-2e-4, 2e-4, 3))
    return images


def without_middle(images: Images) -> Images:
    return images[:MIDDLE] + images[MIDDLE + 1 :]


def without_end(images: Images) -> Images:
    return images[:-1]


def with_double(images: Images) -> Images:
    double = copy.deepcopy(images[MIDDLE])
    double.SOPInstanceUID, double.InstanceNumber = generate_uid(), 16
    double.file_meta.MediaStorageSOPInstanceUID = double.SOPInstanceUID
    return [*images, double]


def one_shifted(images: Images) -> Images:
    shift(images[MIDDLE], normal_of(images[0]) * 0.5)
    return images


def with_localiser(images: Images) -> Images:
    scout = copy.deepcopy(images[MIDDLE])
    scout.SOPInstanceUID, scout.InstanceNumber = generate_uid(), 16
    scout.file_meta.MediaStorageSOPInstanceUID = scout.SOPInstanceUID
    scout.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    return [*images, scout]


def sheared(images: Images) -> Images:
    row = np.array(images[0].ImageOrientationPatient[:3], float)
    for i, ds in enumerate(images):
        shift(ds, row * 0.33 * i)
    return images


def one_tilted(images: Images) -> Images:
    angle = np.radians(1.0)
    row, column = np.reshape(np.array(images[MIDDLE].ImageOrientationPatient, float), (2, 3))
    normal = np.cross(row, column)
    turned = row * np.cos(angle) + normal * np.sin(angle)
    images[MIDDLE].ImageOrientationPatient = [f"{c:.8f}" for c in (*turned, *column)]
    return images


def as_enhanced(images: Images) -> Images:
    for ds in images:
        ds.decompress()
    converted = LegacyConvertedEnhancedMRImage(
        images, series_instance_uid="1.2.3", series_number=9,
        sop_instance_uid="1.2.3.1", instance_number=1,
    )  # fmt: skip
    return [converted]


def shift(ds: Dataset, by: np.ndarray) -> None:
    ds.ImagePositionPatient = [f"{x:.9g}" for x in np.add(ds.ImagePositionPatient, by)]


def normal_of(ds: Dataset) -> np.ndarray:
    row, column = np.reshape(np.array(ds.ImageOrientationPatient, float), (2, 3))
    return np.cross(row, column)


@dataclass(frozen=True)
class Case:
    """One folder: how it is made, what we say, what peers do."""

    make: Callable[[Images], Images]
    says: tuple[tuple[str, str], ...] = ()
    """Code and message of each problem; {z} stands for a place in mm, {8} for the file of image
    8. Without any the volume is read and right."""

    blocked: bool = False
    highdicom: str = EXACT
    simpleitk: str = EXACT
    sequence: Sequence = SMALL


REFUSES = "Series is not a regularly-spaced volume."
TURNED = "Images do not have the same orientation."

CASES = {
    "normal": Case(as_it_is),
    "double oblique": Case(as_it_is, sequence=OBLIQUE),
    "0.2 um noise": Case(with_noise),
    "missing middle": Case(
        without_middle,
        (
            ("missing_slice", "slice 8 of 15 is missing at {z} along the slice normal, between"
             " {9} and {7}; get the whole series"),
            ("image_number_gap", "image numbers 8 of this series are not there; .*"),
            ("fewer_images_than_acquired", "14 images are there, the header speaks of 15 .*"),
        ),
        blocked=True,
        highdicom=REFUSES,
        simpleitk="loads 14 slices every 4.74 mm",
    ),
    "missing end": Case(
        without_end,
        (
            ("image_number_gap", "image numbers 1 of this series are not there; slices may be"
             " missing, at an end too"),
            ("fewer_images_than_acquired", "14 images are there, the header speaks of 15 in the"
             r" acquisition \(ImagesInAcquisition\); slices may be missing, at an end too"),
        ),
    ),
    "duplicate": Case(
        with_double,
        (("duplicate_slice", "{8} and {16} lie at the same place, {z} along the slice normal;"
          " remove the one that does not belong"),),
        blocked=True,
        highdicom=REFUSES,
        simpleitk="loads 16 slices every 2.05 mm",
    ),
    "shifted 0.5 mm": Case(
        one_shifted,
        (("shifted_slice", "{8} at {z} along the slice normal lies 0.50 mm from its place in the"
          " stack"),),
        blocked=True,
        highdicom=REFUSES,
        simpleitk="loads 15 slices every 4.40 mm",
    ),
    "localiser mixed in": Case(
        with_localiser,
        highdicom=TURNED,
        simpleitk="loads 16 slices every 2.05 mm",
    ),
    "sheared": Case(
        sheared,
        (("sheared_stack", "the slices drift sideways by 4.62 mm over 61.6 mm, from {15} at {z} to"
          " {1} at {z} along the slice normal, so they form no right-angled volume"),),
        blocked=True,
        highdicom=REFUSES,
        simpleitk="loads 15 slices every 4.41 mm",
    ),
    "tilted by 1 degree": Case(
        one_tilted,
        (("tilted_slice", "{8} at {z} along the slice normal is tilted by 1.00 degrees against the"
          " other slices"),),
        blocked=True,
        highdicom=TURNED,
        simpleitk="loads 15 slices every 4.40 mm",
    ),
    "enhanced": Case(as_enhanced),
}  # fmt: skip
"""Table of docs/geometry.md."""


@pytest.fixture(scope="module")
def phantoms(tmp_path_factory) -> dict[str, list[Path]]:
    """The files of the small phantom by its sequence's turn, ascending in position."""
    made = {}
    for name, sequence in (("small", SMALL), ("oblique", OBLIQUE)):
        out = tmp_path_factory.mktemp(name)
        write_phantom(out, NORMAL, sequences=(sequence,))
        made[str(sequence.turn_deg)] = sorted((out / "study").iterdir(), reverse=True)
    return made


def written(case: Case, phantoms: dict[str, list[Path]], folder: Path) -> list[Path]:
    """Write a case's folder under names whose order is not that of the slices."""
    paths = phantoms[str(case.sequence.turn_deg)]
    images = case.make([pydicom.dcmread(path) for path in paths])
    files = []
    for i, ds in enumerate(images):
        files.append(folder / f"F{(i * 7) % 17:02d}")
        ds.save_as(files[-1], enforce_file_format=True)
    return files


def expected(message: str, series: Series) -> str:
    """Return the pattern of a message: an image is its number with its file."""
    files = {str(ref.instance_number): ref.path.name for ref in series.slices}
    message = message.replace("{z}", r"-?\d+\.\d\d mm")
    return re.sub(r"\{(\d+)\}", lambda m: rf"image {m[1]} \(file {files[m[1]]}\)", message)


@pytest.mark.parametrize("name", CASES)
def test_each_folder_is_read_or_blocked_by_name(name, phantoms, tmp_path) -> None:
    """A folder is read right or blocked with the place in mm, the image number and the file."""
    case = CASES[name]
    written(case, phantoms, tmp_path)
    series = scan(tmp_path).series[0]
    assert series.blocked == case.blocked
    assert [problem.code for problem in series.problems] == [code for code, _ in case.says]
    for problem, (_, message) in zip(series.problems, case.says, strict=True):
        assert re.fullmatch(expected(message, series), problem.message), problem.message
    if not case.blocked:
        place = case.sequence.position
        for i in range(series.shape[0]):
            assert np.abs(series.grid.to_lps((i, 0, 0)) - place(i)).max() < AGREEMENT_MM


@pytest.mark.parametrize("peer", ["highdicom", "simpleitk"])
@pytest.mark.parametrize("name", CASES)
def test_peers_agree_where_they_are_right(name, peer, phantoms, tmp_path) -> None:
    """Corners and pixels equal ours where the peer is right; where it is not, the table says."""
    case = CASES[name]
    files = written(case, phantoms, tmp_path)
    read = {"highdicom": by_highdicom, "simpleitk": by_simpleitk}[peer](files)
    assert verdict(read, scan(tmp_path).series[0], case) == getattr(case, peer)


def verdict(read: Peer | str, series: Series, case: Case) -> str:
    """Return what a peer made of a folder, in the table's words."""
    if isinstance(read, str):
        return read
    if not case.blocked and read.array.shape == series.shape:
        volume = load_series(series)
        assert farthest_corner_mm(volume.grid, read) <= AGREEMENT_MM
        assert same_pixels(volume.array, volume.grid, read)
        return EXACT
    return f"loads {read.array.shape[0]} slices every {read.spacing_mm:.2f} mm"


def test_a_missing_end_shows_beside_the_sister_series(phantoms, tmp_path) -> None:
    """The third sign of a lost end: another sagittal series on the grid has the slice."""
    paths = phantoms[str(SMALL.turn_deg)]
    for path in paths:
        ds = pydicom.dcmread(path)
        ds.save_as(tmp_path / f"T1-{path.name}", enforce_file_format=True)
        ds.SeriesInstanceUID, ds.SeriesDescription = "1.2.7", "T2 sag"
        ds.RepetitionTime, ds.EchoTime = "3600", "102"
        del ds.ImagesInAcquisition
        ds.InstanceNumber = int(ds.InstanceNumber) + 100
        ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = f"1.2.7.{ds.InstanceNumber}"
        if path != paths[0]:
            ds.save_as(tmp_path / f"T2-{path.name}", enforce_file_format=True)
    t1, t2 = sorted(scan(tmp_path).series, key=lambda series: series.role)
    assert (t1.problems, t2.blocked) == ((), False)
    (problem,) = t2.problems
    place = np.dot(t1.grid.to_lps((0, 0, 0)), t1.grid.slice_normal_lps)
    assert problem.code == "shorter_than_other"
    assert problem.message == (
        "covers 14 of the 15 slice positions of 'T1 TSE sag' in the same study; end slices may be"
        f" missing at {place:.2f} mm along the slice normal"
    )
