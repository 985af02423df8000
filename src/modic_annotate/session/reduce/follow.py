"""After every act: findings whose geometry was touched follow it."""

from __future__ import annotations

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.modic import Presence
from modic_annotate.domain.spine import Endplate
from modic_annotate.session.deriving import SEVERAL, derived_fields, settled
from modic_annotate.session.draft import Draft
from modic_annotate.session.reduce.findings import changed
from modic_annotate.session.reduce.step import Step

GEOMETRY = ("lines", "outlines", "numbering", "roles", "accepted")
"""Fields of a draft that sizes of every endplate follow from, beside its own masks."""


def follow_geometry(before: Draft, after: Draft, step: Step) -> Draft:
    """Return the draft with sizes, zones and slices as masks and callipers now give them."""
    moved = any(getattr(before, name) is not getattr(after, name) for name in GEOMETRY)
    if not moved and before.masks is after.masks and before.findings is after.findings:
        return after
    with_mask = {mask.endplate for mask in after.masks}
    redrawn = _redrawn(before, after)
    for endplate, finding in after.findings.items():
        untouched = before.findings.get(endplate) is finding and endplate not in redrawn
        same = not moved and untouched
        drawn = endplate in with_mask or len(finding.callipers) >= SEVERAL or finding.derived
        if drawn and not same and finding.modic == Presence.PRESENT:
            after = after.with_finding(_followed(after, finding, step))
    return after


def _redrawn(before: Draft, after: Draft) -> set[Endplate]:
    """Return the endplates of which a mask came, went or changed."""
    if before.masks is after.masks:
        return set()
    old, new = ({id(m): m for m in draft.masks} for draft in (before, after))
    return {
        m.endplate
        for masks, others in ((old, new), (new, old))
        for k, m in masks.items()
        if k not in others
    }


def _followed(draft: Draft, finding: Finding, step: Step) -> Finding:
    fields = settled(finding, derived_fields(draft, step.series, finding))
    derived = fields.pop("derived")
    found = changed(finding, step.origin, **fields)  # values as they are kept: rounded
    new = [name for name in fields if getattr(found, name) != getattr(finding, name)]
    origins = finding.origins | dict.fromkeys(new, step.origin)
    blank = {name for name in new if getattr(found, name) in (None, ())}
    origins = {name: origin for name, origin in origins.items() if name not in blank}
    return found.replace(derived=derived, origins=origins)
