"""Whether each way in which an MRI may be stored can be decoded here, by decoding a tiny image."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian

from modic_annotate.conduct.doctor.check import Check
from modic_annotate.errors import DecodeError
from modic_annotate.imaging.pixels.decode import stored_values

SIZE = 32
BITS, JPEG_BITS = 12, 8
JPEG_BASELINE = "1.2.840.10008.1.2.4.50"
LOSSY = {JPEG_BASELINE, "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.91"}
MOST_OFF = 2
"""How far a value may be off after a lossy code."""

ADVICE = "install modic-annotate again, with all it requires"


def decoders() -> Iterator[Check]:
    """Decode one image of each code.

    The images come coded in ``frames.txt`` (made with pydicom, gdcm and imagecodecs from
    `expected`), so that a decoder is tried even where nothing here could encode for it.
    """
    yield _try(ExplicitVRLittleEndian, None)
    for line in (files(__package__) / "frames.txt").read_text("ascii").splitlines():
        syntax, _, coded = line.partition(" ")
        yield _try(UID(syntax), base64.b64decode(coded))


def expected(syntax: str) -> NDArray[np.uint16]:
    """Return the values of the tiny image: shape (32, 32), steps of 8 pixels, unsigned."""
    steps = np.arange(SIZE) // 8
    values = np.add.outer(steps * 300, steps * 700).astype(np.uint16)
    return np.right_shift(values, _shift(syntax))


def _shift(syntax: str) -> np.uint16:
    return np.uint16(BITS - JPEG_BITS if syntax == JPEG_BASELINE else 0)


def _try(syntax: UID, coded: bytes | None) -> Check:
    name = f"decoder of {syntax.name}"
    wanted = expected(syntax)
    try:
        values = stored_values(_image(syntax, coded, wanted), 0, "the test image")
    except DecodeError as error:
        return Check(name, "missing", f"{error.__cause__ or error}".split("\n", 1)[0], ADVICE)
    off = int(np.abs(values.astype(int) - wanted).max())
    most = MOST_OFF if syntax in LOSSY else 0
    return Check.of(name, f"off by {off}" if off else "exact", ok=off <= most, advice=ADVICE)


def _image(syntax: UID, coded: bytes | None, values: NDArray[np.uint16]) -> FileDataset:
    bits = JPEG_BITS if syntax == JPEG_BASELINE else BITS
    ds = FileDataset("", {})
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.Rows = ds.Columns = SIZE
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PixelRepresentation = 1, "MONOCHROME2", 0
    ds.BitsAllocated = JPEG_BITS if bits == JPEG_BITS else 16
    ds.BitsStored, ds.HighBit = bits, bits - 1
    ds.PixelData = values.astype("<u2").tobytes() if coded is None else encapsulate([coded])
    ds["PixelData"].VR = "OW" if coded is None else "OB"
    ds["PixelData"].is_undefined_length = coded is not None
    return ds
