"""What a FHIR bundle holds of a reading: what a structured report holds, without places.

R4 has no element for a point or a line in the patient, nor a reference to one image of a study.
So body centres, endplate lines, measured points and frames of reference are left behind; images a
reader pointed at stand there by UID.
"""

from __future__ import annotations

from modic_annotate.domain.finding import Finding, Measurement
from modic_annotate.domain.reading import Reading, Signature
from modic_annotate.evidence.formats.dicom.held import HeldReading, held
from modic_annotate.evidence.formats.dicom.terms_size import EXTENTS


def held_in_fhir(reading: Reading, signature: Signature) -> HeldReading:
    """Return what a bundle holds of a reading."""
    told = held(reading, signature)
    return told.replace(
        series=tuple(one.replace(frame_of_reference_uid=None) for one in told.series),
        numbering=told.numbering.replace(bodies=()),
        endplates=(),
        findings=tuple(_without_places(one) for one in told.findings),
    )


def _without_places(finding: Finding) -> Finding:
    measured = {one.measurement: getattr(finding, one.measurement) for one in EXTENTS}
    return finding.replace(**{name: one and _method(one) for name, one in measured.items()})


def _method(measured: Measurement) -> Measurement:
    return Measurement(
        method=measured.method,
        reference_source=measured.reference_source,
        error_percent=measured.error_percent,
    )
