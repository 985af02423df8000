"""A series with a missing slice, from the medium to a verified package: accepted, and said so."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from modic_annotate.conduct.demo import (
    DemoInput,
    conclude,
    judgement_day,
    prepare,
    sample_input,
)
from modic_annotate.domain.series import SeriesRole
from modic_annotate.evidence import document as doc
from modic_annotate.evidence.bag_read import open_bag
from modic_annotate.session.apply import apply_acts
from modic_annotate.store.images import image_faults, open_series
from modic_annotate.store.workspace import Workspace

LOST = "t1-13.dcm"
"""A slice far to the side; image 13 of 15 lies third in ascending order of position."""

LOST_INDEX = 2
REASON = "the lost slice lies beside the bodies"


@pytest.fixture(scope="module")
def gapped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str, DemoInput]:
    """The sample linked without one T1 slice, and its acts after the acceptance."""
    folder = tmp_path_factory.mktemp("gapped")
    given = sample_input()
    study = Path(shutil.copytree(given.dicom, folder / "study"))
    (study / LOST).unlink()
    ws, record_id = prepare(folder / "ws", DemoInput(study, given.acts, given.record), print)
    (blocked,) = ws.images(record_id).blocked
    accept = {"act": "accept_series", "series_uid": blocked.series_uid, "reason": REASON}
    acts = folder / "acts.jsonl"
    acts.write_text(f"{json.dumps(accept)}\n{given.acts.read_text()}")
    return ws, record_id, DemoInput(study, acts, given.record)


def test_the_index_holds_what_it_is_read_as(gapped) -> None:
    """The blocked T1 names its gap with place and files, and the full grid it lies on."""
    ws, record_id, _ = gapped
    index = ws.linked_images(record_id)
    (blocked,) = index.blocked
    assert blocked.problems[0].startswith("slice 3 of 15 is missing at ")
    assert "between image 14 (file 002.dcm) and image 12 (file 003.dcm)" in blocked.problems[0]
    used = blocked.if_accepted.used
    assert (used.grid.shape[0], used.not_acquired, len(used.instances)) == (15, (LOST_INDEX,), 14)
    assert index.in_role(SeriesRole.SAG_T1) is None
    assert image_faults(ws, record_id) == ()


def test_the_images_open_with_the_slice_left_empty(gapped) -> None:
    """Opened from the workspace the slices keep their places; the lost one is empty."""
    ws, record_id, _ = gapped
    index = ws.linked_images(record_id)
    volume = open_series(ws, index, index.acceptable[0])
    assert volume.array.shape == volume.grid.shape
    assert [not plane.any() for plane in volume.array] == [i == LOST_INDEX for i in range(15)]
    assert volume.instance_at(LOST_INDEX) is None
    assert volume.instance_at(LOST_INDEX + 1).instance_number == 12


def test_a_lost_file_of_an_accepted_series_is_found(gapped, tmp_path) -> None:
    """A series accepted with one gap is not opened with another."""
    ws, record_id, _ = gapped
    copy = Workspace.open(Path(shutil.copytree(ws.root, tmp_path / "ws")))
    index = copy.linked_images(record_id)
    (copy.image_folder(record_id) / index.acceptable[0].files[7]).unlink()
    (fault,) = image_faults(copy, record_id)
    assert "image 7 is missing" in fault
    assert "geometry differs" not in fault


def test_it_is_read_signed_and_packaged_with_its_fault(gapped) -> None:
    """The sample is read on it to the end; reading, package and summary say who accepted what."""
    ws, record_id, given = gapped
    applied = apply_acts(ws, record_id, "R01", given.acts, lambda _line: None)
    assert applied.signed
    made = conclude(ws, record_id, given, judgement_day(given), ())
    reading, _ = ws.reading(record_id, applied.reading_id)
    t1 = reading.series_in(SeriesRole.SAG_T1)
    assert [fault.code for fault in t1.faults] == ["missing_slice"]
    assert (t1.accepted_reason, t1.accepted_by, t1.not_acquired) == (REASON, "R01", (2,))
    files = open_bag(made.package).files
    (packaged,) = [
        s for s in json.loads(files[doc.SERIES])["series"]
        if s["used"]["series_uid"] == t1.series_uid
    ]  # fmt: skip
    assert packaged["used"]["not_acquired"] == [LOST_INDEX]
    summary = files[doc.SUMMARY].decode()
    assert "slice 3 not acquired" in summary
    assert "R01 accepted SAG T1 with a fault (slice 3 of 15 is missing" in summary
    assert REASON in summary
