"""Reducers about the series: slices shown, quality, slots."""

from __future__ import annotations

from collections.abc import Mapping

from modic_annotate.domain.finding import Finding, Origin
from modic_annotate.domain.modic import Presence
from modic_annotate.domain.series import SAGITTAL_SLOTS, Quality, SeriesRole, SeriesUsed
from modic_annotate.errors import ActRefusedError
from modic_annotate.session import attention, slots
from modic_annotate.session.acts import AcceptSeries, AssignRole, Attend, RateQuality, Show
from modic_annotate.session.draft import Attention, Draft, RoleSet, SeriesKey
from modic_annotate.session.reduce.findings import in_scope, named
from modic_annotate.session.reduce.grades import SIGNAL_SERIES
from modic_annotate.session.reduce.step import Step


def show(draft: Draft, act: Show, step: Step) -> Draft:
    """Keep which slices were shown; what a script says it showed is never coverage."""
    used = _shown_series(draft, act, step)
    n_slices = used.grid.shape[0]
    slices = frozenset(range(n_slices) if act.slices == "all" else act.slices)
    if slices and not (min(slices) >= 0 and max(slices) < n_slices):
        raise ActRefusedError(f"{act.role} has slices 0 to {n_slices - 1}; none outside was shown")
    slices -= frozenset(used.not_acquired)  # there was nothing to see
    field = "claimed" if step.origin == Origin.SCRIPT else "shown"
    before = getattr(draft, field)
    key = slots.key_of(used)
    return draft.replace(**{field: {**before, key: before.get(key, frozenset()) | slices}})


def attend(draft: Draft, act: Attend, step: Step) -> Draft:
    """Keep which endplate was active; what a file says of a reader's time is not taken."""
    if step.context.scripted:
        raise ActRefusedError("A file has no eyes; leave its 'attend' lines out")
    in_scope(draft, act.endplate)
    centre = draft.numbering.centre(act.endplate.vertebra)
    if centre is None:
        raise ActRefusedError(f"{named(act.endplate)} has no body centre; place it first")
    new = Attention(centre, act.endplate.surface, act.since, act.seconds)
    return draft.replace(attended=attention.added(draft.attended, new))


def rate_quality(draft: Draft, act: RateQuality, step: Step) -> Draft:
    """Rate the series in a slot."""
    key = slots.key_of(step.need(draft, act.role))
    quality = Quality(rating=act.rating, reasons=act.reasons)
    return draft.replace(quality={**draft.quality, key: quality})


def assign_role(draft: Draft, act: AssignRole, step: Step) -> Draft:
    """Put a series into a slot; what a sagittal slot held before becomes OTHER.

    Signals judged on a series that leaves its slot are taken back: they are open again, or, where
    nothing fills the slot any more, not available.
    """
    wanted = SeriesKey(act.series_uid, act.stack)
    slots.check_fits(slots.find(draft, step.series, wanted), act.role)
    roles = dict(draft.roles)
    if act.role in SAGITTAL_SLOTS:
        for other in slots.readable(draft, step.series):
            if slots.role_in(draft, other) == act.role and slots.key_of(other) != wanted:
                roles[slots.key_of(other)] = RoleSet(SeriesRole.OTHER, act.reason)
    roles[wanted] = RoleSet(act.role, act.reason)
    return _judged_anew(draft, draft.replace(roles=roles), step)


def _judged_anew(before: Draft, after: Draft, step: Step) -> Draft:
    """Take back the signals of every slot that another series fills now, or none."""
    values: dict[str, object] = {}
    for name, (role, missing) in SIGNAL_SERIES.items():
        held, holds = (slots.in_role(draft, step.series, role) for draft in (before, after))
        if held is not holds:
            values[name] = missing if holds is None else None
    _check_types(after, step)
    fields = ("findings", "set_aside")
    return after.replace(
        **{f: {e: _with_signals(v, values) for e, v in getattr(after, f).items()} for f in fields}
    )


def _with_signals(finding: Finding, values: Mapping[str, object]) -> Finding:
    is_change = finding.modic == Presence.PRESENT
    said = {n: v for n, v in values.items() if is_change or getattr(finding, n) is not None}
    origins = {name: origin for name, origin in finding.origins.items() if name not in said}
    return finding.replace(**said, origins=origins) if said else finding


def _check_types(draft: Draft, step: Step) -> None:
    typed = next((f for f in draft.findings.values() if f.types), None)
    if typed is not None and slots.in_role(draft, step.series, SeriesRole.SAG_T1) is None:
        raise ActRefusedError(
            f"{named(typed.endplate)} is {typed.words}, which rests on T1; put another series into "
            "SAG_T1, or reopen that endplate first"
        )


def accept_series(draft: Draft, act: AcceptSeries, step: Step) -> Draft:
    """Open a blocked series to the reading; which faults may be accepted the scan has said."""
    key = SeriesKey(act.series_uid, act.stack)
    used = next((s for s in step.series if slots.key_of(s) == key), None)
    if used is None:
        raise ActRefusedError(
            "No series of this study with that UID and stack can be read or accepted; what is "
            "blocked for good must come again from the site"
        )
    if not used.faults:
        raise ActRefusedError("This series has no fault to accept; it is read as it is")
    if key in draft.accepted:
        raise ActRefusedError("This series is accepted already")
    if not act.reason.strip():
        raise ActRefusedError("Accepting a series needs the reason in words")
    return draft.replace(accepted={**draft.accepted, key: act.reason.strip()})


def _shown_series(draft: Draft, act: Show, step: Step) -> SeriesUsed:
    if act.series_uid is None:
        return step.need(draft, act.role)
    return slots.find(draft, step.series, SeriesKey(act.series_uid, act.stack))
