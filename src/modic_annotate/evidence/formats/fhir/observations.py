"""What a reader said, one Observation each: endplates, discs, numbering, the reading itself.

An endplate without a change has the value "No Modic change"; one that nobody read, or that cannot
be read, has no value but the reason why (``dataAbsentReason``), so neither can pass for the other.
"""

from __future__ import annotations

from collections.abc import Iterator

from modic_annotate.domain.finding import UNREADABLE, DiscFinding, Finding
from modic_annotate.domain.modic import Assessment
from modic_annotate.evidence.formats.dicom import codes as c
from modic_annotate.evidence.formats.dicom import terms as t
from modic_annotate.evidence.formats.dicom import terms_spine as ts
from modic_annotate.evidence.formats.dicom.anatomy import VERTEBRAE, disc_code
from modic_annotate.evidence.formats.dicom.held import stated_findings
from modic_annotate.evidence.formats.fhir.components import (
    coded,
    finding_components,
    numbers,
    text_component,
)
from modic_annotate.evidence.formats.fhir.context import FhirContext
from modic_annotate.evidence.formats.fhir.elements import (
    NOT_PERFORMED,
    TERMINOLOGY,
    UNKNOWN,
    Json,
    absent,
    concept,
    uid_identifier,
    without_empty,
)

IMAGING = {"coding": [{"system": f"{TERMINOLOGY}/observation-category", "code": "imaging"}]}


def observations(context: FhirContext) -> dict[str, Json]:
    """Return every Observation of a reading by where it stands, in reading order."""
    reading = context.reading
    found = {
        context.url("reading"): _statement(context),
        context.url("numbering"): _numbering(context),
    }
    for finding in stated_findings(reading):
        found[context.url("endplate", str(finding.endplate))] = _endplate(context, finding)
    for disc in reading.discs:
        found[context.url("disc", str(disc.disc))] = _disc(context, disc)
    return found


def _endplate(context: FhirContext, finding: Finding) -> Json:
    endplate = finding.endplate
    return _observation(
        context,
        ("endplate", str(endplate)),
        code=concept(c.CLASSIFICATION),
        bodySite=concept(VERTEBRAE[endplate.vertebra], endplate.words),
        **_value(finding),
        note=_note(context, finding.note),
        component=list(finding_components(finding)),
    )


def _value(finding: Finding) -> Json:
    kind = t.classification(finding)
    if finding.assessment in UNREADABLE:
        return {"dataAbsentReason": absent(UNKNOWN, kind.meaning)}
    if not finding.is_read:
        return {"dataAbsentReason": absent(NOT_PERFORMED, kind.meaning)}
    return {"valueCodeableConcept": concept(kind, f"{kind.meaning} ({finding.words})")}


def _disc(context: FhirContext, disc: DiscFinding) -> Json:
    unread = disc.assessment == Assessment.NOT_READ
    return _observation(
        context,
        ("disc", str(disc.disc)),
        code=concept(c.DISC),
        bodySite=concept(disc_code(disc.disc), f"Disc {disc.disc}"),
        dataAbsentReason=absent(NOT_PERFORMED, t.NOT_READ.meaning) if unread else None,
        note=_note(context, disc.note),
        component=[*coded(disc, ts.DISC_CODED), *numbers(disc, ts.DISC_NUMBERS)],
    )


def _numbering(context: FhirContext) -> Json:
    numbering = context.reading.numbering
    return _observation(
        context,
        ("numbering",),
        code=concept(c.NUMBERING),
        bodySite=concept(c.LUMBAR_SPINE),
        component=[
            *coded(numbering, ts.NUMBERING_CODED),
            *numbers(numbering, ts.NUMBERING_NUMBERS),
            *text_component(c.FRAME_OF_REFERENCE, numbering.frame_of_reference_uid),
        ],
    )


def _statement(context: FhirContext) -> Json:
    reading = context.reading
    return _observation(
        context,
        ("reading",),
        code=concept(c.STATEMENT),
        note=_note(context, reading.note),
        component=list(_about(context)),
    )


def _about(context: FhirContext) -> Iterator[Json]:
    reading = context.reading
    yield from coded(reading, ts.READING_CODED)
    for flag in reading.red_flags:
        yield {
            "code": concept(ts.RED_FLAG.name),
            "valueCodeableConcept": concept(ts.RED_FLAG.values[flag.kind]),
        }
    yield from text_component(c.PROTOCOL, f"{reading.protocol.id} {reading.protocol.version}")


def _observation(context: FhirContext, what: tuple[str, ...], **parts: object) -> Json:
    return without_empty(
        {
            "resourceType": "Observation",
            "identifier": [uid_identifier(context.uid(*what))],
            "status": context.status,
            "category": [IMAGING],
            "subject": {"reference": context.patient},
            "effectiveDateTime": context.study_day,
            "issued": context.instant,
            "performer": [{"reference": context.practitioner}],
            "device": {"reference": context.device},
            "derivedFrom": [{"reference": context.imaging}],
            **parts,
        }
    )


def _note(context: FhirContext, note: str) -> list[Json]:
    return [{"text": note}] if note and context.with_notes else []
