"""Several cases in one workspace: copies of the sample study under other UIDs."""

from __future__ import annotations

from pathlib import Path

import pydicom

from modic_annotate.conduct.link import link_study
from modic_annotate.domain.base import utc_now
from modic_annotate.domain.screening import Change, ScreeningRecord, Subject
from modic_annotate.samples import sample_folder
from modic_annotate.store.workspace import Workspace

UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID")


def copy_study(target: Path, number: int, **changes: str) -> Path:
    """Write the sample study with other UIDs, and with other values of the attributes named."""
    target.mkdir(parents=True)
    for file in sorted((sample_folder() / "study").rglob("*")):
        if not file.is_file():
            continue
        dataset = pydicom.dcmread(file)
        for keyword in UIDS:
            if keyword in dataset:
                setattr(dataset, keyword, f"{getattr(dataset, keyword)}.{number}")
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        for keyword, value in changes.items():
            setattr(dataset, keyword, value)
        dataset.save_as(target / file.name)
    return target


def add_case(root: Path, record_id: str, study: Path, subject: str = "S1") -> None:
    """Add a record to a workspace and link a study to it."""
    ws = Workspace.open(root)
    record = ScreeningRecord(
        trial_id=ws.trial_id,
        record_id=record_id,
        subject=Subject(subject_id=subject),
        change=Change(by="test", at=utc_now()),
        synthetic=True,
    )
    ws.add_screening(record, by="test")
    link_study(ws, record_id, [study], by="test")
