r"""Siemens: classic images of the VE line, enhanced objects of the XA line.

Known from the shared XA30 object: character set, which functional groups are shared, one object
per plane of a localizer, dimensions, no SpacingBetweenSlices, AcquisitionContrast UNKNOWN, image
type M\NONE, private creators and their place in private sequences, counting from the patient's
right. Known from public sidecars of a spine exam at 3 T: ScanningSequence SE, SequenceVariant
SK\SP\OSP, SequenceName ``*tseR2d1rr19``, description ``t2_tse_sag_384``. In-phase image types:
UCL/pet-rd-tools#11. Words of XA's former ScanOptions in (0021,105C): rordenlab/dcm2niix#606.
Chosen by us, as plausible: two windows with explanations, exported file names, other wordings.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydicom.dataset import Dataset

from modic_annotate.phantom.vendors.export import Image
from modic_annotate.phantom.vendors.kinds import Kind
from modic_annotate.phantom.vendors.numbers import as_float32
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

_M = ("ORIGINAL", "PRIMARY", "M", "NORM", "DIS2D")
_TSE, _TIR = ("SK", "SP", "OSP"), ("SK", "SP", "MP", "OSP")
_IR = ("SE", "IR")
_PLAIN, _FS = ("PFP", "SP"), ("PFP", "SP", "FS")


def _dixon(part: str) -> tuple[str, ...]:
    return ("DERIVED", "PRIMARY", "M", "NORM", part, "DIS2D")


WORDS: Mapping[Kind, Words] = {
    Kind.T1: Words("t1_tse_sag_320", _M, ("SE",), _TSE, _PLAIN, "*tse2d1_3"),
    Kind.T2: Words("t2_tse_sag_384", _M, ("SE",), _TSE, _PLAIN, "*tseR2d1rr17"),
    Kind.STIR: Words("t2_tirm_sag", _M, _IR, _TIR, (*_PLAIN, "IR"), "*tir2d1rr9"),
    Kind.T2_FS: Words("t2_tse_fs_sag", _M, ("SE",), _TSE, _FS, "*tseR2d1rr17"),
    Kind.T1_FS: Words("t1_tse_fs_sag", _M, ("SE",), _TSE, _FS, "*tse2d1_3"),
    Kind.T1_FS_CONTRAST: Words("t1_tse_fs_sag_KM", _M, ("SE",), _TSE, _FS, "*tse2d1_3"),
    Kind.T2_IN_PHASE: Words(
        "t2_tse_dixon_sag_in", _dixon("IN_PHASE"), ("SE",), _TSE, ("PFP", "DIXON"), "*tseD2d1rr17"
    ),
    Kind.T2_OPPOSED: Words(
        "t2_tse_dixon_sag_opp", _dixon("OPP_PHASE"), ("SE",), _TSE, ("PFP", "DIXON"), "*tseD2d1rr17"
    ),
    Kind.T2_WATER: Words(
        "t2_tse_dixon_sag_W", _dixon("WATER"), ("SE",), _TSE, ("PFP", "DIXON"), "*tseD2d1rr17"
    ),
    Kind.T2_FAT: Words(
        "t2_tse_dixon_sag_F", _dixon("FAT"), ("SE",), _TSE, ("PFP", "DIXON"), "*tseD2d1rr17"
    ),
    Kind.T1_FLAIR: Words("t1_tir_sag", _M, _IR, _TIR, (*_PLAIN, "IR"), "*tir2d1rr3"),
    Kind.T2_FLAIR: Words("t2_tirm_sag_dark-fluid", _M, _IR, _TIR, (*_PLAIN, "IR"), "*tir2d1rr17"),
    Kind.PD: Words("pd_tse_sag", _M, ("SE",), _TSE, _PLAIN, "*tse2d1_7"),
    Kind.LOCALIZER: Words("localizer", _M, ("SE",), _TSE, ("PFP",), "*h2d1_64"),
    Kind.AX_T1: Words("t1_tse_tra_msma", _M, ("SE",), _TSE, _PLAIN, "*tse2d1_3"),
    Kind.AX_T2: Words("t2_tse_tra_msma", _M, ("SE",), _TSE, _PLAIN, "*tseR2d1rr17"),
}


def _place(image: Image, before: int) -> str:
    if image.export.form is Form.ENHANCED:
        return f"IM{before:06d}"
    date = image.export.recipe.study_date
    day = f"{date[:4]}.{date[4:6]}.{date[6:]}"
    number = f"{image.series_number:04d}.{image.number:04d}"
    return f"PHANTOM.MR.SPINE_LWS.{number}.{day}.09.00.00.{before:06d}.IMA"


def _add_private(dataset: Dataset, image: Image) -> None:
    sequence = image.sequence
    name = f"siemens/{sequence.key}/{image.rank}"
    text = b"### ASCCONV BEGIN ###\nalTI[0] = 170000\nadFlipAngleDegree[0] = 150\n### ASCCONV END"
    elements = {
        0x08: ("CS", "IMAGE NUM 4"),
        0x09: ("LO", "1.0"),
        0x10: ("OB", payload(f"{name}/image", 11264, b"SV10\4\3\2\1")),
        0x18: ("CS", "MR"),
        0x19: ("LO", "1.0"),
        0x20: ("OB", payload(f"siemens/{sequence.key}/series", 26624, b"SV10\4\3\2\1" + text)),
    }
    add_block(dataset, 0x0029, "SIEMENS CSA HEADER", elements)
    add_block(dataset, 0x0019, "SIEMENS MR HEADER", {0x08: ("CS", "IMAGE NUM 4")})
    shown = {0x0B: ("SH", "384p*384s"), 0x0C: ("SH", "FoV 312*312"), 0x0E: ("SH", "Sag>Tra(-1.5)")}
    add_block(dataset, 0x0051, "SIEMENS MR HEADER", shown)


def _touch(dataset: Dataset, image: Image) -> None:
    del dataset.ImagesInAcquisition
    centre, width = dataset.WindowCenter, dataset.WindowWidth
    dataset.WindowCenter = [str(centre), f"{float(centre) * 1.25:.8g}"]
    dataset.WindowWidth = [str(width), f"{float(width) * 1.5:.8g}"]
    dataset.WindowCenterWidthExplanation = ["Algo1", "Algo2"]
    if image.part.kind is Kind.T1_FS_CONTRAST:
        dataset.ContrastBolusAgent = "Gadovist"
        dataset.ContrastBolusVolume = "7"


def _enhanced_private(shared: Dataset, frame: Dataset, image: Image) -> None:
    words = image.words
    series = Dataset()
    content = {
        0x19: ("OB", payload(f"siemens/{image.sequence.key}/xa", 65536)),
        0x5A: ("CS", list(words.scanning_sequence)),
        0x5B: ("CS", list(words.variant)),
        0x5C: ("CS", list(words.options)),
    }
    add_block(series, 0x0021, "SIEMENS MR SDS 01", content)
    add_block(shared, 0x0021, "SIEMENS MR SDS 01", {0xFE: ("SQ", [series])})
    own = Dataset()
    place = [float(value) for value in image.position]
    content = {0x5B: ("FD", place), 0x75: ("CS", list(words.image_type)), 0x8A: ("IS", "1")}
    add_block(own, 0x0021, "SIEMENS MR SDI 02", content, slot=0x11)
    add_block(frame, 0x0021, "SIEMENS MR SDI 02", {0xFE: ("SQ", [own])}, slot=0x11)


SIEMENS = Vendor(
    key="siemens",
    manufacturer="SIEMENS",
    model="MAGNETOM Aera",
    software="syngo MR E11",
    tesla=1.5,
    words=WORDS,
    character_set=("ISO_IR 100",),
    pixels=Pixels(bits_stored=12, signed=False),
    decimals=Decimals(as_float32, as_float32),
    order=Order.DESCENDING,
    spacing=Spacing.CENTRES,
    series_number=(1, 0),
    place=_place,
    add_private=_add_private,
    touch=_touch,
    enhanced=EnhancedHabits(
        shared=frozenset(
            {
                "MRImagingModifierSequence",
                "MRReceiveCoilSequence",
                "MRTransmitCoilSequence",
                "MRSpatialSaturationSequence",
                "MRTimingAndRelatedParametersSequence",
                "MRModifierSequence",
                "MRFOVGeometrySequence",
                "FrameAnatomySequence",
            }
        ),
        frame_order=Order.ASCENDING,
        dimensions=("StackID", "InStackPositionNumber", "TemporalPositionIndex"),
        object_per_stack=True,
        states_contrast=False,
        states_spacing=False,
        private=_enhanced_private,
    ),
)
