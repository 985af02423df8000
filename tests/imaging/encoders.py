"""Files written anew in other transfer syntaxes, by whichever program encodes them."""

from __future__ import annotations

import shutil
import subprocess
import warnings
from collections.abc import Callable
from pathlib import Path

import pydicom
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

Encoder = Callable[[Path, Path], None]
"""From a plain file to another one."""


def implicit(plain: Path, out: Path) -> None:
    """Write without value representations."""
    _relabelled(plain, out, ImplicitVRLittleEndian)


def deflated(plain: Path, out: Path) -> None:
    """Write the data set deflated."""
    _relabelled(plain, out, DeflatedExplicitVRLittleEndian)


def _relabelled(plain: Path, out: Path, syntax: str) -> None:
    ds = pydicom.dcmread(plain)
    ds.file_meta.TransferSyntaxUID = syntax
    ds.save_as(out, enforce_file_format=True)


def _pydicom(syntax: str) -> Encoder:
    def encode(plain: Path, out: Path) -> None:
        ds = pydicom.dcmread(plain)
        ds.compress(syntax, generate_instance_uid=False)
        ds.save_as(out)

    return encode


def _gdcm(syntax: str) -> Encoder:
    def encode(plain: Path, out: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # SWIG's own deprecations on newer Pythons
            import gdcm
        reader, change, writer = gdcm.ImageReader(), gdcm.ImageChangeTransferSyntax(), None
        reader.SetFileName(str(plain))
        assert reader.Read()
        change.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.GetTSType(syntax)))
        change.SetInput(reader.GetImage())
        assert change.Change()
        writer = gdcm.ImageWriter()
        writer.SetFile(reader.GetFile())
        writer.SetImage(change.GetOutput())
        writer.SetFileName(str(out))
        assert writer.Write()

    return encode


def _dcmtk(*command: str) -> Encoder:
    def encode(plain: Path, out: Path) -> None:
        if shutil.which(command[0]) is None:
            pytest.skip(f"{command[0]} (dcmtk) is not installed")
        subprocess.run([*command, str(plain), str(out)], check=True, capture_output=True)

    return encode


def _imagecodecs(syntax: str, name: str, **options: object) -> Encoder:
    def encode(plain: Path, out: Path) -> None:
        imagecodecs = pytest.importorskip("imagecodecs", reason="imagecodecs is not installed")
        ds = pydicom.dcmread(plain)
        ds.PixelData = encapsulate([getattr(imagecodecs, name)(ds.pixel_array, **options)])
        ds["PixelData"].VR = "OB"
        ds.file_meta.TransferSyntaxUID = syntax
        ds.save_as(out)

    return encode


jpeg_12_bit = _imagecodecs("1.2.840.10008.1.2.4.51", "jpeg8_encode", level=100, bitspersample=12)

LOSSLESS: dict[str, Encoder] = {
    "implicit": implicit,
    "big endian, dcmtk": _dcmtk("dcmconv", "+tb"),
    "deflated": deflated,
    "RLE, pydicom": _pydicom(RLELossless),
    "RLE, dcmtk": _dcmtk("dcmcrle"),
    "JPEG lossless, gdcm": _gdcm("1.2.840.10008.1.2.4.57"),
    "JPEG lossless SV1, gdcm": _gdcm("1.2.840.10008.1.2.4.70"),
    "JPEG lossless, dcmtk": _dcmtk("dcmcjpeg", "+el"),
    "JPEG lossless SV1, dcmtk": _dcmtk("dcmcjpeg", "+e1"),
    "JPEG-LS, pydicom": _pydicom(JPEGLSLossless),
    "JPEG-LS, gdcm": _gdcm(JPEGLSLossless),
    "JPEG-LS, dcmtk": _dcmtk("dcmcjpls", "+el"),
    "JPEG 2000, pydicom": _pydicom(JPEG2000Lossless),
    "JPEG 2000, gdcm": _gdcm(JPEG2000Lossless),
    "HTJ2K": _imagecodecs(HTJ2KLossless, "htj2k_encode", reversible=True),
    "HTJ2K RPCL": _imagecodecs(HTJ2KLosslessRPCL, "htj2k_encode", reversible=True),
}
