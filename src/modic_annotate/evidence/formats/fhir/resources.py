"""Who and what a reading is about: subject, reader, program, MRI, report, provenance, summary."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

from modic_annotate.domain.modic import Presence
from modic_annotate.domain.reading import Purpose
from modic_annotate.domain.screening import ScreeningStatus, Sex
from modic_annotate.domain.series import SeriesUsed
from modic_annotate.evidence import document as doc
from modic_annotate.evidence.formats.dicom import codes as c
from modic_annotate.evidence.formats.dicom.held import stated_findings
from modic_annotate.evidence.formats.dicom.sources import SourceSeries, sources_of
from modic_annotate.evidence.formats.fhir.codes import REPORT
from modic_annotate.evidence.formats.fhir.context import FhirContext
from modic_annotate.evidence.formats.fhir.elements import (
    TERMINOLOGY,
    URI,
    Json,
    concept,
    references,
    uid_identifier,
    without_empty,
)
from modic_annotate.evidence.formats.summary_html import summary_html
from modic_annotate.evidence.wording import NOT_A_DIAGNOSIS, SIGNATURE_WORDS, technique
from modic_annotate.store.canonical import sha256_hex

GENDERS = {Sex.FEMALE: "female", Sex.MALE: "male", Sex.OTHER: "other"}

SUBJECT_STATUS = {
    ScreeningStatus.POTENTIAL: "potential-candidate",
    ScreeningStatus.SCREENING: "screening",
    ScreeningStatus.ENROLLED: "on-study",
    ScreeningStatus.SCREEN_FAILED: "ineligible",
    ScreeningStatus.WITHDRAWN: "withdrawn",
}
"""Where people put the subject in the trial's log (research-subject-status); never from criteria:
no status of ours is the code for having fulfilled them."""

AUTHOR = {"system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.1"}
MODALITY = {"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "MR"}
NO_REPORT = "Not a radiology report."
SCRIPTED = "Scripted demonstration: made from a file, read by no person."


def patient(context: FhirContext) -> Json:
    """Return the subject, without a name or birth date."""
    subject = context.contents.screening.subject
    sex = subject.sex.value
    return without_empty(
        {
            "resourceType": "Patient",
            "identifier": [context.identifier("subject", subject.subject_id)],
            "gender": GENDERS[sex] if sex else None,
        }
    )


def practitioner(context: FhirContext) -> Json:
    """Return the reader, by id alone."""
    reader = context.reading.reader
    return {
        "resourceType": "Practitioner",
        "identifier": [context.identifier("reader", reader.id)],
    }


def device(context: FhirContext) -> Json:
    """Return the program the reading was made with."""
    made_by = context.reading.software
    return {
        "resourceType": "Device",
        "deviceName": [{"name": made_by.name, "type": "model-name"}],
        "version": [{"value": made_by.version}],
    }


def research_subject(context: FhirContext) -> Json:
    """Return how the subject stands in the trial, as people set it in the record."""
    screening = context.contents.screening
    return {
        "resourceType": "ResearchSubject",
        "identifier": [context.identifier("screening record", screening.record_id)],
        "status": SUBJECT_STATUS[screening.status],
        "study": {
            "type": "ResearchStudy",
            "identifier": context.identifier("trial", screening.trial_id),
        },
        "individual": {"reference": context.patient},
    }


def imaging_study(context: FhirContext) -> Json:
    """Return the MRI with the series that were read; its UIDs are the workspace's."""
    reading = context.reading
    found = {
        "resourceType": "ImagingStudy",
        "identifier": [uid_identifier(reading.series[0].study_uid)],
        "status": "available",
        "modality": [MODALITY],
        "subject": {"reference": context.patient},
        "started": context.study_day,
        "procedureCode": [concept(c.MR_LUMBAR_SPINE)],
        "series": [_series(one) for one in sources_of(context.contents, reading.series).series],
    }
    return without_empty(found)


def series_words(used: SeriesUsed) -> str:
    """Return the slot a series was read in, and its true technique."""
    return f"{used.role}: {technique(used)}"


def _series(source: SourceSeries) -> Json:
    used = source.used
    instances = {one.sop_instance_uid: one for one in used.instances}
    return {
        "uid": used.series_uid,
        "modality": MODALITY,
        "description": series_words(used),
        "numberOfInstances": len(instances),
        "instance": [
            without_empty(
                {
                    "uid": uid,
                    "sopClass": {"system": URI, "code": f"urn:oid:{source.sop_class_uid}"},
                    "number": one.instance_number if (one.instance_number or -1) >= 0 else None,
                }
            )
            for uid, one in instances.items()
        ],
    }


