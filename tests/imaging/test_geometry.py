"""Slices become a volume where they form one, and are blocked by name where they do not."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate.domain.grid import Grid
from modic_annotate.domain.series import Plane
from modic_annotate.errors import BlockedSeriesError
from modic_annotate.imaging import load_series, scan
from modic_annotate.imaging.geometry.planes import axes, plane_of
from modic_annotate.imaging.geometry.positions import regularity_problems
from modic_annotate.imaging.model import Series

SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
FAR_MM = 0.01


def rotation(angles: tuple[float, float, float]) -> np.ndarray:
    """Turn about x, then y, then z."""
    x, y, z = angles
    about_x = [[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]]
    about_y = [[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]]
    about_z = [[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]]
    return np.array(about_z) @ about_y @ about_x


def tilted(orientation, angles=(0.1, -0.2, 0.05)) -> np.ndarray:
    return (np.reshape(orientation, (2, 3)) @ rotation(angles).T).ravel()


def only(mr, datasets) -> Series:
    (series,) = scan(mr.write_all(datasets)).series
    return series


def codes(series: Series) -> list[str]:
    return [problem.code for problem in series.problems]


def words(series: Series, i: int = 0) -> str:
    """A problem's message without the file names in it."""
    return re.sub(r" \(file [^)]*\)", "", series.problems[i].message)


def files_in(series: Series, i: int = 0) -> set[str]:
    """The files a problem names."""
    return set(re.findall(r"\(file ([^)]*)\)", series.problems[i].message))


def move(ds, *by: float) -> None:
    ds.ImagePositionPatient = [f"{x:.6f}" for x in np.add(ds.ImagePositionPatient, by)]


def test_rows_go_along_the_column_direction(mr) -> None:
    r"""PixelSpacing 0.3\0.5: rows lie 0.3 mm apart, columns 0.5 mm."""
    series = only(mr, mr.stack(3, PixelSpacing=["0.3", "0.5"]))
    assert series.grid is not None
    assert series.spacing_mm == pytest.approx((4.5, 0.3, 0.5))
    origin = series.grid.to_lps((0, 0, 0))
    assert series.grid.to_lps((0, 10, 0)) - origin == pytest.approx((0, 0, -3.0))
    assert series.grid.to_lps((0, 0, 10)) - origin == pytest.approx((0, 5.0, 0))


def test_order_is_by_position_alone(mr) -> None:
    """Neither file names nor image numbers nor SliceLocation order the slices."""
    datasets = mr.stack(5)
    for ds, number, location in zip(datasets, (4, 2, 5, 1, 3), (1, 9, 3, 8, 2), strict=True):
        ds.InstanceNumber, ds.SliceLocation = number, location
    series = only(mr, datasets)
    assert [ref.instance_number for ref in series.slices] == [4, 2, 5, 1, 3]
    heights = [-ref.position_lps[0] for ref in series.slices if ref.position_lps]
    assert heights == sorted(heights)


def test_thickness_and_stated_spacing_are_not_used(mr) -> None:
    """Spacing comes from positions, whatever thickness and SpacingBetweenSlices say."""
    series = only(mr, mr.stack(4, SliceThickness="9", SpacingBetweenSlices="0.5"))
    assert series.spacing_mm[0] == pytest.approx(4.5)
    assert not series.blocked


def test_one_slice_has_no_spacing_and_the_unit_normal(mr) -> None:
    """A single slice: spacing null, the unit normal as slice column."""
    series = only(mr, mr.stack(1))
    assert series.to_json()["spacing_mm"] == [None, 0.5, 0.5]
    assert [row[0] for row in series.to_json()["affine_lps"]] == [-1.0, 0.0, 0.0, 0.0]
    assert load_series(series).array.shape == (1, 40, 48)


