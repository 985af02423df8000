r"""GE: signed 16-bit values, six significant digits, little said in words.

Known from public header dumps (neurolabusc/dcm_qa_nih, nih-fmrif/ge_test_dataset): manufacturer
and model strings, character set, image type ORIGINAL\PRIMARY\OTHER, signed 16 of 16 bits,
extremes stated, StackID and InStackPositionNumber in classic images, empty Laterality, no
SequenceName, positions of six significant digits and directions of five decimals, ``FS`` among
``.._GEMS`` words of ScanOptions. Known from dcm2niix's notes on GE: the compressed protocol block
(0025,101B), (0043,102F) as complex component. Private creators and VRs: pydicom's private
dictionary. Chosen by us: InversionTime 0 where nothing is inverted, Dixon names, file names, and
the whole enhanced form, of which no public spine example was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from pydicom.dataset import Dataset

from modic_annotate.phantom.vendors.export import Image
from modic_annotate.phantom.vendors.kinds import INVERTED, Kind
from modic_annotate.phantom.vendors.numbers import fixed, significant
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

_O = ("ORIGINAL", "PRIMARY", "OTHER")
_IR = ("SE", "IR")
_FAST = ("FAST_GEMS", "TRF_GEMS", "FILTERED_GEMS")
_T1 = ("FAST_GEMS", "FILTERED_GEMS")
_FLEX = ("FAST_GEMS", "TRF_GEMS", "FLEX_GEMS")
_GZIP = bytes.fromhex("1f8b0800 00000000 00ff")


def _dixon(name: str, part: str) -> Words:
    return Words(f"{name}: Sag T2 FSE Flex", ("DERIVED", "PRIMARY", "DIXON", part), options=_FLEX)


WORDS: Mapping[Kind, Words] = {
    Kind.T1: Words("Sag T1 FSE", _O, options=_T1),
    Kind.T2: Words("Sag T2 FRFSE", _O, options=("FR_GEMS", *_FAST)),
    Kind.STIR: Words("Sag STIR", _O, _IR, options=("FAST_GEMS", "IR_GEMS", "FILTERED_GEMS")),
    Kind.T2_FS: Words("Sag T2 FRFSE FS", _O, options=("SAT_GEMS", "FR_GEMS", *_FAST, "FS")),
    Kind.T1_FS: Words("Sag T1 FSE FS", _O, options=("SAT_GEMS", *_T1, "FS")),
    Kind.T1_FS_CONTRAST: Words("Sag T1 FSE FS +C", _O, options=("SAT_GEMS", *_T1, "FS")),
    Kind.T2_IN_PHASE: _dixon("InPhase", "IN_PHASE"),
    Kind.T2_OPPOSED: _dixon("OutPhase", "OUT_PHASE"),
    Kind.T2_WATER: _dixon("WATER", "WATER"),
    Kind.T2_FAT: _dixon("FAT", "FAT"),
    Kind.T1_FLAIR: Words("Sag T1 FLAIR", _O, _IR, options=("FAST_GEMS", "T1FLAIR_GEMS")),
    Kind.T2_FLAIR: Words("Sag T2 FLAIR", _O, _IR, options=("FAST_GEMS", "T2FLAIR_GEMS")),
    Kind.PD: Words("Sag PD FSE", _O, options=_FAST),
    Kind.LOCALIZER: Words("3-pl loc SSFSE", _O, options=("FAST_GEMS", "SS_GEMS")),
    Kind.AX_T1: Words("Ax T1 FSE", _O, options=_T1),
    Kind.AX_T2: Words("Ax T2 FRFSE", _O, options=("FR_GEMS", *_FAST)),
}


def _place(image: Image, before: int) -> str:
    if image.export.form is Form.ENHANCED:
        return f"e1/s{image.series_number}/i{before + 1}.MRDCE"
    return f"e1/s{image.series_number}/i{1000 + before}.MRDC.{image.number}"


def _add_private(dataset: Dataset, image: Image) -> None:
    sequence = image.sequence
    protocol = payload(f"ge/{sequence.key}/protocol", 4096, _GZIP)
    add_block(dataset, 0x0009, "GEMS_IDEN_01", {0x01: ("LO", "GE_GENESIS_FF")})
    add_block(dataset, 0x0019, "GEMS_ACQU_01", {0x17: ("SS", 4), 0x9C: ("LO", "fse-xl")})
    add_block(dataset, 0x0021, "GEMS_RELA_01", {0x4F: ("SS", image.count)})
    size = len(protocol).to_bytes(4, "little")
    add_block(
        dataset, 0x0025, "GEMS_SERS_01", {0x07: ("SL", image.count), 0x1B: ("OB", size + protocol)}
    )
    parameters = {
        0x2A: ("OB", payload(f"ge/{sequence.key}/user", 2048)),
        0x2F: ("SS", 0),
        0x39: ("IS", [0, 8, 0, 0]),
    }
    add_block(dataset, 0x0043, "GEMS_PARM_01", parameters)


def _touch(dataset: Dataset, image: Image) -> None:
    dataset.Laterality = ""
    dataset.StackID = str(image.stack + 1)
    dataset.InStackPositionNumber = image.rank + 1
    dataset.ReconstructionDiameter = f"{image.sequence.pixel_mm * image.sequence.shape[1]:g}"
    if image.part.kind not in INVERTED:
        dataset.InversionTime = "0"
    if image.part.kind is Kind.T1_FS_CONTRAST:
        dataset.ContrastBolusAgent = "gad"


def _enhanced_private(shared: Dataset, frame: Dataset, image: Image) -> None:
    add_block(shared, 0x0025, "GEMS_SERS_01", {0x1B: ("OB", payload("ge/enhanced", 4096, _GZIP))})
    add_block(frame, 0x0043, "GEMS_PARM_01", {0x2F: ("SS", 0)})


GE = Vendor(
    key="ge",
    manufacturer="GE MEDICAL SYSTEMS",
    model="DISCOVERY MR750w",
    software="27\\LX\\MR Software release:DV26.0_R01_1725.a",
    tesla=3.0,
    words=WORDS,
    character_set=("ISO_IR 100",),
    pixels=Pixels(bits_stored=16, signed=True),
    decimals=Decimals(partial(significant, 6), partial(fixed, 5)),
    order=Order.ASCENDING,
    spacing=Spacing.CENTRES,
    series_number=(1, 0),
    place=_place,
    add_private=_add_private,
    touch=_touch,
    enhanced=EnhancedHabits(
        shared=frozenset(
            {
                "PixelMeasuresSequence",
                "PixelValueTransformationSequence",
                "FrameVOILUTSequence",
                "MRImageFrameTypeSequence",
                "MREchoSequence",
                "MRAveragesSequence",
                "MRImagingModifierSequence",
                "MRReceiveCoilSequence",
                "MRTransmitCoilSequence",
                "MRSpatialSaturationSequence",
                "MRTimingAndRelatedParametersSequence",
                "MRModifierSequence",
                "MRFOVGeometrySequence",
                "FrameAnatomySequence",
                "PlaneOrientationSequence",
            }
        ),
        frame_order=Order.DESCENDING,
        dimensions=("StackID", "InStackPositionNumber"),
        private=_enhanced_private,
    ),
)
