"""The statement on the reading, the numbering, body centres and discs, as measurement groups."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from highdicom.sr import (
    FindingSite,
    GraphicTypeValues3D,
    ImageRegion3D,
    QualitativeEvaluation,
    TrackingIdentifier,
)
from highdicom.sr import PlanarROIMeasurementsAndQualitativeEvaluations as PlanarGroup

from modic_annotate.domain.numbering import BodyCentre
from modic_annotate.evidence.formats.dicom import codes as c
from modic_annotate.evidence.formats.dicom import terms as t
from modic_annotate.evidence.formats.dicom import terms_spine as ts
from modic_annotate.evidence.formats.dicom.anatomy import VERTEBRAE, disc_code
from modic_annotate.evidence.formats.dicom.context import DicomContext
from modic_annotate.evidence.formats.dicom.sr_group import Group, concept


def statement_group(context: DicomContext) -> Group:
    """Return what holds for the whole reading: its id, purpose, protocol, notices to the site."""
    reading = context.reading
    group = Group(reading.reading_id, context.uid("reading"), c.STATEMENT)
    group.codes(reading, ts.READING_CODED)
    for flag in reading.red_flags:
        group.code(ts.RED_FLAG.name, ts.RED_FLAG.values[flag.kind])
    group.text(c.PROTOCOL, f"{reading.protocol.id} {reading.protocol.version}")
    group.text(c.SUPERSEDES, reading.supersedes or "")
    if context.with_notes:
        group.text(c.COMMENT, reading.note)
    return group


def numbering_group(context: DicomContext) -> Group:
    """Return how the levels were counted, and how surely."""
    site = FindingSite(concept(c.LUMBAR_SPINE))
    group = Group("numbering", context.uid("numbering"), c.NUMBERING, [site])
    group.codes(context.reading.numbering, ts.NUMBERING_CODED)
    group.text(c.FRAME_OF_REFERENCE, context.reading.numbering.frame_of_reference_uid or "")
    group.numbers(context.reading.numbering, ts.NUMBERING_NUMBERS)
    return group


def body_groups(
    context: DicomContext,
) -> Iterator[PlanarGroup]:
    """Yield the centre of each body as a point in the patient (TID 1410)."""
    numbering = context.reading.numbering
    for body in numbering.bodies:
        if numbering.frame_of_reference_uid is not None:
            yield _body(context, body, numbering.frame_of_reference_uid)


def _body(context: DicomContext, body: BodyCentre, frame_of_reference_uid: str) -> PlanarGroup:
    return PlanarGroup(
        tracking_identifier=TrackingIdentifier(
            uid=context.uid("body", body.vertebra), identifier=body.vertebra
        ),
        referenced_region=ImageRegion3D(
            GraphicTypeValues3D.POINT, np.array([body.centroid_lps_mm]), frame_of_reference_uid
        ),
        finding_type=concept(c.BODY_CENTRE),
        finding_sites=[FindingSite(concept(VERTEBRAE[body.vertebra]))],
        qualitative_evaluations=[
            QualitativeEvaluation(concept(c.BODY_ORIGIN), concept(t.ORIGIN[body.origin]))
        ],
    )


def disc_groups(context: DicomContext) -> Iterator[Group]:
    """Yield what was said of each disc, "not read" included."""
    for finding in context.reading.discs:
        site = FindingSite(concept(disc_code(finding.disc)))
        group = Group(str(finding.disc), context.uid("disc", str(finding.disc)), c.DISC, [site])
        group.codes(finding, ts.DISC_CODED)
        group.numbers(finding, ts.DISC_NUMBERS)
        if context.with_notes:
            group.text(c.COMMENT, finding.note)
        yield group
