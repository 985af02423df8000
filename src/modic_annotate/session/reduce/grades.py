"""Reducers that grade an endplate: what is there, and of which type."""

from __future__ import annotations

from modic_annotate.domain.finding import Finding, Origin
from modic_annotate.domain.modic import (
    Assessment,
    Component,
    FatSuppressedSignal,
    ModicType,
    Presence,
    Signal,
)
from modic_annotate.domain.series import SeriesRole
from modic_annotate.errors import ActRefusedError
from modic_annotate.session.acts import (
    AddComponent,
    AllRemainingNone,
    CannotRead,
    ClearFinding,
    EqualShares,
    Grade,
    TypeUndetermined,
)
from modic_annotate.session.coverage import check_coverage
from modic_annotate.session.draft import Draft
from modic_annotate.session.reduce.findings import (
    changed,
    committed,
    in_scope,
    named,
    stamped,
    ungraded,
    with_change,
)
from modic_annotate.session.reduce.masks import without_mask
from modic_annotate.session.reduce.step import Step

SIGNAL_SERIES = {
    "t1_signal": (SeriesRole.SAG_T1, Signal.NOT_AVAILABLE),
    "t2_signal": (SeriesRole.SAG_T2, Signal.NOT_AVAILABLE),
    "fs_signal": (SeriesRole.SAG_FS, FatSuppressedSignal.NOT_AVAILABLE),
}
"""The only series each signal may be judged on, and its value where that series is missing."""

NO_T1 = "there is no T1 series without fat suppression, so only 'type undetermined' can be said"


def grade(draft: Draft, act: Grade, step: Step) -> Draft:
    """Grade an open endplate as none, or as a change with its predominant type."""
    finding = ungraded(draft, act.endplate)
    if act.modic == "absent":
        if act.component is not None:
            raise ActRefusedError(f"{named(act.endplate)}: no change has no type; leave it out")
        return draft.with_finding(_absent(draft, finding, step, step.origin))
    if act.component is None:
        raise ActRefusedError(
            f"{named(act.endplate)}: a change needs its type, or 'type undetermined'"
        )
    _need_t1(draft, finding, step)
    components = (Component(modic_type=act.component),)
    return draft.with_finding(_present(draft, finding, step, components=components))


def type_undetermined(draft: Draft, act: TypeUndetermined, step: Step) -> Draft:
    """Grade an open endplate as changed, its type not to be told."""
    finding = ungraded(draft, act.endplate)
    return draft.with_finding(_present(draft, finding, step, type_undetermined=True))


def add_component(draft: Draft, act: AddComponent, step: Step) -> Draft:
    """Add a lesser component behind those named; signals filled by macro follow the types."""
    finding = with_change(draft, act.endplate)
    if finding.type_undetermined:
        raise ActRefusedError(
            f"{named(act.endplate)} has an undetermined type; reopen it to name types"
        )
    if act.component in finding.types:
        raise ActRefusedError(
            f"{named(act.endplate)} has type {act.component} already ({finding.words})"
        )
    components = (*finding.components, Component(modic_type=act.component))
    mixed = committed(draft, finding, step, components=components)
    return draft.with_finding(_macro_signals_of(mixed, frozenset(mixed.types), step))


def equal_shares(draft: Draft, act: EqualShares, step: Step) -> Draft:
    """Say that the first two components hold equal shares."""
    finding = with_change(draft, act.endplate)
    if len(finding.components) < 2:  # noqa: PLR2004 - a share needs two
        raise ActRefusedError(
            f"{named(act.endplate)} has one component ({finding.words}); add a further one first"
        )
    if finding.equal_shares:
        raise ActRefusedError(f"{named(act.endplate)} has equal shares already")
    return draft.with_finding(committed(draft, finding, step, equal_shares=True))


def cannot_read(draft: Draft, act: CannotRead, step: Step) -> Draft:
    """Say that an open endplate cannot be read, and why."""
    finding = ungraded(draft, act.endplate)
    return draft.with_finding(
        committed(
            draft,
            finding,
            step,
            assessment=Assessment.NOT_ASSESSABLE,
            assessment_reason=act.reason,
            modic=Presence.INDETERMINATE,
        )
    )


def clear_finding(draft: Draft, act: ClearFinding, _step: Step) -> Draft:
    """Reopen an endplate: nothing is said of it any more, and nothing painted on it."""
    finding = in_scope(draft, act.endplate)
    bare = without_mask(draft, act.endplate)
    if finding == Finding(endplate=act.endplate) and bare is draft:
        raise ActRefusedError(f"{named(act.endplate)} is open already")
    return bare.with_finding(Finding(endplate=act.endplate))


def all_remaining_none(draft: Draft, _act: AllRemainingNone, step: Step) -> Draft:
    """Grade every open endplate as none, kept as bulk; only after full coverage."""
    in_scope(draft, draft.scope[0])
    if not draft.open_endplates:
        raise ActRefusedError("Every endplate is read already")
    check_coverage(draft, step, "Remaining endplates can be graded none at once")
    for endplate in draft.open_endplates:
        blank = Finding(endplate=endplate)
        draft = draft.with_finding(_absent(draft, blank, step, Origin.BULK))
    return draft


def _absent(draft: Draft, finding: Finding, step: Step, origin: Origin) -> Finding:
    said = {"assessment": Assessment.ASSESSED, "modic": Presence.ABSENT}
    return stamped(draft, changed(finding, origin, **said), step)


def _present(draft: Draft, finding: Finding, step: Step, **said: object) -> Finding:
    missing = {
        name: value for name, (role, value) in SIGNAL_SERIES.items() if not step.has(draft, role)
    }
    return committed(
        draft,
        finding,
        step,
        assessment=Assessment.ASSESSED,
        modic=Presence.PRESENT,
        **missing,
        **said,
    )


def _need_t1(draft: Draft, finding: Finding, step: Step) -> None:
    if not step.has(draft, SeriesRole.SAG_T1):
        raise ActRefusedError(f"{named(finding.endplate)}: {NO_T1}")


def _macro_signals_of(finding: Finding, types: frozenset[ModicType], step: Step) -> Finding:
    usual = step.protocol.usual.signals_for(types)
    follow = {
        name: getattr(usual, name)
        for name in SIGNAL_SERIES
        if finding.origins.get(name) == Origin.MACRO
    }
    return changed(finding, Origin.MACRO, **follow) if follow else finding