@pytest.mark.parametrize("orientation", [SAGITTAL, AXIAL], ids=["sagittal", "axial"])
@pytest.mark.parametrize("noise_mm", [0.0, 0.0002, 0.005])
def test_oblique_stacks_with_rounded_positions_load(mr, orientation, noise_mm) -> None:
    """A double oblique stack whose positions are rounded or noisy is exact within the noise."""
    datasets = mr.stack(6, orientation=tilted(orientation))
    noise = np.random.default_rng(1)
    for ds in datasets:
        move(ds, *noise.uniform(-noise_mm, noise_mm, 3))
    series = only(mr, datasets)
    assert series.grid is not None
    assert not series.problems
    stated = [ds.ImagePositionPatient for ds in datasets]
    found = series.grid.to_lps([(i, 0, 0) for i in range(6)])
    assert np.abs(found - np.array(stated, float)).max() < FAR_MM


def test_a_missing_slice_is_named(mr) -> None:
    """A gap of one step blocks, with the place in mm and its neighbours."""
    datasets = mr.stack(7)
    del datasets[3]
    series = only(mr, datasets)
    assert codes(series) == ["missing_slice", "image_number_gap"]
    assert words(series) == (
        "slice 4 of 7 is missing at 26.50 mm along the slice normal, between image 3 and image 5;"
        " get the whole series"
    )  # 13 mm + 3 steps of 4.5 mm
    assert [ref.path.name in series.problems[0].message for ref in series.slices] == [
        number in (3, 5) for number in (1, 2, 3, 5, 6, 7)
    ]
    assert "image numbers 4" in series.problems[1].message
    assert (series.blocked, series.grid) == (True, None)
    with pytest.raises(BlockedSeriesError, match=r"missing at 26\.50 mm"):
        load_series(series)


@pytest.mark.parametrize("orientation", [SAGITTAL, AXIAL], ids=["sagittal", "axial"])
@pytest.mark.parametrize("lost", [(1,), (2, 3), (1, 3), (1, 2, 3, 4)])
def test_missing_slices_block_in_any_plane(mr, orientation, lost) -> None:
    """One or several lost inner slices block, sagittal or axial."""
    datasets = mr.stack(8, orientation=orientation)
    kept = [ds for i, ds in enumerate(datasets) if i not in lost]
    series = only(mr, kept)
    assert series.blocked
    assert codes(series)[0] == "missing_slice"


def test_a_lost_middle_of_three_is_found_by_the_stated_spacing(mr) -> None:
    """Two slices alone confirm no spacing: where the header states half of it, one is missing."""
    datasets = mr.stack(3, SpacingBetweenSlices="4.5")
    series = only(mr, [datasets[0], datasets[2]])
    assert codes(series)[0] == "missing_slice"


def test_a_stack_thinned_evenly_is_found_by_numbers(mr) -> None:
    """Every second slice: regular, but numbers skip and the header states half the spacing."""
    series = only(mr, mr.stack(9, SpacingBetweenSlices="4.5")[::2])
    assert codes(series)[0] == "missing_slice"


def test_a_spacing_the_header_states_wrongly_is_a_hint(mr) -> None:
    """Complete image numbers outweigh a stated spacing of half the slices' own: it is read."""
    series = only(mr, mr.stack(6, SpacingBetweenSlices="2.25", SliceThickness="2"))
    assert codes(series) == ["spacing_differs_from_header"]
    assert (series.blocked, series.spacing_mm[0]) == (False, pytest.approx(4.5))
    assert load_series(series).array.shape[0] == 6


@pytest.mark.parametrize(("lost", "said"), [(0, "image numbers 1 "), (6, None)])
def test_image_numbers_tell_of_a_lost_first_image_alone(mr, lost, said) -> None:
    """Numbers that begin at 2 tell of a lost end; a lost last number tells nothing."""
    datasets = mr.stack(7)
    del datasets[lost]
    series = only(mr, datasets)
    assert not series.blocked
    assert codes(series) == (["image_number_gap"] if said else [])
    assert said is None or series.problems[0].message.startswith(said)


def test_numbers_of_a_scanner_s_own_tell_nothing(mr) -> None:
    """Numbers that begin at 41 lack nothing."""
    datasets = mr.stack(5)
    for i, ds in enumerate(datasets):
        ds.InstanceNumber = 41 + i
    assert codes(only(mr, datasets)) == []


