"""What a reader said of each endplate, as measurement groups."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from highdicom.sr import FindingSite

from modic_annotate.domain.finding import Finding, Measurement
from modic_annotate.domain.reading import EndplateLine
from modic_annotate.domain.spine import Endplate, disc_of
from modic_annotate.evidence.formats.dicom import codes as c
from modic_annotate.evidence.formats.dicom import terms as t
from modic_annotate.evidence.formats.dicom.anatomy import (
    SURFACES,
    TOPOGRAPHY,
    VERTEBRAE,
    disc_code,
)
from modic_annotate.evidence.formats.dicom.context import DicomContext
from modic_annotate.evidence.formats.dicom.held import stated_findings
from modic_annotate.evidence.formats.dicom.sr_group import (
    Details,
    Group,
    concept,
    details_of,
    points_at,
)
from modic_annotate.evidence.formats.dicom.terms_size import EXTENTS
from modic_annotate.evidence.key_slices import line_of


def endplate_groups(context: DicomContext) -> Iterator[Group]:
    """Return one group per endplate in scope, head to foot, whether read or not."""
    return (_group(context, finding) for finding in stated_findings(context.reading))


def sites_of(context: DicomContext, endplate: Endplate) -> list[FindingSite]:
    """Return the body with the side of its endplate, and the disc the endplate bounds."""
    disc = disc_of(endplate, context.reading.numbering.order)
    body = FindingSite(
        concept(VERTEBRAE[endplate.vertebra]),
        topographical_modifier=concept(TOPOGRAPHY[endplate.surface]),
    )
    return [body, *([FindingSite(concept(disc_code(disc)))] if disc else [])]


def _group(context: DicomContext, finding: Finding) -> Group:
    endplate = finding.endplate
    kind = t.classification(finding)
    group = Group(
        str(endplate),
        context.uid("endplate", str(endplate)),
        kind,
        sites_of(context, endplate),
    )
    group.code(c.SURFACE, SURFACES[endplate.surface])
    group.code(c.CLASSIFICATION, kind)
    _add_components(group, finding)
    group.codes(finding, t.CODED)
    _add_sizes(group, context, finding)
    _add_line(group, context, line_of(context.reading, endplate))
    _add_images(group, context, finding)
    if finding.copied_from is not None:
        group.text(c.COPIED_FROM, str(finding.copied_from))
    if context.with_notes:
        group.text(c.COMMENT, finding.note)
    return group


def _add_components(group: Group, finding: Finding) -> None:
    for component in finding.components:
        kind = component.modic_type
        group.code(c.COMPONENT, t.TYPES[kind])
        if component.share is not None:
            group.code(t.SHARE[kind], t.CATEGORY[component.share])
        if component.share_percent is not None:
            group.number(t.SHARE_PERCENT[kind], component.share_percent, c.PERCENT)


def _add_sizes(group: Group, context: DicomContext, finding: Finding) -> None:
    """Add every number, with where it was measured beside the first one of its extent."""
    details: dict[str, Details] = {}
    for extent in EXTENTS:
        measured: Measurement | None = getattr(finding, extent.measurement)
        if measured is None:
            continue
        has_mm = getattr(finding, extent.in_mm) is not None
        places = _places(context, measured)
        percent = {} if has_mm else dict(places)
        if measured.error_percent is not None:
            percent |= details_of(error_percent=measured.error_percent)
        details |= {extent.in_mm: places, extent.in_percent: percent}
        group.code(extent.method, t.METHOD[measured.method])
        group.text(extent.whole, measured.reference_source or "")
    group.numbers(finding, t.NUMBERS, details)


def _places(context: DicomContext, measured: Measurement) -> Details:
    """Return the points and the image an extent was measured on."""
    return details_of(
        points_at(measured.points_lps_mm, _frame_of_reference(context, measured)),
        context.sources.image(measured.sop_instance_uid or ""),
    )


def _frame_of_reference(context: DicomContext, measured: Measurement) -> str | None:
    series = context.reading.series
    found = (s.frame_of_reference_uid for s in series if s.series_uid == measured.series_uid)
    return next(found, context.reading.numbering.frame_of_reference_uid)


def _add_line(group: Group, context: DicomContext, line: EndplateLine | None) -> None:
    """Add the length of the drawn endplate, taken from its polyline, anterior to posterior."""
    if line is None or line.frame_of_reference_uid is None:
        return
    points = np.array(line.polyline_lps_mm)
    length_mm = round(float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum()), 4)
    details = details_of(
        points_at(line.polyline_lps_mm, line.frame_of_reference_uid, is_line=True),
        context.sources.image(line.sop_instance_uid or ""),
        t.LINE_METHOD[line.method],
    )
    group.number(c.LINE_LENGTH, length_mm, c.MILLIMETRE, details)
    group.code(c.LINE_ORIGIN, t.ORIGIN[line.origin])


def _add_images(group: Group, context: DicomContext, finding: Finding) -> None:
    named = (
        *((c.KEY_IMAGE, key.sop_instance_uid) for key in finding.key_images),
        *((c.SLICE_INVOLVED, uid) for uid in finding.sop_instance_uids),
        (c.FIRST_SLICE, finding.first_sop_instance_uid),
        (c.LAST_SLICE, finding.last_sop_instance_uid),
    )
    for name, uid in named:
        image = context.sources.image(uid or "")
        if image is not None:
            group.image(name, image)
