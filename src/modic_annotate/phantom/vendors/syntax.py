"""Transfer syntaxes a study can be written in (PS3.5 section 10), by short names.

HTJ2K is not among them: no dependency that is allowed here encodes it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom import uid
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID

FRAGMENTS_OF_A_FRAME = 1


class Syntax(StrEnum):
    """Encoding of a file."""

    IMPLICIT = "implicit"
    EXPLICIT = "explicit"
    BIG_ENDIAN = "big-endian"
    DEFLATED = "deflated"
    RLE = "rle"
    JPEG_LOSSLESS = "jpeg-lossless"
    JPEG_LOSSLESS_SV1 = "jpeg-lossless-sv1"
    JPEG_LS = "jpeg-ls"
    J2K = "j2k"

    @property
    def uid(self) -> UID:
        """Its transfer syntax UID."""
        return _UIDS[self]


_UIDS: Mapping[Syntax, UID] = {
    Syntax.IMPLICIT: uid.ImplicitVRLittleEndian,
    Syntax.EXPLICIT: uid.ExplicitVRLittleEndian,
    Syntax.BIG_ENDIAN: uid.ExplicitVRBigEndian,
    Syntax.DEFLATED: uid.DeflatedExplicitVRLittleEndian,
    Syntax.RLE: uid.RLELossless,
    Syntax.JPEG_LOSSLESS: uid.JPEGLossless,
    Syntax.JPEG_LOSSLESS_SV1: uid.JPEGLosslessSV1,
    Syntax.JPEG_LS: uid.JPEGLSLossless,
    Syntax.J2K: uid.JPEG2000Lossless,
}
_PLUGINS = {Syntax.RLE: "pydicom", Syntax.JPEG_LS: "pyjpegls", Syntax.J2K: "pylibjpeg"}
_BY_GDCM = {
    Syntax.JPEG_LOSSLESS: "JPEGLosslessProcess14",
    Syntax.JPEG_LOSSLESS_SV1: "JPEGLosslessProcess14_1",
}


def save(dataset: Dataset, path: Path, syntax: Syntax) -> None:
    """Encode a data set of native little endian pixels and write it.

    Deflated files depend on the zlib that is installed, compressed ones on their encoder; all
    others have the same bytes on every machine.
    """
    dataset.file_meta.TransferSyntaxUID = syntax.uid
    if syntax in _BY_GDCM:
        _compress_by_gdcm(dataset, syntax)
    elif syntax in _PLUGINS:
        dataset.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
        dataset.compress(syntax.uid, encoding_plugin=_PLUGINS[syntax], generate_instance_uid=False)
    elif syntax is Syntax.BIG_ENDIAN:
        swapped = np.frombuffer(dataset.PixelData, "<u2").astype(">u2")
        dataset.PixelData = swapped.tobytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset.save_as(path, enforce_file_format=True)


def _compress_by_gdcm(dataset: Dataset, syntax: Syntax) -> None:
    """Encode as JPEG lossless; only pixels pass through GDCM, so the header stays as it is."""
    stored = np.frombuffer(dataset.PixelData, "<i2" if dataset.PixelRepresentation else "<u2")
    frames = stored.reshape(-1, dataset.Rows, dataset.Columns)
    encoded = [_jpeg_frame(frame, dataset, _BY_GDCM[syntax]) for frame in frames]
    dataset.PixelData = encapsulate(encoded)
    dataset["PixelData"].VR = "OB"


def _jpeg_frame(frame: NDArray[np.integer], like: Dataset, process: str) -> bytes:
    import gdcm

    reader = gdcm.ImageReader()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frame"
        _bare_image(frame, like).save_as(path, enforce_file_format=True)
        reader.SetFileName(str(path))
        reader.Read()
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(getattr(gdcm.TransferSyntax, process)))
    change.SetInput(reader.GetImage())
    change.Change()
    fragments = change.GetOutput().GetDataElement().GetSequenceOfFragments()
    assert fragments.GetNumberOfFragments() == FRAGMENTS_OF_A_FRAME  # noqa: S101 - gdcm's promise
    content: str = fragments.GetFragment(0).GetByteValue().GetBuffer()
    return content.encode("utf-8", errors="surrogateescape")  # how its Python hands over bytes


def _bare_image(frame: NDArray[np.integer], like: Dataset) -> Dataset:
    bare = Dataset()
    bare.file_meta = FileMetaDataset()
    bare.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    bare.SOPClassUID = bare.file_meta.MediaStorageSOPClassUID = uid.MRImageStorage
    bare.SOPInstanceUID = bare.file_meta.MediaStorageSOPInstanceUID = like.SOPInstanceUID
    bare.SamplesPerPixel = 1
    bare.PhotometricInterpretation = like.PhotometricInterpretation
    bare.Rows, bare.Columns = frame.shape
    for keyword in ("BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation"):
        setattr(bare, keyword, getattr(like, keyword))
    bare.PixelData = frame.tobytes()
    return bare
