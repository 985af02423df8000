"""First and last slice of a lesion, and the slices between them."""

from __future__ import annotations

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.series import SeriesUsed
from modic_annotate.errors import ActRefusedError
from modic_annotate.session import slots
from modic_annotate.session.acts import SetField
from modic_annotate.session.draft import Draft
from modic_annotate.session.reduce.findings import named
from modic_annotate.session.reduce.step import Step

ENDS = ("first_sop_instance_uid", "last_sop_instance_uid")


def with_slices(draft: Draft, finding: Finding, act: SetField, step: Step) -> dict[str, object]:
    """Return the fields to set for a first or last slice; both ends give those between."""
    found = _position(act.value, slots.readable(draft, step.series))
    if found is None:
        raise ActRefusedError(f"{named(finding.endplate)}: no image of this study has that UID")
    used, position = found
    other = ENDS[1 - ENDS.index(act.field)]
    end = _position(getattr(finding, other), (used,))
    fields: dict[str, object] = {act.field: act.value}
    if end is None:
        return fields | {"sop_instance_uids": ()}
    low, high = sorted((position, end[1]))
    uids = tuple(i.sop_instance_uid for i in used.instances[low : high + 1])
    return fields | {"sop_instance_uids": uids}


def _position(uid: object, series: tuple[SeriesUsed, ...]) -> tuple[SeriesUsed, int] | None:
    for used in series:
        for position, instance in enumerate(used.instances):
            if instance.sop_instance_uid == uid:
                return used, position
    return None
