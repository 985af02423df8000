"""Functional groups of an enhanced MR image (PS3.3 C.7.6.16, C.8.13.5), one function for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydicom.dataset import Dataset

from modic_annotate.domain.series import FatTechnique
from modic_annotate.phantom.dicom import STUDY_TIME
from modic_annotate.phantom.signal import LARMOR_MHZ_PER_TESLA
from modic_annotate.phantom.vendors import common
from modic_annotate.phantom.vendors.kinds import DIXON, EXPECTED, Kind
from modic_annotate.phantom.vendors.vendor import Image

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
_OPEN_COIL_TESLA = 1.0


def image_type(image: Image) -> list[str]:
    """Return the four values of FrameType (C.8.16.1)."""
    if image.part.kind in DIXON:
        return ["DERIVED", "PRIMARY", "DIXON", _DIXON_PARTS[image.part.kind]]
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
    item.RescaleSlope = "1" if rescale is None else f"{rescale.slope:.14g}"
    item.RescaleType = "US" if rescale is None else rescale.type
    return item


def _frame_voi_lut(image: Image) -> Dataset:
    item = Dataset()
    item.WindowCenter, item.WindowWidth = common.window(image)
    return item


def _timing(image: Image) -> Dataset:
    item, sequence = Dataset(), image.sequence
    item.RepetitionTime = f"{sequence.repetition_ms:g}"
    item.FlipAngle = f"{sequence.flip_deg:g}"
    item.EchoTrainLength = sequence.echo_train
    item.RFEchoTrainLength = sequence.echo_train
    item.GradientEchoTrainLength = 0
    rate = Dataset()
    rate.SpecificAbsorptionRateDefinition = "IEC_WHOLE_BODY"
    rate.SpecificAbsorptionRateValue = 1.2
    item.SpecificAbsorptionRateSequence = [rate]
    item.GradientOutputType = "PER_NERVE_STIM"
    item.GradientOutput = 0.5
    item.OperatingModeSequence = [_operating_mode("RF"), _operating_mode("GRADIENT")]
    return item


def _operating_mode(kind: str) -> Dataset:
    item = Dataset()
    item.OperatingModeType, item.OperatingMode = kind, "IEC_NORMAL"
    return item


def _fov_geometry(image: Image) -> Dataset:
    item, sequence = Dataset(), image.sequence
    _, rows, columns = sequence.shape
    steps = (columns, rows) if sequence.phase_along == "COL" else (rows, columns)
    item.InPlanePhaseEncodingDirection = (
        "COLUMN" if sequence.phase_along == "COL" else sequence.phase_along
    )
    item.MRAcquisitionFrequencyEncodingSteps, item.MRAcquisitionPhaseEncodingStepsInPlane = steps
    item.PercentSampling = item.PercentPhaseFieldOfView = "100"
    return item


def _echo(image: Image) -> Dataset:
    item = Dataset()
    item.EffectiveEchoTime = image.sequence.echo_ms
    return item


def _modifier(image: Image) -> Dataset:
    item, inversion = Dataset(), image.sequence.inversion_ms
    item.InversionRecovery = "NO" if inversion is None else "YES"
    if inversion is not None:
        item.InversionTimes = inversion
    item.FlowCompensation = "NONE"
    item.Spoiling = "NONE"
    item.T2Preparation = "NO"
    item.SpectrallySelectedExcitation = "NONE"
    item.SpatialPresaturation = "SLAB"
    item.PartialFourier = "NO"
    item.ParallelAcquisition = "NO"
    return item


def _imaging_modifier(image: Image) -> Dataset:
    item = Dataset()
    item.MagnetizationTransfer = "NONE"
    item.BloodSignalNulling = "NO"
    item.Tagging = "NONE"
    item.TransmitterFrequency = round(LARMOR_MHZ_PER_TESLA * image.vendor.tesla, 6)
    item.PixelBandwidth = f"{image.sequence.bandwidth_hz:g}"
    return item


def _receive_coil(image: Image) -> Dataset:
    item, element = Dataset(), Dataset()
    element.MultiCoilElementName, element.MultiCoilElementUsed = "SP1", "YES"
    item.ReceiveCoilName = "Synthetic spine"
    item.ReceiveCoilManufacturerName = image.vendor.manufacturer
    item.ReceiveCoilType = "MULTICOIL"
    item.QuadratureReceiveCoil = "NO"
    item.MultiCoilDefinitionSequence = [element]
    return item


def _transmit_coil(image: Image) -> Dataset:
    item = Dataset()
    item.TransmitCoilName = "Body"
    item.TransmitCoilManufacturerName = image.vendor.manufacturer
    item.TransmitCoilType = "BODY"
    return item


def _averages(image: Image) -> Dataset:
    item = Dataset()
    item.NumberOfAverages = "2"
    return item


def _saturation(image: Image) -> Dataset:
    item = Dataset()
    item.SlabThickness = 60.0
    item.SlabOrientation = [0.0, 1.0, 0.0]
    item.MidSlabPosition = [0.0, -90.0, 0.0]
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
    "MRTimingAndRelatedParametersSequence": _timing,
    "MRFOVGeometrySequence": _fov_geometry,
    "MREchoSequence": _echo,
    "MRModifierSequence": _modifier,
    "MRImagingModifierSequence": _imaging_modifier,
    "MRReceiveCoilSequence": _receive_coil,
    "MRTransmitCoilSequence": _transmit_coil,
    "MRAveragesSequence": _averages,
    "MRSpatialSaturationSequence": _saturation,
}
"""All but the frame content, which needs to know of its dimensions."""
