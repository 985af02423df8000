"""The sample as a linked case, with three series side by side or two, and one more to turn to."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from modic_annotate import imaging
from modic_annotate.conduct.link import link_study
from modic_annotate.domain.base import PointLps, utc_now
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.screening import Change, ScreeningRecord, Subject
from modic_annotate.domain.series import SeriesRole
from modic_annotate.samples import sample_folder
from modic_annotate.store.workspace import Workspace

RECORD, NEXT, READER = "bench-1", "bench-2", "R01"
LESIONS, NORMAL = "study", "normal-study"


def make_case(root: Path, canvases: int = 3) -> Path:
    """Make a workspace with the sample's lesions and, as the next case, its normal spine.

    Parameters
    ----------
    root
        The workspace's folder.
    canvases
        Three, or two: without the fat-suppressed series.
    """
    ws = Workspace.create(root, trial_id="bench")
    ws.add_reader(Reader(id=READER, display_name="Reader One"))
    for record_id, study in ((RECORD, LESIONS), (NEXT, NORMAL)):
        change = Change(by="bench", at=utc_now())
        subject = Subject(subject_id=f"S-{record_id}")
        record = ScreeningRecord(
            trial_id="bench", record_id=record_id, subject=subject, change=change, synthetic=True
        )
        ws.add_screening(record, by="bench")
        folder = sample_folder() / study
        if canvases == 2:
            folder = _without_fat_suppressed(folder, root.parent / f"two-{study}")
        link_study(ws, record_id, [folder], by="bench")
    return root


def _without_fat_suppressed(study: Path, folder: Path) -> Path:
    folder.mkdir()
    for series in imaging.scan(study).series:
        if series.role in (SeriesRole.SAG_T1, SeriesRole.SAG_T2):
            for number, slice_ in enumerate(series.slices):
                shutil.copyfile(slice_.path, folder / f"{series.role}-{number:03}.dcm")
    return folder


def centres(acts: str = "lesions.acts.jsonl") -> tuple[PointLps, ...]:
    """Return the body centres of the sample from S1 upward, LPS mm."""
    lines = (sample_folder() / acts).read_text("utf-8").splitlines()
    return tuple(
        tuple(act["centroid_lps_mm"])
        for act in map(json.loads, filter(str.strip, lines))
        if act["act"] == "place_body"
    )
