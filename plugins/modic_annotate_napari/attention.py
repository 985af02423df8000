"""How long each endplate is the active one, in view, while the reader is at work.

What was measured goes into the journal ahead of a grade and where the reader turns away, never
with every key; nothing of it is shown on screen.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from modic_annotate.domain.base import utc_now
from modic_annotate.domain.spine import Endplate
from modic_annotate.session.acts import Attend

IDLE_S = 60.0
"""A longer stillness between two inputs (key, wheel, pointer) counts as not at work, wholly."""

LEAST_S = 1.0
"""A shorter stay is kept for the next time the endplate is active: nobody read it meanwhile."""

LOOK_EVERY_S = 0.5
"""How often it is asked whether the endplate is in view."""


@dataclass
class Attention:
    """Adds up the time at each endplate since it was written down last."""

    in_view: Callable[[Endplate], bool]
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = utc_now
    active: Endplate | None = None
    _since: dict[Endplate, datetime] = field(default_factory=dict)
    _seconds: dict[Endplate, float] = field(default_factory=dict)
    _last: float | None = None
    _looked: float = 0.0
    _seen: bool = False

    def turn(self, endplate: Endplate | None) -> None:
        """Take another endplate as the active one, or none."""
        if endplate != self.active:
            self.stir()
            self.active = endplate
            self._look(self.clock())

    def stir(self) -> None:
        """Note that the reader did something."""
        at = self.clock()
        if self._last is not None and self.active is not None and self._seen:
            gone = at - self._last
            if gone <= IDLE_S:
                self._seconds[self.active] = self._seconds.get(self.active, 0.0) + gone
        self._last = at
        if at - self._looked >= LOOK_EVERY_S:
            self._look(at)

    def pause(self) -> None:
        """Count nothing until the next `stir`: the window is not the active one any more."""
        self.stir()
        self._last = None

    def _look(self, at: float) -> None:
        self._looked = at
        self._seen = self.active is not None and self.in_view(self.active)
        if self._seen and self.active is not None:
            self._since.setdefault(self.active, self.now())

    def due(self, but: Endplate | None = None) -> tuple[Attend, ...]:
        """Return what is to be written down of all endplates, leaving one out, and forget it."""
        ready = [e for e, s in self._seconds.items() if s >= LEAST_S and e != but]
        return tuple(self._taken(ready))

    def due_of(self, endplate: Endplate) -> tuple[Attend, ...]:
        """Return what is to be written down of an endplate ahead of its grade, and forget it."""
        self.stir()
        return tuple(self._taken([endplate]))

    def _taken(self, endplates: Iterable[Endplate]) -> Iterable[Attend]:
        for endplate in endplates:
            since = self._since.pop(endplate, None)
            whole = int(self._seconds.get(endplate, 0.0))
            if since is None:
                continue
            self._seconds[endplate] = self._seconds.get(endplate, 0.0) - whole
            if endplate == self.active:  # the stretch goes on
                self._looked = 0.0
            yield Attend(endplate=endplate, since=since, seconds=whole)
