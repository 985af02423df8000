"""The marks on the images and the rows of the spine table."""

from __future__ import annotations

from collections.abc import Mapping

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import ExtentCategory
from modic_annotate.domain.spine import Endplate
from modic_annotate.session.contradictions import NEAR
from modic_annotate_napari.canvas.marks import Marks, mark_of
from modic_annotate_napari.desk.desk import Desk
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.steps.asked import open_required
from modic_annotate_napari.steps.review import about
from modic_annotate_napari.widgets.spine_table import TableRow

SHARES = {
    ExtentCategory.ENDPLATE_ONLY: "plate",
    ExtentCategory.UNDER_25: "<25 %",
    ExtentCategory.FROM_25_TO_50: "25-50 %",
    ExtentCategory.FROM_50: "\N{GREATER-THAN OR EQUAL TO}50 %",
}
"""Categories as short as a table needs them."""

SHORT = {"cannot be read": "unreadable", "type undetermined": "type ?"}
"""Words of a finding as the keys of the grades have them."""


def marks(desk: Desk) -> Marks:
    """Return what the images show: body centres while numbering, endplates from then on."""
    draft = desk.session.state
    frame = draft.numbering.frame_of_reference_uid
    if desk.step == Step.NUMBERING:
        bodies = draft.numbering.bodies
        centres = tuple((b.vertebra, b.centroid_lps_mm) for b in bodies)
        presumed = draft.numbering.presumed
        return Marks(centres=centres, presumed=presumed, frame_of_reference_uid=frame)
    if desk.step == Step.SERIES:
        return Marks()
    lines = {line.endplate: line.polyline_lps_mm for line in desk.session.lines}
    return Marks(
        labels=tuple(
            mark_of(finding, lines[endplate], active=endplate == desk.active)
            for endplate, finding in draft.findings.items()
            if endplate in lines
        ),
        frame_of_reference_uid=frame,
    )


def table(desk: Desk) -> tuple[TableRow, ...]:
    """Return one row per endplate in scope, head to foot."""
    contradictions, notices = desk.session.contradictions(), desk.session.notices()
    found = desk.session.state.findings.items()
    against = {endplate for endplate, _ in found if about(endplate, contradictions)}
    unsure = {e: texts for e, _ in found if (texts := about(e, notices))}
    return tuple(
        TableRow(
            mark=mark_of(finding, (), active=endplate == desk.active),
            words=words(finding),
            height=height_text(finding),
            state="contradiction" if endplate in against else _state(desk, finding, unsure),
            alarm=endplate in against,
        )
        for endplate, finding in found
    )


def words(finding: Finding) -> str:
    """Return the type as short as its key and its level label say it, ``type 1>2``."""
    if not finding.is_read:
        return ""
    said = SHORT.get(finding.words, finding.words)
    return said.replace(" > ", ">").replace(" = ", "=")


def height_text(finding: Finding) -> str:
    """Return the height as a share, measured or by category."""
    if finding.height_percent is not None:
        return f"{finding.height_percent:.0f} %"
    category = finding.height_category
    return "" if category is None else SHARES[category]


def _state(desk: Desk, finding: Finding, unsure: Mapping[Endplate, tuple[str, ...]]) -> str:
    """Return what is left to do; where nothing is, whether a size is less sure than it looks."""
    if not finding.is_read:
        return "open"
    left = len(open_required(desk.session, finding))
    if left:
        return f"{left} open"
    texts = unsure.get(finding.endplate, ())
    if any(NEAR not in text for text in texts):
        return "size unsure"
    return "near boundary" if texts else "done"
