"""Which slices were really seen: gathered as they are painted, journalled in batches.

A slice counts while every endplate of the images lies inside its canvas; one pass with the whole
image in view reaches 100 %.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.series import SeriesRole
from modic_annotate.session.acts import Act, Show
from modic_annotate.session.draft import SeriesKey
from modic_annotate.session.session import ReadingSession


@dataclass
class CoverageLog:
    """Slices painted since the last `Show` act, by slot."""

    session: ReadingSession
    counts: Callable[[SeriesRole], bool]
    """Whether a slice painted now in a slot's canvas counts."""

    pending: dict[SeriesRole, set[int]] = field(default_factory=dict)
    origin: Origin = Origin.MOUSE
    """How slices were stepped through last: by the wheel, or by a key."""

    def painted(self, role: SeriesRole, index: int) -> bool:
        """Note a slice that came to the screen; return whether it is news."""
        if index in self.seen(role) or not self.counts(role):
            return False
        self.pending.setdefault(role, set()).add(index)
        return True

    def seen(self, role: SeriesRole) -> frozenset[int]:
        """Return the slices of a slot that were seen, journalled or not yet."""
        series = self.session.series_in(role)
        if series is None:
            return frozenset()
        key = SeriesKey(series.series_uid, series.stack)
        shown: frozenset[int] = self.session.state.shown.get(key, frozenset())
        return shown | frozenset(self.pending.get(role, ()))

    def before_act(self, act: Act) -> None:
        """Journal what was seen before a finding is."""
        if not isinstance(act, Show):
            self.flush()

    def flush(self) -> None:
        """Journal everything pending, one act per slot; what cannot be written stays pending."""
        for role, slices in list(self.pending.items()):
            self.session.show(role, tuple(sorted(slices)), self.origin)
            del self.pending[role]
