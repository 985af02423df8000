"""The structured report of a reading: Comprehensive 3D SR, TID 1500 Measurement Report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from highdicom.coding_schemes import CodingSchemeIdentificationItem
from highdicom.sr import (
    Comprehensive3DSR,
    MeasurementReport,
    ObservationContext,
)

from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.formats.dicom import codes as c
from modic_annotate.evidence.formats.dicom.context import (
    MAKER,
    DicomContext,
    person_name,
)
from modic_annotate.evidence.formats.dicom.seg import painted_groups, segmentations
from modic_annotate.evidence.formats.dicom.sr_findings import endplate_groups
from modic_annotate.evidence.formats.dicom.sr_group import concept
from modic_annotate.evidence.formats.dicom.sr_library import image_library
from modic_annotate.evidence.formats.dicom.sr_spine import (
    body_groups,
    disc_groups,
    numbering_group,
    statement_group,
)


def plan(contents: Contents) -> dict[str, Callable[[], bytes]]:
    """Return one report per reading in use."""
    return {
        f"{one.folder}sr.dcm": partial(structured_report, one)
        for one in DicomContext.each(contents)
    }


def structured_report(context: DicomContext) -> bytes:
    """Return the report of one reading as a file."""
    painted = segmentations(context) if has_segmentations(context) else ()
    observers = observer_context(context)
    report = MeasurementReport(
        observation_context=observers,
        procedure_reported=concept(c.MR_LUMBAR_SPINE),
        imaging_measurements=[*_groups(context), *painted_groups(context, painted)],
    )
    root = report[0]
    items = root.ContentSequence
    items.insert(len(items) - 1, image_library(context))  # before the measurements, the last
    root.ContentSequence = []  # highdicom copies and searches the tree it is given, which is slow
    ds = Comprehensive3DSR(
        evidence=[*context.sources.images, *painted],
        content=root,
        is_complete=all(finding.is_read for finding in context.reading.findings),
        is_final=True,
        coding_schemes=[scheme()],
        series_description=f"Modic reading {context.reading.reading_id}",
        **_verified(context),
        **_without_serial(context.common("sr")),
    )
    ds.ContentSequence = items
    return context.finished(ds)


def has_segmentations(context: DicomContext) -> bool:
    """Whether the package holds segmentations that a report can refer to."""
    return any(one.name == "seg" for one in context.contents.document.formats)


def observer_context(context: DicomContext) -> ObservationContext:
    """Return who observed, as TID 1500 wants it."""
    person, device = context.observers()
    return ObservationContext(observer_person_context=person, observer_device_context=device)


def scheme() -> CodingSchemeIdentificationItem:
    """Return what the private scheme is, for SOP Common (PS3.3 C.12.1)."""
    return CodingSchemeIdentificationItem(
        designator=c.SCHEME, name=c.SCHEME_NAME, uid=c.SCHEME_UID, responsible_organization=MAKER
    )


def _groups(context: DicomContext) -> Iterator[Any]:  # highdicom's templates, which share no base
    yield statement_group(context).built()
    yield numbering_group(context).built()
    yield from body_groups(context)
    yield from (group.built() for group in endplate_groups(context))
    yield from (group.built() for group in disc_groups(context))


def _verified(context: DicomContext) -> dict[str, Any]:  # highdicom's keyword arguments
    """Return who answers for the content: nobody where no person read."""
    if context.signed.is_scripted:
        return {"is_verified": False}
    return {
        "is_verified": True,
        "verifying_observer_name": person_name(context.reading.reader.id),
        "verifying_organization": context.reading.screening.trial_id,
    }


def _without_serial(common: dict[str, Any]) -> dict[str, Any]:  # as above
    """Take out the one argument that this class has no place for."""
    return {name: value for name, value in common.items() if name != "device_serial_number"}
