r"""Canon: public words of its own, series numbers in thousands, Japanese names.

Known from neurolabusc/dcm_qa_canon, dcm_qa_canon_enh and rordenlab/dcm2niix#388, #495, #593:
manufacturer CANON_MEC, model and software strings, image type ORIGINAL\PRIMARY\GDC, variant
NONE, options of the form PFP\NONE\S2_0, a sequence name with the echo in it (``SEEPI2D+0.7``),
series numbers 9000, 11000, temporal position 1 in every enhanced frame. Private elements, among
them a reversed data set as binary: pydicom's private dictionary. Chosen by us: the gap in
SpacingBetweenSlices, 16 unsigned bits of eightfold values, the ideographic name, file names,
Dixon and localizer wording, the groups of the enhanced form. (One SeriesInstanceUID per slice,
#495, is known of 4D series only and not imitated.)
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from pydicom.dataset import Dataset

from modic_annotate.phantom.vendors.export import Image
from modic_annotate.phantom.vendors.kinds import Kind
from modic_annotate.phantom.vendors.numbers import fixed
from modic_annotate.phantom.vendors.private import add_block, payload
from modic_annotate.phantom.vendors.vendor import (
    Decimals,
    EnhancedHabits,
    Form,
    Order,
    Pixels,
    Spacing,
    Vendor,
    Words,
)

_GDC = ("ORIGINAL", "PRIMARY", "GDC")
_NONE = ("NONE",)
_CREATOR = "CANON_MEC_MR3"
_OPTIONS = ("PFP", "NONE", "S2_0")
_FS = ("PFP", "FS", "S2_0")


def _dixon(name: str, part: str) -> Words:
    image_type = ("DERIVED", "PRIMARY", "GDC", part)
    return Words(f"WFS T2 SAG {name}", image_type, ("SE",), _NONE, _OPTIONS, "FSE2D+17.0")


WORDS: Mapping[Kind, Words] = {
    Kind.T1: Words("T1 FSE SAG", _GDC, ("SE",), _NONE, _OPTIONS, "FSE2D+3.0"),
    Kind.T2: Words("T2 FSE SAG", _GDC, ("SE",), _NONE, _OPTIONS, "FSE2D+17.0"),
    Kind.STIR: Words("STIR SAG", _GDC, ("SE", "IR"), _NONE, _OPTIONS, "FIR2D+9.0"),
    Kind.T2_FS: Words("T2 FSE SAG FatSat", _GDC, ("SE",), _NONE, _FS, "FSE2D+17.0"),
    Kind.T1_FS: Words("T1 FSE SAG FatSat", _GDC, ("SE",), _NONE, _FS, "FSE2D+3.0"),
    Kind.T1_FS_CONTRAST: Words("T1 FSE SAG FatSat CE", _GDC, ("SE",), _NONE, _FS, "FSE2D+3.0"),
    Kind.T2_IN_PHASE: _dixon("InPhase", "IN_PHASE"),
    Kind.T2_OPPOSED: _dixon("OutPhase", "OUT_PHASE"),
    Kind.T2_WATER: _dixon("Water", "WATER"),
    Kind.T2_FAT: _dixon("Fat", "FAT"),
    Kind.T1_FLAIR: Words("T1 FLAIR SAG", _GDC, ("SE", "IR"), _NONE, _OPTIONS, "FIR2D+3.0"),
    Kind.T2_FLAIR: Words("FLAIR SAG", _GDC, ("SE", "IR"), _NONE, _OPTIONS, "FIR2D+17.0"),
    Kind.PD: Words("PD FSE SAG", _GDC, ("SE",), _NONE, _OPTIONS, "FSE2D+7.0"),
    Kind.LOCALIZER: Words("LOCATOR", _GDC, ("SE",), _NONE, _OPTIONS, "FASE2D+64.0"),
    Kind.AX_T1: Words("T1 FSE AX", _GDC, ("SE",), _NONE, _OPTIONS, "FSE2D+3.0"),
    Kind.AX_T2: Words("T2 FSE AX", _GDC, ("SE",), _NONE, _OPTIONS, "FSE2D+17.0"),
}


def _place(image: Image, before: int) -> str:
    if image.export.form is Form.ENHANCED:
        return f"{image.series_number}/{before + 1:04d}.dcm"
    return f"{image.series_number}/{image.number:04d}.dcm"


def _add_private(dataset: Dataset, image: Image) -> None:
    name = f"canon/{image.sequence.key}"
    size = f"{image.sequence.pixel_mm * image.sequence.shape[1]:.6g}"
    shown = {0x00: ("DS", "8"), 0x05: ("DS", [size, size, "0", "0"]), 0x20: ("SH", "2D")}
    add_block(dataset, 0x700D, _CREATOR, shown)
    add_block(dataset, 0x0029, _CREATOR, {0x89: ("LO", "1"), 0x90: ("OB", payload(name, 3072))})


def _touch(dataset: Dataset, image: Image) -> None:
    dataset.AcquisitionNumber = image.protocol.ordinal
    if image.part.kind is Kind.T1_FS_CONTRAST:
        dataset.ContrastBolusAgent = "GADOLINIUM"


def _enhanced_private(shared: Dataset, frame: Dataset, image: Image) -> None:
    add_block(shared, 0x0029, _CREATOR, {0x90: ("OB", payload("canon/enhanced", 3072))})


CANON = Vendor(
    key="canon",
    manufacturer="CANON_MEC",
    model="Vantage Galan 3T",
    software="V6.0SP2001*",
    tesla=3.0,
    words=WORDS,
    character_set=("", "ISO 2022 IR 87"),
    pixels=Pixels(bits_stored=16, signed=False, factor=8),
    decimals=Decimals(partial(fixed, 6), partial(fixed, 8)),
    order=Order.DESCENDING,
    spacing=Spacing.GAP,
    series_number=(1000, 0),
    place=_place,
    add_private=_add_private,
    touch=_touch,
    patient_name_suffix="=合成^模型",
    enhanced=EnhancedHabits(
        shared=frozenset(
            {
                "PixelMeasuresSequence",
                "PixelValueTransformationSequence",
                "MRImageFrameTypeSequence",
                "MREchoSequence",
                "MRAveragesSequence",
                "MRImagingModifierSequence",
                "MRReceiveCoilSequence",
                "MRTransmitCoilSequence",
                "MRTimingAndRelatedParametersSequence",
                "MRModifierSequence",
                "MRFOVGeometrySequence",
                "MRSpatialSaturationSequence",
                "FrameAnatomySequence",
            }
        ),
        frame_order=Order.ASCENDING,
        dimensions=("TemporalPositionIndex", "StackID", "InStackPositionNumber"),
        private=_enhanced_private,
    ),
)
