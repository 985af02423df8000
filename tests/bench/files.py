"""Many small MR files for the header passes: real headers, with a private block as vendors have."""

from __future__ import annotations

import copy
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from modic_annotate.samples import sample_folder

PRIVATE_BYTES = 6 * 1024
SIDE_PIXELS = 64
_PRIVATE_GROUP = 0x0029


def many_studies(folder: Path, n_files: int) -> list[Path]:
    """Write copies of the sample's headers, each copy a study of its own, until there are enough.

    Parameters
    ----------
    folder
        Where they are written, one folder a study.
    n_files
        How many at least; studies are whole.
    """
    headers = [_small(path) for path in sorted((sample_folder() / "study").iterdir())]
    written: list[Path] = []
    while len(written) < n_files:
        study = folder / f"study-{len(written) // len(headers):04}"
        study.mkdir()
        written += _write_study(headers, study)
    return written


def _small(path: Path) -> Dataset:
    """Return the header with a small uncompressed image and a private block."""
    dataset = pydicom.dcmread(path, stop_before_pixels=True)
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.Rows = dataset.Columns = SIDE_PIXELS
    block = dataset.private_block(_PRIVATE_GROUP, "MODIC BENCH", create=True)
    block.add_new(0x10, "OB", bytes(PRIVATE_BYTES))
    dataset.add_new("PixelData", "OW", bytes(2 * SIDE_PIXELS * SIDE_PIXELS))
    return dataset


def _write_study(headers: list[Dataset], study: Path) -> list[Path]:
    uids: dict[str, str] = {}
    paths = []
    for number, header in enumerate(headers):
        dataset = copy.copy(header)
        dataset.file_meta = copy.copy(header.file_meta)
        for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"):
            old = str(header[keyword].value)
            setattr(dataset, keyword, uids.setdefault(old, generate_uid()))
        dataset.SOPInstanceUID = generate_uid()
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        paths.append(study / f"IM{number:04}")
        dataset.save_as(paths[-1], enforce_file_format=True)
    return paths
