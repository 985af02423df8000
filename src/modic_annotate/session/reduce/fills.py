"""Reducers that fill several fields at once: the protocol's usual values, and copies."""

from __future__ import annotations

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.spine import facing
from modic_annotate.errors import ActRefusedError
from modic_annotate.session.acts import ApplyUsual, CopyFacing
from modic_annotate.session.draft import Draft
from modic_annotate.session.reduce.findings import (
    changed,
    is_open,
    named,
    stamped,
    ungraded,
    with_change,
)
from modic_annotate.session.reduce.grades import SIGNAL_SERIES
from modic_annotate.session.reduce.step import Step

COPIED = (
    "assessment",
    "modic",
    "components",
    "equal_shares",
    "type_undetermined",
    *SIGNAL_SERIES,
    "contour",
    "defect",
    "attribution",
    "confidence",
)
"""What a copy of the facing endplate takes over; sizes and places are the endplate's own."""


def apply_usual(draft: Draft, act: ApplyUsual, step: Step) -> Draft:
    """Fill the open fields of a change with the protocol's usual values, kept as macro."""
    finding = with_change(draft, act.endplate)
    usual = step.protocol.usual
    signals = usual.signals_for(finding.types)
    values = {
        "attribution": usual.attribution,
        "confidence": usual.confidence,
        "contour": usual.contour,
        "defect": usual.defect,
        **{name: getattr(signals, name) for name in SIGNAL_SERIES},
    }
    fill = {
        name: value
        for name, value in values.items()
        if value is not None and is_open(getattr(finding, name))
    }
    if not fill:
        raise ActRefusedError(f"{named(act.endplate)} has no open field with a usual value")
    return draft.with_finding(changed(finding, Origin.MACRO, **fill))


def copy_facing(draft: Draft, act: CopyFacing, step: Step) -> Draft:
    """Copy what is said of the endplate across the disc, kept as copy."""
    if not step.protocol.copy_facing_allowed:
        raise ActRefusedError(
            f"Protocol {step.protocol.id} {step.protocol.version} does not allow copying; "
            "grade this endplate itself"
        )
    finding = ungraded(draft, act.endplate)
    source = facing(act.endplate, draft.order)
    if source is None or not draft.findings[source].is_read:
        raise ActRefusedError(f"{named(act.endplate)} faces no endplate that is read")
    said = {name: getattr(draft.findings[source], name) for name in COPIED}
    copy = changed(finding, Origin.COPY, **said)
    return draft.with_finding(stamped(draft, copy.replace(copied_from=source), step))