def test_a_lost_end_slice_is_a_hint(mr) -> None:
    """A lost end slice cannot be seen in positions; ImagesInAcquisition tells, without blocking."""
    series = only(mr, mr.stack(7, ImagesInAcquisition="7")[:-1])
    assert codes(series) == ["fewer_images_than_acquired"]
    assert not series.blocked


def test_a_lost_end_slice_shows_beside_its_sister(mr) -> None:
    """A T2 that covers less than the T1 on the same grid says so."""
    mr.write_all(mr.stack(7))
    t2 = mr.stack(7, SeriesInstanceUID="1.2.3", RepetitionTime="3000", EchoTime="100")
    mr.write_all([ds for ds in t2[1:]], prefix="T2")  # noqa: C416
    found = {series.role.value: codes(series) for series in scan(mr.folder).series}
    assert found["SAG_T1"] == []
    assert "shorter_than_other" in found["SAG_T2"]


def test_a_doubled_slice_is_named(mr) -> None:
    """Two different images at one place block."""
    datasets = mr.stack(5)
    double = mr.stack(5)[2]
    double.InstanceNumber = 6
    series = only(mr, [*datasets, double])
    assert codes(series) == ["duplicate_slice"]
    assert "image 3 and image 6 lie at the same place, 22.00 mm" in words(series)
    assert {ref.path.name for ref in series.slices[2:4]} == files_in(series)


def test_copies_that_differ_block_as_a_doubled_slice(mr) -> None:
    """Two files under one instance UID with other pixels are a doubled slice as well."""
    datasets = mr.stack(5)
    other = mr.stack(5)[2]
    other.SOPInstanceUID, other.InstanceNumber = datasets[1].SOPInstanceUID, 2
    other.ImagePositionPatient = datasets[1].ImagePositionPatient
    series = only(mr, [*datasets, other])
    assert codes(series) == ["duplicate_slice", "conflicting_copies"]
    assert words(series).startswith("image 2 and image 2 lie at the same place, 17.50 mm")


@pytest.mark.parametrize("by", [(0.5, 0.0, 0.0), (0.0, 0.5, 0.0), (0.0, 0.0, -0.05)])
@pytest.mark.parametrize("at", [0, 2, 6])
def test_a_shifted_slice_is_named(mr, by, at) -> None:
    """One slice off its place, along the normal or within its plane, blocks by its name."""
    datasets = mr.stack(7)
    move(datasets[at], *by)
    series = only(mr, datasets)
    assert codes(series) == ["shifted_slice"]
    assert f"image {at + 1} at" in words(series)
    assert f"{max(np.abs(by)):.2f} mm" in words(series)
    assert files_in(series) == {series.slices[at].path.name}


def test_a_sheared_stack_blocks(mr) -> None:
    """Slices that drift sideways by 0.33 mm each form no right-angled volume."""
    datasets = mr.stack(7)
    for i, ds in enumerate(datasets):
        move(ds, 0.0, 0.33 * i, 0.0)
    series = only(mr, datasets)
    assert codes(series) == ["sheared_stack"]
    assert "1.98 mm over 27.0 mm, from image 1 at 13.00 mm to image 7 at 40.00 mm" in words(series)
    assert files_in(series) == {series.slices[i].path.name for i in (0, 6)}


