"""Stored pixel values of one frame, and their hash.

Each compressed syntax names the decoder that is used, so that the result does not depend on
what else is installed and no decoder under a copyleft licence is ever chosen.
"""

from __future__ import annotations

import hashlib
from os import PathLike
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset
from pydicom.errors import InvalidDicomError
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import UID

from modic_annotate.errors import DecodeError, NotAnImageError
from modic_annotate.imaging.archives import ArchiveMember, ImageFile, open_image
from modic_annotate.imaging.deflated import check_inflated
from modic_annotate.imaging.pixel_data import is_cut_short, lacks_bytes, read_header
from modic_annotate.imaging.quiet import quiet
from modic_annotate.imaging.values import MALFORMED

_PLUGINS = {
    "1.2.840.10008.1.2.5": "pydicom",  # RLE: the quicker decoder panics on damaged data
    "1.2.840.10008.1.2.4.50": "gdcm",  # JPEG baseline, 8 bit
    "1.2.840.10008.1.2.4.57": "gdcm",  # JPEG lossless
    "1.2.840.10008.1.2.4.70": "gdcm",  # JPEG lossless, first-order prediction
    "1.2.840.10008.1.2.4.80": "pyjpegls",
    "1.2.840.10008.1.2.4.81": "pyjpegls",
    "1.2.840.10008.1.2.4.90": "pylibjpeg",  # with openjpeg
    "1.2.840.10008.1.2.4.91": "pylibjpeg",
    "1.2.840.10008.1.2.4.201": "pylibjpeg",
    "1.2.840.10008.1.2.4.202": "pylibjpeg",
    "1.2.840.10008.1.2.4.203": "pylibjpeg",
}
"""Decoder by transfer syntax (PS3.5 section 10, Annex A); uncompressed ones need none."""

_NATIVE = (
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.1.99",  # deflated as a whole, its pixels are plain
    "1.2.840.10008.1.2.2",
)


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
    except InvalidDicomError:
        raise NotAnImageError(f"{path.name} is not a DICOM file; give an MR image") from None
    except OSError as error:
        raise DecodeError(f"{path.name} cannot be read: {error.strerror or error}") from error
    except MALFORMED as error:
        raise DecodeError(f"{path.name} cannot be parsed as DICOM; get the file again") from error
    if _ends_within_pixels(path, ds):
        raise DecodeError(f"the pixel data of {path.name} are cut short; get the file again")
    if "PixelData" not in ds:
        raise NotAnImageError(f"{path.name} has no pixel data; give an MR image")
    return ds


def _ends_within_pixels(path: ImageFile, ds: FileDataset) -> bool:
    """Whether pixel data begin but do not end; pydicom then leaves compressed ones out."""
    if "PixelData" in ds:
        return lacks_bytes(ds)
    with open_image(path) as file, quiet():
        header, at = read_header(file)
        return at is not None and is_cut_short(file, header, at)


def stored_values(ds: FileDataset, frame: int, name: str) -> NDArray[np.integer]:
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
        sign at BitsStored.

    Raises
    ------
    DecodeError
        When no decoder knows the syntax, the data are damaged, or the image has another size
        than the header promises.
    """
    syntax = UID(str(ds.file_meta.get("TransferSyntaxUID", "")))
    array = _decoded(ds, syntax, frame, name)
    expected = (int(ds.Rows), int(ds.Columns))
    if array.shape != expected:
        raise DecodeError(
            f"{name} ({syntax.name}) decodes to shape {array.shape}, its header says {expected};"
            " get the file again"
        )
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def _decoded(ds: Dataset, syntax: UID, frame: int, name: str) -> NDArray[np.integer]:
    plugin = _PLUGINS.get(syntax, "")
    if syntax not in _NATIVE and not plugin:
        raise DecodeError(
            f"{name} is encoded as {syntax.name or 'nothing it states'}, which no decoder here"
            " reads; export it as JPEG lossless or uncompressed"
        )
    try:
        with quiet():
            array, _ = get_decoder(syntax).as_array(ds, index=frame, decoding_plugin=plugin)
    except Exception as error:  # decoders raise whatever they like; the type is kept as cause
        raise DecodeError(
            f"{name} ({syntax.name}) cannot be decoded at frame {frame + 1}; get the file again"
        ) from error
    return array


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
