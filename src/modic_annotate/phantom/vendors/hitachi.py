r"""Hitachi: as the shared 0.3 T exam has it.

Known from that exam: image type DERIVED\SECONDARY\OTHER\AI on primary images, signed 12 of 16
bits with truly negative values, two-byte character sets declared, NumberOfFrames 1, InversionTime
0 on spin echo, empty TriggerTime and Laterality, PixelAspectRatio beside PixelSpacing,
AcquisitionNumber 0, variant OSP, ScanningSequence IR alone for STIR, short upper-case names,
sequence names SE, FSE, FIR, counting from the patient's right, numbers of seven significant
digits, flat folder DCM of files without extension, DICOMDIR beside it, no private blocks left.
Chosen by us: a small private block, and the wording of kinds that exam has not.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from pydicom.dataset import Dataset

from modic_annotate.phantom.vendors.export import Image
from modic_annotate.phantom.vendors.kinds import INVERTED, Kind
from modic_annotate.phantom.vendors.numbers import fixed, significant
from modic_annotate.phantom.vendors.private import add_block, payload
from modic_annotate.phantom.vendors.vendor import Decimals, Order, Pixels, Spacing, Vendor, Words

_DERIVED = ("DERIVED", "SECONDARY", "OTHER", "AI")
_FSE = ("OSP", "SK")

WORDS: Mapping[Kind, Words] = {
    Kind.T1: Words("T1 SAG", _DERIVED, ("SE",), ("OSP",), (), "SE"),
    Kind.T2: Words("T2 SAG", _DERIVED, ("SE",), _FSE, ("SP", "FC"), "FSE"),
    Kind.STIR: Words("STIR SAG", _DERIVED, ("IR",), _FSE, ("SP",), "FIR"),
    Kind.T1_FLAIR: Words("T1 FLAIR SAG", _DERIVED, ("IR",), _FSE, ("SP",), "FIR"),
    Kind.T2_FLAIR: Words("FLAIR SAG", _DERIVED, ("IR",), _FSE, ("SP",), "FIR"),
    Kind.PD: Words("PD SAG", _DERIVED, ("SE",), _FSE, ("SP",), "FSE"),
    Kind.LOCALIZER: Words("SCOUT", _DERIVED, ("SE",), _FSE, (), "FSE"),
    Kind.AX_T1: Words("T1 AX", _DERIVED, ("SE",), ("OSP",), (), "SE"),
    Kind.AX_T2: Words("T2 AX", _DERIVED, ("SE",), _FSE, ("FC",), "FSE"),
}
"""No Dixon and no spectral fat saturation: fat and water lie too close together at 0.3 T."""


def _place(image: Image, before: int) -> str:
    return f"DCM/D{before:07d}"


def _add_private(dataset: Dataset, image: Image) -> None:
    name = f"hitachi/{image.sequence.key}"
    elements = {0x01: ("LO", "AIRIS"), 0x02: ("OB", payload(name, 1024))}
    add_block(dataset, 0x0029, "HMC - MR - PHANTOM", elements)


def _touch(dataset: Dataset, image: Image) -> None:
    dataset.NumberOfFrames = 1
    dataset.PixelAspectRatio = [1, 1]
    dataset.Laterality = ""
    dataset.TriggerTime = ""
    dataset.AcquisitionNumber = 0
    dataset.PercentSampling = "0"
    if image.part.kind not in INVERTED:
        dataset.InversionTime = "0"
    del dataset.SeriesTime
    del dataset.PixelBandwidth


HITACHI = Vendor(
    key="hitachi",
    manufacturer="Hitachi Medical Corporation",
    model="AIRIS_Vento",
    software="V2.1B",
    tesla=0.3,
    words=WORDS,
    character_set=("ISO 2022 IR 13", "ISO 2022 IR 87"),
    pixels=Pixels(bits_stored=12, signed=True, shift=-70),
    decimals=Decimals(partial(significant, 7), partial(fixed, 6)),
    order=Order.DESCENDING,
    spacing=Spacing.CENTRES,
    series_number=(1, 5),
    place=_place,
    add_private=_add_private,
    touch=_touch,
    dicomdir="DICOMDIR",
)
