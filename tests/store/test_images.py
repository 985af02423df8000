"""Opening a record's images: as they were linked, or a message that names what differs."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pydicom
import pytest

from modic_annotate import imaging
from modic_annotate.domain.images import ImageIndex, IndexedSeries
from modic_annotate.domain.links import IdentityCheck, Match, StudyLink
from modic_annotate.domain.series import SeriesRole
from modic_annotate.errors import BlockedSeriesError, RecordMismatchError, UnknownRecordError
from modic_annotate.store.canonical import canonical_bytes, sha256_hex
from modic_annotate.store.images import open_volumes
from modic_annotate.store.workspace import Workspace

SLOTS = (SeriesRole.SAG_T1, SeriesRole.SAG_T2, SeriesRole.SAG_FS)
NOTHING = Match.NOT_AVAILABLE


@pytest.fixture
def linked(ws: Workspace, make_record, real_data: Path) -> Workspace:
    """A workspace whose case1 holds the sagittal T1 and T2 of the real exam."""
    ws.add_screening(make_record(), "coordinator")
    folder = ws.store.path("images/case1")
    found = imaging.scan(real_data / "lumbar-hitachi-0.3t").series
    for series in (s for s in found if s.role in SLOTS[:2]):
        for n, ref in enumerate(series.slices):
            target = folder / str(series.series_number) / f"{n:03d}.dcm"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ref.path, target)
    series_here = imaging.scan(folder).series
    index = ImageIndex(
        record_id="case1",
        study_uid=series_here[0].study_uid,
        images="verbatim",
        series=tuple(
            IndexedSeries(
                used=imaging.load_series(s).series_used(),
                files=tuple(ref.path.relative_to(folder).as_posix() for ref in s.slices),
            )
            for s in series_here
        ),
    )
    ws.store.put_new("images/case1/index.json", canonical_bytes(index))
    link = StudyLink(
        study_uid=index.study_uid,
        at="2026-03-20T09:00:00Z",
        by="coordinator",
        images="verbatim",
        n_series=2,
        n_instances=22,
        index_sha256=sha256_hex(canonical_bytes(index)),
        check=IdentityCheck(birth_year=NOTHING, sex=NOTHING, study_date=NOTHING, checked_by="c"),
    )
    ws.add_link("case1", link)
    return ws


def files_of(ws: Workspace, role: SeriesRole) -> list[Path]:
    entry = ws.images("case1").in_role(role)
    assert entry is not None
    return [ws.image_folder("case1") / hint for hint in entry.files]


pytestmark = pytest.mark.real


def test_volumes_are_opened_by_slot(linked: Workspace) -> None:
    """Slots that are filled give their volume, others are left out."""
    volumes = open_volumes(linked, "case1", SLOTS)

    assert set(volumes) == {SeriesRole.SAG_T1, SeriesRole.SAG_T2}
    assert volumes[SeriesRole.SAG_T1].array.shape == (11, 512, 512)


def test_moved_files_are_found_by_their_uids(linked: Workspace) -> None:
    """Hints may be stale: files that moved within the folder are found again."""
    for n, path in enumerate(reversed(files_of(linked, SeriesRole.SAG_T1))):
        path.rename(linked.image_folder("case1") / f"moved_{n}")

    assert SeriesRole.SAG_T1 in open_volumes(linked, "case1", SLOTS)


def test_a_changed_pixel_is_named(linked: Workspace) -> None:
    """One changed pixel is found, and the image is named by its number."""
    path = files_of(linked, SeriesRole.SAG_T1)[4]
    ds = pydicom.dcmread(path)
    values = np.frombuffer(ds.PixelData, dtype="<i2").copy()
    values[100_000] += 1
    ds.PixelData = values.tobytes()
    ds.save_as(path)

    with pytest.raises(RecordMismatchError, match=f"image {ds.InstanceNumber} has other pixels"):
        open_volumes(linked, "case1", SLOTS)


def test_a_changed_geometry_is_named(linked: Workspace) -> None:
    """Images whose place in the patient changed are not what was linked."""
    for path in files_of(linked, SeriesRole.SAG_T1):
        ds = pydicom.dcmread(path)
        ds.ImagePositionPatient[2] += 5
        ds.save_as(path)

    with pytest.raises(RecordMismatchError, match="its geometry differs"):
        open_volumes(linked, "case1", SLOTS)


def test_a_missing_last_image_is_named(linked: Workspace) -> None:
    """A stack that lost its last image is shorter, and the image is named."""
    path = files_of(linked, SeriesRole.SAG_T1)[-1]
    number = pydicom.dcmread(path).InstanceNumber
    path.unlink()

    with pytest.raises((RecordMismatchError, BlockedSeriesError), match=str(number)):
        open_volumes(linked, "case1", SLOTS)


def test_a_missing_inner_image_is_named(linked: Workspace) -> None:
    """A gap in a stack blocks it."""
    files_of(linked, SeriesRole.SAG_T1)[5].unlink()

    with pytest.raises((RecordMismatchError, BlockedSeriesError)):
        open_volumes(linked, "case1", SLOTS)


def test_a_missing_series_is_named(linked: Workspace) -> None:
    """A series that is gone altogether says what to do."""
    for path in files_of(linked, SeriesRole.SAG_T1):
        path.unlink()

    with pytest.raises(UnknownRecordError, match=r"\(SAG_T1\) of record case1 is gone"):
        open_volumes(linked, "case1", SLOTS)


def test_a_changed_index_is_refused(linked: Workspace) -> None:
    """An index that is not the one linked is a fault before any image is read."""
    path = linked.image_folder("case1") / "index.json"
    path.write_bytes(path.read_bytes().replace(b"SAG_T1", b"SAG_T2"))

    with pytest.raises(RecordMismatchError, match=r"index\.json was changed"):
        open_volumes(linked, "case1", SLOTS)


def test_images_without_a_link_are_not_opened(ws: Workspace, make_record) -> None:
    """An index alone, as a crash may leave it, is no linked study."""
    ws.add_screening(make_record(), "coordinator")
    index = ImageIndex(record_id="case1", study_uid="2.25.1", series=())
    ws.store.put_new("images/case1/index.json", canonical_bytes(index))

    with pytest.raises(UnknownRecordError, match="no linked study"):
        open_volumes(ws, "case1", SLOTS)


def test_an_added_image_is_told(linked: Workspace) -> None:
    """A stack that grew is not what was linked."""
    path = files_of(linked, SeriesRole.SAG_T1)[-1]
    ds = pydicom.dcmread(path)
    step = np.array(ds.ImagePositionPatient) - np.array(
        pydicom.dcmread(files_of(linked, SeriesRole.SAG_T1)[-2]).ImagePositionPatient
    )
    ds.ImagePositionPatient = [round(float(v), 6) for v in ds.ImagePositionPatient + step]
    ds.SOPInstanceUID, ds.InstanceNumber = "1.2.3.4", 99
    ds.ImagesInAcquisition = 12
    for other in files_of(linked, SeriesRole.SAG_T1):
        one = pydicom.dcmread(other)
        one.ImagesInAcquisition = 12
        one.save_as(other)
    ds.save_as(path.with_name("999.dcm"))
    files_of(linked, SeriesRole.SAG_T1)[0].rename(linked.image_folder("case1") / "moved.dcm")

    with pytest.raises((RecordMismatchError, BlockedSeriesError)):
        open_volumes(linked, "case1", SLOTS)
