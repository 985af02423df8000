"""What each tissue looks like on each kind of image.

Grey levels relative to subcutaneous fat on T1 = 1000, chosen so that the order of the tissues is
that of a lumbar exam at 1.5 T. They are a drawing, not measured relaxation times.
"""

from __future__ import annotations

from enum import StrEnum

from modic_annotate.domain.modic import ModicType


class Contrast(StrEnum):
    """The kinds of image a phantom can be imaged with."""

    T1 = "T1"
    T2 = "T2"
    STIR = "STIR"


class Tissue(StrEnum):
    """Everything a phantom is filled with."""

    AIR = "air"
    SKIN = "skin"
    FAT = "fat"
    MUSCLE = "muscle"
    LIGAMENT = "ligament"
    CORTEX = "cortex"
    MARROW = "marrow"
    VEIN = "vein"
    NUCLEUS = "nucleus"
    DRY_NUCLEUS = "dry nucleus"
    ANNULUS = "annulus"
    CSF = "CSF"
    CORD = "cord"
    ROOT = "root"
    FLOWING_BLOOD = "flowing blood"
    BOWEL = "bowel"
    MODIC_1 = "Modic 1"
    MODIC_2 = "Modic 2"
    MODIC_3 = "Modic 3"


GREY: dict[Tissue, tuple[float, float, float]] = {
    #                       T1     T2   STIR
    Tissue.AIR: (0, 0, 0),
    Tissue.SKIN: (420, 300, 120),
    Tissue.FAT: (1000, 800, 45),
    Tissue.MUSCLE: (330, 165, 175),
    Tissue.LIGAMENT: (110, 60, 30),
    Tissue.CORTEX: (70, 45, 20),
    Tissue.MARROW: (560, 410, 85),
    Tissue.VEIN: (400, 640, 420),
    Tissue.NUCLEUS: (350, 830, 700),
    Tissue.DRY_NUCLEUS: (310, 170, 90),
    Tissue.ANNULUS: (230, 100, 50),
    Tissue.CSF: (170, 1200, 1000),
    Tissue.CORD: (340, 480, 400),
    Tissue.ROOT: (310, 420, 350),
    Tissue.FLOWING_BLOOD: (130, 60, 60),
    Tissue.BOWEL: (330, 330, 260),
    Tissue.MODIC_1: (375, 690, 520),
    Tissue.MODIC_2: (860, 590, 40),
    Tissue.MODIC_3: (200, 130, 40),
}

MODIC_TISSUE = {
    ModicType.TYPE_1: Tissue.MODIC_1,
    ModicType.TYPE_2: Tissue.MODIC_2,
    ModicType.TYPE_3: Tissue.MODIC_3,
}


def greys(contrast: Contrast) -> dict[Tissue, float]:
    """Return the grey level of every tissue on one kind of image."""
    column = list(Contrast).index(contrast)
    return {tissue: float(levels[column]) for tissue, levels in GREY.items()}
