"""The functional groups that only MR has (PS3.3 C.8.13.5), one function for each."""

from __future__ import annotations

from pydicom.dataset import Dataset

from modic_annotate.phantom.signal import LARMOR_MHZ_PER_TESLA
from modic_annotate.phantom.vendors.export import Image


def timing(image: Image) -> Dataset:
    """Return repetition time, flip angle, echo train and safety values (C.8.13.5.2)."""
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


def fov_geometry(image: Image) -> Dataset:
    """Return how k-space is sampled (C.8.13.5.3)."""
    item, sequence = Dataset(), image.sequence
    _, rows, columns = sequence.shape
    steps = (columns, rows) if sequence.phase_along == "COL" else (rows, columns)
    item.InPlanePhaseEncodingDirection = (
        "COLUMN" if sequence.phase_along == "COL" else sequence.phase_along
    )
    item.MRAcquisitionFrequencyEncodingSteps, item.MRAcquisitionPhaseEncodingStepsInPlane = steps
    item.PercentSampling = item.PercentPhaseFieldOfView = "100"
    return item


def echo(image: Image) -> Dataset:
    """Return the effective echo time (C.8.13.5.4)."""
    item = Dataset()
    item.EffectiveEchoTime = image.sequence.echo_ms
    return item


def modifier(image: Image) -> Dataset:
    """Return inversion, suppression and speed (C.8.13.5.5)."""
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


def imaging_modifier(image: Image) -> Dataset:
    """Return transmitter frequency and bandwidth (C.8.13.5.6)."""
    item = Dataset()
    item.MagnetizationTransfer = "NONE"
    item.BloodSignalNulling = "NO"
    item.Tagging = "NONE"
    item.TransmitterFrequency = round(LARMOR_MHZ_PER_TESLA * image.vendor.tesla, 6)
    item.PixelBandwidth = f"{image.sequence.bandwidth_hz:g}"
    return item


def receive_coil(image: Image) -> Dataset:
    """Return the receive coil (C.8.13.5.7)."""
    item, element = Dataset(), Dataset()
    element.MultiCoilElementName, element.MultiCoilElementUsed = "SP1", "YES"
    item.ReceiveCoilName = "Synthetic spine"
    item.ReceiveCoilManufacturerName = image.vendor.manufacturer
    item.ReceiveCoilType = "MULTICOIL"
    item.QuadratureReceiveCoil = "NO"
    item.MultiCoilDefinitionSequence = [element]
    return item


def transmit_coil(image: Image) -> Dataset:
    """Return the transmit coil (C.8.13.5.8)."""
    item = Dataset()
    item.TransmitCoilName = "Body"
    item.TransmitCoilManufacturerName = image.vendor.manufacturer
    item.TransmitCoilType = "BODY"
    return item


def averages(image: Image) -> Dataset:
    """Return how often each line was acquired (C.8.13.5.10)."""
    item = Dataset()
    item.NumberOfAverages = "2"
    return item


def saturation(image: Image) -> Dataset:
    """Return the saturation band in front of the spine (C.8.13.5.11)."""
    item = Dataset()
    item.SlabThickness = 60.0
    item.SlabOrientation = [0.0, 1.0, 0.0]
    item.MidSlabPosition = [0.0, -90.0, 0.0]
    return item
