"""Which series fills which slot, as found or as the reader set it, and which may."""

from __future__ import annotations

from collections.abc import Sequence

from modic_annotate.domain.series import (
    CLOSED_BY_CONTRAST,
    SAGITTAL_SLOTS,
    FatTechnique,
    Plane,
    SeriesRole,
    SeriesUsed,
    Weighting,
)
from modic_annotate.domain.technique import technique_words
from modic_annotate.errors import ActRefusedError
from modic_annotate.session.draft import Draft, SeriesKey

FAT_SUPPRESSED = frozenset({FatTechnique.STIR, FatTechnique.FS, FatTechnique.WATER})
NOT_SUPPRESSED = frozenset({FatTechnique.NONE, FatTechnique.IN_PHASE, FatTechnique.UNKNOWN})

TECHNIQUE = {
    SeriesRole.SAG_T1: (frozenset({Weighting.T1, Weighting.UNKNOWN}), NOT_SUPPRESSED),
    SeriesRole.SAG_T2: (frozenset({Weighting.T2, Weighting.UNKNOWN}), NOT_SUPPRESSED),
    SeriesRole.SAG_FS: (
        frozenset({Weighting.T2, Weighting.PD, Weighting.UNKNOWN}),
        FAT_SUPPRESSED | {FatTechnique.UNKNOWN},
    ),
    SeriesRole.AX_T1: (frozenset({Weighting.T1, Weighting.UNKNOWN}), frozenset(FatTechnique)),
    SeriesRole.AX_T2: (frozenset({Weighting.T2, Weighting.UNKNOWN}), frozenset(FatTechnique)),
    SeriesRole.OTHER: (frozenset(Weighting), frozenset(FatTechnique)),
}
"""Weightings and fat techniques a slot takes; a reader may name a technique the headers leave
unknown, but never put a fat-suppressed T1 into SAG_T1 or SAG_FS."""

PLANES = {
    **dict.fromkeys(SAGITTAL_SLOTS, frozenset({Plane.SAGITTAL, Plane.OBLIQUE})),
    SeriesRole.AX_T1: frozenset({Plane.AXIAL, Plane.OBLIQUE}),
    SeriesRole.AX_T2: frozenset({Plane.AXIAL, Plane.OBLIQUE}),
    SeriesRole.OTHER: frozenset(Plane),
}


def key_of(used: SeriesUsed) -> SeriesKey:
    """Return the key of a stack."""
    return SeriesKey(used.series_uid, used.stack)


def is_open(draft: Draft, used: SeriesUsed) -> bool:
    """Whether a stack may be read: it has no faults, or the reader accepted them."""
    return not used.faults or key_of(used) in draft.accepted


def readable(draft: Draft, series: Sequence[SeriesUsed]) -> tuple[SeriesUsed, ...]:
    """Return the stacks that may be read."""
    return tuple(used for used in series if is_open(draft, used))


def find(draft: Draft, series: Sequence[SeriesUsed], key: SeriesKey) -> SeriesUsed:
    """Return a stack that may be read; ActRefusedError where there is none."""
    used = next((s for s in series if key_of(s) == key), None)
    if used is None:
        raise ActRefusedError("No readable series of this study has that UID and stack")
    if not is_open(draft, used):
        raise ActRefusedError(
            f"This series is blocked: {used.faults[0].message}; accept it first, with the reason"
        )
    return used


def role_in(draft: Draft, used: SeriesUsed) -> SeriesRole:
    """Return the slot a stack fills now."""
    given = draft.roles.get(key_of(used))
    return given.role if given else used.role


def all_in_role(
    draft: Draft, series: Sequence[SeriesUsed], role: SeriesRole
) -> tuple[SeriesUsed, ...]:
    """Return the stacks in a slot, those the reader put there first; a sagittal slot holds one."""
    inside = [s for s in readable(draft, series) if role_in(draft, s) == role]
    ordered = sorted(inside, key=lambda s: key_of(s) not in draft.roles)
    return tuple(ordered[:1] if role in SAGITTAL_SLOTS else ordered)


def in_role(draft: Draft, series: Sequence[SeriesUsed], role: SeriesRole) -> SeriesUsed | None:
    """Return the stack that fills a slot, or None."""
    return next(iter(all_in_role(draft, series, role)), None)


def need_in_role(draft: Draft, series: Sequence[SeriesUsed], role: SeriesRole) -> SeriesUsed:
    """Return the stack that fills a slot; ActRefusedError where it is empty."""
    found = in_role(draft, series, role)
    if found is None:
        raise ActRefusedError(f"No series fills {role}; assign one, or use another view")
    return found


def check_fits(used: SeriesUsed, role: SeriesRole) -> None:
    """Refuse a series whose technique, plane or contrast agent contradicts a slot."""
    weightings, fats = TECHNIQUE[role]
    fits = used.weighting in weightings and used.fat in fats and used.plane in PLANES[role]
    if not fits or (used.acquisition.contrast_agent and role in CLOSED_BY_CONTRAST):
        raise ActRefusedError(
            f"A series that is {technique_words(used)} cannot fill {role}; that slot's name would "
            "lie about its technique"
        )


def with_roles(draft: Draft, series: Sequence[SeriesUsed], by: str) -> tuple[SeriesUsed, ...]:
    """Return the series as used: with slot and faults, and who set or accepted what, and why."""
    return tuple(
        used.model_copy(update={**_slot_given(draft, used, by), **_accepted(draft, used, by)})
        for used in readable(draft, series)
    )


def _slot_given(draft: Draft, used: SeriesUsed, by: str) -> dict[str, object]:
    given = draft.roles.get(key_of(used))
    if given is None:
        return {}
    return {"role": given.role, "role_set_by": by, "role_reason": given.reason}


def _accepted(draft: Draft, used: SeriesUsed, by: str) -> dict[str, object]:
    reason = draft.accepted.get(key_of(used))
    return {} if reason is None else {"accepted_by": by, "accepted_reason": reason}
