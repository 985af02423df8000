"""How the patient lay, and how the image is then stored.

PatientPosition (PS3.3 C.7.3.1.1.2) does not move anything: places are the patient's own (LPS).
What it changes is which way round scanners store the image; which flips go with which position
is chosen by us, so that each of the four comes up.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class PatientPosition(StrEnum):
    """Head or feet first; supine, prone, or on the right or left side."""

    HFS = "HFS"
    HFP = "HFP"
    HFDR = "HFDR"
    HFDL = "HFDL"
    FFS = "FFS"
    FFP = "FFP"
    FFDR = "FFDR"
    FFDL = "FFDL"


STORED_FLIPS: Mapping[PatientPosition, tuple[bool, bool]] = {
    PatientPosition.HFS: (False, False),
    PatientPosition.HFP: (False, True),
    PatientPosition.HFDR: (False, False),
    PatientPosition.HFDL: (False, True),
    PatientPosition.FFS: (True, False),
    PatientPosition.FFP: (True, True),
    PatientPosition.FFDR: (True, False),
    PatientPosition.FFDL: (True, True),
}
"""Whether rows are stored from the last to the first, and columns likewise."""
