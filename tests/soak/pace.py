"""How long an operation takes undisturbed, so that kills may fall anywhere in it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tests.soak.killing import Attempt, Reached, at_once, running
from tests.soak.starting import Start

WHILE_STARTING, WHILE_AT_WORK = 0.3, 0.6
"""Shares of kills before the first trace and up to the last acknowledgement; others come later."""

QUICKER = 0.9
BEYOND = 1.05
"""How far a moment may lie behind the usual end of its part, since no two runs take as long."""


@dataclass(frozen=True)
class Pace:
    """Seconds of the parts of a run."""

    start_s: float
    """From the start to the first trace."""

    work_s: float
    """From there to the last acknowledgement."""

    end_s: float
    """From there to the end of the process."""

    @property
    def whole_s(self) -> float:
        """From the start to the end."""
        return self.start_s + self.work_s + self.end_s

    @property
    def quicker(self) -> Pace:
        """The pace to assume once a process has ended before its kill."""
        return Pace(QUICKER * self.start_s, QUICKER * self.work_s, QUICKER * self.end_s)


@dataclass(frozen=True)
class Moment:
    """When to kill: so many seconds after a process has come far enough."""

    reached: Reached
    delay_s: float


def measured(
    words: Sequence[str], begun: Reached, ended: Reached, start: Start
) -> tuple[Pace, Attempt]:
    """Run something undisturbed and return its pace and what it said."""
    with running(words, start) as run:
        start_s = run.wait_for(begun)
        work_s = run.wait_for(ended) - start_s
        whole_s = run.wait_for(lambda _said: False)
        code = run.process.wait()
        errors = run.errors or (f"it ended with {code}" if code else "")
        done = Attempt(run.said, was_killed=False, errors=errors, after_s=whole_s)
    return Pace(start_s, work_s, whole_s - start_s - work_s), done


def any_moment(pace: Pace, chance: random.Random, begun: Reached, ended: Reached) -> Moment:
    """Choose a moment in one of the three parts, evenly within it."""
    kind, share = chance.random(), chance.uniform(0, BEYOND)
    if kind < WHILE_STARTING:
        return Moment(at_once, share * pace.start_s)
    if kind < WHILE_STARTING + WHILE_AT_WORK:
        return Moment(begun, share * pace.work_s)
    return Moment(ended, share * pace.end_s)
