"""Relaxation times and proton densities of every tissue, with where each row comes from.

A tissue is water and fat side by side: the share of fat decides what fat suppression takes away
and how much of it chemical shift moves. Densities are relative to pure water. Times in ms.

What was read in the sources is their abstracts; a row that no source read supports says so in
its own ``source``. Rows of mixtures that no paper measured (the Modic types, the mimics) are
chosen to give the signs of their definition, and say that.
"""

from __future__ import annotations

from dataclasses import dataclass

from modic_annotate.phantom.tissues import Tissue

UNVERIFIED = "typical literature value, source not verified"
CHOSEN = "chosen to give the signs of its definition, not measured on anyone"

SPINE = "AJNR 2018;39:788-795, doi 10.3174/ajnr.A5566 (synthetic MRI of 32 spines)"
ABDOMEN = (
    "Radiology, March 2004, 'MR imaging relaxation times of abdominal and pelvic tissues measured "
    "in vivo at 3.0 T': T1 on average 21 % longer at 3.0 T than at 1.5 T"
)
MARROW_T2 = (
    "J Magn Reson Imaging 1994, pp. 585-589 (CPMG of lumbar marrow: lipid 113 ms, water 71 ms, "
    "fat 40 to 60 %)"
)
MARROW_WATER = (
    "AJR 1996;167:355-358, doi 10.2214/ajr.167.2.8686603 (water 70.9 % in women of 35 to 44 and "
    "61.1 % of 45 to 54 years; 66 % taken)"
)
KNEE_T2 = "Magn Reson Imaging 2008;26:1215-1220, doi 10.1016/j.mri.2008.02.017 (muscle 34.08 ms)"
CORD_3T = "Magn Reson Med 2008;60:213-219, doi 10.1002/mrm.21596 (cord 3 T: T1 876, T2 73 ms)"
FAT_IN_TRAINS = (
    "J Magn Reson Imaging 1992;2:533-540, doi 10.1002/jmri.1880020511 (many refocusing pulses "
    "suppress the J-coupling modulation of fat)"
)
SAME_T2 = "ISMRM 2006 abstract 2494 (T2 alike at 1.5 and 3 T, T1 longer at 3 T)"
"""Why one T2 serves all field strengths here."""

LONGER_AT_3T = 1.21
"""T1 at 3.0 T over T1 at 1.5 T where no row measured both (``ABDOMEN``)."""

SHORTER_AT_LOW_FIELD = 0.6
"""T1 at 0.3 T over T1 at 1.5 T, near the cube root of the fields' ratio (``UNVERIFIED``)."""

FIELDS_TESLA = (0.3, 1.5, 3.0)


@dataclass(frozen=True, slots=True)
class Water:
    """The water of one tissue, and the share of fat beside it."""

    density: float
    """Protons of the whole tissue that give signal, pure water 1."""

    t1: tuple[float, float, float]
    """At ``FIELDS_TESLA``."""

    t2: float
    fat_share: float
    """Of the density, 0..1."""

    source: str


@dataclass(frozen=True, slots=True)
class Fat:
    """Fat wherever it lies; its T2 lengthens in trains of many refocusing pulses."""

    t1: tuple[float, float, float]
    t2_single_echo: float
    t2_long_train: float
    source: str


def _t1(at_1_5_tesla: float) -> tuple[float, float, float]:
    """Return T1 at all field strengths from that at 1.5 T, by the two rules above."""
    return (
        round(at_1_5_tesla * SHORTER_AT_LOW_FIELD, 1),
        at_1_5_tesla,
        round(at_1_5_tesla * LONGER_AT_3T, 1),
    )


FAT = Fat(
    t1=(160.0, 250.0, 382.0),
    t2_single_echo=68.0,
    t2_long_train=113.0,
    source=(
        f"3.0 T and single echo: {ABDOMEN}; long train: {MARROW_T2}, {FAT_IN_TRAINS}; T1 at 1.5 T: "
        f"{UNVERIFIED}; at 0.3 T: nulled by the inversion time of 110 ms of a real exam"
    ),
)

