"""A classic MR image (PS3.3 A.4): one slice in one file."""

from __future__ import annotations

from pydicom.dataset import Dataset
from pydicom.uid import UID, MRImageStorage

from modic_annotate.phantom.dicom import phantom_uid
from modic_annotate.phantom.signal import LARMOR_MHZ_PER_TESLA
from modic_annotate.phantom.vendors import common
from modic_annotate.phantom.vendors.export import Image
from modic_annotate.phantom.vendors.vendor import Spacing


def instance_uid(image: Image) -> UID:
    """Return the UID of a classic image."""
    return phantom_uid(image.export.study, image.protocol.key, image.stack, image.rank)


def classic_dataset(image: Image) -> Dataset:
    """Return the whole image as a data set with native little endian pixels."""
    dataset = common.start(image, MRImageStorage, instance_uid(image))
    _add_technique(dataset, image)
    _add_times(dataset, image)
    _add_encoding(dataset, image)
    _add_place(dataset, image)
    _add_pixels(dataset, image)
    image.vendor.add_private(dataset, image)
    image.vendor.touch(dataset, image)
    return dataset


def _add_technique(dataset: Dataset, image: Image) -> None:
    words = image.words
    dataset.ImageType = list(words.image_type)
    dataset.ScanningSequence = list(words.scanning_sequence)
    dataset.SequenceVariant = list(words.variant)
    dataset.ScanOptions = list(words.options)
    if words.sequence_name:
        dataset.SequenceName = words.sequence_name
    dataset.MRAcquisitionType = "2D"
    dataset.AngioFlag = "N"
    dataset.MagneticFieldStrength = f"{image.vendor.tesla:g}"
    dataset.ImagingFrequency = f"{LARMOR_MHZ_PER_TESLA * image.vendor.tesla:g}"
    dataset.ImagedNucleus = "1H"
    dataset.ReceiveCoilName = "Synthetic spine"


def _add_times(dataset: Dataset, image: Image) -> None:
    sequence = image.sequence
    dataset.RepetitionTime = f"{sequence.repetition_ms:g}"
    dataset.EchoTime = f"{sequence.echo_ms:g}"
    if sequence.inversion_ms is not None:
        dataset.InversionTime = f"{sequence.inversion_ms:g}"
    dataset.EchoTrainLength = sequence.echo_train
    dataset.EchoNumbers = 1
    dataset.FlipAngle = f"{sequence.flip_deg:g}"
    dataset.VariableFlipAngleFlag = "N"
    dataset.NumberOfAverages = "2"
    dataset.AcquisitionDate = dataset.StudyDate
    dataset.AcquisitionTime = dataset.SeriesTime
    dataset.AcquisitionNumber = 1


def _add_encoding(dataset: Dataset, image: Image) -> None:
    sequence = image.sequence
    _, rows, columns = sequence.shape
    dataset.PixelBandwidth = f"{sequence.bandwidth_hz:g}"
    dataset.PercentSampling = "100"
    dataset.PercentPhaseFieldOfView = "100"
    dataset.InPlanePhaseEncodingDirection = sequence.phase_along
    along_rows = sequence.phase_along == "COL"
    # frequency rows, frequency columns, phase rows, phase columns
    dataset.AcquisitionMatrix = [0, columns, rows, 0] if along_rows else [rows, 0, 0, columns]


def _add_place(dataset: Dataset, image: Image) -> None:
    sequence, spelt = image.sequence, image.vendor.decimals
    directions = (*image.along_row, *image.along_column)
    dataset.InstanceNumber = image.number
    dataset.ImagesInAcquisition = image.count
    dataset.ImagePositionPatient = [spelt.position(float(v)) for v in image.position]
    dataset.ImageOrientationPatient = [spelt.direction(float(v)) for v in directions]
    dataset.SliceLocation = spelt.position(float(image.position @ sequence.axes[2]))
    dataset.PixelSpacing = [f"{sequence.pixel_mm:g}"] * 2
    dataset.SliceThickness = f"{sequence.thickness_mm:g}"
    gap = sequence.spacing_mm - sequence.thickness_mm
    stated = {
        Spacing.CENTRES: f"{sequence.spacing_mm:g}",
        Spacing.GAP: f"{gap:.4g}",
        Spacing.NEGATIVE: f"{-sequence.spacing_mm:g}",
    }
    if image.vendor.spacing in stated:
        dataset.SpacingBetweenSlices = stated[image.vendor.spacing]


def _add_pixels(dataset: Dataset, image: Image) -> None:
    common.add_pixel_format(dataset, image)
    dataset.WindowCenter, dataset.WindowWidth = common.window(image)
    if image.vendor.pixels.states_extremes:
        dataset.SmallestImagePixelValue = int(image.pixels.min())
        dataset.LargestImagePixelValue = int(image.pixels.max())
    if image.rescale is not None:
        dataset.RescaleIntercept = f"{image.rescale.intercept:g}"
        dataset.RescaleSlope = f"{image.rescale.slope:.15g}"
        dataset.RescaleType = image.rescale.type
    dataset.PixelData = image.pixels.tobytes()
