"""How much of each series, and of each body, was really shown."""

from __future__ import annotations

from collections.abc import Mapping

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.finding import Origin
from modic_annotate.domain.reading import SeriesCoverage
from modic_annotate.domain.series import SeriesRole, SeriesUsed
from modic_annotate.domain.spine import Vertebra
from modic_annotate.errors import ActRefusedError
from modic_annotate.session import slots
from modic_annotate.session.draft import Draft, SeriesKey
from modic_annotate.session.reduce.step import Context, Step

BODY_HALF_WIDTH_MM = 20.0
"""Slices this near to a body's centre pass through it (rule of thumb, less than in most adults)."""

GRADED_ON = (SeriesRole.SAG_T1, SeriesRole.SAG_T2)
ROUNDING_MM = 1e-6

Slices = Mapping[SeriesKey, frozenset[int]]


def shown_of(shown: Slices, used: SeriesUsed) -> int:
    """Return how many slices of a stack were shown."""
    return len(shown.get(slots.key_of(used), ()))


def coverage_percent(draft: Draft, context: Context, role: SeriesRole) -> float:
    """Return the share of a slot's slices that were really shown; 0 where the slot is empty."""
    stacks = slots.all_in_role(draft, context.series, role)
    total = sum(len(s.acquired) for s in stacks)
    return 100 * sum(shown_of(draft.shown, s) for s in stacks) / total if total else 0.0


def body_coverage_percent(draft: Draft, context: Context, vertebra: Vertebra) -> float | None:
    """Return the share of the T1 and T2 slices through a body that were really shown so far.

    Through a body pass the slices within `BODY_HALF_WIDTH_MM` of its centre, across the slices,
    where the reader placed it. What a script says it showed is not shown.

    Returns
    -------
    float or None
        None where the body is not placed, or no T1 or T2 slice passes through it.
    """
    centre = draft.numbering.centre(vertebra)
    if centre is None:
        return None
    seen = total = 0
    for role in GRADED_ON:
        for used in slots.all_in_role(draft, context.series, role):
            through = _slices_through(used, centre)
            seen += len(through & draft.shown.get(slots.key_of(used), frozenset()))
            total += len(through)
    return 100 * seen / total if total else None


def _slices_through(used: SeriesUsed, centre_lps_mm: PointLps) -> frozenset[int]:
    position = float(used.grid.to_index(centre_lps_mm)[0])
    reach = (BODY_HALF_WIDTH_MM + ROUNDING_MM) / used.grid.spacing_mm[0]
    return frozenset(i for i in used.acquired if abs(i - position) <= reach)


def coverage_missing(draft: Draft, context: Context, shown: Slices) -> tuple[str, ...]:
    """Return where the protocol's coverage is short, e.g. ``12 of 15 slices of SAG T1 not shown``.

    Slots that no series fills ask for nothing.
    """
    missing = []
    for role in context.protocol.coverage_roles:
        stacks = slots.all_in_role(draft, context.series, role)
        total = sum(len(s.acquired) for s in stacks)
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
    n_slices = len(used.acquired)
    uids = (image.sop_instance_uid for i in shown if (image := used.instance_at(i)))
    return SeriesCoverage(
        series_uid=used.series_uid,
        stack=used.stack,
        role=slots.role_in(draft, used),
        n_slices=n_slices,
        shown_sop_instance_uids=tuple(uids),
        shown_percent=100 * len(shown) / n_slices,
    )
