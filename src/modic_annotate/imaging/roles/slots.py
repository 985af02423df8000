"""Choose one series for each slot where several would do, and say why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cmp_to_key

from modic_annotate.domain.series import SeriesRole
from modic_annotate.imaging.catalogue import Catalogue
from modic_annotate.imaging.model import Series
from modic_annotate.imaging.roles.preference import EARLIER, REPEATED, RULE, is_repeat, rank_of

Found = Catalogue | Iterable[Series]


@dataclass(frozen=True, slots=True)
class Choice:
    """The stack chosen for a slot, and the candidates that it was preferred to."""

    chosen: Series
    others: tuple[tuple[Series, str], ...] = ()
    """Each other series with what the chosen one has before it, e.g. "has the surer role"."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why this one, in a sentence per other series; none where there was no choice."""
        return tuple(
            f"{name_of(self.chosen)} taken before {name_of(other)}: {reason}"
            for other, reason in self.others
        )


def name_of(series: Series) -> str:
    """Return how a series is named to people, without words of its header."""
    number = series.series_number
    return "a series without number" if number is None else f"series {number}"


def choose_slots(found: Found) -> dict[SeriesRole, Series]:
    """Return the best stack for each slot that has one; OTHER is no slot.

    Blocked stacks are never chosen, nor smaller remnants beside one in the same series. Among
    the rest `preference.RULE` decides, then the later repeat of one protocol, then the lower
    series number, stack number and UID. The choice is a proposal; a reader may set it otherwise.
    """
    return {role: choice.chosen for role, choice in explain_slots(found).items()}


def explain_slots(found: Found) -> dict[SeriesRole, Choice]:
    """Return the choice for each slot with the reason against every other series of that role."""
    series = _series(found)
    readable = [entry for entry in series if not (entry.blocked or _is_remnant(entry, series))]
    choices: dict[SeriesRole, Choice] = {}
    for role in SeriesRole:
        candidates = [entry for entry in readable if entry.role is role]
        if candidates and role is not SeriesRole.OTHER:
            choices[role] = _choice(candidates)
    return choices


def slot_stacks(found: Found, role: SeriesRole) -> tuple[Series, ...]:
    """Return all readable stacks of the series chosen for a slot, by stack number.

    An axial series through several discs has one stack per disc.
    """
    series = _series(found)
    best = choose_slots(series).get(role)
    if best is None:
        return ()
    stacks = [
        entry
        for entry in series
        if entry.series_uid == best.series_uid and entry.role is role and not entry.blocked
    ]
    return tuple(sorted(stacks, key=lambda entry: entry.stack))


def _series(found: Found) -> tuple[Series, ...]:
    return found.series if isinstance(found, Catalogue) else tuple(found)


def _choice(candidates: Sequence[Series]) -> Choice:
    def compare(one: Series, other: Series) -> int:
        return _compare(one, other, candidates)[0]

    best, *rest = sorted(candidates, key=cmp_to_key(compare))
    others = {entry.series_uid: entry for entry in reversed(rest)}
    others.pop(best.series_uid, None)  # its own further stacks are no other series
    reasons = ((entry, _compare(best, entry, candidates)[1]) for entry in others.values())
    return Choice(best, tuple(reasons))


def _compare(one: Series, other: Series, candidates: Sequence[Series]) -> tuple[int, str]:
    """Return -1 where `one` comes first, with the reason for whichever does."""
    mine, theirs = (rank_of(s, _stacks_of(s, candidates)) for s in (one, other))
    for question, a, b in zip(RULE, mine, theirs, strict=True):
        if a != b:
            return (-1 if a < b else 1), question.reason  # type: ignore[operator]
    repeats = is_repeat(one, other) and _number(one) != _number(other)
    first, second = _order(one, candidates), _order(other, candidates)
    return (first > second) - (first < second), REPEATED if repeats else EARLIER


def _stacks_of(entry: Series, candidates: Sequence[Series]) -> list[Series]:
    return [s for s in candidates if s.series_uid == entry.series_uid]


def _number(entry: Series) -> int:
    return entry.series_number or 0


def _order(entry: Series, candidates: Sequence[Series]) -> tuple[int, int, int, str]:
    """Order series of equal rank: by the first of their protocol, of one protocol the last."""
    first = min(_number(other) for other in candidates if is_repeat(entry, other))
    return first, -_number(entry), entry.stack, entry.series_uid


def _is_remnant(entry: Series, others: Iterable[Series]) -> bool:
    """Whether a larger stack of the same series and role is blocked, so that this is a part."""
    return any(
        other.blocked
        and other.series_uid == entry.series_uid
        and other.role is entry.role
        and other.shape[0] > entry.shape[0]
        for other in others
    )
