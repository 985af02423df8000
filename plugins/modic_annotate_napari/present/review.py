"""The review sheet and its summary."""

from __future__ import annotations

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import Defect, Presence
from modic_annotate.domain.spine import Endplate
from modic_annotate.session.values import zone_words
from modic_annotate_napari.canvases import Canvases
from modic_annotate_napari.crops import crop
from modic_annotate_napari.desk.desk import Desk
from modic_annotate_napari.desk.letters import FIELDS, words_of
from modic_annotate_napari.present.lists import title_of
from modic_annotate_napari.qt import QImage
from modic_annotate_napari.steps import review
from modic_annotate_napari.steps.places import middle
from modic_annotate_napari.widgets.review_sheet import SheetRow
from modic_annotate_napari.widgets.rows import FieldRow, RowState

DESCRIBED = ("contour", "defect", "attribution", "confidence")


def sheet(desk: Desk, canvases: Canvases) -> tuple[SheetRow, ...]:
    """Return every endplate with its crops, contradictions and gaps first."""
    return tuple(
        SheetRow(
            endplate=row.endplate,
            title=f"{row.endplate.short}   {row.finding.words}",
            words=finding_words(row.finding),
            problems=row.problems,
            notices=row.notices,
            crops=_crops(desk, canvases, row.endplate, row.finding),
            open=not row.finding.is_read,
        )
        for row in review.rows(desk.session)
    )


def finding_words(finding: Finding) -> tuple[str, ...]:
    """Return what is said of a change beyond its type, in at most three short lines."""
    if finding.modic != Presence.PRESENT:
        reason = finding.assessment_reason
        return (reason.value.replace("_", " "),) if reason else ()
    size = "; ".join(filter(None, (_height(finding), zone_words(finding.zones))))
    said = (_said(finding, field) for field in DESCRIBED if getattr(finding, field))
    return tuple(text for text in (size, "; ".join(said), finding.note) if text)


def _height(finding: Finding) -> str:
    if finding.height_percent is not None:
        return f"height {finding.height_percent:.0f} %"
    category = finding.height_category
    return f"height {words_of(FIELDS['height_category'], category)}" if category else ""


def _said(finding: Finding, field: str) -> str:
    value = getattr(finding, field)
    return "no defect" if value == Defect.NONE else words_of(FIELDS[field], value)


def _crops(
    desk: Desk, canvases: Canvases, endplate: Endplate, finding: Finding
) -> tuple[tuple[str, QImage], ...]:
    centre = middle(desk, endplate)
    if centre is None:
        return ()
    marked = {image.sop_instance_uid for image in finding.key_images}
    made = []
    for used, panel in canvases.panels:
        if used is canvases.extra:
            continue
        uids = [instance.sop_instance_uid for instance in used.instances]
        key = next((used.acquired[uids.index(uid)] for uid in marked if uid in uids), None)
        made.append((title_of(used), crop(panel, centre, key)))
    return tuple(made)


def summary(desk: Desk) -> tuple[FieldRow, ...]:
    """Return how the reading stands, in numbers."""
    found = list(desk.session.state.findings.values())
    counts = (
        ("Read", sum(f.is_read for f in found), ""),
        ("With a change", sum(f.modic == Presence.PRESENT for f in found), ""),
        ("Contradictions", len(desk.session.contradictions()), ""),
        ("Still missing", len(desk.session.missing()), ""),
    )
    return tuple(
        FieldRow(
            "",
            title,
            f"{number} of {len(found)}" if title == "Read" else str(number),
            RowState.QUIET,
        )
        for title, number, _ in counts
    )
