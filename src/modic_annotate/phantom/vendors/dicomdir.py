"""The index of a medium (PS3.3 annex F): patient, study, series and images in a chain of records.

Written here because pydicom's FileSet gives files names of its own; vendors keep theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MediaStorageDirectoryStorage

from modic_annotate.phantom.dicom import phantom_uid

_IN_USE = 0xFFFF


@dataclass(frozen=True, slots=True)
class Listed:
    """A written file, by its path below the medium's root, and its header."""

    name: str
    header: Dataset


@dataclass(frozen=True, slots=True)
class _Entry:
    record: Dataset
    level: int


def write_dicomdir(path: Path, files: Sequence[Listed], study: str) -> None:
    """Write the index of files of one study, in their order; series may not be interleaved."""
    entries = _entries(files)
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = phantom_uid(study, "dicomdir")
    dataset.file_meta.ImplementationClassUID = phantom_uid("implementation")
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.FileSetID = "PHANTOM"
    dataset.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity = 0
    dataset.OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity = 0
    dataset.FileSetConsistencyFlag = 0
    dataset.DirectoryRecordSequence = [entry.record for entry in entries]
    _link(dataset, entries)
    dataset.save_as(path, enforce_file_format=True)


def _entries(files: Sequence[Listed]) -> list[_Entry]:
    entries: list[_Entry] = []
    seen: set[tuple[str, str]] = set()
    for file in files:
        for level, (kind, key, keywords) in enumerate(_LEVELS):
            if (kind, str(file.header[key].value)) in seen:
                continue
            seen.add((kind, str(file.header[key].value)))
            entries.append(_Entry(_record(kind, file, keywords), level))
    return entries


_LEVELS = (
    ("PATIENT", "PatientID", ("PatientName", "PatientID")),
    (
        "STUDY",
        "StudyInstanceUID",
        ("StudyDate", "StudyTime", "StudyDescription", "StudyInstanceUID", "StudyID",
         "AccessionNumber"),
    ),
    ("SERIES", "SeriesInstanceUID", ("Modality", "SeriesInstanceUID", "SeriesNumber")),
    ("IMAGE", "SOPInstanceUID", ("InstanceNumber",)),
)  # fmt: skip


def _record(kind: str, file: Listed, keywords: tuple[str, ...]) -> Dataset:
    record = Dataset()
    record.OffsetOfTheNextDirectoryRecord = 0
    record.RecordInUseFlag = _IN_USE
    record.OffsetOfReferencedLowerLevelDirectoryEntity = 0
    record.DirectoryRecordType = kind
    record.SpecificCharacterSet = file.header.SpecificCharacterSet
    if kind == "IMAGE":
        record.ReferencedFileID = file.name.split("/")
        record.ReferencedSOPClassUIDInFile = file.header.SOPClassUID
        record.ReferencedSOPInstanceUIDInFile = file.header.SOPInstanceUID
        record.ReferencedTransferSyntaxUIDInFile = file.header.file_meta.TransferSyntaxUID
    for keyword in keywords:
        record[keyword] = file.header[keyword]
    return record


def _link(dataset: Dataset, entries: list[_Entry]) -> None:
    """Fill in where each next and lower record begins; the offsets have a fixed length."""
    buffer = BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    buffer.seek(0)
    places = [int(item.seq_item_tell) for item in dcmread(buffer).DirectoryRecordSequence]
    for i, entry in enumerate(entries):
        after = range(i + 1, len(entries))
        lower = i + 1 if i + 1 < len(entries) and entries[i + 1].level > entry.level else None
        same = next((j for j in after if entries[j].level <= entry.level), None)
        if lower is not None:
            entry.record.OffsetOfReferencedLowerLevelDirectoryEntity = places[lower]
        if same is not None and entries[same].level == entry.level:
            entry.record.OffsetOfTheNextDirectoryRecord = places[same]
    dataset.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity = places[0]
    dataset.OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity = places[0]
