"""The header pass: one file in, its frames or the reason against it out.

The one place that knows how headers are read; whatever reads them faster replaces this.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

import pydicom
from pydicom.dataset import Dataset, FileDataset
from pydicom.errors import InvalidDicomError
from pydicom.tag import Tag

from modic_annotate.imaging import values as v
from modic_annotate.imaging.classic import classic_headers
from modic_annotate.imaging.enhanced import enhanced_headers
from modic_annotate.imaging.header import (
    ENHANCED_MR_IMAGE,
    LEGACY_CONVERTED_ENHANCED_MR,
    MEDIA_STORAGE_DIRECTORY,
    Header,
)
from modic_annotate.imaging.keywords import KEYWORDS
from modic_annotate.imaging.model import Refused
from modic_annotate.imaging.quiet import quiet

_TAGS = [Tag(keyword) for keyword in KEYWORDS]
_MUST_HAVE = ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID")
_NATIVE = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2")
_DEFLATED = "1.2.840.10008.1.2.1.99"
_PIXEL_GROUP = (b"\xe0\x7f", b"\x7f\xe0")
_ELEMENT_HEADER_BYTES = 8


def read_headers(path: Path) -> tuple[Header, ...] | Refused:
    """Return the frames of one file as headers, or why it is part of no series."""
    try:
        with path.open("rb") as file, quiet():
            return _read(path, file)
    except InvalidDicomError:
        return _not_dicom(path)
    except OSError as error:
        return Refused(path, "unreadable", f"the file cannot be read: {error.strerror or error}")
    except (ValueError, TypeError, LookupError, EOFError, AttributeError, NotImplementedError):
        return Refused(path, "damaged_header", "the DICOM header cannot be parsed")


def _read(path: Path, file: BinaryIO) -> tuple[Header, ...] | Refused:
    size = os.fstat(file.fileno()).st_size
    if size == 0:
        return Refused(path, "empty_file", "the file has no content")
    ds = pydicom.dcmread(file, stop_before_pixels=True, specific_tags=_TAGS)
    refusal = _refusal(path, ds)
    if refusal is not None:
        return refusal
    truncated = _is_truncated(ds, file, size)
    if v.text(ds, "SOPClassUID") in (ENHANCED_MR_IMAGE, LEGACY_CONVERTED_ENHANCED_MR):
        return enhanced_headers(path, ds, truncated=truncated)
    return classic_headers(path, ds, truncated=truncated)


def _not_dicom(path: Path) -> Refused:
    if path.suffix.lower() == ".zip":
        return Refused(path, "archive", "a zip archive; unpack it and scan the folder")
    return Refused(path, "not_dicom", "not a DICOM file (no DICM mark at byte 128)")


def _refusal(path: Path, ds: FileDataset) -> Refused | None:
    if v.text(ds.file_meta, "MediaStorageSOPClassUID") == MEDIA_STORAGE_DIRECTORY:
        return Refused(path, "dicomdir", "an index of the medium; its files are read instead")
    missing = [keyword for keyword in _MUST_HAVE if not v.text(ds, keyword)]
    if missing:
        return Refused(path, "incomplete_header", f"the header lacks {', '.join(missing)}")
    modality = v.text(ds, "Modality")
    if modality != "MR":
        return Refused(path, "not_mr", f"modality {modality or 'not stated'}, not MR")
    if not v.integer(ds, "Rows") or not v.integer(ds, "Columns"):
        return Refused(path, "no_image", "an MR object without an image")
    return None


def _is_truncated(ds: FileDataset, file: BinaryIO, size: int) -> bool:
    """Whether the file ends before its pixel data does, as far as a header pass can tell."""
    syntax = v.text(ds.file_meta, "TransferSyntaxUID")
    if syntax == _DEFLATED:
        return False  # positions in the file say nothing of the inflated data
    at_pixels = file.tell()
    if file.read(2) not in _PIXEL_GROUP:
        return True
    if syntax not in _NATIVE:
        return False  # compressed: its length is known to the decoder only
    return size - at_pixels - _ELEMENT_HEADER_BYTES < _native_bytes(ds)


def _native_bytes(ds: Dataset) -> int:
    counts = ("Rows", "Columns", "BitsAllocated")
    rows, columns, bits = (v.integer(ds, keyword) or 0 for keyword in counts)
    frames = v.integer(ds, "NumberOfFrames") or 1
    samples = v.integer(ds, "SamplesPerPixel") or 1
    return rows * columns * frames * samples * bits // 8
