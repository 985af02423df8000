"""Series as scanners and people describe them, and what they are by radiology and MR physics."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Case:
    """One series: what its header says, what it is, and why."""

    words: str
    role: str
    weighting: str
    fat: str
    why: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """How a failing case is named."""
        return f"{self.words or 'no words'}: {self.why}"


T1 = {"tr": 550, "te": 11}
T2 = {"tr": 3500, "te": 105, "train": 17}
PD = {"tr": 2800, "te": 25, "train": 6}
STIR = {"tr": 4200, "te": 60, "ti": 160, "sequence": "SE\\IR", "train": 12}
LOW_T1 = {"tr": 420, "te": 27, "field": 0.2}
LOW_T2 = {"tr": 3600, "te": 125, "field": 0.3}
LOW_STIR = {"tr": 1800, "te": 30, "ti": 85, "sequence": "IR", "field": 0.2}
T1_FLAIR = {"tr": 2100, "te": 24, "ti": 860, "sequence": "SE\\IR"}
T2_FLAIR = {"tr": 9000, "te": 120, "ti": 2500, "sequence": "SE\\IR"}
MERGE = {"tr": 600, "te": 14, "flip": 20, "sequence": "GR"}

NAMES = (
    # plain names of makers and people
    Case("t1_tse_sag", "SAG_T1", "T1", "none", "Siemens default"),
    Case("t2_tse_sag_384", "SAG_T2", "T2", "none", "Siemens with matrix"),
    Case("t2_tse_sag_p2", "SAG_T2", "T2", "none", "Siemens with parallel imaging"),
    Case("t2_tse_rst_sag_FIL", "SAG_T2", "T2", "none", "restore pulse, filtered"),
    Case("t2_blade_sag", "SAG_T2", "T2", "none", "radial k-space is still T2"),
    Case("t2_spc_sag_p2_iso", "SAG_T2", "T2", "none", "SPACE, 3D fast spin echo"),
    Case("SAG T2 FRFSE", "SAG_T2", "T2", "none", "GE fast recovery"),
    Case("OSag T2 FRFSE", "SAG_T2", "T2", "none", "GE oblique sagittal"),
    Case("FL08/FL08/OSag FRFSE T2", "SAG_T2", "T2", "none", "GE with a filter prefix"),
    Case("OSag T1 FSE", "SAG_T1", "T1", "none", "GE"),
    Case("Sag CUBE T2", "SAG_T2", "T2", "none", "GE 3D fast spin echo"),
    Case("Sag T1 PROPELLER", "SAG_T1", "T1", "none", "GE radial"),
    Case("T2W_TSE", "SAG_T2", "T2", "none", "Philips"),
    Case("sT1W_TSE", "SAG_T1", "T1", "none", "Philips, s for SENSE"),
    Case("eT2W_TSE SENSE", "SAG_T2", "T2", "none", "Philips e prefix"),
    Case("T2W_VISTA_SAG", "SAG_T2", "T2", "none", "Philips 3D"),
    Case("3DT2W VISTA", "SAG_T2", "T2", "none", "3D stuck to the front"),
    Case("T2WI_SAG", "SAG_T2", "T2", "none", "weighted image, East Asian habit"),
    Case("T1WI-SAG", "SAG_T1", "T1", "none", "the same with a hyphen"),
    Case("Sag FSE2D T1W", "SAG_T1", "T1", "none", "Toshiba"),
    Case("SG T2W", "SAG_T2", "T2", "none", "short for sagittal"),
    Case("T2-SAG", "SAG_T2", "T2", "none", "hyphen only"),
    Case("L-SPINE T2 SAG", "SAG_T2", "T2", "none", "region first"),
    Case("SAGT2", "SAG_T2", "T2", "none", "stuck to the plane"),
    Case("10 T2 SAG", "SAG_T2", "T2", "none", "series number in front"),
    Case("07 T2 S5mm#7", "SAG_T2", "T2", "none", "thickness and count behind"),
    Case("T2_FSE_5mm(S)", "SAG_T2", "T2", "none", "plane in brackets"),
    Case("IV_t2_tse_sag_384_L2-S", "SAG_T2", "T2", "none", "IV is a station, not intravenous"),
    Case("t1 SAG", "SAG_T1", "T1", "none", "lower and upper case mixed"),
    Case("*T1*", "SAG_T1", "T1", "none", "stars around"),
    # the wrong vertebra, the right vertebra
    Case("T2 SAG T1-T6", "SAG_T2", "T2", "none", "T1-T6 are vertebrae"),
    Case("T1 SAG L1-S1", "SAG_T1", "T1", "none", "L1-S1 are vertebrae"),
    Case("STIR SAG C7 to T2", "SAG_FS", "T2", "STIR", "C7 to T2 are vertebrae"),
    Case("t2 sag Th1-Th12", "SAG_T2", "T2", "none", "German Th"),
    Case("T2 sag BWK12-S2", "SAG_T2", "T2", "none", "German vertebral body"),
    Case("T2 SAG D10-S3", "SAG_T2", "T2", "none", "dorsal"),
    Case("SAG T12-L5", "OTHER", "unknown", "unknown", "only vertebrae"),
    Case("SPINE C2/T1", "OTHER", "unknown", "unknown", "only vertebrae, slash"),
    Case("T1 T2 SAG LUMBAR", "OTHER", "unknown", "unknown", "names both, so neither"),
    Case("PD T2 SAG", "OTHER", "unknown", "unknown", "dual echo, which one is not said"),
    Case("T11", "OTHER", "unknown", "unknown", "a vertebra, not T1"),
    Case("T2000", "OTHER", "unknown", "unknown", "a number, not T2"),
    # languages
    Case("T1 sag nativ", "SAG_T1", "T1", "none", "German: without agent"),
    Case("T2 TSE sagittal LWS", "SAG_T2", "T2", "none", "German"),
    Case("T1 sag mit KM", "OTHER", "T1", "none", "German: with agent"),
    Case("T1 sag +KM", "OTHER", "T1", "none", "German, plus sign"),
    Case("T1 sag ohne KM", "SAG_T1", "T1", "none", "German: without agent"),
    Case("T1 sag vor KM", "SAG_T1", "T1", "none", "German: before agent"),
    Case("T2 sag fettges\u00e4ttigt", "SAG_FS", "T2", "FS", "German: fat saturated"),
    Case("T2 sag fettunterdr\u00fcckt", "SAG_FS", "T2", "FS", "German: fat suppressed"),
    Case("\u00dcbersicht T2", "OTHER", "T2", "none", "German: survey"),
    Case("SAG T1 INJECT\u00c9", "OTHER", "T1", "none", "French: injected"),
    Case("SAG T1 sans injection", "SAG_T1", "T1", "none", "French: not injected"),
    Case("T1 sag GADO", "OTHER", "T1", "none", "French short for gadolinium"),
    Case("T2 sag sat graisse", "SAG_FS", "T2", "FS", "French: fat saturated"),
    Case("T2 sagittal lombaire", "SAG_T2", "T2", "none", "French"),
    Case("REPERAGE sag T2", "OTHER", "T2", "none", "French: localizer"),
    Case("DP sag FS", "SAG_FS", "PD", "FS", "French, Spanish: proton density"),
    Case("T1 SAG SIN CONTRASTE", "SAG_T1", "T1", "none", "Spanish: without"),
    Case("T1 SAG CON CONTRASTE", "OTHER", "T1", "none", "Spanish: with"),
    Case("T2 SAG SUPRESION GRASA", "SAG_FS", "T2", "FS", "Spanish: fat suppression"),
    Case("LOCALIZADOR T2", "OTHER", "T2", "none", "Spanish: localizer"),
    Case("T1 sag dopo mdc", "OTHER", "T1", "none", "Italian: after agent"),
    Case("T1 sag senza mdc", "SAG_T1", "T1", "none", "Italian: without agent"),
    Case("T2 sag soppressione grasso", "SAG_FS", "T2", "FS", "Italian: fat suppression"),
    Case("T1 sag met contrast", "OTHER", "T1", "none", "Dutch: with"),
    Case("T1 sag zonder contrast", "SAG_T1", "T1", "none", "Dutch: without"),
    Case("T2 sag vetsuppressie", "SAG_FS", "T2", "FS", "Dutch: fat suppression"),
    Case("Gd-T1 SAG", "OTHER", "T1", "none", "Japanese habit: enhanced T1"),
    Case("CE-T1WI SAG", "OTHER", "T1", "none", "Japanese habit: enhanced T1"),
    Case("T1 SAG ENHANCED", "OTHER", "T1", "none", "the agent in a word"),
    Case("T1 SAG (enhanced conversion)", "SAG_T1", "T1", "none", "a kind of object, no agent"),
    Case("FST2WI SAG", "SAG_FS", "T2", "FS", "FS stuck to the front"),
    # fat
    Case("STIR_SAGc", "SAG_FS", "T2", "STIR", "plain STIR"),
    Case("Sag STIR2D T2W", "SAG_FS", "T2", "STIR", "Toshiba STIR"),
    Case("t2_tirm_tse_sag", "SAG_FS", "T2", "STIR", "Siemens STIR"),
    Case("sT2W_TIRM", "SAG_FS", "T2", "STIR", "TIRM of T2 is STIR"),
    Case("SG T2W Stir", "SAG_FS", "T2", "STIR", "STIR after T2"),
    Case("STIR_longTE", "SAG_FS", "T2", "STIR", "Philips"),
    Case("FST2_SAGc", "SAG_FS", "T2", "FS", "FS stuck to T2"),
    Case("SAG T2 SPAIR", "SAG_FS", "T2", "FS", "adiabatic suppression"),
    Case("T2W_SPIR", "SAG_FS", "T2", "FS", "spectral suppression"),
    Case("T2 SAG FATSAT", "SAG_FS", "T2", "FS", "one word"),
    Case("SAG T2 FAT-SUP", "SAG_FS", "T2", "FS", "hyphen"),
    Case("T2 sag CHEMSAT", "SAG_FS", "T2", "FS", "chemical saturation"),
    Case("T2 without FS", "SAG_T2", "T2", "none", "denied"),
    Case("T2 sag no fat sat", "SAG_T2", "T2", "none", "denied"),
    Case("T2 sag ohne FS", "SAG_T2", "T2", "none", "denied in German"),
    Case("T2 sag sans sat graisse", "SAG_T2", "T2", "none", "denied in French"),
    Case("T2 S FS", "SAG_FS", "T2", "FS", "S is the plane, no denial"),
    Case("T1 FS sag", "OTHER", "T1", "FS", "T1-FS fills nothing"),
    Case("T1W_SPIR", "OTHER", "T1", "FS", "T1-FS fills nothing"),
    Case("SAG T1 FS POST", "OTHER", "T1", "FS", "enhanced T1-FS fills nothing"),
    Case("t1_tse_dixon_sag_W", "OTHER", "T1", "water", "T1 water fills nothing"),
    Case("t1_tse_dixon_sag_in", "SAG_T1", "T1", "in_phase", "in phase is plain T1"),
    Case("t2_tse_dixon_sag_320_W", "SAG_FS", "T2", "water", "T2 water is fat suppressed"),
    Case("t2_tse_dixon_sag_320_F", "OTHER", "T2", "fat", "fat image"),
    Case("t2_tse_dixon_sag_opp", "OTHER", "T2", "opposed", "opposed phase"),
    Case("T2_fse_wfi_sag_Water", "SAG_FS", "T2", "water", "water at the end"),
    Case("WATER: Sag T2 FSE Flex", "SAG_FS", "T2", "water", "GE water in front"),
    Case("InPhase: Sag T2 FSE Flex", "SAG_T2", "T2", "in_phase", "GE in phase"),
    Case("OutPhase: Sag T2 FSE Flex", "OTHER", "T2", "opposed", "GE opposed phase"),
    Case("FAT: Sag T2 FSE Flex", "OTHER", "T2", "fat", "GE fat image"),
    Case("WFS T2 SAG Water", "SAG_FS", "T2", "water", "Canon water-fat separation"),
    Case("WFST2_SAG(W)", "SAG_FS", "T2", "water", "the same, stuck to T2"),
    Case("WFS T2 SAG InPhase", "SAG_T2", "T2", "in_phase", "Canon in phase"),
    Case("T2 mDIXON TSE sag", "OTHER", "T2", "unknown", "which part is not said"),
    # FLAIR, gradient echo, proton density and others
    Case("SAG T1 FLAIR", "SAG_T1", "T1", "none", "T1 of spine imaging"),
    Case("FLAIR T1 SAG", "SAG_T1", "T1", "none", "words the other way round"),
    Case("T1FLAIR sag", "SAG_T1", "T1", "none", "stuck together"),
    Case("t1_tirm_sag_dark-fluid", "SAG_T1", "T1", "none", "Siemens T1-FLAIR is no STIR"),
    Case("t2_tirm_sag_dark-fluid", "OTHER", "other", "none", "Siemens T2-FLAIR is no STIR"),
    Case("SAG T2 FLAIR", "OTHER", "other", "none", "fluid nulled"),
    Case("FLAIR_SAG", "OTHER", "other", "none", "FLAIR alone is T2-FLAIR"),
    Case("SAG PD", "OTHER", "PD", "none", "proton density alone"),
    Case("pd_tse_fs_sag", "SAG_FS", "PD", "FS", "suppressed, fluid bright"),
    Case("T2* SAG", "OTHER", "other", "none", "T2 star"),
    Case("T2*WI", "OTHER", "other", "none", "T2 star weighted image"),
    Case("T2_STAR_SAG", "OTHER", "other", "none", "in words"),
    Case("t2_me2d_sag MEDIC", "OTHER", "other", "none", "Siemens T2 star"),
    Case("SAG MERGE", "OTHER", "other", "none", "GE T2 star"),
    Case("T2_FFE sag", "OTHER", "other", "none", "Philips gradient echo"),
    Case("SAG T2 GRE", "OTHER", "other", "none", "gradient echo"),
    Case("SAG FIESTA", "OTHER", "other", "none", "steady state"),
    Case("SAG DWI b800", "OTHER", "other", "none", "diffusion"),
    Case("MR MYELO", "OTHER", "other", "none", "myelogram"),
    # not to be read as an image of a slot
    Case("localizer", "OTHER", "unknown", "unknown", "localizer"),
    Case("3-Plane Loc", "OTHER", "unknown", "unknown", "localizer"),
    Case("AASpine_Scout T1", "OTHER", "T1", "none", "localizer"),
    Case("SmartSpine Survey T2", "OTHER", "T2", "none", "localizer"),
    Case("T2 SAG SUB", "OTHER", "T2", "none", "subtraction"),
    Case("T1 Subtraktion", "OTHER", "T1", "none", "subtraction"),
    Case("SAG T2 MIP", "OTHER", "T2", "none", "projection"),
    Case("t2_spc_sag MPR cor", "OTHER", "T2", "none", "reformat"),
    Case("T2 reformatted", "OTHER", "T2", "none", "reformat"),
    Case("I_t2_tse_sag_384_C1-C8_COMP_SP_1", "OTHER", "T2", "none", "composed"),
    Case("T2 MobiView", "OTHER", "T2", "none", "composed"),
    Case("PosDisp: [3] t2_tse_sag", "OTHER", "T2", "none", "a picture of positions"),
    Case("T2 map sag", "OTHER", "other", "none", "map"),
    # contrast agent or not
    Case("SAG T1 POST", "OTHER", "T1", "none", "post alone means the agent"),
    Case("POST GAD SAG T1", "OTHER", "T1", "none", "with agent"),
    Case("SAG T1 C+", "OTHER", "T1", "none", "C plus"),
    Case("SAG T1 +C", "OTHER", "T1", "none", "plus C"),
    Case("T1 SAG DOTAREM", "OTHER", "T1", "none", "product name"),
    Case("T1 post op", "SAG_T1", "T1", "none", "after an operation"),
    Case("T1 POST SURGERY", "SAG_T1", "T1", "none", "after an operation"),
    Case("T1 sag posttraumatic", "SAG_T1", "T1", "none", "after trauma"),
    Case("T1 PRE", "SAG_T1", "T1", "none", "before"),
    Case("T1 PRE CONTRAST", "SAG_T1", "T1", "none", "before"),
    Case("T1 W/O CONTRAST", "SAG_T1", "T1", "none", "without"),
    Case("L-SPINE W/WO CONTRAST T1 SAG", "SAG_T1", "T1", "none", "of the examination"),
    Case("T1 NON-CONTRAST", "SAG_T1", "T1", "none", "without"),
    Case("T2 SAG POST GAD", "SAG_T2", "T2", "none", "T2 stays T2, with a warning"),
    Case("STIR POST GAD", "OTHER", "T2", "STIR", "an enhanced lesion may be nulled"),
    # noise
    Case("", "OTHER", "unknown", "unknown", "nothing said"),
    Case("????", "OTHER", "unknown", "unknown", "unreadable"),
    Case("??T1_FSE", "SAG_T1", "T1", "none", "a name lost before"),
    Case("DOE JOHN 1961 T2 SAG", "SAG_T2", "T2", "none", "a name"),
    Case("Waters T1 SAG", "SAG_T1", "T1", "none", "a name that holds water"),
    Case("St. Fatima T2 SAG", "SAG_T2", "T2", "none", "a name that holds fat"),
    Case("Stirling T2 SAG", "SAG_T2", "T2", "none", "a name that holds stir"),
    Case("FSU T1 SAG", "SAG_T1", "T1", "none", "a site that holds FS"),
    Case("Lockwood T1 SAG", "SAG_T1", "T1", "none", "a name that holds loc"),
    Case("Subiaco T2", "SAG_T2", "T2", "none", "a site that holds sub"),
    Case("Mapleton T2", "SAG_T2", "T2", "none", "a site that holds map"),
    Case("T1 SAG INJURY", "SAG_T1", "T1", "none", "a word that holds inj"),
    Case("Gadsden T1 SAG", "SAG_T1", "T1", "none", "a town that holds gad"),
    Case("T2 SAG performed", "SAG_T2", "T2", "none", "a word that holds perf"),
    Case("PILOT STUDY T2 SAG", "SAG_T2", "T2", "none", "a pilot study is no pilot scan"),
    Case("t2_tse_sag position 2", "SAG_T2", "T2", "none", "a station of several"),
    Case("Series 4", "OTHER", "unknown", "unknown", "a number only"),
)
"""Words alone: TR, TE and sequence are not stated."""

NUMBERS = (
    # right numbers, no words
    Case("", "SAG_T1", "T1", "none", "1.5 T T1", T1),
    Case("", "SAG_T2", "T2", "none", "1.5 T T2", T2),
    Case("", "SAG_FS", "T2", "STIR", "1.5 T STIR", STIR),
    Case("", "SAG_T1", "T1", "none", "0.2 T T1, TE 27", LOW_T1),
    Case("", "SAG_T2", "T2", "none", "0.3 T T2", LOW_T2),
    Case("", "SAG_FS", "T2", "STIR", "0.2 T STIR, TI 85", LOW_STIR),
    Case("", "SAG_FS", "T2", "STIR", "3 T STIR, TI 230", {**STIR, "ti": 230}),
    Case("", "SAG_T1", "T1", "none", "T1-FLAIR by a short TE", T1_FLAIR),
    Case("", "SAG_T1", "T1", "none", "3 T T1-FLAIR", {**T1_FLAIR, "tr": 2500, "ti": 1000}),
    Case("", "OTHER", "other", "none", "T2-FLAIR", T2_FLAIR),
    Case("", "OTHER", "other", "none", "0.3 T T2-FLAIR", {**T2_FLAIR, "ti": 1800}),
    Case("", "OTHER", "PD", "none", "proton density alone", PD),
    Case("", "SAG_FS", "PD", "FS", "PD-FS", {**PD, "options": "FS"}),
    Case("", "OTHER", "other", "none", "MERGE", MERGE),
    Case("", "SAG_T2", "T2", "none", "SPACE", {"tr": 1500, "te": 135, "train": 80}),
    Case("", "SAG_T1", "T1", "none", "T1 CUBE", {"tr": 600, "te": 20, "train": 24}),
    Case("", "OTHER", "other", "none", "myelogram", {"tr": 8000, "te": 900, "train": 256}),
    Case(
        "", "OTHER", "other", "none", "balanced steady state: fluid is bright",
        {"tr": 4.2, "te": 2.1, "flip": 70, "sequence": "GR", "variant": "SK\\SS\\OSP"},
    ),
    Case(
        "", "OTHER", "unknown", "none", "short TR and large flip without a variant",
        {"tr": 4.2, "te": 2.1, "flip": 70, "sequence": "GR"},
    ),
    Case(
        "", "SAG_T1", "T1", "none", "spoiled gradient echo",
        {"tr": 180, "te": 4.8, "flip": 70, "sequence": "GR", "variant": "SP\\OSP"},
    ),
    Case("", "OTHER", "other", "none", "echo planar", {**T2, "sequence": "SE\\EP"}),
    Case("", "OTHER", "unknown", "none", "between T1 and PD", {"tr": 1250, "te": 15}),
    Case("", "OTHER", "unknown", "none", "between PD and T2", {"tr": 3000, "te": 52}),
    Case("", "SAG_T2", "T2", "none", "research mode says no kind", {**T2, "sequence": "RM"}),
    Case("", "SAG_FS", "T2", "FS", "water excitation", {**T2, "options": "WE"}),
    Case("", "SAG_T2", "T2", "none", "GE readout options", {**T2, "options": "FSA_GEMS\\FSS_GEMS"}),
    Case("", "SAG_T2", "T2", "none", "spatial saturation", {**T2, "options": "SP\\SAT_GEMS\\FC"}),
    Case("", "OTHER", "T2", "unknown", "GE Flex, part unsaid", {**T2, "options": "FLEX_GEMS"}),
    Case(
        "", "SAG_T1", "T1", "none", "GE T1-FLAIR without its time",
        {"tr": 2200, "te": 24, "sequence": "SE", "options": "IR_GEMS\\T1FLAIR_GEMS"},
    ),
    Case(
        "", "OTHER", "other", "none", "GE T2-FLAIR without its time",
        {"tr": 9000, "te": 130, "sequence": "SE", "options": "IR_GEMS\\T2FLAIR_GEMS"},
    ),
    Case(
        "", "OTHER", "unknown", "unknown", "an inversion of unknown time, TE short",
        {"tr": 2200, "te": 24, "sequence": "IR"},
    ),
    Case(
        "", "OTHER", "unknown", "unknown", "an inversion of unknown time, TR as of FLAIR",
        {"tr": 9000, "te": 120, "sequence": "IR"},
    ),
    Case("", "OTHER", "T1", "FS", "T1-FS", {**T1, "options": "FS"}),
    Case("", "OTHER", "T1", "water", "T1 water", {**T1, "kinds": ("DIXON", "WATER")}),
    Case("", "SAG_T2", "T2", "in_phase", "T2 in phase", {**T2, "kinds": ("DIXON", "IN_PHASE")}),
    Case("", "SAG_FS", "T2", "water", "T2 water", {**T2, "kinds": ("M", "NORM", "WATER", "DIS2D")}),
    Case("", "OTHER", "T2", "opposed", "T2 opposed", {**T2, "kinds": ("OP", "OP", "DERIVED")}),
    Case("", "OTHER", "T2", "fat", "T2 fat", {**T2, "kinds": ("F", "F", "DERIVED")}),
    Case("", "OTHER", "T1", "unknown", "nothing but times", {**T1, "options": None}),
    # image types
    Case(
        "T2 SAG", "SAG_T2", "T2", "none", "derived and secondary say nothing alone",
        {**T2, "image_type": ("DERIVED", "SECONDARY")},
    ),
    Case("T2", "OTHER", "T2", "none", "reformat", {**T2, "kinds": ("MPR", "NORM", "DIS2D")}),
    Case("T2", "OTHER", "T2", "none", "thick reformat", {**T2, "kinds": ("CSA MPR THICK",)}),
    Case("T2", "OTHER", "T2", "none", "GE reformat", {**T2, "kinds": ("REFORMATTED", "AVERAGE")}),
    Case("T2", "OTHER", "other", "none", "projection", {**T2, "kinds": ("PROJECTION IMAGE",)}),
    Case("T2", "OTHER", "other", "none", "subtraction", {**T2, "kinds": ("M", "SUB")}),
    Case("T2", "OTHER", "other", "none", "ADC", {**T2, "kinds": ("DIFFUSION", "ADC")}),
    Case("T2", "OTHER", "other", "none", "phase", {**T2, "kinds": ("PHASE MAP", "P", "SE")}),
    Case("T2", "OTHER", "other", "none", "synthetic", {**T2, "kinds": ("T2", "SYNTHETIC")}),
    Case("T2", "OTHER", "T2", "none", "composed", {**T2, "kinds": ("M", "COMP_SP", "COMPOSED")}),
    Case("T2", "OTHER", "T2", "none", "screen save", {**T2, "kinds": ("SCREEN SAVE",)}),
    Case("T2", "OTHER", "T2", "none", "localizer", {**T2, "kinds": ("LOCALIZER",)}),
    Case("T2", "SAG_T2", "T2", "none", "Philips magnitude", {**T2, "kinds": ("M_SE", "M", "SE")}),
    Case("T2", "SAG_T2", "T2", "none", "filtered", {**T2, "kinds": ("M", "NORM", "DIS2D", "FIL")}),
    # words over numbers
    Case("T2 SAG", "SAG_T1", "T1", "none", "a T2 name over T1 numbers", T1),
    Case("T1 SAG", "SAG_T2", "T2", "none", "a T1 name over T2 numbers", T2),
    Case("T1 SAG", "SAG_FS", "T2", "STIR", "a T1 name over STIR numbers", STIR),
    Case("STIR", "SAG_T1", "T1", "none", "a STIR name over T1 numbers", T1),
    Case("STIR", "OTHER", "other", "none", "a STIR name over FLAIR numbers", T2_FLAIR),
    Case("T2 FLAIR", "SAG_FS", "T2", "STIR", "a FLAIR name over STIR numbers", STIR),
    Case("FLAIR", "SAG_T2", "T2", "none", "a FLAIR name without an inversion", T2),
    Case("T2 SAG", "OTHER", "other", "none", "a T2 name over a T2* gradient echo", MERGE),
    Case(
        "T2 SAG", "OTHER", "other", "none", "a T2 name over some gradient echo",
        {"tr": 400, "te": 9, "flip": 25, "sequence": "GR"},
    ),
    Case(
        "T2 SAG", "OTHER", "other", "none", "written SE, named a steady state by its sequence",
        {"tr": 5, "te": 2.4, "flip": 60, "sequence": "SE", "sequence_name": "*tfi2d1_11"},
    ),
    Case("SAG T2 FS", "SAG_FS", "T2", "FS", "options are silent of what the name says", T2),
    Case("T2 without FS", "SAG_FS", "T2", "FS", "options say FS", {**T2, "options": "FS"}),
    Case("T1 SAG", "SAG_T1", "T1", "none", "T1 of long TR by its name", {"tr": 1200, "te": 12}),
    Case("PD SAG", "OTHER", "PD", "none", "between the bounds by its name", {"tr": 2500, "te": 50}),
    # contrast agent
    Case("", "OTHER", "T1", "none", "agent stated", {**T1, "agent": True}),
    Case("T1 PRE", "OTHER", "T1", "none", "agent stated against the name", {**T1, "agent": True}),
    Case("", "OTHER", "T1", "FS", "enhanced T1-FS", {**T1, "agent": True, "options": "FS"}),
    Case("", "OTHER", "T2", "STIR", "STIR after the agent", {**STIR, "agent": True}),
    Case("", "SAG_T2", "T2", "none", "T2 after the agent", {**T2, "agent": True}),
    Case("", "SAG_T1", "T1", "none", "no agent stated", {**T1, "agent": False}),
    # fields beside the description
    Case("", "SAG_T1", "T1", "none", "protocol name", {"protocol_name": "t1_tse_sag", **T1}),
    Case(
        "SAG T1", "SAG_T1", "T1", "none", "GE names the examination in the protocol",
        {**T1, "protocol_name": "LSPINE WITH CONTRAST", "maker": "GE MEDICAL SYSTEMS"},
    ),
    Case(
        "SAG T1", "OTHER", "T1", "none", "others name the series there",
        {**T1, "protocol_name": "T1 POST GAD", "maker": "SIEMENS"},
    ),
    Case(
        "T1 nativ", "SAG_T1", "T1", "none", "the description denies what the protocol says",
        {**T1, "protocol_name": "LWS mit KM"},
    ),
    # enhanced objects: what they state beside the times
    Case(
        "", "SAG_T2", "T2", "none", "stated contrast where times are between",
        {"tr": 2500, "te": 52, "acquisition_contrast": "T2"},
    ),
    Case(
        "", "SAG_T1", "T1", "none", "times before stated contrast",
        {**T1, "acquisition_contrast": "T2"},
    ),
    Case(
        "", "OTHER", "other", "none", "stated diffusion",
        {"tr": 4000, "te": 50, "acquisition_contrast": "DIFFUSION"},
    ),
    Case(
        "", "SAG_FS", "T2", "STIR", "stated STIR without its time",
        {"tr": 4000, "te": 60, "sequence": "SE\\IR", "acquisition_contrast": "STIR"},
    ),
)  # fmt: skip
"""What numbers say, alone and against words."""
