"""Phantom series as DICOM MR images (PS3.3 A.4), the same bytes each time they are written.

UIDs are derived from names, the file's maker is fixed, pixels are RLE-coded by pydicom itself.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, MRImageStorage, RLELossless

from modic_annotate.phantom.protocol import POSITION_DECIMALS, Sequence
from modic_annotate.phantom.recipe import Recipe
from modic_annotate.phantom.signal import LARMOR_MHZ_PER_TESLA

MAKER_NAME = "MODIC_PHANTOM_1"
SYNTHETIC = "SYNTHETIC PHANTOM, NOT A PATIENT"
STUDY_TIME = "090000"


def phantom_uid(*names: str | int) -> UID:
    """Return the UID of a thing by its names: 2.25 and 128 bits of their SHA-256."""
    text = "modic-annotate phantom/" + "/".join(str(name) for name in names)
    return UID(f"2.25.{int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], 'big')}")


def file_name(sequence: Sequence, index: int) -> str:
    """Return the file name of a slice, e.g. ``t1-07.dcm``, counted by image number."""
    return f"{sequence.key}-{sequence.instance_number(index):02d}.dcm"


def write_slice(
    path: Path,
    pixels: NDArray[np.uint16],
    recipe: Recipe,
    sequence: Sequence,
    index: int,
    study: str,
) -> None:
    """Write one slice; `study` names the study in all UIDs."""
    dataset = Dataset()
    instance = phantom_uid(study, sequence.key, index)
    dataset.file_meta = _file_meta(instance)
    _add_patient_and_study(dataset, recipe, study)
    _add_series(dataset, sequence, study)
    _add_acquisition(dataset, sequence)
    _add_place(dataset, sequence, index, instance)
    _add_pixels(dataset, pixels, sequence)
    dataset.compress(RLELossless, encoding_plugin="pydicom", generate_instance_uid=False)
    dataset.save_as(path, enforce_file_format=True)


def _file_meta(instance: UID) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = MRImageStorage
    meta.MediaStorageSOPInstanceUID = instance
    meta.TransferSyntaxUID = ExplicitVRLittleEndian  # until the pixels are compressed
    meta.ImplementationClassUID = phantom_uid("implementation")
    meta.ImplementationVersionName = MAKER_NAME
    return meta


def _add_patient_and_study(dataset: Dataset, recipe: Recipe, study: str) -> None:
    years = int(recipe.study_date) - int(recipe.birth_date)
    dataset.PatientName = recipe.patient_name
    dataset.PatientID = recipe.patient_id
    dataset.PatientBirthDate = recipe.birth_date
    dataset.PatientSex = recipe.sex
    dataset.PatientAge = f"{years // 10000:03d}Y"
    dataset.PatientWeight = "66"
    dataset.PatientComments = SYNTHETIC
    dataset.StudyInstanceUID = phantom_uid(study)
    dataset.StudyDate = recipe.study_date
    dataset.StudyTime = STUDY_TIME
    dataset.StudyID = "1"
    dataset.StudyDescription = "MR lumbar spine (synthetic)"
    dataset.AccessionNumber = ""
    dataset.ReferringPhysicianName = ""


def _add_series(dataset: Dataset, sequence: Sequence, study: str) -> None:
    dataset.Modality = "MR"
    dataset.SeriesInstanceUID = phantom_uid(study, sequence.key)
    dataset.SeriesNumber = sequence.number
    dataset.SeriesDescription = sequence.description
    dataset.SeriesDate = dataset.StudyDate
    dataset.SeriesTime = f"09{sequence.number * 4:02d}00"
    dataset.ProtocolName = sequence.description
    dataset.BodyPartExamined = "LSPINE"
    dataset.PatientPosition = "HFS"
    dataset.FrameOfReferenceUID = phantom_uid(study, "frame")
    dataset.PositionReferenceIndicator = ""
    dataset.Manufacturer = "modic-annotate"
    dataset.ManufacturerModelName = "Synthetic spine phantom"
    dataset.SoftwareVersions = MAKER_NAME
    dataset.DeviceSerialNumber = "0"


def _add_acquisition(dataset: Dataset, sequence: Sequence) -> None:
    inverted = sequence.inversion_ms is not None
    slices, rows, columns = sequence.shape
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "OTHER"]
    dataset.ScanningSequence = ["SE", "IR"] if inverted else "SE"
    dataset.SequenceVariant = "SK"
    dataset.ScanOptions = ["PFP", "SP", "FS"] if sequence.fat_kept < 1 else ["PFP", "SP"]
    dataset.SequenceName = f"{'tir' if inverted else 'tse'}2d1_{sequence.echo_train}"
    dataset.MRAcquisitionType = "2D"
    dataset.RepetitionTime = f"{sequence.repetition_ms:g}"
    dataset.EchoTime = f"{sequence.echo_ms:g}"
    if sequence.inversion_ms is not None:
        dataset.InversionTime = f"{sequence.inversion_ms:g}"
    dataset.EchoTrainLength = sequence.echo_train
    dataset.EchoNumbers = 1
    dataset.FlipAngle = f"{sequence.flip_deg:g}"
    dataset.NumberOfAverages = "2"
    dataset.MagneticFieldStrength = f"{sequence.tesla:g}"
    dataset.ImagingFrequency = f"{LARMOR_MHZ_PER_TESLA * sequence.tesla:g}"
    dataset.ImagedNucleus = "1H"
    dataset.PixelBandwidth = f"{sequence.bandwidth_hz:g}"
    dataset.SliceThickness = f"{sequence.thickness_mm:g}"
    dataset.SpacingBetweenSlices = f"{sequence.spacing_mm:g}"
    dataset.PercentSampling = "100"
    dataset.PercentPhaseFieldOfView = "100"
    # frequency rows, frequency columns, phase rows, phase columns
    phase_rows = sequence.phase_along == "COL"
    dataset.AcquisitionMatrix = [0, columns, rows, 0] if phase_rows else [rows, 0, 0, columns]
    dataset.InPlanePhaseEncodingDirection = sequence.phase_along
    dataset.ReceiveCoilName = "Synthetic spine"
    dataset.ImagesInAcquisition = slices


def _add_place(dataset: Dataset, sequence: Sequence, index: int, instance: UID) -> None:
    along_row, along_column, normal = sequence.axes
    position = sequence.position(index)
    dataset.SOPClassUID = MRImageStorage
    dataset.SOPInstanceUID = instance
    dataset.InstanceNumber = sequence.instance_number(index)
    dataset.AcquisitionNumber = 1
    dataset.AcquisitionDate = dataset.ContentDate = dataset.StudyDate
    dataset.AcquisitionTime = dataset.ContentTime = dataset.SeriesTime
    dataset.ImageOrientationPatient = [_ds(v) for v in (*along_row, *along_column)]
    dataset.ImagePositionPatient = [_ds(v) for v in position]
    dataset.SliceLocation = f"{float(position @ normal) + 0.0:.{POSITION_DECIMALS}f}"
    dataset.ImageComments = SYNTHETIC


def _add_pixels(dataset: Dataset, pixels: NDArray[np.uint16], sequence: Sequence) -> None:
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.PixelSpacing = [f"{sequence.pixel_mm:g}"] * 2
    dataset.BitsAllocated = 16
    dataset.BitsStored = 12
    dataset.HighBit = 11
    dataset.PixelRepresentation = 0
    dataset.SmallestImagePixelValue = int(pixels.min())
    dataset.LargestImagePixelValue = int(pixels.max())
    centre, width = sequence.window
    dataset.WindowCenter, dataset.WindowWidth = str(centre), str(width)
    dataset.BurnedInAnnotation = "NO"
    dataset.LossyImageCompression = "00"
    dataset.PixelData = pixels.astype("<u2").tobytes()


def _ds(value: float) -> str:
    """Return a decimal string of at most 16 characters that reads back as it was rounded."""
    return f"{float(value):.8f}".rstrip("0").rstrip(".")
