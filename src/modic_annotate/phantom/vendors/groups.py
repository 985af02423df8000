"""Functional groups of an enhanced MR image (PS3.3 C.7.6.16), one function for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydicom.dataset import Dataset

from modic_annotate.domain.series import FatTechnique
from modic_annotate.phantom.dicom import STUDY_TIME
from modic_annotate.phantom.vendors import common, mr_groups
from modic_annotate.phantom.vendors.export import Image
from modic_annotate.phantom.vendors.kinds import DIXON, EXPECTED, Kind

FRAME_GROUPS = ("FrameContentSequence", "PlanePositionSequence")
"""What always differs from frame to frame."""

_DIXON_PARTS = {
    Kind.T2_IN_PHASE: "IN_PHASE",
    Kind.T2_OPPOSED: "OUT_PHASE",
    Kind.T2_WATER: "WATER",
    Kind.T2_FAT: "FAT",
}
_CONTRASTS = {
    Kind.STIR: "STIR",
    Kind.T2_FLAIR: "FLUID_ATTENUATED",
    Kind.PD: "PROTON_DENSITY",
}


def image_type(image: Image) -> list[str]:
    """Return the four values of FrameType (C.8.16.1)."""
    if image.part.kind in DIXON:
        return ["ORIGINAL", "PRIMARY", "DIXON", _DIXON_PARTS[image.part.kind]]
    if image.vendor.enhanced is not None and not image.vendor.enhanced.states_contrast:
        return ["ORIGINAL", "PRIMARY", "M", "NONE"]
    weighting = str(EXPECTED[image.part.kind].weighting)
    return ["ORIGINAL", "PRIMARY", weighting if weighting in ("T1", "T2") else "OTHER", "NONE"]


def contrast(image: Image) -> str:
    """Return AcquisitionContrast (C.8.13.3.1.2)."""
    if image.vendor.enhanced is None or not image.vendor.enhanced.states_contrast:
        return "UNKNOWN"
    kind = image.part.kind
    return _CONTRASTS.get(kind, str(EXPECTED[kind].weighting))


def describe_frame(target: Dataset, image: Image) -> None:
    """State what kind of image it is, as the top level and each frame do."""
    target.PixelPresentation = "MONOCHROME"
    target.VolumetricProperties = "VOLUME"
    target.VolumeBasedCalculationTechnique = "NONE"
    target.ComplexImageComponent = "MAGNITUDE"
    target.AcquisitionContrast = contrast(image)


def is_fat_suppressed(image: Image) -> bool:
    """Whether a spectral pulse suppresses fat."""
    return EXPECTED[image.part.kind].fat is FatTechnique.FS


def _pixel_measures(image: Image) -> Dataset:
    item, sequence = Dataset(), image.sequence
    item.PixelSpacing = [f"{sequence.pixel_mm:g}"] * 2
    item.SliceThickness = f"{sequence.thickness_mm:g}"
    if image.vendor.enhanced is not None and image.vendor.enhanced.states_spacing:
        item.SpacingBetweenSlices = f"{sequence.spacing_mm:g}"
    return item


def _plane_position(image: Image) -> Dataset:
    item = Dataset()
    item.ImagePositionPatient = [image.vendor.decimals.position(float(v)) for v in image.position]
    return item


def _plane_orientation(image: Image) -> Dataset:
    item = Dataset()
    directions = (*image.along_row, *image.along_column)
    item.ImageOrientationPatient = [image.vendor.decimals.direction(float(v)) for v in directions]
    return item


def _frame_type(image: Image) -> Dataset:
    item = Dataset()
    item.FrameType = image_type(image)
    describe_frame(item, image)
    return item


def _pixel_value_transformation(image: Image) -> Dataset:
    item, rescale = Dataset(), image.rescale
    item.RescaleIntercept = "0" if rescale is None else f"{rescale.intercept:g}"
    item.RescaleSlope = "1" if rescale is None else f"{rescale.slope:.15g}"
    item.RescaleType = "US" if rescale is None else rescale.type
    return item


def _frame_voi_lut(image: Image) -> Dataset:
    item = Dataset()
    item.WindowCenter, item.WindowWidth = common.window(image)
    return item


def _anatomy(image: Image) -> Dataset:
    item, region = Dataset(), Dataset()
    region.CodeValue, region.CodingSchemeDesignator = "122496007", "SCT"
    region.CodeMeaning = "Lumbar spine"
    item.AnatomicRegionSequence = [region]
    item.FrameLaterality = "U"
    return item


def frame_content(image: Image, position_in_stack: int, dimension_values: list[int]) -> Dataset:
    """Return what tells a frame from the others (C.7.6.16.2.2)."""
    item = Dataset()
    started = f"{image.export.recipe.study_date}{STUDY_TIME}"
    item.FrameAcquisitionDateTime = item.FrameReferenceDateTime = started
    item.FrameAcquisitionDuration = 180000.0
    item.FrameAcquisitionNumber = 1
    item.StackID = str(image.stack + 1)
    item.InStackPositionNumber = position_in_stack
    item.TemporalPositionIndex = 1
    item.DimensionIndexValues = dimension_values
    return item


GROUPS: Mapping[str, Callable[[Image], Dataset]] = {
    "PixelMeasuresSequence": _pixel_measures,
    "PlanePositionSequence": _plane_position,
    "PlaneOrientationSequence": _plane_orientation,
    "FrameAnatomySequence": _anatomy,
    "PixelValueTransformationSequence": _pixel_value_transformation,
    "FrameVOILUTSequence": _frame_voi_lut,
    "MRImageFrameTypeSequence": _frame_type,
    "MRTimingAndRelatedParametersSequence": mr_groups.timing,
    "MRFOVGeometrySequence": mr_groups.fov_geometry,
    "MREchoSequence": mr_groups.echo,
    "MRModifierSequence": mr_groups.modifier,
    "MRImagingModifierSequence": mr_groups.imaging_modifier,
    "MRReceiveCoilSequence": mr_groups.receive_coil,
    "MRTransmitCoilSequence": mr_groups.transmit_coil,
    "MRAveragesSequence": mr_groups.averages,
    "MRSpatialSaturationSequence": mr_groups.saturation,
}
"""All but the frame content, which needs to know of its dimensions."""
