"""One compressed frame: cut out of its file, checked, and given to the decoder of its syntax.

Each syntax names the decoder that is used, so that the result does not depend on what else is
installed and no decoder under a copyleft licence is ever chosen.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, get_frame
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import UID

from modic_annotate.errors import DecodeError
from modic_annotate.imaging.headers import values as v
from modic_annotate.imaging.pixels import codestream, jpeg12
from modic_annotate.imaging.pixels.overheard import overheard, tell_of_damage
from modic_annotate.imaging.pixels.stored_bits import StoredBits

_GDCM = "gdcm"
_RLE = "1.2.840.10008.1.2.5"
_JPEG_BASELINE = "1.2.840.10008.1.2.4.50"
_JPEG_EXTENDED = "1.2.840.10008.1.2.4.51"

PLUGINS = {
    _RLE: "pydicom",  # the quicker decoder panics on damaged data
    _JPEG_BASELINE: _GDCM,  # 8 bit
    _JPEG_EXTENDED: _GDCM,  # 8 bit; 12 bit need an extra
    "1.2.840.10008.1.2.4.57": _GDCM,  # JPEG lossless
    "1.2.840.10008.1.2.4.70": _GDCM,  # JPEG lossless, first-order prediction
    "1.2.840.10008.1.2.4.80": "pyjpegls",
    "1.2.840.10008.1.2.4.81": "pyjpegls",
    "1.2.840.10008.1.2.4.90": "pylibjpeg",  # with openjpeg
    "1.2.840.10008.1.2.4.91": "pylibjpeg",
    "1.2.840.10008.1.2.4.201": "pylibjpeg",
    "1.2.840.10008.1.2.4.202": "pylibjpeg",
    "1.2.840.10008.1.2.4.203": "pylibjpeg",
}
"""Decoder by transfer syntax (PS3.5 section 10, Annex A)."""

_MAY_LACK_ITS_END = ("90", "91", "201", "202", "203")
"""JPEG 2000: a frame cut off is found. Other decoders fill it with grey, or wait for ever."""

_BYTE = 8  # bits


def decompressed(
    ds: Dataset, syntax: UID, frame: int, bits: StoredBits, name: str
) -> NDArray[np.integer[Any]]:
    """Decode a compressed frame, once its codestream is found to promise the header's image.

    Returns
    -------
    ndarray
        Samples, shape (rows, columns), of the width and sign that the header states.

    Raises
    ------
    DecodeError
        When the codestream promises another image, or is damaged.
    """
    if not bits.is_usual and syntax != _RLE:
        raise DecodeError(
            f"{name} states high bit {bits.high} for {bits.stored} bits stored, which compressed"
            " values cannot have; ask the sender for the original"
        )
    extra = syntax == _JPEG_EXTENDED and bits.stored > _BYTE
    by_extra = jpeg12.decoder(name) if extra else None
    code = _code(ds, frame)
    size = (v.integer(ds, "Rows") or 0, v.integer(ds, "Columns") or 0)
    width = _checked_width(code, syntax, size, bits, name)
    if PLUGINS[syntax] != _GDCM:
        samples = _by_plugin(code, syntax, size, width, bits)
    else:
        with overheard() as said:
            samples = by_extra(code) if by_extra else _by_plugin(code, syntax, size, width, bits)
        if tell_of_damage(said):
            raise DecodeError(f"{name} is damaged; get the file again")
    if samples.shape != size:
        raise DecodeError(f"{name} decodes to shape {samples.shape}, its header says {size}")
    return samples.astype(f"u{bits.allocated // 8}", copy=False).view(bits.dtype)


def _by_plugin(
    code: bytes, syntax: UID, size: tuple[int, int], width: int, bits: StoredBits
) -> NDArray[np.integer[Any]]:
    by_gdcm = PLUGINS[syntax] == _GDCM
    signed = bits.signed and not by_gdcm  # gdcm takes no notice of it
    whole = by_gdcm and width == _BYTE  # else gdcm ends the process over 8-bit JPEG
    options: dict[str, Any] = {  # values of any kind, as pydicom's decoders take them
        "correct_unused_bits": False,
        "rows": size[0],
        "columns": size[1],
        "number_of_frames": 1,
        "samples_per_pixel": 1,
        "photometric_interpretation": "MONOCHROME2",  # shown, not stored: nothing to a decoder
        "bits_allocated": width,
        "bits_stored": width if whole else min(bits.stored, width),
        "pixel_representation": int(signed),
        "pixel_keyword": "PixelData",
    }
    source = encapsulate([code], has_bot=False)
    return get_decoder(syntax).as_array(
        source, index=0, decoding_plugin=PLUGINS[syntax], **options
    )[0]


def _code(ds: Dataset, frame: int) -> bytes:
    """Return the encoded bytes of one frame, all its fragments joined."""
    offsets = (ds.get("ExtendedOffsetTable"), ds.get("ExtendedOffsetTableLengths"))
    return get_frame(
        ds.PixelData,
        frame,
        number_of_frames=v.integer(ds, "NumberOfFrames") or 1,
        extended_offsets=offsets if all(offsets) else None,
    )


def _checked_width(
    code: bytes, syntax: UID, size: tuple[int, int], bits: StoredBits, name: str
) -> int:
    """Return how many bits a decoded sample takes, where the frame is as the header says."""
    if syntax == _RLE:
        if not codestream.can_hold(code, size[0] * size[1] * bits.allocated // 8):
            raise DecodeError(f"{name} holds less than its header says; get the file again")
        return bits.allocated
    found = codestream.stated(code, syntax)
    whole = syntax.endswith(_MAY_LACK_ITS_END) or codestream.has_its_end(code)
    if found is None or not whole:
        raise DecodeError(f"{name} is damaged; get the file again")
    promised = (found.rows, found.columns, *((found.samples,) if found.samples != 1 else ()))
    if promised != size:
        raise DecodeError(
            f"{name} decodes to shape {promised}, its header says {size}; get the file again"
        )
    if found.bits > bits.allocated:
        raise DecodeError(
            f"{name} holds values of {found.bits} bits, its header says {bits.allocated}; get the"
            " file again"
        )
    return _BYTE if PLUGINS[syntax] == _GDCM and found.bits <= _BYTE else bits.allocated
