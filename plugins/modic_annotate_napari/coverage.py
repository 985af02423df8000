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

    def seen(self, role: SeriesRole) -> frozenset[int] | set[int]:
        """Return the slices of a slot that were seen, journalled or not yet."""
        series = self.session.series_in(role)
        if series is None:
            return frozenset()
        shown = self.session.state.shown.get((series.series_uid, series.stack), frozenset())  # type: ignore[call-overload]
        return shown | self.pending.get(role, set())

    def before_act(self, act: Act) -> None:
        """Journal what was seen before a finding is."""
        if not isinstance(act, Show):
            self.flush()

    def flush(self) -> None:
        """Journal everything pending, one act per slot; nothing once the reading is closed."""
        pending, self.pending = self.pending, {}
        if self.session.state.is_closed:
            return
        for role, slices in pending.items():
            self.session.act(Show(role=role, slices=tuple(sorted(slices))), self.origin)
