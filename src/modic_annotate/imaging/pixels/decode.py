"""Stored pixel values of one frame, and their hash."""

from __future__ import annotations

import hashlib
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset
from pydicom.errors import InvalidDicomError
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import UID

from modic_annotate.errors import DecodeError, NotAnImageError
from modic_annotate.imaging.headers import values as v
from modic_annotate.imaging.headers.deflated import check_inflated
from modic_annotate.imaging.headers.frames import MOST_PIXELS
from modic_annotate.imaging.headers.pixel_data import is_cut_short, lacks_bytes, read_header
from modic_annotate.imaging.headers.quiet import quiet
from modic_annotate.imaging.headers.values import MALFORMED
from modic_annotate.imaging.pixels.compressed import PLUGINS, decompressed
from modic_annotate.imaging.pixels.stored_bits import StoredBits, stored_bits
from modic_annotate.imaging.sources.archives import ArchiveMember, ImageFile, open_image

Samples = NDArray[np.integer[Any]]  # 8 or 16 bit, signed or not, as the header says

_NATIVE = (
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.1.99",  # deflated as a whole, its pixels are plain
    "1.2.840.10008.1.2.2",
)
_PANIC = "PanicException"  # of decoders in Rust: no Exception, and not to be imported


def read_dataset(path: ImageFile) -> FileDataset:
    """Read a whole DICOM file.

    Raises
    ------
    NotAnImageError
        When it is no DICOM file, or has no pixel data.
    DecodeError
        When it cannot be read, or ends before its pixel data does.
    """
    try:
        with open_image(path) as file, quiet():
            check_inflated(file)
            ds = pydicom.dcmread(file)
            cut_short = _ends_within_pixels(path, ds)
    except InvalidDicomError:
        raise NotAnImageError(f"{path.name} is not a DICOM file; give an MR image") from None
    except OSError as error:
        raise DecodeError(f"{path.name} cannot be read: {error.strerror or error}") from error
    except MALFORMED as error:
        raise DecodeError(f"{path.name} cannot be parsed as DICOM; get the file again") from error
    if cut_short:
        raise DecodeError(f"the pixel data of {path.name} are cut short; get the file again")
    if "PixelData" not in ds:
        raise NotAnImageError(f"{path.name} has no pixel data; give an MR image")
    return ds


def _ends_within_pixels(path: ImageFile, ds: FileDataset) -> bool:
    """Whether pixel data begin but do not end; pydicom then leaves compressed ones out."""
    if "PixelData" in ds:
        return lacks_bytes(ds)
    with open_image(path) as file:
        header, at = read_header(file)
        return at is not None and is_cut_short(file, header, at)


def stored_values(ds: FileDataset, frame: int, name: str) -> Samples:
    """Decode one frame to stored values, before any rescale.

    Parameters
    ----------
    ds
        A whole data set with pixel data.
    frame
        From 0.
    name
        How messages name the file.

    Returns
    -------
    ndarray
        Shape (rows, columns), native byte order, signed where the header says so, with the
        sign at BitsStored and nothing of what lies in the other bits.

    Raises
    ------
    DecodeError
        When no decoder knows the syntax, the data are damaged, or the image has another size
        than the header promises.
    """
    with quiet():
        syntax = UID(v.text(ds.file_meta, "TransferSyntaxUID"))
        _check_readable(ds, syntax, frame, name)
        bits = stored_bits(ds, name)
        samples = _samples(ds, syntax, frame, bits, name)
        return bits.values(samples.astype(samples.dtype.newbyteorder("="), copy=False))


def _check_readable(ds: Dataset, syntax: UID, frame: int, name: str) -> None:
    if syntax not in _NATIVE and syntax not in PLUGINS:
        raise DecodeError(
            f"{name} is encoded as {syntax.name or 'nothing it states'}, which no decoder here"
            " reads; export it as JPEG lossless or uncompressed"
        )
    samples = v.integer(ds, "SamplesPerPixel") or 1
    if samples != 1:
        kind = v.text(ds, "PhotometricInterpretation") or f"{samples} values per pixel"
        raise DecodeError(f"{name} is a colour image ({kind}), not grey values")
    if not 0 <= frame < (v.integer(ds, "NumberOfFrames") or 1):
        raise DecodeError(f"{name} has no frame {frame + 1}; scan the folder again")
    rows, columns = v.integer(ds, "Rows") or 0, v.integer(ds, "Columns") or 0
    if not 0 < rows * columns <= MOST_PIXELS:
        raise DecodeError(
            f"{name} states an image of {rows} x {columns}, as no MR image is; get the file again"
        )


def _samples(ds: Dataset, syntax: UID, frame: int, bits: StoredBits, name: str) -> Samples:
    """Return what a decoder makes of a frame, with every failure as one of ours."""
    try:
        if syntax in PLUGINS:
            return decompressed(ds, syntax, frame, bits, f"{name} ({syntax.name})")
        options: dict[str, Any] = {"correct_unused_bits": False}  # done by StoredBits
        return get_decoder(syntax).as_array(ds, index=frame, raw=True, **options)[0]
    except DecodeError:
        raise
    except MemoryError as error:
        raise DecodeError(f"there is too little memory to decode {name}") from error
    except BaseException as error:  # decoders raise whatever they like; it is kept as cause
        if not isinstance(error, Exception) and type(error).__name__ != _PANIC:
            raise
        raise DecodeError(
            f"{name} ({syntax.name}) cannot be decoded at frame {frame + 1}; get the file again"
        ) from error


def values_sha256(values: NDArray[np.integer]) -> str:
    """Hash stored values of one frame: little-endian 16 bit, C order."""
    kind = "<i2" if values.dtype.kind == "i" else "<u2"
    return hashlib.sha256(np.ascontiguousarray(values, dtype=kind).tobytes()).hexdigest()


def pixel_sha256(path: str | PathLike[str] | ArchiveMember, frame: int = 0) -> str:
    """Hash the stored pixel values of one frame, the same for every lossless encoding.

    Parameters
    ----------
    path
        A DICOM image, also within a zip archive.
    frame
        From 0.

    Returns
    -------
    str
        SHA-256 over stored values before rescale, little-endian 16 bit, C order.

    Raises
    ------
    DecodeError, NotAnImageError
        As :func:`read_dataset` and :func:`stored_values`.
    """
    file = path if isinstance(path, ArchiveMember) else Path(path)
    return values_sha256(stored_values(read_dataset(file), frame, file.name))
