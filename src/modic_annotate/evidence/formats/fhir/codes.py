"""Codes of the private scheme that only the FHIR bundle needs; see ``formats.dicom.codes``."""

from __future__ import annotations

from modic_annotate.evidence.formats.dicom.codes import private

REPORT = private("MODIC-READING", "Reading of Modic changes of the vertebral endplates")
ERRORS = {
    "height_measurement": private("LH-ERROR", "Error of the height in percent"),
    "ap_measurement": private("LAP-ERROR", "Error of the AP extent in percent"),
}
"""Effect of one pixel at each end, beside the extent of that measurement."""