def test_irregular_spacing_blocks(mr) -> None:
    """Slices at no common step are irregular."""
    datasets = mr.stack(5)
    for i, ds in enumerate(datasets):
        move(ds, -(0.4 * i * i), 0.0, 0.0)
    assert codes(only(mr, datasets)) == ["irregular_spacing"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ImagePositionPatient": None}, "no_geometry"),
        ({"ImageOrientationPatient": None}, "no_geometry"),
        ({"ImagePositionPatient": ["0", "0"]}, "no_geometry"),
        ({"PixelSpacing": None}, "no_pixel_spacing"),
        ({"PixelSpacing": ["0", "0"]}, "no_pixel_spacing"),
        ({"PixelSpacing": "0.5"}, "no_pixel_spacing"),
        ({"ImageOrientationPatient": ["1", "0", "0", "1", "0", "0"]}, "bad_orientation"),
        ({"ImageOrientationPatient": ["0"] * 6}, "bad_orientation"),
    ],
)
def test_slices_without_a_place_block(mr, changes, code) -> None:
    """What does not say where it lies is blocked, not placed by a guess."""
    datasets = mr.stack(1)
    for keyword, value in changes.items():
        setattr(datasets[0], keyword, value) if value else delattr(datasets[0], keyword)
    series = only(mr, datasets)
    assert codes(series) == [code]
    assert series.grid is None


def test_long_rows_find_their_fault_too() -> None:
    """Among a thousand thin slices the one shifted by 0.3 mm is named, and it alone."""
    along = np.arange(1000) * 0.9
    along[700] += 0.3
    labels = [f"image {i}" for i in range(1000)]
    (problem,) = regularity_problems(along, np.zeros((1000, 2)), labels)
    assert problem.code == "shifted_slice"
    assert problem.message.startswith("image 700 at 630.30 mm")


def test_two_images_at_one_place_are_no_stack(mr) -> None:
    """Two equal places alone are a double, not a volume of two slices."""
    datasets = mr.stack(1) + mr.stack(1)
    assert codes(only(mr, datasets)) == ["duplicate_slice"]


def test_an_extent_is_compared_on_one_spacing_only(mr) -> None:
    """A T2 with other spacing is not called shorter than the T1."""
    mr.write_all(mr.stack(7))
    other = {"SeriesInstanceUID": "1.2.3", "SeriesDescription": "PD FS"}
    other |= {"RepetitionTime": "3000", "EchoTime": "30", "ScanOptions": "FS"}
    mr.write_all(mr.stack(4, 5.0, **other), prefix="T2")
    assert [codes(series) for series in scan(mr.folder).series] == [[], []]


cosines = st.tuples(*[st.floats(-np.pi, np.pi)] * 3)


@given(
    angles=cosines,
    spacing=st.tuples(*[st.floats(0.2, 10.0)] * 3),
    origin=st.tuples(*[st.floats(-500, 500)] * 3),
    index=st.tuples(*[st.floats(-5, 500)] * 3),
)
def test_index_to_patient_and_back(angles, spacing, origin, index) -> None:
    """Any grid maps an index to patient mm and back to the same index."""
    affine = np.eye(4)
    affine[:3, :3] = rotation(angles) * spacing
    affine[:3, 3] = origin
    grid = Grid(shape=(3, 4, 5), affine_lps=affine.tolist())
    assert grid.to_index(grid.to_lps(index)) == pytest.approx(index, abs=1e-6)


@given(angles=cosines)
def test_axes_are_right_handed_units(angles) -> None:
    """Row direction, column direction and normal are orthonormal, whatever the tilt."""
    found = axes(tuple(rotation(angles)[:2].ravel()))
    assert found @ found.T == pytest.approx(np.eye(3), abs=1e-9)
    assert np.linalg.det(found) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("degrees", "plane"),
    [(0, Plane.AXIAL), (40, Plane.AXIAL), (50, Plane.CORONAL), (90, Plane.CORONAL)],
)
def test_the_plane_is_the_nearest(degrees, plane) -> None:
    """An L5/S1 stack tilted by 40 degrees is axial still; by 50 it is coronal."""
    assert plane_of(tuple(tilted(AXIAL, (np.radians(degrees), 0.0, 0.0)))) is plane


def test_a_plane_far_from_all_axes_is_oblique() -> None:
    """A normal along the space diagonal has no nearest plane."""
    row = np.array([1.0, -1.0, 0.0]) / np.sqrt(2)
    column = np.cross(np.ones(3) / np.sqrt(3), row)
    assert plane_of((*row, *column)) is Plane.OBLIQUE
    assert plane_of(None) is Plane.OBLIQUE
