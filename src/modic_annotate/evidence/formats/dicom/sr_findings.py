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
from modic_annotate.evidence.formats.dicom.context import ReadingContext
from modic_annotate.evidence.formats.dicom.sr_group import (
    Details,
    Group,
    concept,
    details_of,
    points_at,
)
from modic_annotate.evidence.key_slices import line_of

LINE_ORIGIN = c.private("EP-LINE-ORIGIN", "How the endplate line came about")
AP_MEASURED_ON = c.private("AP-MEASURED-HOW", "What the whole length was taken from")


def endplate_groups(context: ReadingContext) -> Iterator[Group]:
    """Yield one group per endplate in scope, head to foot, whether read or not."""
    reading = context.reading
    read = (finding.endplate for finding in reading.findings)
    for endplate in dict.fromkeys((*reading.numbering.scope, *read)):
        finding = reading.finding(endplate) or Finding(endplate=endplate)
        yield _group(context, finding)


def sites_of(context: ReadingContext, endplate: Endplate) -> list[FindingSite]:
    """Return the body with the side of its endplate, and the disc the endplate bounds."""
    disc = disc_of(endplate, context.reading.numbering.order)
    body = FindingSite(
        concept(VERTEBRAE[endplate.vertebra]),
        topographical_modifier=concept(TOPOGRAPHY[endplate.surface]),
    )
    return [body, *([FindingSite(concept(disc_code(disc)))] if disc else [])]


def _group(context: ReadingContext, finding: Finding) -> Group:
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
    group.numbers(finding, t.NUMBERS, _details(context, finding))
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


def _details(context: ReadingContext, finding: Finding) -> dict[str, Details]:
    """Return where each extent was measured, with the percentage it gives."""
    measured = {
        "height_percent": finding.height_measurement,
        "ap_percent": finding.ap_measurement,
    }
    return {field: _measured(context, m) for field, m in measured.items() if m is not None}


def _measured(context: ReadingContext, measured: Measurement) -> Details:
    frame = _frame_of_reference(context, measured)
    image = context.sources.image(measured.sop_instance_uid or "")
    return details_of(
        points_at(measured.points_lps_mm, frame),
        image,
        t.METHOD[measured.method],
        measured.error_percent,
    )


def _frame_of_reference(context: ReadingContext, measured: Measurement) -> str | None:
    series = context.reading.series
    found = (s.frame_of_reference_uid for s in series if s.series_uid == measured.series_uid)
    return next(found, context.reading.numbering.frame_of_reference_uid)


def _add_line(group: Group, context: ReadingContext, line: EndplateLine | None) -> None:
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
    group.code(LINE_ORIGIN, t.ORIGIN[line.origin])


def _add_images(group: Group, context: ReadingContext, finding: Finding) -> None:
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
    for name, measured in (
        (c.MEASURED_ON, finding.height_measurement),
        (AP_MEASURED_ON, finding.ap_measurement),
    ):
        if measured is not None:
            group.text(name, measured.reference_source or "")
