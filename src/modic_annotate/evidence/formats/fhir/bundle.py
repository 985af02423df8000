"""One FHIR R4 bundle per reading, of type collection: what was read, by whom, of which images."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.formats.dicom.uids import uid_of
from modic_annotate.evidence.formats.fhir import resources as r
from modic_annotate.evidence.formats.fhir.context import FhirContext, url_of
from modic_annotate.evidence.formats.fhir.elements import TEST_DATA, URI, Json
from modic_annotate.evidence.formats.fhir.observations import observations
from modic_annotate.store.canonical import canonical_bytes


def plan(contents: Contents) -> dict[str, Callable[[], bytes]]:
    """Return one bundle per reading in use."""
    return {one.path: partial(bundle, one) for one in FhirContext.each(contents)}


def bundle(context: FhirContext) -> bytes:
    """Return the bundle of one reading as canonical JSON.

    A collection, not a document: a document would state that its parts were attested as one text,
    and what was signed is the reading. Its identifier follows from all it holds.
    """
    entries = [_entry(context, *one) for one in _resources(context).items()]
    content = canonical_bytes(entries)
    return canonical_bytes(
        {
            "resourceType": "Bundle",
            "identifier": {"system": URI, "value": url_of(uid_of("fhir-bundle", content))},
            "type": "collection",
            "timestamp": context.instant,
            "entry": entries,
        }
    )


def _resources(context: FhirContext) -> dict[str, Json]:
    """Return every resource by where it stands."""
    said = observations(context)
    return {
        context.report: r.report(context, said),
        context.patient: r.patient(context),
        context.research_subject: r.research_subject(context),
        context.practitioner: r.practitioner(context),
        context.device: r.device(context),
        context.imaging: r.imaging_study(context),
        **said,
        context.url("summary"): r.summary_document(context),
        context.url("provenance"): r.provenance(context, (context.report, *said)),
    }


def _entry(context: FhirContext, url: str, resource: Json) -> Json:
    """Return a resource in its place; what is made up or scripted says so wherever it goes."""
    is_test = context.contents.document.synthetic or context.signed.is_scripted
    marked = {**resource, "meta": {"security": [TEST_DATA]}} if is_test else resource
    return {"fullUrl": url, "resource": marked}
