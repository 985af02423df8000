"""The header pass: one file in, its frames or the reason against it out.

The one place that knows how headers are read; whatever reads them faster replaces this.
"""

from __future__ import annotations

import mmap
import os
from pathlib import Path
from typing import BinaryIO

from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError
from pydicom.tag import Tag

from modic_annotate.imaging import values as v
from modic_annotate.imaging.classic import classic_headers
from modic_annotate.imaging.elements import read_elements
from modic_annotate.imaging.enhanced import enhanced_headers
from modic_annotate.imaging.header import (
    ENHANCED_MR_IMAGE,
    LEGACY_CONVERTED_ENHANCED_MR,
    MEDIA_STORAGE_DIRECTORY,
    Header,
)
from modic_annotate.imaging.keywords import KEYWORDS
from modic_annotate.imaging.model import Refused
from modic_annotate.imaging.pixel_data import is_cut_short, read_header
from modic_annotate.imaging.quiet import quiet
from modic_annotate.imaging.values import MALFORMED, Attributes

_TAGS = [Tag(keyword) for keyword in KEYWORDS]
_MUST_HAVE = ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID")
_HEAD_BYTES = 16 * 1024  # most headers; larger ones are mapped as a whole
_DICM = slice(128, 132)
_ENHANCED = (ENHANCED_MR_IMAGE, LEGACY_CONVERTED_ENHANCED_MR)


def read_headers(path: Path) -> tuple[Header, ...] | Refused:
    """Return the frames of one file as headers, or why it is part of no series."""
    try:
        with path.open("rb") as file:
            return _read(path, file)
    except InvalidDicomError:
        return _not_dicom(path)
    except OSError as error:
        return Refused(path, "unreadable", f"the file cannot be read: {error.strerror or error}")
    except MALFORMED:
        return Refused(path, "damaged_header", "the DICOM header cannot be parsed")


def _read(path: Path, file: BinaryIO) -> tuple[Header, ...] | Refused:
    if os.fstat(file.fileno()).st_size == 0:
        return Refused(path, "empty_file", "the file has no content")
    found = _quick(file)
    if found is not None:
        return _judged(path, file, *found)
    with quiet():
        return _judged(path, file, *read_header(file, _TAGS))


def _judged(
    path: Path, file: BinaryIO, ds: Attributes, pixels_at: int | None
) -> tuple[Header, ...] | Refused:
    refusal = _refusal(path, ds)
    if refusal is not None:
        return refusal
    truncated = pixels_at is None or is_cut_short(file, ds, pixels_at)
    if isinstance(ds, Dataset) and v.text(ds, "SOPClassUID") in _ENHANCED:
        return enhanced_headers(path, ds, truncated=truncated)
    return classic_headers(path, ds, truncated=truncated)


def _not_dicom(path: Path) -> Refused:
    if path.suffix.lower() == ".zip":
        return Refused(path, "archive", "a zip archive; unpack it and scan the folder")
    return Refused(path, "not_dicom", "not a DICOM file (no DICM mark at byte 128)")


def _refusal(path: Path, ds: Attributes) -> Refused | None:
    if v.text(v.file_meta(ds), "MediaStorageSOPClassUID") == MEDIA_STORAGE_DIRECTORY:
        return Refused(path, "dicomdir", "an index of the medium; its files are read instead")
    fault = _uid_fault(path, ds)
    if fault is not None:
        return fault
    modality = v.text(ds, "Modality")
    if modality != "MR":
        return Refused(path, "not_mr", f"modality {modality or 'not stated'}, not MR")
    if not v.integer(ds, "Rows") or not v.integer(ds, "Columns"):
        return Refused(path, "no_image", "an MR object without an image")
    return None


def _uid_fault(path: Path, ds: Attributes) -> Refused | None:
    missing = [keyword for keyword in _MUST_HAVE if not v.text(ds, keyword)]
    if missing:
        return Refused(path, "incomplete_header", f"the header lacks {', '.join(missing)}")
    malformed = [keyword for keyword in _MUST_HAVE if not v.uid(ds, keyword)]
    if malformed:
        return Refused(path, "malformed_uid", f"{', '.join(malformed)} of the header is no UID")
    return None


def _quick(file: BinaryIO) -> tuple[Attributes, int] | None:
    """Walk an ordinary header of a classic image: from the file's start, or all of it."""
    head = file.read(_HEAD_BYTES)
    found = read_elements(head)
    if found is None and len(head) == _HEAD_BYTES and head[_DICM] == b"DICM":
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
            found = read_elements(whole)
    if found is None or v.text(found[0], "SOPClassUID") in _ENHANCED:
        return None
    return found
