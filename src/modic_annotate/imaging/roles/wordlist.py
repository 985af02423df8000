"""The words for techniques that scanners and technologists write, in several languages.

Patterns are matched on what `text.plain` leaves: lower case, no accents, and blanks for all signs
but ``*`` and ``+``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from re import Pattern

from modic_annotate.domain.series import FatTechnique, Weighting
from modic_annotate.imaging.roles.image_types import Mark


def whole(*words: str) -> Pattern[str]:
    """Match any of some words where it stands alone."""
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(words)})(?![a-z0-9])")


_BEFORE = (
    r"(?<![a-z0-9])(?:(?:w?fs|fat|gd|ce|stir|ir|o?sag(?:ittale?)?|o?ax|o?cor|tra|tse|fse|se|"
    r"[23]d|s3d|[esrwp])|[23]d[es])?"
)
"""What may stick to the front: SagT1, sT1W, FST2, GdT1, 3DT2."""

_AFTER = (
    r"(?:wi?|tw|tse|fse|frfse|se|fs|fl|flair|ffe|tfe|tirm?|stir|sp[ac]i?r|gd|ce|c|km|sag|ax|cor|tra|"
    r"dixon|space|spc|cube|vista|rst|blade|me|p|inj|post|pre)*(?![a-z0-9])"
)
"""What may stick to the end: T2W, T1FLAIR, T2FS; never more figures, as in T12."""

WEIGHTINGS: Mapping[Weighting, Pattern[str]] = {
    Weighting.T1: re.compile(rf"{_BEFORE}t1{_AFTER}"),
    Weighting.T2: re.compile(rf"{_BEFORE}t2{_AFTER}"),
    Weighting.PD: whole(
        "(?:s|sag|fs)?pdw?(?:fs|tse|fse)?",
        "dp(?:fs)?",
        "proton ?dens[a-z]*",
        "dens[a-z]* proton[a-z]*",
    ),
}
"""A text that names two of them says nothing: "PD T2", "T1 T2 lumbar"."""

OTHER = whole(
    r"t2 ?\*[a-z]*",
    "t2 ?star[a-z]*",
    "t2s",
    "t2 ?ffe",
    "t2wi?gre",
    "medic",
    "merge",
    "adage",
    "cosmic",
    "(?:t1|t2)? ?map(?:s|ping|pa)?",
    "t1rho",
    "dwi?bs",
    "dwi",
    "dti",
    "adc",
    "trace",
    "ep2d.*",
    "resolve",
    "tof",
    "swi",
    "swan",
    "angio[a-z]*",
    "mra",
    "myelo[a-z]*",
    "perf(?:usion)?",
    "dce",
    "fiesta",
    "ciss",
    "tru ?fisp",
    "trufi",
    "b ?ffe",
    "b ?tfe",
    "dess",
    "diff(?:usion)?",
)
"""Contrasts that are neither T1, T2 nor PD, whatever else the name says."""

FLUID_NULLED = whole("(?:t2)?flair", "t1flair", "dark ?fluid", "fluid ?att[a-z]*")
"""T1-FLAIR where T1 is named too, else T2-FLAIR."""

GRADIENT = whole(
    "gre", "ge2d", "fgre", "efgre3d", "flash", "vibe", "lava", "thrive", "ffe", "ff3d", "grass"
)
"""T1 where T1 is named too, else of no weighting that counts here."""

STIR = whole("(?:sag|ax|cor|t2w?|s|e)*stir(?:2d|3d|w|tse|fse|sag|cor|tra|ax|long|c)*")
TURBO_INVERSION = whole("(?:t2w?)?tirm?", "s?t2w tirm")
"""A turbo inversion recovery: STIR on T2, but a T1-FLAIR or FLAIR by other words."""

_FAT_WORD = "(?:fat|fett|graisse|gras[ao]?|grasso|vet)"
_AWAY = "(?:sat[a-z]*|s[uo]p[a-z]*|s|unterdr[a-z]*|gesatt[a-z]*|onderdr[a-z]*)"
FAT_SUPPRESSED = re.compile(
    whole(
        "fs",
        "fat ?s",
        "fsat",
        "chemsat",
        "chem sat",
        "spair",
        "spir",
        "aspir",
        "chess",
        "pasta",
        "ssrf",
        "we",
        "water ?exc[a-z]*",
        "wats",
        "watsel",
        "proset",
        rf"{_FAT_WORD} ?{_AWAY}",
        rf"(?:sat[a-z]*|s[uo]p[a-z]*) (?:de |di |del )?{_FAT_WORD}",
        "(?:s|e|sag|ax|cor)?(?:t1|t2|pd)w? ?(?:tse|fse)?fs",
        "fs ?(?:t1|t2|pd)w?i?",
    ).pattern
)

DIXON = whole(
    "[a-z]*dixon[a-z]*", "ideal[a-z]*", "flex", "lava flex", "wfi", "wfs(?:t[12])?", "fat ?sep"
)

DIXON_PARTS: Mapping[FatTechnique, Pattern[str]] = {
    FatTechnique.FAT: whole("f", "fat"),
    FatTechnique.IN_PHASE: whole("in", "ip"),
    FatTechnique.OPPOSED: whole("opp", "op", "out"),
    FatTechnique.WATER: whole("w", "wat", "water"),  # last, as "T1 W" may mean weighted
}
"""Heard only beside a word for Dixon."""

PHASES: Mapping[FatTechnique, Pattern[str]] = {
    FatTechnique.IN_PHASE: whole("in ?ph(?:ase)?", "inph"),
    FatTechnique.OPPOSED: whole(
        "out ?(?:of ?)?phase", "opp(?:osed)? ?phase", "outph", "oppph", "opph"
    ),
}

ENDS: Mapping[FatTechnique, Pattern[str]] = {
    FatTechnique.WATER: re.compile(r"^water(?![a-z0-9])|(?<![a-z0-9])water$"),
    FatTechnique.FAT: re.compile(r"^fat(?![a-z0-9])|(?<![a-z0-9])fat$"),
}
"""GE writes "WATER: Sag T2", others "..._Water"; in the middle of a name they are anything."""

_AGENT = (
    "gad(?:o[a-z]*|avist)?|gd|km|mdc|contrast[a-z]*|kontrast[a-z]*|kontr|inj(?:ect[a-z]*)?|agent|"
    "dotarem|clariscan|prohance|multihance|omniscan|magnevist|primovist"
)
_NOT_AFTER_CONTRAST = (
    "(?:op|pro|surg|lam|disc|fus|trau|myel|sat|void|exerc|part|ant|lat|rt|radi|chemo|vert|kyph|ther|"
    "treat|trait|trat|erior|ural|abl|inf)"
)
CONTRAST = re.compile(
    whole(
        rf"post(?! ?{_NOT_AFTER_CONTRAST})",
        f"(?:post|nach|mit|apres|avec|con|dopo|na|met|with|w|pos|m) (?:{_AGENT})",
        _AGENT,
        "ce",
        "civ",
        "enhanced(?! (?:conversion|mr))",  # converters name the object so
        "enh",
        "zouei",
        "(?:gd|ce) ?t1w?i?",
        "t1w?i? ?(?:gd|ce|c)",
        "t1 (?:fs )?c",
        "postgd",
        "postcontrast",
        "postkm",
    ).pattern
    + r"|\+ ?(?:c|gd|km|ce)(?![a-z0-9])|(?<![a-z0-9])c ?\+(?! ?[a-z])"
)

MARKS: Mapping[Mark, Pattern[str]] = {
    Mark.LOCALIZER: whole(
        "loc",
        "lo[ck]ali[sz][a-z]*",
        "[a-z]*scouts?",
        "scoutview",
        "survey",
        "surview",
        "locator",
        "pilot(?! study)",
        "3 ?pl[a-z]*",
        "tri ?plan[a-z]*",
        "plan ?scan",
        "scano",
        "topogram[a-z]*",
        "reperage",
        "centrage",
        "positioning",
        "ubersicht",
        "uebersicht",
        "shim[a-z0-9]*",
        "calibration",
        "ref scan",
        "asset ?cal[a-z]*",
        "coil ?(?:sens|survey)[a-z]*",
    ),
    Mark.CAPTURE: whole(
        "screen ?(?:save[sd]?|shots?|capture)",
        "posdisp",
        "key ?images?",
        "report",
        "summary",
        "snapshots?",
    ),
    Mark.SUBTRACTION: whole(
        "sub", "subtr[a-z]*", "subtra[ck][a-z]*", "soustra[a-z]*", "sottra[a-z]*", "sustra[a-z]*"
    ),
    Mark.PROJECTION: whole("mip", "min ?ip", "minip", "max ?ip", "projection"),
    Mark.REFORMAT: whole(
        "mpr(?! ?age)", "reformat[a-z]*", "rfmt", "ref?ormate", "cpr", "curved", "resampled"
    ),
    Mark.MAP: whole(
        "(?:t1|t2|adc|fat|ff) ?map(?:s|ping|pa)?",
        "t2 ?\\* ?map",
        "adc",
        "fat ?fraction",
        "synthetic",
    ),
    Mark.COMPOSED: whole(
        "compos[a-z]*", "comp (?:sp|ad)", "stitch[a-z]*", "mobi ?view", "past(?:ed|ing)"
    ),
}
"""Words for what was made of images, or is no image of the spine to be read."""
