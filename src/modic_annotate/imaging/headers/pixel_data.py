"""Where the pixel data of a file begins, and whether the file holds all of it."""

from __future__ import annotations

import os
from typing import BinaryIO

import pydicom
from pydicom.dataset import FileDataset
from pydicom.tag import BaseTag

from modic_annotate.imaging.headers import values as v
from modic_annotate.imaging.headers.deflated import check_inflated
from modic_annotate.imaging.headers.quiet import quiet
from modic_annotate.imaging.headers.values import MALFORMED, Attributes

_NATIVE = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2")
_DEFLATED = "1.2.840.10008.1.2.1.99"
_RLE = "1.2.840.10008.1.2.5"
_COMPRESSED = "1.2.840.10008.1.2.4."
_PIXEL_GROUP = (b"\xe0\x7f", b"\x7f\xe0")
_ELEMENT_HEADER_BYTES = 8
_SEQUENCE_END = b"\xfe\xff\xdd\xe0\0\0\0\0"  # compressed data are always little endian


def read_header(
    file: BinaryIO, tags: list[BaseTag] | None = None
) -> tuple[FileDataset, int | None]:
    """Let pydicom read the header, and look where its pixel data begins.

    Returns
    -------
    tuple of FileDataset and int, or None
        The header, and the place in the file; None where the file ends before any pixel data.
    """
    check_inflated(file)
    ds = pydicom.dcmread(file, stop_before_pixels=True, specific_tags=tags)
    at = file.tell()
    if _syntax(ds) == _DEFLATED:
        return ds, at  # positions in the file say nothing of the inflated data
    return ds, at if file.read(2) in _PIXEL_GROUP else None


def is_cut_short(file: BinaryIO, ds: Attributes, at: int) -> bool:
    """Whether a file ends before its pixel data does, as far as can be told without decoding.

    Parameters
    ----------
    file
        The whole file.
    ds
        Its header.
    at
        Where the pixel data element begins.
    """
    if is_native(ds):
        return bytes_from(file, at) < _ELEMENT_HEADER_BYTES + native_bytes(ds)
    if _is_compressed(_syntax(ds)):
        return not _reaches_its_end(file)
    return False


def bytes_from(file: BinaryIO, at: int) -> int:
    """Return how many bytes a file has from some place on."""
    return file.seek(0, os.SEEK_END) - at


def native_bytes(ds: Attributes) -> int:
    """Return how many bytes the uncompressed pixel values of a header take."""
    return frame_bits(ds) * (v.integer(ds, "NumberOfFrames") or 1) // 8


def frame_bits(ds: Attributes) -> int:
    """Return how many bits the uncompressed pixel values of one frame take."""
    counts = ("Rows", "Columns", "BitsAllocated")
    rows, columns, bits = (v.integer(ds, keyword) or 0 for keyword in counts)
    return rows * columns * (v.integer(ds, "SamplesPerPixel") or 1) * bits


def is_native(ds: Attributes) -> bool:
    """Whether pixels are stored as they are, so that their place in the file counts frames."""
    return _syntax(ds) in _NATIVE


def lacks_bytes(ds: FileDataset) -> bool:
    """Whether a data set read as a whole holds fewer pixel values than its header promises."""
    return not _is_compressed(_syntax(ds)) and len(ds.PixelData or b"") < native_bytes(ds)


def _syntax(ds: Attributes) -> str:
    return v.text(v.file_meta(ds), "TransferSyntaxUID")


def _is_compressed(syntax: str) -> bool:
    """Whether the pixels are fragments up to an end mark (PS3.5 A.4)."""
    return syntax == _RLE or syntax.startswith(_COMPRESSED)


def _reaches_its_end(file: BinaryIO) -> bool:
    """Whether the fragments have their end mark: the file's last bytes, as a rule."""
    file.seek(max(bytes_from(file, len(_SEQUENCE_END)), 0))
    if file.read() == _SEQUENCE_END:
        return True
    file.seek(0)  # something may follow the mark; or there is none, then there is no element
    try:
        with quiet():
            return "PixelData" in pydicom.dcmread(file, specific_tags=["PixelData"])
    except MALFORMED:
        return False
