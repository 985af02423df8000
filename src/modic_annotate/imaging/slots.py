"""Choose one series for each slot where several would do."""

from __future__ import annotations

from collections.abc import Iterable

from modic_annotate.domain.series import SeriesRole
from modic_annotate.imaging.catalogue import Catalogue
from modic_annotate.imaging.model import Series

_CONFIDENCE = {"high": 3, "moderate": 2, "low": 1, "none": 0}


def choose_slots(found: Catalogue | Iterable[Series]) -> dict[SeriesRole, Series]:
    """Return the best stack for each slot that has one; OTHER is no slot.

    Blocked stacks are never chosen, nor smaller remnants beside one in the same series. Among
    the rest the order is: most slices of the whole
    series, most slices of the stack, surer role, smaller pixels, lower series number, lower
    stack number, lower UID. The choice is a proposal; a reader may set it otherwise.
    """
    series = found.series if isinstance(found, Catalogue) else tuple(found)
    readable = [entry for entry in series if not (entry.blocked or _is_remnant(entry, series))]
    totals: dict[str, int] = {}
    for entry in readable:
        totals[entry.series_uid] = totals.get(entry.series_uid, 0) + entry.shape[0]
    chosen: dict[SeriesRole, Series] = {}
    for entry in sorted(readable, key=lambda e: (-totals[e.series_uid], *_preference(e))):
        if entry.role is not SeriesRole.OTHER:
            chosen.setdefault(entry.role, entry)
    return {role: chosen[role] for role in SeriesRole if role in chosen}


def slot_stacks(found: Catalogue | Iterable[Series], role: SeriesRole) -> tuple[Series, ...]:
    """Return all readable stacks of the series chosen for a slot, by stack number.

    An axial series through several discs has one stack per disc.
    """
    series = found.series if isinstance(found, Catalogue) else tuple(found)
    best = choose_slots(series).get(role)
    if best is None:
        return ()
    stacks = [
        entry
        for entry in series
        if entry.series_uid == best.series_uid and entry.role is role and not entry.blocked
    ]
    return tuple(sorted(stacks, key=lambda entry: entry.stack))


def _is_remnant(entry: Series, others: Iterable[Series]) -> bool:
    """Whether a larger stack of the same series and role is blocked, so that this is a part."""
    return any(
        other.blocked
        and other.series_uid == entry.series_uid
        and other.role is entry.role
        and other.shape[0] > entry.shape[0]
        for other in others
    )


def _preference(entry: Series) -> tuple[int, int, float, int, int, str]:
    rows, columns = entry.pixel_spacing_mm or (0.0, 0.0)
    return (
        -entry.shape[0],
        -_CONFIDENCE[entry.role_confidence],
        rows * columns,
        entry.series_number or 0,
        entry.stack,
        entry.series_uid,
    )
