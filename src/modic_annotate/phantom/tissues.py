"""What a phantom is filled with, and the kinds of image it can be imaged with."""

from __future__ import annotations

from enum import StrEnum

from modic_annotate.domain.modic import ModicType


class Contrast(StrEnum):
    """The kinds of image a phantom can be imaged with."""

    T1 = "T1"
    T2 = "T2"
    STIR = "STIR"
    T2_FS = "T2 fat-suppressed"


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
    DISC_FLUID = "disc fluid"
    CSF = "CSF"
    CORD = "cord"
    ROOT = "root"
    FLOWING_BLOOD = "flowing blood"
    BOWEL = "bowel"
    MODIC_1 = "Modic 1"
    MODIC_2 = "Modic 2"
    MODIC_2_KEPT = "Modic 2, not suppressed"
    MODIC_3 = "Modic 3"
    INFECTED = "infected marrow"
    HAEMANGIOMA = "haemangioma"


MODIC_TISSUE = {
    ModicType.TYPE_1: Tissue.MODIC_1,
    ModicType.TYPE_2: Tissue.MODIC_2,
    ModicType.TYPE_3: Tissue.MODIC_3,
}
