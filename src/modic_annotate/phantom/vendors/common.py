"""Attributes that both forms state at the top level of their data sets."""

from __future__ import annotations

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID

from modic_annotate.phantom.dicom import STUDY_TIME, SYNTHETIC, phantom_uid
from modic_annotate.phantom.vendors.export import Image

BODY_PART = "LSPINE"


def start(image: Image, sop_class: UID, instance: UID) -> Dataset:
    """Return a data set with patient, study, series and equipment."""
    dataset = Dataset()
    dataset.file_meta = _file_meta(image, sop_class, instance)
    dataset.SOPClassUID, dataset.SOPInstanceUID = sop_class, instance
    dataset.SpecificCharacterSet = list(image.vendor.character_set)
    _add_patient(dataset, image)
    _add_study(dataset, image)
    _add_series(dataset, image)
    _add_equipment(dataset, image)
    return dataset


def _file_meta(image: Image, sop_class: UID, instance: UID) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop_class
    meta.MediaStorageSOPInstanceUID = instance
    meta.ImplementationClassUID = phantom_uid("implementation", image.vendor.key)
    meta.ImplementationVersionName = f"PHANTOM_{image.vendor.key.upper()}"
    return meta


def _add_patient(dataset: Dataset, image: Image) -> None:
    recipe = image.export.recipe
    years = (int(recipe.study_date) - int(recipe.birth_date)) // 10000
    dataset.PatientName = recipe.patient_name + image.vendor.patient_name_suffix
    dataset.PatientID = recipe.patient_id
    dataset.PatientBirthDate = recipe.birth_date
    dataset.PatientSex = recipe.sex
    dataset.PatientAge = f"{years:03d}Y"
    dataset.PatientWeight = "66"
    dataset.PatientComments = SYNTHETIC


def _add_study(dataset: Dataset, image: Image) -> None:
    study = image.export.study
    dataset.StudyInstanceUID = phantom_uid(study)
    dataset.StudyDate = image.export.recipe.study_date
    dataset.StudyTime = STUDY_TIME
    dataset.StudyID = "1"
    dataset.StudyDescription = "MR lumbar spine (synthetic)"
    dataset.AccessionNumber = ""
    dataset.ReferringPhysicianName = ""


def _add_series(dataset: Dataset, image: Image) -> None:
    study, protocol = image.export.study, image.protocol
    description = image.vendor.words[protocol.kind].description
    dataset.Modality = "MR"
    dataset.SeriesInstanceUID = phantom_uid(study, protocol.key)
    dataset.SeriesNumber = image.series_number
    dataset.SeriesDescription = description
    dataset.ProtocolName = image.vendor.protocol_prefix + description
    dataset.SeriesDate = dataset.ContentDate = dataset.StudyDate
    dataset.SeriesTime = dataset.ContentTime = f"09{protocol.ordinal * 3:02d}00"
    dataset.BodyPartExamined = BODY_PART
    dataset.PatientPosition = str(image.export.position)
    dataset.FrameOfReferenceUID = phantom_uid(study, "frame")
    dataset.PositionReferenceIndicator = ""
    dataset.ImageComments = SYNTHETIC


def _add_equipment(dataset: Dataset, image: Image) -> None:
    vendor = image.vendor
    dataset.Manufacturer = vendor.manufacturer
    dataset.ManufacturerModelName = vendor.model
    dataset.SoftwareVersions = vendor.software
    dataset.DeviceSerialNumber = "00000"
    dataset.InstitutionName = "Synthetic"


def add_pixel_format(dataset: Dataset, image: Image) -> None:
    """State how pixel values are stored (PS3.3 C.7.6.3)."""
    pixels = image.vendor.pixels
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows, dataset.Columns = image.pixels.shape
    dataset.BitsAllocated = 16
    dataset.BitsStored = pixels.bits_stored
    dataset.HighBit = pixels.bits_stored - 1
    dataset.PixelRepresentation = int(pixels.signed)
    dataset.BurnedInAnnotation = "NO"
    dataset.LossyImageCompression = "00"


def window(image: Image) -> tuple[str, str]:
    """Return centre and width in shown values, as decimal strings."""
    centre, width = (float(value) for value in image.sequence.window)
    pixels, rescale = image.vendor.pixels, image.rescale
    centre, width = centre * pixels.factor + pixels.shift, width * pixels.factor
    if rescale is not None:
        centre, width = centre * rescale.slope + rescale.intercept, width * rescale.slope
    return f"{centre:.8g}", f"{width:.8g}"
