r"""United Imaging (UIH): words like Siemens', private groups 0061 and 0065.

Known from rordenlab/dcm2niix#225 and neurolabusc/dcm_qa_uih: manufacturer, model, software, the
numbers and VRs of the private elements, a folder per series with files ``00000001.dcm``, variant
NONE, sequence names like ``gre_fsp``, descriptions like ``t1_gre_fsp_3d_sag``, image type
ORIGINAL\PRIMARY\M\UCA\IF, zeros of directions with a minus sign. Nine digits: wtclarke/
spec2nii#1. Chosen by us: the private creator, interleaved counting, the minus sign of
SpacingBetweenSlices, GB18030 with an ideographic name, 16 unsigned bits, Dixon wording. Whether
UIH writes enhanced objects was not found out, so there are none.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from pydicom.dataset import Dataset

from modic_annotate.phantom.vendors.export import Image
from modic_annotate.phantom.vendors.kinds import Kind
from modic_annotate.phantom.vendors.numbers import significant
from modic_annotate.phantom.vendors.private import add_block, payload
from modic_annotate.phantom.vendors.vendor import Decimals, Order, Pixels, Spacing, Vendor, Words

_M = ("ORIGINAL", "PRIMARY", "M", "UCA", "IF")
_IR = ("SE", "IR")
_NONE = ("NONE",)
_CREATOR = "Image Private Header"


def _dixon(name: str, part: str) -> Words:
    image_type = ("DERIVED", "PRIMARY", "M", part, "UCA")
    return Words(f"t2_fse_wfi_sag_{name}", image_type, ("SE",), _NONE, ("WFI",), "fse_wfi")


WORDS: Mapping[Kind, Words] = {
    Kind.T1: Words("t1_fse_sag", _M, ("SE",), _NONE, (), "fse"),
    Kind.T2: Words("t2_fse_sag", _M, ("SE",), _NONE, (), "fse"),
    Kind.STIR: Words("t2_fse_stir_sag", _M, _IR, _NONE, ("IR",), "fse_ir"),
    Kind.T2_FS: Words("t2_fse_sag_fs", _M, ("SE",), _NONE, ("FS",), "fse"),
    Kind.T1_FS: Words("t1_fse_sag_fs", _M, ("SE",), _NONE, ("FS",), "fse"),
    Kind.T1_FS_CONTRAST: Words("t1_fse_sag_fs_+C", _M, ("SE",), _NONE, ("FS",), "fse"),
    Kind.T2_IN_PHASE: _dixon("in_phase", "IP"),
    Kind.T2_OPPOSED: _dixon("out_phase", "OP"),
    Kind.T2_WATER: _dixon("water", "WATER"),
    Kind.T2_FAT: _dixon("fat", "FAT"),
    Kind.T1_FLAIR: Words("t1_fse_flair_sag", _M, _IR, _NONE, ("IR",), "fse_ir"),
    Kind.T2_FLAIR: Words("t2_fse_flair_sag", _M, _IR, _NONE, ("IR",), "fse_ir"),
    Kind.PD: Words("pd_fse_sag", _M, ("SE",), _NONE, (), "fse"),
    Kind.LOCALIZER: Words("scout_ssfse_3pl", _M, ("SE",), _NONE, (), "fse_ssh"),
    Kind.AX_T1: Words("t1_fse_tra", _M, ("SE",), _NONE, (), "fse"),
    Kind.AX_T2: Words("t2_fse_tra", _M, ("SE",), _NONE, (), "fse"),
}


def _place(image: Image, before: int) -> str:
    folder = f"{image.words.description}__{image.series_number:06d}".replace("+", "")
    return f"{folder}/{image.number:08d}.dcm"


def _add_private(dataset: Dataset, image: Image) -> None:
    sequence = image.sequence
    elements = {
        0x00: ("UL", 12547865),
        0x02: ("SH", "Sag>Cor"),
        0x05: ("SH", "A->P"),
        0x06: ("IS", str(image.stack + 1)),
        0x07: ("OB", payload(f"uih/{sequence.key}/protocol", 15188)),
        0x14: ("DS", [significant(9, float(v)) for v in sequence.axes[2]]),
        0x15: ("DS", [significant(9, float(v)) for v in image.position]),
        0x25: ("DS", f"{sequence.spacing_mm - sequence.thickness_mm:.4g}"),
    }
    add_block(dataset, 0x0061, _CREATOR, {0x02: ("US", 1)})
    add_block(dataset, 0x0065, _CREATOR, elements)


def _touch(dataset: Dataset, image: Image) -> None:
    dataset.StationName = "UIHMR"
    if image.part.kind is Kind.T1_FS_CONTRAST:
        dataset.ContrastBolusAgent = "Gd-DTPA"


UIH = Vendor(
    key="uih",
    manufacturer="UIH",
    model="uMR 770",
    software="R002",
    tesla=3.0,
    words=WORDS,
    character_set=("GB18030",),
    pixels=Pixels(bits_stored=16, signed=False),
    decimals=Decimals(partial(significant, 9), partial(significant, 9)),
    order=Order.INTERLEAVED,
    spacing=Spacing.NEGATIVE,
    series_number=(100, 1),
    place=_place,
    add_private=_add_private,
    touch=_touch,
    patient_name_suffix="=合成^模型",
)