def report(context: FhirContext, results: Iterable[str]) -> Json:
    """Return the reading as a whole; partial where an endplate was not read, or no person read."""
    reader = references([context.practitioner])
    found = {
        "resourceType": "DiagnosticReport",
        "identifier": [context.identifier("reading", context.reading.reading_id)],
        "status": _report_status(context),
        "code": concept(REPORT),
        "subject": {"reference": context.patient},
        "effectiveDateTime": context.study_day,
        "issued": context.instant,
        "performer": reader,
        "resultsInterpreter": reader,
        "imagingStudy": references([context.imaging]),
        "result": references(results),
        "conclusion": " ".join(_conclusion(context)),
    }
    return without_empty(found)


def _report_status(context: FhirContext) -> str:
    if context.signed.is_scripted:
        return "partial"
    if context.reading.supersedes:
        return "amended"
    return "final" if all(f.is_read for f in stated_findings(context.reading)) else "partial"


def _conclusion(context: FhirContext) -> Iterable[str]:
    """Yield in sentences what was found, and what was not read."""
    if context.signed.is_scripted:
        yield SCRIPTED
    findings = stated_findings(context.reading)
    changes = [f for f in findings if f.modic == Presence.PRESENT]
    yield from (f"{one.endplate.words}: {one.words}." for one in changes)
    others = Counter(f.words for f in findings if f.modic != Presence.PRESENT)
    words = {"none": "no Modic change"}
    yield from (f"{n} of {len(findings)} endplates: {words.get(w, w)}." for w, n in others.items())
    yield NOT_A_DIAGNOSIS
    yield NO_REPORT


def summary_document(context: FhirContext) -> Json:
    """Return the package's summary for people: where it lies, and its hashes.

    Its URL names the content by sha256 (RFC 6920), as the package's manifest does.
    """
    content = summary_html(context.contents)
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
    sha1 = hashlib.sha1(content, usedforsecurity=False).digest()  # Attachment.hash is SHA-1
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "type": {"text": "Summary of the evidence package"},
        "subject": {"reference": context.patient},
        "date": context.instant,
        "description": NOT_A_DIAGNOSIS,
        "content": [
            {
                "attachment": {
                    "contentType": "text/html",
                    "language": "en",
                    "url": f"ni:///sha-256;{digest}",
                    "size": len(content),
                    "hash": base64.b64encode(sha1).decode(),
                    "title": PurePosixPath(doc.SUMMARY).name,
                }
            }
        ],
        "context": {"related": references([context.report])},
    }


def provenance(context: FhirContext, targets: Iterable[str]) -> Json:
    """Return who read and signed, by id, with what, and from which record it was made."""
    at = context.instant
    who = {"reference": context.practitioner}
    return without_empty(
        {
            "resourceType": "Provenance",
            "target": references(targets),
            "recorded": at,
            "activity": {"text": SIGNATURE_WORDS[context.signed.signature.signature_class]},
            "agent": [_reader(context), _program(context)],
            "entity": list(_entities(context)),
            "signature": []
            if context.signed.is_scripted
            else [{"type": [AUTHOR], "when": at, "who": who}],
        }
    )


def _reader(context: FhirContext) -> Json:
    purpose = context.reading.purpose
    agent = {
        "type": _participant("author"),
        "role": [concept(c.ELIGIBILITY_READER)] if purpose == Purpose.ELIGIBILITY else [],
        "who": {"reference": context.practitioner},
    }
    if context.signed.is_scripted:
        agent |= {"type": {"text": "named in the file; no person read"}, "role": []}
    return without_empty(agent)


def _program(context: FhirContext) -> Json:
    return {"type": _participant("assembler"), "who": {"reference": context.device}}


def _participant(code: str) -> Json:
    system = f"{TERMINOLOGY}/provenance-participant-type"
    return {"coding": [{"system": system, "code": code}]}


def _entities(context: FhirContext) -> Iterable[Json]:
    """Yield the record this was made from, by its sha256, and the reading it supersedes."""
    reading = context.reading
    digest = sha256_hex(context.signed.reading_bytes)
    yield {
        "role": "source",
        "what": {
            "identifier": context.identifier("sha256 of the reading", digest),
            "display": f"readings/{reading.reading_id}.json",
        },
    }
    if reading.supersedes:
        earlier = context.identifier("reading", reading.supersedes)
        yield {"role": "revision", "what": {"identifier": earlier}}
