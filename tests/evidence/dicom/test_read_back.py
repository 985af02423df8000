"""What was written is read back: the reader's words from the report, the paint from the objects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import highdicom as hd
import numpy as np
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from modic_annotate.domain.reading import LesionMask
from modic_annotate.domain.spine import Endplate
from modic_annotate.errors import InvalidRecordError
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.formats.dicom.held import held
from modic_annotate.evidence.formats.dicom.read_seg import masks_from_seg, runs_of
from modic_annotate.evidence.formats.dicom.read_sr import reading_from_sr
from modic_annotate.evidence.formats.dicom.seg import pixels_of
from modic_annotate.evidence.formats.registry import FORMATS, plan_of

Objects = dict[str, Path]


def written(contents: Contents, name: str, folder: Path) -> Path:
    """Make one object and nothing else."""
    made = {Path(path).name: make for path, make in plan_of(FORMATS, contents).items()}
    path = folder / name
    path.write_bytes(made[name]())
    return path


def told(contents: Contents) -> object:
    """Return what a report holds of the contents' one reading."""
    one = contents.signed[0]
    return held(one.reading, one.signature)


def test_the_sample_reads_back_equal(painted_contents: Contents, objects: Objects) -> None:
    """Findings, discs, numbering, lines, points and images survive; nothing is added."""
    assert reading_from_sr(objects["sr"]) == told(painted_contents)


def test_everything_a_reading_can_say_reads_back_equal(
    rich_contents: Contents, tmp_path: Path
) -> None:
    """Every field in use, odd characters, three types, an unread and an unreadable endplate."""
    back = reading_from_sr(written(rich_contents, "sr.dcm", tmp_path))
    assert back == told(rich_contents)
    assert [one.words for one in back.findings[:3]] == [
        "type 3 = 1 > 2",
        "cannot be read",
        "not read",
    ]


def test_masks_read_back_equal(painted_contents: Contents, objects: Objects) -> None:
    """Each run of painted pixels is where it was, on the image it was painted on."""
    back = [m for name, path in objects.items() if "seg" in name for m in masks_from_seg(path)]
    painted = painted_contents.signed[0].reading.masks
    assert sorted(back, key=repr) == sorted(painted, key=repr)


@given(arrays.arrays(np.bool_, st.tuples(st.integers(1, 8), st.integers(1, 8))))
def test_runs_and_pixels_say_the_same(mask: np.ndarray) -> None:
    """Any painted area becomes runs and pixels again, unchanged."""
    rows, columns = mask.shape
    made = LesionMask(
        endplate=Endplate.parse("L4-inferior"),
        series_uid="1.2",
        sop_instance_uid="1.2.3",
        rows=rows,
        columns=columns,
        runs=runs_of(mask),
    )
    assert np.array_equal(pixels_of(made), mask)


def test_highdicom_reads_the_report(objects: Objects) -> None:
    """Its own parser finds one group per endplate, with its site, type and uncertainty."""
    report = hd.sr.srread(objects["sr"])
    groups = report.content.get_image_measurement_groups(tracking_uid=None)
    assert len(groups) >= 12
    lesion = next(g for g in groups if g.tracking_identifier == "L4-inferior")
    assert lesion.finding_type.meaning == "Modic types 1 and 2, mixed"
    sites = [(s.value.meaning, s.topographical_modifier) for s in lesion.finding_sites]
    assert [meaning for meaning, _ in sites] == ["L4 vertebra", "L4/L5 disc"]
    assert sites[0][1].meaning == "Inferior"


def test_highdicom_places_the_paint_where_the_images_lie(
    objects: Objects, sample_root: Path
) -> None:
    """Each frame has position, orientation and spacing of the image it was painted on."""
    images = {
        ds.SOPInstanceUID: ds
        for path in (sample_root / "images" / "demo-001").rglob("*.dcm")
        for ds in [pydicom.dcmread(path, stop_before_pixels=True)]
    }
    painted = hd.seg.segread(objects["seg-SAG_T1"])
    shared = painted.SharedFunctionalGroupsSequence[0]
    orientation = shared.PlaneOrientationSequence[0].ImageOrientationPatient
    for frame in painted.PerFrameFunctionalGroupsSequence:
        source = frame.DerivationImageSequence[0].SourceImageSequence[0]
        image = images[source.ReferencedSOPInstanceUID]
        position = frame.PlanePositionSequence[0].ImagePositionPatient
        assert np.allclose(position, image.ImagePositionPatient, atol=1e-3)
        assert np.allclose(orientation, image.ImageOrientationPatient, atol=1e-6)
    spacing = shared.PixelMeasuresSequence[0].PixelSpacing
    assert np.allclose(spacing, image.PixelSpacing, atol=1e-6)


def truncated(path: Path, tmp_path: Path) -> Path:
    target = tmp_path / path.name
    target.write_bytes(path.read_bytes()[:3000])
    return target


def no_dicom(_path: Path, tmp_path: Path) -> Path:
    target = tmp_path / "letter.dcm"
    target.write_text("a letter")
    return target


@pytest.mark.parametrize("spoil", [truncated, no_dicom])
@pytest.mark.parametrize(
    ("read", "name"), [(reading_from_sr, "sr"), (masks_from_seg, "seg-SAG_T1")]
)
@pytest.mark.filterwarnings("ignore::UserWarning")  # pydicom says of a cut file that it is cut
def test_what_is_no_object_of_ours_is_refused_by_name(
    objects: Objects,
    tmp_path: Path,
    read: Callable[[Path], object],
    name: str,
    spoil: Callable[[Path, Path], Path],
) -> None:
    """A damaged or foreign file gives one sentence, never a half reading."""
    with pytest.raises(InvalidRecordError, match=r"\.dcm is not valid: not a"):
        read(spoil(objects[name], tmp_path))


def test_an_object_of_another_kind_is_refused(objects: Objects) -> None:
    """A selection is no report, a report no segmentation."""
    for read, name in ((reading_from_sr, "kos"), (masks_from_seg, "sr")):
        with pytest.raises(InvalidRecordError, match="of modic-annotate"):
            read(objects[name])
