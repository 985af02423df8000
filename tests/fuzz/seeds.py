"""Sound little files of every kind, to be damaged: a list of them is one study's folder."""

from __future__ import annotations

import base64
import io
import tempfile
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.fileset import FileSet
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGExtended12Bit,
    RLELossless,
)

from modic_annotate.samples import sample_folder
from tests.imaging.conftest import Mr

Study = dict[str, bytes]
"""File contents by name."""

SLICES, SIZE, DOCTOR_SIZE = 3, 16, 32
_NATIVE = (
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    ExplicitVRBigEndian,
    DeflatedExplicitVRLittleEndian,
    RLELossless,
)


def studies() -> list[tuple[str, Study]]:
    """Return the seeds by name; they are the same in every run."""
    return list(_made())


def _made() -> Iterator[tuple[str, Study]]:
    for syntax in _NATIVE:
        yield syntax.name, _study([_coded(ds, syntax) for ds in _stack()])
    for syntax, frame in doctor_frames():
        yield syntax.name, _study([_with_frame(ds, syntax, frame) for ds in _stack(DOCTOR_SIZE)])
    yield "sample", _study(_sample())
    yield "enhanced", _study([_enhanced()])
    yield "enhanced, fragments", _study([_fragmented(_enhanced(), extended=False)])
    yield "enhanced, offsets", _study([_fragmented(_enhanced(), extended=True)])
    yield "zip", {"study.zip": _zipped(_study(_stack()))}
    yield "DICOMDIR", _with_index(_study(_stack(StudyTime="101010", StudyID="1")))


def _mr() -> Mr:
    return Mr(Path("fuzz"), study_uid=UID("1.2.3.4"), frame_uid=UID("1.2.3.5"))


def _stack(size: int = SIZE, **changes: Any) -> list[Dataset]:
    datasets = []
    for i in range(SLICES):
        rows = np.random.default_rng(i).integers(-200, 2000, (size, size)).astype(np.int16)
        ds = _mr().dataset(
            (-13.0 + 4.5 * i, -90.0, 120.0),
            rows,
            SOPInstanceUID=UID(f"1.2.3.6.{i}"),
            SeriesInstanceUID=UID("1.2.3.7"),
            InstanceNumber=str(i + 1),
            BitsStored=12,
            HighBit=11,
            SmallestImagePixelValue=-200,
            LargestImagePixelValue=2000,
            RescaleSlope="2",
            RescaleIntercept="-5",
            WindowCenter=["300", "40"],
            WindowWidth=["600", "80"],
            VOILUTFunction="SIGMOID",
            SpecificCharacterSet="ISO_IR 100",
            **changes,
        )
        reference = Dataset()
        reference.ReferencedSOPClassUID = ds.SOPClassUID
        reference.ReferencedSOPInstanceUID = UID("1.2.3.8")
        ds.ReferencedImageSequence = [reference, Dataset()]
        ds.private_block(0x2001, "Maker", create=True).add_new(0x10, "LO", "x" * 40)
        datasets.append(ds)
    return datasets


def _coded(ds: Dataset, syntax: UID) -> Dataset:
    if syntax == RLELossless:
        ds.compress(syntax, generate_instance_uid=False)
    elif syntax == ExplicitVRBigEndian:
        ds.PixelData = np.frombuffer(ds.PixelData, "<i2").astype(">i2").tobytes()
    ds.file_meta.TransferSyntaxUID = syntax
    return ds


def doctor_frames() -> Iterator[tuple[UID, bytes]]:
    """One tiny encoded image of every compressed syntax, as the product ships them."""
    table = (files("modic_annotate.conduct.doctor") / "frames.txt").read_text("ascii")
    for line in table.splitlines():
        syntax, _, coded = line.partition(" ")
        yield UID(syntax), base64.b64decode(coded)
    if find_spec("imagecodecs"):  # the extra for lossy JPEG of 12 bits
        from imagecodecs import jpeg8_encode

        ramp = np.add.outer(*[np.arange(DOCTOR_SIZE, dtype=np.uint16) * 60] * 2)
        yield JPEGExtended12Bit, jpeg8_encode(ramp, level=90, bitspersample=12)


def _with_frame(ds: Dataset, syntax: UID, frame: bytes) -> Dataset:
    ds.file_meta.TransferSyntaxUID = syntax
    ds.PixelRepresentation = 0
    del ds.SmallestImagePixelValue, ds.LargestImagePixelValue
    if syntax.endswith(".50"):
        ds.BitsAllocated, ds.BitsStored, ds.HighBit = 8, 8, 7
    ds.PixelData = encapsulate([frame])
    ds["PixelData"].is_undefined_length = True
    ds["PixelData"].VR = "OB"
    return ds


def _sample() -> list[Dataset]:
    """A few slices of the sample study, cut to a corner."""
    datasets = []
    for path in sorted((sample_folder() / "study").iterdir())[:SLICES]:
        ds = pydicom.dcmread(path)
        corner = ds.pixel_array[:SIZE, :SIZE]
        ds.Rows = ds.Columns = SIZE
        ds.PixelData = np.ascontiguousarray(corner).tobytes()
        ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        datasets.append(ds)
    return datasets


def _enhanced() -> Dataset:
    parts = _stack()
    for ds in parts:
        ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 15, 0
    return _mr().enhanced(parts, SOPInstanceUID=UID("1.2.3.9"), SeriesInstanceUID=UID("1.2.3.10"))


def _fragmented(ds: Dataset, *, extended: bool) -> Dataset:
    ds.compress(RLELossless, generate_instance_uid=False)
    frames = list(pydicom.encaps.generate_frames(ds.PixelData, number_of_frames=SLICES))
    if extended:
        coded = encapsulate_extended(frames)
        ds.PixelData, ds.ExtendedOffsetTable, ds.ExtendedOffsetTableLengths = coded
    else:
        ds.PixelData = encapsulate(frames, fragments_per_frame=2)
    return ds


def _study(datasets: list[Dataset]) -> Study:
    return {f"IM{i:03}": _bytes(ds) for i, ds in enumerate(datasets)}


def _bytes(ds: Dataset) -> bytes:
    buffer = io.BytesIO()
    ds.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def _zipped(study: Study) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in study.items():
            archive.writestr(zipfile.ZipInfo(f"DICOM/{name}"), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _with_index(study: Study) -> Study:
    with tempfile.TemporaryDirectory() as name:
        index = FileSet()
        for content in study.values():
            index.add(pydicom.dcmread(io.BytesIO(content)))
        index.UID = UID("1.2.3.11")
        index.write(name)
        root = Path(name)
        return {
            str(path.relative_to(root)): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }
