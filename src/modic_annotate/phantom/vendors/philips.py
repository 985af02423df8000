r"""Philips: every series with its own rescale, private scaling beside it, Dixon in one series.

Known from rordenlab/dcm2niix (Philips notes, issues 170, 323, 363, 493) and
MRtrix3/mrtrix3#2499: slope per series, RescaleType normalized, (2005,100D) and (2005,100E) as
FL, real world values equal to the rescale, image types ``M_FFE\M\FFE`` (so ``M_SE\M\SE``) in
classic images and ``T1\MIXED`` in enhanced ones, protocol names that begin with ``WIP``, series
numbers 301, 401, a private sequence (2005,140F) that holds another ImagePositionPatient half a
pixel aside, files named ``IM_0027`` beside others that hold no image. Frame types
``DIXON\WATER`` and water, fat, in and out of phase in one series: dcm2niix#1022. Frames out of
spatial order: #839, #809, #372. Chosen by us: slopes, a non-zero intercept on some series,
``W\W\DERIVED`` in classic Dixon, the private dimension, and which groups stand per frame.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydicom.dataset import Dataset

from modic_annotate.phantom.vendors.export import Image
from modic_annotate.phantom.vendors.kinds import Kind
from modic_annotate.phantom.vendors.numbers import as_float32
from modic_annotate.phantom.vendors.private import add_block, floats, payload
from modic_annotate.phantom.vendors.protocols import Protocol
from modic_annotate.phantom.vendors.vendor import (
    Decimals,
    EnhancedHabits,
    Order,
    Pixels,
    Rescale,
    Spacing,
    Vendor,
    Words,
)

_DD_1, _DD_4, _DD_5 = (f"Philips MR Imaging DD {number:03d}" for number in (1, 4, 5))
_SE = ("ORIGINAL", "PRIMARY", "M_SE", "M", "SE")
_IR = ("ORIGINAL", "PRIMARY", "M_IR", "M", "IR")
_MDIXON = "T2W_TSE_mDIXON sag"


def _dixon(part: str) -> Words:
    return Words(_MDIXON, ("DERIVED", "PRIMARY", part, part, "DERIVED"), options=("OTHER",))


WORDS: Mapping[Kind, Words] = {
    Kind.T1: Words("T1W_TSE sag", _SE, options=("OTHER",)),
    Kind.T2: Words("T2W_TSE sag", _SE, options=("OTHER",)),
    Kind.STIR: Words("STIR_longTE sag", _IR, ("IR",), options=("OTHER",)),
    Kind.T2_FS: Words("T2W_SPIR sag", _SE, options=("FS",)),
    Kind.T1_FS: Words("T1W_SPIR sag", _SE, options=("FS",)),
    Kind.T1_FS_CONTRAST: Words("T1W_SPIR sag GD", _SE, options=("FS",)),
    Kind.T2_IN_PHASE: _dixon("IP"),
    Kind.T2_OPPOSED: _dixon("OP"),
    Kind.T2_WATER: _dixon("W"),
    Kind.T2_FAT: _dixon("F"),
    Kind.T1_FLAIR: Words("T1W_FLAIR sag", _IR, ("IR",), options=("OTHER",)),
    Kind.T2_FLAIR: Words("FLAIR sag", _IR, ("IR",), options=("OTHER",)),
    Kind.PD: Words("PDW_TSE sag", _SE, options=("OTHER",)),
    Kind.LOCALIZER: Words("Survey", _SE, options=("OTHER",)),
    Kind.AX_T1: Words("T1W_TSE ax", _SE, options=("OTHER",)),
    Kind.AX_T2: Words("T2W_TSE ax", _SE, options=("OTHER",)),
}


def _rescale(protocol: Protocol) -> Rescale:
    slope = round(1.08083028083028 + 0.15458 * (protocol.ordinal - 1), 14)
    intercept = -12.5 if protocol.ordinal % 2 == 0 else 0.0
    return Rescale(slope, intercept, "normalized")


def _place(image: Image, before: int) -> str:
    return f"DICOM/IM_{before + 2:04d}"  # the raw file took the first number


def _add_private(dataset: Dataset, image: Image) -> None:
    rescale = _rescale(image.protocol)
    scale = 0.0190212 / rescale.slope
    name = f"philips/{image.sequence.key}"
    add_block(dataset, 0x2001, "Philips Imaging DD 001", {0x0A: ("IS", image.rank + 1)})
    numbers = {
        0x0D: ("FL", floats(-rescale.intercept / rescale.slope)[0]),
        0x0E: ("FL", floats(scale)[0]),
        0x11: ("CS", image.words.image_type[3]),
    }
    add_block(dataset, 0x2005, _DD_1, numbers)
    add_block(dataset, 0x2005, _DD_4, {0xE0: ("OB", payload(name, 6144))}, slot=0x13)
    add_block(dataset, 0x2005, _DD_5, {0x0F: ("SQ", [_aside(image)])}, slot=0x14)
    dataset.RealWorldValueMappingSequence = [_real_world(image, rescale)]


def _aside(image: Image) -> Dataset:
    """Return the private item whose position is the corner, not the centre, of the first pixel."""
    item = Dataset()
    corner = image.position - (image.along_row + image.along_column) * image.sequence.pixel_mm / 2
    item.ImagePositionPatient = [as_float32(float(value)) for value in corner]
    item.SOPInstanceUID = "1.3.46.670589.11.0.0"
    item.InstanceNumber = image.number
    item.WindowCenter, item.WindowWidth = "1", "2"
    item.RescaleSlope, item.RescaleIntercept = "7", "7"
    return item


def _real_world(image: Image, rescale: Rescale) -> Dataset:
    unit = Dataset()
    unit.CodeValue, unit.CodingSchemeDesignator, unit.CodeMeaning = "1", "UCUM", "no units"
    item = Dataset()
    item.RealWorldValueFirstValueMapped = 0
    item.RealWorldValueLastValueMapped = image.vendor.pixels.bounds[1]
    item.RealWorldValueIntercept, item.RealWorldValueSlope = rescale.intercept, rescale.slope
    item.LUTExplanation = item.LUTLabel = "Philips"
    item.MeasurementUnitsCodeSequence = [unit]
    return item


def _touch(dataset: Dataset, image: Image) -> None:
    del dataset.ImagesInAcquisition
    dataset.PresentationLUTShape = "IDENTITY"
    dataset.NumberOfTemporalPositions = dataset.TemporalPositionIdentifier = 1
    dataset.AcquisitionNumber = image.protocol.ordinal
    if image.part.kind is Kind.T1_FS_CONTRAST:
        dataset.ContrastBolusAgent = "DOTAREM"
    else:
        dataset.ContrastBolusAgent = ""


def _enhanced_private(shared: Dataset, frame: Dataset, image: Image) -> None:
    rescale = _rescale(image.protocol)
    name = f"philips/{image.sequence.key}/enhanced"
    add_block(shared, 0x2005, _DD_4, {0xE0: ("OB", payload(name, 6144))}, slot=0x13)
    item = _aside(image)
    numbers = {
        0x0D: ("FL", floats(-rescale.intercept / rescale.slope)[0]),
        0x0E: ("FL", floats(0.0190212 / rescale.slope)[0]),
        0x11: ("CS", image.words.image_type[3]),
    }
    add_block(item, 0x2005, _DD_1, numbers)
    add_block(frame, 0x2005, _DD_5, {0x0F: ("SQ", [item])}, slot=0x14)
    frame.RealWorldValueMappingSequence = [_real_world(image, rescale)]


PHILIPS = Vendor(
    key="philips",
    manufacturer="Philips Medical Systems",
    model="Ingenia",
    software="5.3.0\\5.3.0.3",
    tesla=1.5,
    words=WORDS,
    character_set=("ISO_IR 100",),
    pixels=Pixels(bits_stored=12, signed=False, states_extremes=False),
    decimals=Decimals(as_float32, as_float32),
    order=Order.ASCENDING,
    spacing=Spacing.CENTRES,
    series_number=(100, 1),
    place=_place,
    add_private=_add_private,
    touch=_touch,
    rescale=_rescale,
    dixon_in_one_series=True,
    dicomdir="DICOMDIR",
    raw_file="DICOM/XX_0001",
    protocol_prefix="WIP ",
    enhanced=EnhancedHabits(
        shared=frozenset(
            {
                "MRImagingModifierSequence",
                "MRReceiveCoilSequence",
                "MRTransmitCoilSequence",
                "MRFOVGeometrySequence",
                "FrameAnatomySequence",
            }
        ),
        frame_order=Order.INTERLEAVED,
        dimensions=("StackID", "InStackPositionNumber", "PhilipsImageType"),
        private=_enhanced_private,
    ),
)
