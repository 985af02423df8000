"""The two extents that are measured between points, and what says how."""

from __future__ import annotations

from dataclasses import dataclass

from pydicom.sr.coding import Code

from modic_annotate.evidence.formats.dicom.codes import private


@dataclass(frozen=True, slots=True)
class Extent:
    """The fields of a finding that tell one extent, and the concepts beside its numbers."""

    measurement: str
    in_mm: str
    in_percent: str
    method: Code
    whole: Code
    """What the percentage is of, in words."""


EXTENTS = (
    Extent(
        "height_measurement",
        "height_mm",
        "height_percent",
        private("LH-METHOD", "How the height was found"),
        private("LH-WHOLE", "What the body's height was taken from"),
    ),
    Extent(
        "ap_measurement",
        "ap_mm",
        "ap_percent",
        private("LAP-METHOD", "How the AP extent was found"),
        private("LAP-WHOLE", "What the endplate's length was taken from"),
    ),
)
