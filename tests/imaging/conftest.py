"""Makes small MR files as scanners write them, good and bad."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, generate_uid

MR_IMAGE = "1.2.840.10008.5.1.4.1.1.4"
SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
CORONAL = (1.0, 0.0, 0.0, 0.0, 0.0, -1.0)
AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
T1_SPIN_ECHO = {
    "ScanningSequence": "SE",
    "SequenceVariant": "NONE",
    "ScanOptions": "",
    "RepetitionTime": "500",
    "EchoTime": "12",
    "SeriesDescription": "T1 SAG",
}


@dataclass
class Mr:
    """Writes slices of one study; every keyword overrides or, with None, removes an attribute."""

    folder: Path
    study_uid: str = field(default_factory=generate_uid)
    frame_uid: str = field(default_factory=generate_uid)

    def pixels(self, seed: int, rows: int = 40, columns: int = 48) -> NDArray[np.uint16]:
        """Random 12-bit values, the same for the same seed."""
        return np.random.default_rng(seed).integers(0, 4095, (rows, columns), dtype=np.uint16)

    def dataset(
        self, position: ArrayLike, pixels: NDArray[Any] | None = None, **changes: Any
    ) -> Dataset:
        """One classic MR image at a position."""
        array = self.pixels(1) if pixels is None else pixels
        ds = Dataset()
        ds.file_meta = FileMetaDataset()
        ds.file_meta.TransferSyntaxUID = changes.pop("syntax", ExplicitVRLittleEndian)
        values: dict[str, Any] = {
            "SOPClassUID": MR_IMAGE,
            "SOPInstanceUID": generate_uid(),
            "StudyInstanceUID": self.study_uid,
            "SeriesInstanceUID": generate_uid(entropy_srcs=[str(self.folder)]),
            "FrameOfReferenceUID": self.frame_uid,
            "Modality": "MR",
            "ImageType": ["ORIGINAL", "PRIMARY", "M"],
            "PatientName": "Roe^Secret",
            "PatientID": "HIDDEN-77",
            "PatientBirthDate": "19610203",
            "PatientSex": "F",
            "StudyDate": "20240131",
            "SeriesNumber": "3",
            "InstanceNumber": "1",
            "ImagePositionPatient": [f"{x:.7g}" for x in np.asarray(position, float)],
            "ImageOrientationPatient": list(SAGITTAL),
            "PixelSpacing": ["0.5", "0.5"],
            "SliceThickness": "4",
            "Rows": array.shape[0],
            "Columns": array.shape[1],
            "SamplesPerPixel": 1,
            "PhotometricInterpretation": "MONOCHROME2",
            "BitsAllocated": 8 * array.itemsize,
            "BitsStored": 8 * array.itemsize,
            "HighBit": 8 * array.itemsize - 1,
            "PixelRepresentation": int(array.dtype.kind == "i"),
            **T1_SPIN_ECHO,
            **changes,
        }
        for keyword, value in values.items():
            if value is not None:
                setattr(ds, keyword, value)
        ds.PixelData = array.tobytes()
        ds["PixelData"].VR = "OW" if array.itemsize > 1 else "OB"
        return ds

    def enhanced(self, datasets: list[Dataset], **changes: Any) -> Dataset:
        """One enhanced object of the classic images given, a frame for each in their order."""
        first = datasets[0]
        arrays = [np.frombuffer(ds.PixelData, "<u2") for ds in datasets]
        classic = ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "EchoTime")
        options = {
            **dict.fromkeys((*classic, "RepetitionTime", "ScanningSequence")),
            "ScanOptions": None,
            "SOPClassUID": "1.2.840.10008.5.1.4.1.1.4.1",
            "NumberOfFrames": len(datasets),
            "EchoPulseSequence": "SPIN",
            **changes,
        }
        shape = (first.Rows, first.Columns)
        ds = self.dataset((0, 0, 0), np.zeros(shape, np.uint16), **options)
        ds.PixelData = np.concatenate(arrays).tobytes()
        shared = Dataset()
        shared.PixelMeasuresSequence = [_item(PixelSpacing=first.PixelSpacing, SliceThickness="4")]
        timing = _item(RepetitionTime=first.RepetitionTime, FlipAngle="90")
        shared.MRTimingAndRelatedParametersSequence = [timing]
        ds.SharedFunctionalGroupsSequence = [shared]
        ds.PerFrameFunctionalGroupsSequence = [_frame(image) for image in datasets]
        return ds

    def write(self, ds: Dataset, name: str) -> Path:
        """Write a data set into the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        big = ds.file_meta.TransferSyntaxUID == ExplicitVRBigEndian
        if big:
            ds.PixelData = np.frombuffer(ds.PixelData, "<u2").astype(">u2").tobytes()
        ds.save_as(path, enforce_file_format=True)
        return path

    def stack(
        self,
        n: int = 7,
        spacing: float = 4.5,
        prefix: str = "IM",
        orientation: ArrayLike = SAGITTAL,
        **changes: Any,
    ) -> list[Dataset]:
        """Regular slices; images 1 to n lie in ascending order along the normal."""
        row, column = np.reshape(np.asarray(orientation, float), (2, 3))
        normal = np.cross(row, column)
        start = np.array(changes.pop("start", (-13.0, -90.0, 120.0)))
        return [
            self.dataset(
                start + normal * spacing * i,
                self.pixels(i),
                InstanceNumber=str(i + 1),
                ImageOrientationPatient=[f"{c:.7f}" for c in (*row, *column)],
                **changes,
            )
            for i in range(n)
        ]

    def write_all(self, datasets: list[Dataset], prefix: str = "IM") -> Path:
        """Write data sets under names whose order is not that of the slices."""
        for i, ds in enumerate(datasets):
            self.write(ds, f"{prefix}{(i * 5) % 7}{i:03d}")
        return self.folder


def _item(**values: Any) -> Dataset:
    item = Dataset()
    for keyword, value in values.items():
        setattr(item, keyword, value)
    return item


def _frame(image: Dataset) -> Dataset:
    return _item(
        PlanePositionSequence=[_item(ImagePositionPatient=image.ImagePositionPatient)],
        PlaneOrientationSequence=[_item(ImageOrientationPatient=image.ImageOrientationPatient)],
        MREchoSequence=[_item(EffectiveEchoTime=float(image.EchoTime))],
        FrameVOILUTSequence=[_item(WindowCenter="300", WindowWidth="600")],
        PixelValueTransformationSequence=[_item(RescaleSlope="2", RescaleIntercept="-5")],
    )


@pytest.fixture
def mr(tmp_path: Path) -> Mr:
    """A maker of MR files in a fresh folder."""
    return Mr(tmp_path / "mr")