TABLE: dict[Tissue, Water] = {
    Tissue.AIR: Water(0.0, _t1(1000.0), 10.0, 0.0, "no protons"),
    Tissue.SKIN: Water(0.70, _t1(700.0), 30.0, 0.2, UNVERIFIED),
    Tissue.FAT: Water(0.90, _t1(800.0), 45.0, 0.95, f"fat: see FAT; its water: {UNVERIFIED}"),
    Tissue.MUSCLE: Water(
        0.62, (445.0, 742.0, 898.0), 34.0, 0.02, f"T1: {ABDOMEN}; T2: {KNEE_T2}; rest: {UNVERIFIED}"
    ),
    Tissue.LIGAMENT: Water(0.55, _t1(600.0), 7.0, 0.0, UNVERIFIED),
    Tissue.CORTEX: Water(0.20, _t1(200.0), 0.5, 0.0, UNVERIFIED),
    Tissue.MARROW: Water(
        0.911,
        _t1(900.0),
        71.0,
        0.34,
        f"density: {SPINE}; T2: {MARROW_T2}; fat: {MARROW_WATER}; T1 of its water: {UNVERIFIED}",
    ),
    Tissue.VEIN: Water(0.90, _t1(1300.0), 140.0, 0.0, UNVERIFIED),
    Tissue.NUCLEUS: Water(
        0.95, _t1(1000.0), 165.0, 0.0, f"nucleus alone of a fully hydrated disc: {UNVERIFIED}"
    ),
    Tissue.DRY_NUCLEUS: Water(0.476, _t1(554.4), 55.6, 0.0, f"desiccated disc: {SPINE}"),
    Tissue.ANNULUS: Water(0.50, _t1(600.0), 28.0, 0.0, UNVERIFIED),
    Tissue.DISC_FLUID: Water(0.95, _t1(2200.0), 300.0, 0.0, CHOSEN),
    Tissue.CSF: Water(1.075, (4273.4, 4273.4, 4273.4), 1577.6, 0.0, f"{SPINE}; same at all fields"),
    Tissue.CORD: Water(
        0.587, (468.0, 780.2, 876.0), 101.6, 0.0, f"1.5 T: {SPINE}; T1 at 3.0 T: {CORD_3T}"
    ),
    Tissue.ROOT: Water(0.60, _t1(800.0), 90.0, 0.03, UNVERIFIED),
    Tissue.FLOWING_BLOOD: Water(
        0.14, _t1(1300.0), 120.0, 0.0, f"flow void drawn as a low density: {UNVERIFIED}"
    ),
    Tissue.BOWEL: Water(0.70, _t1(750.0), 60.0, 0.0, UNVERIFIED),
    Tissue.MODIC_1: Water(0.90, _t1(1350.0), 155.0, 0.08, CHOSEN),
    Tissue.MODIC_2: Water(0.90, _t1(900.0), 60.0, 0.93, CHOSEN),
    Tissue.MODIC_2_KEPT: Water(0.95, _t1(1150.0), 130.0, 0.68, CHOSEN),
    Tissue.MODIC_3: Water(0.30, _t1(900.0), 30.0, 0.25, CHOSEN),
    Tissue.INFECTED: Water(0.92, _t1(1800.0), 170.0, 0.02, CHOSEN),
    Tissue.HAEMANGIOMA: Water(1.1, _t1(900.0), 165.0, 0.66, CHOSEN),
}
"""T1 at 1.5 T of ``SPINE`` is taken as its own field strength: the abstract names none."""


def field_index(tesla: float) -> int:
    """Return the column of a field strength; the table holds ``FIELDS_TESLA`` and no other."""
    return FIELDS_TESLA.index(tesla)
