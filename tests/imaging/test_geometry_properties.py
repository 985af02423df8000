"""What holds of any stack, however it lies: headers written from an affine give it back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate.domain.series import Acquisition
from modic_annotate.imaging.geometry.placing import Placement, place
from modic_annotate.imaging.geometry.stacks import split_stacks
from modic_annotate.imaging.geometry.tolerances import POSITION_TOLERANCE_MM
from modic_annotate.imaging.headers.header import MR_IMAGE, Header
from modic_annotate.imaging.model import PatientIdentity

EXACT_MM = 1e-6
NOISE_MM = 2e-4

angles = st.tuples(*[st.floats(-np.pi, np.pi)] * 3)
spacings = st.tuples(st.floats(0.8, 12.0), st.floats(0.2, 3.0), st.floats(0.2, 3.0))
origins = st.tuples(*[st.floats(-500, 500)] * 3)


def header(index: int, position, orientation, pixel_mm) -> Header:
    """The header of one slice, image number `index` + 1."""
    return Header(
        path=Path(f"F{index}"), frame=0, sop_class_uid=MR_IMAGE, sop_instance_uid=f"1.{index}",
        study_uid="1", series_uid="2", frame_of_reference_uid="3", transfer_syntax="1.2",
        series_number=1, instance_number=index + 1, acquisition_number=1, temporal_position=None,
        images_in_acquisition=None, description="", protocol_name="", sequence_name="",
        image_type=("ORIGINAL", "PRIMARY", "M"), scan_options_stated=True, b_value=None,
        position=tuple(np.asarray(position, float).tolist()),
        orientation=tuple(np.ravel(orientation).tolist()), pixel_spacing=tuple(pixel_mm),
        rows=40, columns=48, samples_per_pixel=1, photometric="MONOCHROME2", bits_allocated=16,
        rescale_slope=None, truncated=False, lone_multiframe=False, acquisition=Acquisition(),
        patient=PatientIdentity(),
    )  # fmt: skip


def rotation(turn) -> np.ndarray:
    """A proper rotation from three angles."""
    x, y, z = turn
    about_x = np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_z = np.array([[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]])
    return about_z @ about_y @ about_x


@st.composite
def stacks(draw, least: int = 1) -> tuple[np.ndarray, list[Header]]:
    """An affine (slice, row, column) -> LPS mm, and headers of its slices in ascending order."""
    n = draw(st.integers(least, 12))
    between, down, across = draw(spacings)
    row, column, normal = rotation(draw(angles))
    affine = np.eye(4)
    affine[:3, :3] = np.stack([normal * between, column * down, row * across], axis=1)
    affine[:3, 3] = draw(origins)
    slices = [
        header(i, affine[:3, 3] + i * affine[:3, 0], (row, column), (down, across))
        for i in range(n)
    ]
    return affine, slices


def moved(slices: list[Header], i: int, by) -> list[Header]:
    position = tuple(np.add(slices[i].position, by).tolist())
    return [*slices[:i], replace(slices[i], position=position), *slices[i + 1 :]]


def corners_mm(placed: Placement, affine: np.ndarray) -> float:
    """How far, at worst, a corner of the volume lies from where the affine puts it."""
    ends = np.array(np.meshgrid(*[(0, n - 1) for n in placed.grid.shape])).reshape(3, -1).T
    wanted = ends @ affine[:3, :3].T + affine[:3, 3]
    return float(np.abs(placed.grid.to_lps(ends) - wanted).max())


@given(stack=stacks(), order=st.randoms(use_true_random=False))
def test_an_affine_written_to_headers_comes_back(stack, order) -> None:
    """Whatever the tilt, the spacing and the order of the files: the same grid, slice for slice."""
    affine, slices = stack
    shuffled = order.sample(slices, len(slices))
    placed = place(shuffled)
    assert placed.problems == ()
    assert placed.headers == tuple(slices)
    if len(slices) == 1:
        affine[:3, 0] /= np.linalg.norm(affine[:3, 0])
    assert corners_mm(placed, affine) < EXACT_MM
    assert placed == place(slices)
    assert [list(placed.headers)] == [list(place(part).headers) for part in split_stacks(shuffled)]


@given(stack=stacks(least=2), seed=st.integers(0, 2**32 - 1))
def test_rounding_noise_changes_nothing(stack, seed) -> None:
    """Positions off by up to 0.2 um give the same order and, within the noise, the same grid."""
    affine, slices = stack
    noise = np.random.default_rng(seed).uniform(-NOISE_MM, NOISE_MM, (len(slices), 3))
    for i, by in enumerate(noise):
        slices = moved(slices, i, by)
    placed = place(slices)
    assert placed.problems == ()
    assert placed.headers == tuple(slices)
    assert corners_mm(placed, affine) < 2 * NOISE_MM


@given(
    data=st.data(), stack=stacks(least=5), share=st.floats(-0.4, 0.4), sign=st.sampled_from((-1, 1))
)
def test_a_slice_moved_along_the_normal_blocks_and_is_named(data, stack, share, sign) -> None:
    """Any one slice moved by more than the tolerance is named, and it alone."""
    affine, slices = stack
    i = data.draw(st.integers(0, len(slices) - 1))
    step = np.linalg.norm(affine[:3, 0])
    by = sign * 2 * POSITION_TOLERANCE_MM + share * (step - 5 * POSITION_TOLERANCE_MM)
    if abs(by) < 2 * POSITION_TOLERANCE_MM:
        by = sign * 2 * POSITION_TOLERANCE_MM
    placed = place(moved(slices, i, affine[:3, 0] / step * by))
    (problem,) = placed.problems
    assert (problem.code, problem.blocking, placed.grid) == ("shifted_slice", True, None)
    assert problem.message.startswith(f"image {i + 1} (file F{i}) at ")
    assert f"lies {abs(by):.2f} mm from" in problem.message


@given(data=st.data(), stack=stacks(least=5), far_mm=st.floats(0.05, 20.0), angle=st.floats(0, 6.3))
def test_a_slice_moved_within_its_plane_blocks_and_is_named(data, stack, far_mm, angle) -> None:
    """A slice moved sideways, however little beyond the tolerance, is named, and it alone."""
    affine, slices = stack
    i = data.draw(st.integers(0, len(slices) - 1))
    column, row = (affine[:3, k] / np.linalg.norm(affine[:3, k]) for k in (1, 2))
    placed = place(moved(slices, i, far_mm * (np.cos(angle) * row + np.sin(angle) * column)))
    (problem,) = placed.problems
    assert (problem.code, placed.grid, placed.remedy) == ("shifted_slice", None, None)
    assert problem.message.startswith(f"image {i + 1} (file F{i}) at ")
    assert f"is moved {far_mm:.2f} mm within its plane" in problem.message


@given(data=st.data(), stack=stacks(least=4))
def test_a_missing_inner_slice_is_named_and_can_be_accepted(data, stack) -> None:
    """The gap is named by place and neighbours; accepted, all others keep their places."""
    _affine, slices = stack
    i = data.draw(st.integers(1, len(slices) - 2))
    placed = place(slices[:i] + slices[i + 1 :])
    (problem,) = placed.problems
    assert problem.code == "missing_slice"
    assert problem.message.startswith(f"slice {i + 1} of {len(slices)} is missing at ")
    assert f"between image {i} (file F{i - 1}) and image {i + 2} (file F{i + 1})" in problem.message
    assert placed.remedy.not_acquired == (i,)
    whole = place(slices).grid
    assert np.abs(placed.remedy.grid.matrix - whole.matrix).max() < EXACT_MM
    assert placed.remedy.grid.shape == whole.shape


@given(data=st.data(), stack=stacks(least=3))
def test_a_doubled_slice_is_named_and_can_be_left_out(data, stack) -> None:
    """Two images at one place are named; accepted, the first is kept."""
    _affine, slices = stack
    i = data.draw(st.integers(0, len(slices) - 1))
    double = replace(slices[i], path=Path("FX"), instance_number=99)
    placed = place([double, *slices])
    (problem,) = placed.problems
    assert problem.code == "duplicate_slice"
    assert problem.message.startswith(f"image {i + 1} (file F{i}) and image 99 (file FX) lie")
    assert [placed.headers[k] for k in placed.remedy.kept] == slices
    assert placed.remedy.grid == place(slices).grid


@given(stack=stacks(least=3), degrees=st.floats(0.05, 9.9), data=st.data())
def test_a_slice_tilted_in_its_plane_is_named(stack, degrees, data) -> None:
    """A slice turned about its own normal is named with its angle, whichever it is."""
    _affine, slices = stack
    i = data.draw(st.integers(0, len(slices) - 1))
    row, column = np.reshape(slices[i].orientation, (2, 3))
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turned = (*(row * c + column * s), *(column * c - row * s))
    tilted = replace(slices[i], orientation=tuple(float(x) for x in turned))
    placed = place([*slices[:i], tilted, *slices[i + 1 :]])
    (problem,) = placed.problems
    assert problem.code == "tilted_slice"
    assert problem.message.startswith(f"image {i + 1} (file F{i}) at ")
    assert f"tilted by {degrees:.2f} degrees" in problem.message


@pytest.mark.parametrize(
    ("patient", "file_name", "named"),
    [
        (PatientIdentity(name="Roe^Jane", patient_id="H-77"), "IM0001", True),
        (PatientIdentity(name="Roe^Jane", patient_id="H-77"), "jane_roe_3.dcm", False),
        (PatientIdentity(name="Li^Wu", patient_id="9"), "li-3.dcm", False),
        (PatientIdentity(name="Li^Wu", patient_id=None), "slice3.dcm", True),
        (PatientIdentity(name="Roe", patient_id="004711"), "MR004711x.dcm", False),
        (PatientIdentity(), "IM1", True),
    ],
)
def test_a_file_named_after_the_patient_is_not_named(patient, file_name, named) -> None:
    """A message names the file but where its name would tell who the patient is."""
    made = header(2, (0, 0, 0), (1, 0, 0, 0, 1, 0), (1, 1))
    label = replace(made, path=Path("folder") / file_name, patient=patient).file_label
    assert label == ("image 3" if not named else f"image 3 (file {file_name})")


@given(
    data=st.data(),
    stack=stacks(least=5),
    far_mm=st.floats(3 * POSITION_TOLERANCE_MM, 200.0),
    direction=st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda d: np.linalg.norm(d) > 0.1),
)
def test_a_slice_moved_anywhere_never_goes_unnoticed(data, stack, far_mm, direction) -> None:
    """Whatever place one slice is moved to, no volume of all the others is read without a word."""
    _, slices = stack
    i = data.draw(st.integers(0, len(slices) - 1))
    by = np.array(direction) / np.linalg.norm(direction) * far_mm
    found = [place(part) for part in split_stacks(moved(slices, i, by))]
    assert any(problem.blocking for placed in found for problem in placed.problems)
