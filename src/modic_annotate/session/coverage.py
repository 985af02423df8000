"""How much of each series was really shown."""

from __future__ import annotations

from collections.abc import Mapping

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.reading import SeriesCoverage
from modic_annotate.domain.series import SeriesRole, SeriesUsed
from modic_annotate.errors import ActRefusedError
from modic_annotate.session import slots
from modic_annotate.session.draft import Draft, SeriesKey
from modic_annotate.session.reduce.step import Context, Step

Slices = Mapping[SeriesKey, frozenset[int]]


def shown_of(shown: Slices, used: SeriesUsed) -> int:
    """Return how many slices of a stack were shown."""
    return len(shown.get(slots.key_of(used), ()))


def coverage_percent(draft: Draft, context: Context, role: SeriesRole) -> float:
    """Return the share of a slot's slices that were really shown; 0 where the slot is empty."""
    stacks = slots.all_in_role(draft, context.series, role)
    total = sum(s.grid.shape[0] for s in stacks)
    return 100 * sum(shown_of(draft.shown, s) for s in stacks) / total if total else 0.0


def coverage_missing(draft: Draft, context: Context, shown: Slices) -> tuple[str, ...]:
    """Return where the protocol's coverage is short, e.g. ``12 of 15 slices of SAG T1 not shown``.

    Slots that no series fills ask for nothing.
    """
    missing = []
    for role in context.protocol.coverage_roles:
        stacks = slots.all_in_role(draft, context.series, role)
        total = sum(s.grid.shape[0] for s in stacks)
        seen = sum(shown_of(shown, s) for s in stacks)
        if 100 * seen < context.protocol.coverage_percent * total:
            name = role.replace("_", " ")
            missing.append(f"{total - seen} of {total} slices of {name} not shown")
    return tuple(missing)


def check_coverage(draft: Draft, step: Step, what: str) -> None:
    """Refuse before coverage is complete; a script is held to the slices it claims to show."""
    shown = {**draft.shown}
    if step.origin == Origin.SCRIPT:
        for key, slices in draft.claimed.items():
            shown[key] = shown.get(key, frozenset()) | slices
    missing = coverage_missing(draft, step.context, shown)
    if missing:
        raise ActRefusedError(f"{what} only after full coverage: {'; '.join(missing)}")


def series_coverage(draft: Draft, used: SeriesUsed) -> SeriesCoverage:
    """Return which slices of a stack were really shown."""
    shown = sorted(draft.shown.get(slots.key_of(used), ()))
    n_slices = used.grid.shape[0]
    return SeriesCoverage(
        series_uid=used.series_uid,
        stack=used.stack,
        role=slots.role_in(draft, used),
        n_slices=n_slices,
        shown_sop_instance_uids=tuple(used.instances[i].sop_instance_uid for i in shown),
        shown_percent=100 * len(shown) / n_slices,
    )
