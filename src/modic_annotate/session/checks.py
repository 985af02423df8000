"""What stands between a reading and its signature, in sentences."""

from __future__ import annotations

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import Presence
from modic_annotate.domain.series import SeriesRole
from modic_annotate.session import slots
from modic_annotate.session.coverage import coverage_missing
from modic_annotate.session.draft import Draft
from modic_annotate.session.numbering_checks import numbering_missing
from modic_annotate.session.reduce.findings import is_open, named
from modic_annotate.session.reduce.step import Context
from modic_annotate.session.words import field_words


def missing_to_sign(
    draft: Draft, context: Context, *, with_coverage: bool = True
) -> tuple[str, ...]:
    """Return everything that is still missing; nothing means the reading may be signed."""
    missing = []
    if draft.numbering.signed_at is None:
        open_points = numbering_missing(draft, context.series)
        missing.append("; ".join(("the numbering is not signed", *open_points)))
    missing += [f"{named(e)} is not read" for e in draft.open_endplates]
    for finding in draft.findings.values():
        missing += fields_missing(finding, context)
    if not _has_images(draft, context):
        missing.append("no sagittal T1 or T2 series is there to read")
    if with_coverage:
        missing += coverage_missing(draft, context, draft.shown)
    return tuple(missing)


def fields_missing(finding: Finding, context: Context) -> list[str]:
    """Return the fields the protocol requires of a change and that are open, in one sentence."""
    required = context.protocol.required
    titles = [field_words(name) for name in open_fields(finding, context) if name in required]
    return [f"{named(finding.endplate)} lacks {', '.join(titles)}"] if titles else []


def open_fields(finding: Finding, context: Context) -> tuple[str, ...]:
    """Return the names of the open fields the protocol asks for, in the order it asks."""
    if finding.modic != Presence.PRESENT:
        return ()
    asked = (a.field for a in context.protocol.asked)
    return tuple(name for name in asked if is_open(getattr(finding, name)))


def _has_images(draft: Draft, context: Context) -> bool:
    roles = (SeriesRole.SAG_T1, SeriesRole.SAG_T2)
    return any(slots.in_role(draft, context.series, role) for role in roles)
