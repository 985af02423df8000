"""What each recorded value is called in DICOM: one table for those who write and who read back.

Field -> concept, and value -> code. Every meaning has at most 64 characters and every code value
at most 16 (VR LO and SH of PS3.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydicom.sr.coding import Code

from modic_annotate.domain.finding import Finding, MeasurementMethod, Origin, Zone
from modic_annotate.domain.modic import (
    Assessment,
    Attribution,
    Confidence,
    Contour,
    Defect,
    ExtentCategory,
    FatSuppressedSignal,
    Mimic,
    ModicType,
    NotAssessableReason,
    Presence,
    Signal,
    TriState,
)
from modic_annotate.evidence.formats.dicom import codes as c
from modic_annotate.evidence.formats.dicom.codes import private

NOT_READ = private("NOT-READ", "Not read")


def by_value(prefix: str, kind: Iterable[StrEnum], **shorter: str) -> dict[str, Code]:
    """Return a code for each value of an enumeration, spelt as the value; `shorter` where long."""
    return {
        one: private(
            f"{prefix}-{shorter.get(one.name, one.value).upper().replace('_', '-')}",
            one.value[0].upper() + one.value[1:].replace("_", " "),
        )
        for one in kind
    }


@dataclass(frozen=True, slots=True)
class CodedField:
    """A field whose values are codes."""

    field: str
    name: Code
    values: Mapping[Any, Code]  # by the values of whichever enumeration the field holds
    several: bool = False


@dataclass(frozen=True, slots=True)
class NumberField:
    """A field that is a number."""

    field: str
    name: Code
    unit: Code


ASSESSMENT = {
    Assessment.NOT_READ: NOT_READ,
    Assessment.ASSESSED: private("READ", "Read"),
    Assessment.LIMITED: private("READ-LIMITED", "Read, with limits"),
    Assessment.NOT_ASSESSABLE: private("UNREADABLE", "Cannot be read"),
    Assessment.OUTSIDE_FOV: private("OUTSIDE-FOV", "Outside the field of view"),
}
PRESENCE = {
    Presence.NOT_READ: NOT_READ,
    Presence.ABSENT: c.ABSENT,
    Presence.PRESENT: c.PRESENT,
    Presence.INDETERMINATE: c.UNDETERMINED,
}
TRI_STATE = {
    TriState.PRESENT: c.PRESENT,
    TriState.ABSENT: c.ABSENT,
    TriState.UNDETERMINED: c.UNDETERMINED,
}
FLAG = {"True": c.YES}
SIGNAL = {
    Signal.HYPO: private("HYPO", "Hypointense to normal marrow"),
    Signal.ISO: private("ISO", "Isointense to normal marrow"),
    Signal.HYPER: private("HYPER", "Hyperintense to normal marrow"),
    Signal.MIXED: private("MIXED", "Mixed signal"),
    Signal.NOT_AVAILABLE: private("NO-SERIES", "No such series available"),
}
FS_SIGNAL = {
    FatSuppressedSignal.HIGH: private("FS-HIGH", "High against normal marrow"),
    FatSuppressedSignal.ISO: private("FS-ISO", "Same as normal marrow"),
    FatSuppressedSignal.SUPPRESSED: private("FS-SUPPRESSED", "Suppressed"),
    FatSuppressedSignal.PARTLY_SUPPRESSED: private("FS-PARTLY", "Partly suppressed"),
    FatSuppressedSignal.NOT_AVAILABLE: private("NO-SERIES", "No such series available"),
}
CATEGORY = {
    ExtentCategory.ENDPLATE_ONLY: private("CAT-ENDPLATE", "Endplate only"),
    ExtentCategory.UNDER_25: private("CAT-0-25", "0 % to under 25 %"),
    ExtentCategory.FROM_25_TO_50: private("CAT-25-50", "25 % to under 50 %"),
    ExtentCategory.FROM_50: private("CAT-50-100", "50 % or more"),
}
CONTOUR = {
    Contour.SMOOTH: private("CO-SMOOTH", "Smooth"),
    Contour.IRREGULAR_INTACT: private("CO-IRREGULAR", "Irregular, intact"),
    Contour.BLURRED: private("CO-BLURRED", "Blurred"),
    Contour.DESTRUCTIVE: private("CO-DESTRUCTIVE", "Destructive"),
}
DEFECT = {
    Defect.NONE: private("DE-NONE", "No defect"),
    Defect.NOTCH: private("DE-NOTCH", "Notch"),
    Defect.SCHMORL: private("DE-SCHMORL", "Schmorl node"),
    Defect.EROSION: private("DE-EROSION", "Erosion"),
    Defect.FRACTURE: private("DE-FRACTURE", "Fracture"),
}
CAUSE = {
    Attribution.DEGENERATIVE: private("CA-DEGENERATIVE", "Degenerative"),
    Attribution.UNCERTAIN: private("CA-UNCERTAIN", "Uncertain"),
    Attribution.OTHER: private("CA-OTHER", "Other"),
}
CONFIDENCE = {
    Confidence.DEFINITE: private("CF-DEFINITE", "Definite"),
    Confidence.PROBABLE: private("CF-PROBABLE", "Probable"),
    Confidence.POSSIBLE: private("CF-POSSIBLE", "Possible"),
}
METHOD = {
    MeasurementMethod.CALLIPER: private("ME-CALLIPER", "Measured between placed points"),
    MeasurementMethod.MASK: private("ME-MASK", "Measured on the painted area"),
    MeasurementMethod.ESTIMATED: private("ME-ESTIMATED", "Estimated by eye"),
}
LINE_METHOD = {
    "placed": private("LN-PLACED", "Placed by the reader"),
    "estimated": private("LN-ESTIMATED", "Estimated from the body centres"),
}
ORIGIN = {
    Origin.KEY: private("OR-KEY", "By key"),
    Origin.MOUSE: private("OR-MOUSE", "By mouse"),
    Origin.SCRIPT: private("OR-SCRIPT", "By script"),
    Origin.MACRO: private("OR-MACRO", "By macro"),
    Origin.BULK: private("OR-BULK", "In bulk"),
    Origin.COPY: private("OR-COPY", "Copied"),
}
ZONES = {
    zone: private("ZO-" + "".join(part[0] for part in zone.split("-")).upper(), zone.capitalize())
    for zone in Zone
}
MIMICS = by_value("MI", Mimic, METASTASIS_OR_INFILTRATION="infiltration", SCHMORL_OEDEMA="schmorl")

LINE_ORIGIN = CodedField("origin", c.LINE_ORIGIN, ORIGIN)
BODY_ORIGIN = CodedField("origin", c.BODY_ORIGIN, ORIGIN)

TYPES = {
    ModicType.TYPE_1: private("MC1", "Modic type 1"),
    ModicType.TYPE_2: private("MC2", "Modic type 2"),
    ModicType.TYPE_3: private("MC3", "Modic type 3"),
}
MIXED = {
    "12": private("MC12", "Modic types 1 and 2, mixed"),
    "13": private("MC13", "Modic types 1 and 3, mixed"),
    "23": private("MC23", "Modic types 2 and 3, mixed"),
    "123": private("MC123", "Modic types 1, 2 and 3, mixed"),
}
NO_CHANGE = private("MC0", "No Modic change")
TYPE_UNDETERMINED = private("MCU", "Modic change, type undetermined")
CHANGE_UNDETERMINED = private("MCI", "Modic change undetermined")
UNREADABLE = private("MCX", "Modic change cannot be read")
CHANGE_NOT_READ = private("MCN", "Modic change not read")
WITHOUT_CHANGE = {
    Presence.NOT_READ: CHANGE_NOT_READ,
    Presence.ABSENT: NO_CHANGE,
    Presence.INDETERMINATE: CHANGE_UNDETERMINED,
}

SHARE = {
    kind: private(f"MC{kind}-SHARE", f"Share of Modic type {kind} in the change")
    for kind in ModicType
}
SHARE_PERCENT = {
    kind: private(f"MC{kind}-PERCENT", f"Share of Modic type {kind}, measured")
    for kind in ModicType
}

CODED = (
    CodedField("assessment", private("ASSESSMENT", "Whether it could be read"), ASSESSMENT),
    CodedField(
        "assessment_reason",
        private("WHY-UNREADABLE", "Why it cannot be read, or only in part"),
        by_value("WU", NotAssessableReason),
    ),
    CodedField("modic", private("MC-PRESENCE", "Modic change"), PRESENCE),
    CodedField("equal_shares", private("MC-EQUAL", "First two types in equal shares"), FLAG),
    CodedField("type_undetermined", private("MC-NO-TYPE", "Type undetermined"), FLAG),
    CodedField("t1_signal", private("T1SI", "T1 signal"), SIGNAL),
    CodedField("t2_signal", private("T2SI", "T2 signal without fat suppression"), SIGNAL),
    CodedField("fs_signal", private("FSSI", "Fluid-sensitive fat-suppressed signal"), FS_SIGNAL),
    CodedField("height_category", private("LH-CAT", "Height of the change, category"), CATEGORY),
    CodedField("ap_category", private("LAP-CAT", "AP extent of the change, category"), CATEGORY),
    CodedField("area_category", private("LA-CAT", "Endplate area involved, category"), CATEGORY),
    CodedField("zones", private("ZONE", "Zone of the endplate"), ZONES, several=True),
    CodedField("contour", private("CONTOUR", "Contour of the endplate"), CONTOUR),
    CodedField("defect", private("DEFECT", "Defect of the endplate"), DEFECT),
    CodedField("attribution", private("CAUSE", "Cause of the change"), CAUSE),
    CodedField("mimics", private("MIMIC", "Mimic considered"), MIMICS, several=True),
    CodedField("confidence", c.CERTAINTY, CONFIDENCE),
)
"""Coded fields of a finding."""

HEIGHT_PERCENT = private("LHP", "Height of the change relative to the body's height")
AP_PERCENT = private("LAPP", "AP extent relative to the endplate's length")

NUMBERS = (
    NumberField("height_mm", c.HEIGHT, c.MILLIMETRE),
    NumberField("body_height_mm", private("VBH", "Height of the vertebral body"), c.MILLIMETRE),
    NumberField("height_percent", HEIGHT_PERCENT, c.PERCENT),
    NumberField("ap_mm", private("LAP", "AP extent of the change"), c.MILLIMETRE),
    NumberField("endplate_length_mm", private("EPL", "Length of the endplate"), c.MILLIMETRE),
    NumberField("ap_percent", AP_PERCENT, c.PERCENT),
    NumberField("left_right_mm", private("LLR", "Left-right extent of the change"), c.MILLIMETRE),
    NumberField("left_right_percent", private("LLRP", "Left-right extent, relative"), c.PERCENT),
    NumberField("area_percent", private("LAREAP", "Endplate area involved"), c.PERCENT),
    NumberField("volume_percent", private("LVOLP", "Body volume involved"), c.PERCENT),
    NumberField("max_diameter_mm", private("LDMAX", "Largest diameter"), c.MILLIMETRE),
    NumberField("endplate_score", private("TEPS", "Endplate score, 1 to 6"), c.NO_UNITS),
)
"""Numbers of a finding."""


def classification(finding: Finding) -> Code:
    """Return the one code that says what was found at an endplate."""
    if finding.assessment in (Assessment.NOT_ASSESSABLE, Assessment.OUTSIDE_FOV):
        return UNREADABLE
    if finding.modic != Presence.PRESENT:
        return WITHOUT_CHANGE[finding.modic]
    kinds = "".join(sorted(finding.types))
    if not kinds:
        return TYPE_UNDETERMINED
    return TYPES[ModicType(kinds)] if len(kinds) == 1 else MIXED[kinds]
