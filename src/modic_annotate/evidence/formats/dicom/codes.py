"""Codes of the DICOM objects: standard ones where one was verified, else the private scheme.

Standard codes stand in pydicom's tables, which are made from PS3.16; exceptions say so. For Modic
types, endplates and what describes them none was found in SNOMED CT, RadLex, LOINC or DICOM, so
they are coded in ``99MODIC`` (PS3.16 section 8: private schemes begin with 99).
"""

from __future__ import annotations

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

SCHEME = "99MODIC"
SCHEME_UID = "2.25.81669395082223998364683850925604314610"
"""Made once for this scheme; it never changes, and no code changes its meaning."""

SCHEME_NAME = "modic-annotate: Modic changes of vertebral endplates"


def private(value: str, meaning: str) -> Code:
    """Return a code of the private scheme."""
    return Code(value, SCHEME, meaning)


SUPERIOR = codes.SCT.Superior  # CID 2, 211
INFERIOR = codes.SCT.Inferior
PRESENT = codes.SCT.Present  # CID 240
ABSENT = codes.SCT.Absent
UNDETERMINED = codes.SCT.Undetermined
MILLIMETRE = codes.UCUM.Millimeter
CUBIC_MILLIMETRE = codes.UCUM.CubicMillimeter
PERCENT = codes.UCUM.Percent
NO_UNITS = codes.UCUM.NoUnits
HEIGHT = codes.DCM.Height  # 121207, CID 7470
VOLUME = codes.SCT.Volume  # 118565006, CID 7472
CERTAINTY = codes.DCM.CertaintyOfFinding  # 111012, CID 6048
COMMENT = codes.DCM.Comment  # 121106, CID 12101
OF_INTEREST = codes.DCM.OfInterest  # 113000, CID 7010
ELIGIBILITY_READER = codes.DCM.EligibilityReader  # 129001, CID 7453
ABNORMAL_STRUCTURE = codes.SCT.MorphologicallyAbnormalStructure  # CID 7150
LESION = codes.SCT.Lesion  # CID 7151
LUMBAR_SPINE = codes.SCT.LumbarSpine  # CID 4031

MR_LUMBAR_SPINE = Code("24968-0", "LN", "MR Lumbar spine")
"""LOINC; from public lists of radiology procedures, not from LOINC itself."""

CHANGE = private("VEC", "Vertebral endplate change")
PAINTED = private("VEC-PAINTED", "Painted vertebral endplate change")
BODY_CENTRE = private("VB-CENTRE", "Centre of vertebral body")
NUMBERING = private("NUMBERING", "Numbering of the vertebrae")
STATEMENT = private("READING", "Statement on the reading")
DISC = private("DISC", "Findings of the disc level")
KEY_IMAGE = private("KEY-IMAGE", "Key image")
SLICE_INVOLVED = private("SLICE", "Slice that shows the change")
FIRST_SLICE = private("SLICE-FIRST", "First slice that shows the change")
LAST_SLICE = private("SLICE-LAST", "Last slice that shows the change")
COPIED_FROM = private("COPIED-FROM", "Copied from endplate")
LINE_LENGTH = private("EP-LINE", "Length of the endplate as drawn")
SURFACE = private("EP", "Endplate of the named vertebra")
ENDPLATE_SUPERIOR = private("EP-SUP", "Superior vertebral endplate")
ENDPLATE_INFERIOR = private("EP-INF", "Inferior vertebral endplate")
CLASSIFICATION = private("MC", "Modic classification")
COMPONENT = private("MC-COMP", "Component, predominant first")
YES = private("YES", "Yes")
LINE_ORIGIN = private("EP-LINE-ORIGIN", "How the endplate line came about")
BODY_ORIGIN = private("VB-ORIGIN", "How the centre came about")
SUPERSEDES = private("SUPERSEDES", "Reading this one supersedes")
PROTOCOL = private("PROTOCOL", "Reading protocol")
FRAME_OF_REFERENCE = private("NUM-FRAME", "Frame of reference of the numbering")
SLOT = private("SLOT", "Slot the series was read in")
TECHNIQUE = private("TECHNIQUE", "Technique of the series")
