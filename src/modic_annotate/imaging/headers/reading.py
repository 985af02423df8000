"""The header pass: one file in, its frames or the reason against it out.

The one place that knows how headers are read; whatever reads them faster replaces this.
"""

from __future__ import annotations

from typing import BinaryIO

from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError
from pydicom.tag import Tag

from modic_annotate.imaging.headers import values as v
from modic_annotate.imaging.headers.classic import classic_headers
from modic_annotate.imaging.headers.elements import MARK, read_elements
from modic_annotate.imaging.headers.enhanced import enhanced_headers
from modic_annotate.imaging.headers.frames import frames_fault, size_fault
from modic_annotate.imaging.headers.header import (
    ENHANCED_MR_IMAGE,
    LEGACY_CONVERTED_ENHANCED_MR,
    MEDIA_STORAGE_DIRECTORY,
    Header,
)
from modic_annotate.imaging.headers.keywords import KEYWORDS
from modic_annotate.imaging.headers.pixel_data import is_cut_short, read_header
from modic_annotate.imaging.headers.quiet import quiet
from modic_annotate.imaging.headers.values import MALFORMED, Attributes
from modic_annotate.imaging.model import Refused
from modic_annotate.imaging.sources.archives import ImageFile, open_image
from modic_annotate.imaging.sources.files import ARCHIVE_MARK

_TAGS = [Tag(keyword) for keyword in KEYWORDS]
_MUST_HAVE = ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID")
_HEAD_BYTES = (16 * 1024, 1024 * 1024)
"""Most headers end within the first; one with large private blocks within the second. Read, not
mapped: a mapped file that is cut short meanwhile would end the process."""

_ENHANCED = (ENHANCED_MR_IMAGE, LEGACY_CONVERTED_ENHANCED_MR)
_ABSURD = (*MALFORMED, MemoryError)  # lengths of up to 4 GiB are stated, and asked of the system


def read_headers(path: ImageFile) -> tuple[Header, ...] | Refused:
    """Return the frames of one file as headers, or why it is part of no series."""
    try:
        with open_image(path) as file:
            return _read(path, file)
    except OSError as error:
        return Refused(path, "unreadable", f"the file cannot be read: {error.strerror or error}")
    except _ABSURD:
        return Refused(path, "damaged_header", "the DICOM header cannot be parsed")


def _read(path: ImageFile, file: BinaryIO) -> tuple[Header, ...] | Refused:
    head = file.read(_HEAD_BYTES[0])
    if not head:
        return Refused(path, "empty_file", "the file has no content")
    found = _quick(head, file)
    if found is not None:
        return _judged(path, file, *found)
    try:
        with quiet():
            return _judged(path, file, *read_header(file, _TAGS))
    except InvalidDicomError:
        return _not_dicom(path, head)


def _judged(
    path: ImageFile, file: BinaryIO, ds: Attributes, pixels_at: int | None
) -> tuple[Header, ...] | Refused:
    refusal = _refusal(path, ds)
    if refusal is not None:
        return refusal
    enhanced = isinstance(ds, Dataset) and v.text(ds, "SOPClassUID") in _ENHANCED
    if (fault := size_fault(ds)) is not None:
        return Refused(path, "absurd_size", fault)
    if enhanced and (fault := frames_fault(ds, file, pixels_at)) is not None:
        return Refused(path, "frames_mismatch", fault)
    truncated = pixels_at is None or is_cut_short(file, ds, pixels_at)
    if isinstance(ds, Dataset) and enhanced:
        return enhanced_headers(path, ds, truncated=truncated)
    return classic_headers(path, ds, truncated=truncated)


def _not_dicom(path: ImageFile, head: bytes) -> Refused:
    if head.startswith(ARCHIVE_MARK) and not path.suffix:
        reason = "a zip archive not named as one; rename it to end in .zip, or give it by itself"
        return Refused(path, "archive", reason)
    return Refused(path, "not_dicom", "not a DICOM file (no DICM mark at byte 128)")


def _refusal(path: ImageFile, ds: Attributes) -> Refused | None:
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


def _uid_fault(path: ImageFile, ds: Attributes) -> Refused | None:
    missing = [keyword for keyword in _MUST_HAVE if not v.text(ds, keyword)]
    if missing:
        return Refused(path, "incomplete_header", f"the header lacks {', '.join(missing)}")
    malformed = [keyword for keyword in _MUST_HAVE if not v.uid(ds, keyword)]
    if malformed:
        return Refused(path, "malformed_uid", f"{', '.join(malformed)} of the header is no UID")
    return None


def _quick(head: bytes, file: BinaryIO) -> tuple[Attributes, int] | None:
    """Walk an ordinary header of a classic image: from the file's start, or more of it."""
    found = read_elements(head)
    if found is None and len(head) == _HEAD_BYTES[0] and head[MARK] == b"DICM":
        found = read_elements(head + file.read(_HEAD_BYTES[1] - len(head)))
    if found is None or v.text(found[0], "SOPClassUID") in _ENHANCED:
        return None
    return found
