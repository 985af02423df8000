"""Rounds of the soak: a fresh workspace, one command killed until it is done, and what is left."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from modic_annotate.conduct.status import workspace_status
from modic_annotate.errors import ModicAnnotateError
from modic_annotate.store.workspace import Workspace
from tests.soak.killing import Attempt, kill
from tests.soak.pace import Moment, Pace, any_moment, measured
from tests.soak.stages import Stages
from tests.soak.starting import Start
from tests.soak.tally import Tally

KILLS_A_ROUND = 10
"""After so many kills a round goes on undisturbed, however little they let through."""


class Operation(ABC):
    """One command and the workspace it works on; `begin` takes a fresh one."""

    name: str
    share: int
    """How many of the kills it gets, beside the others' shares."""

    stage: str

    def __init__(self, stages: Stages, folder: Path, start: Start) -> None:
        self.stages = stages
        self.start = start
        self.begin(folder / "undisturbed")
        self.mark()
        self.pace, done = measured(self.arguments, self.begun, self.ended, self.start)
        if done.errors or not self.ended(done.said):
            raise SystemExit(f"soak: {self.name} fails undisturbed: {done.errors}{done.said}")

    def begin(self, folder: Path) -> None:
        """Take a fresh workspace in a new folder."""
        self.folder = folder
        self.seen: Counter[str] = Counter()
        self.stages.copy(self.stage, self.root)

    @property
    def root(self) -> Path:
        """The workspace's folder."""
        return self.folder / "ws"

    @property
    def ws(self) -> Workspace:
        """The workspace, opened afresh."""
        return Workspace.open(self.root)

    @property
    def expected_s(self) -> float:
        """How long the next process would take."""
        return self.pace.whole_s

    def moment(self, chance: random.Random) -> Moment:
        """Choose when to kill the next process."""
        return any_moment(self.pace, chance, self.begun, self.ended)

    def again(self) -> Attempt:
        """Run the command undisturbed, and take over its pace where it had all to do."""
        self.mark()
        pace, done = measured(self.arguments, self.begun, self.ended, self.start)
        if self.is_whole(done):
            self.pace: Pace = pace
        return done

    def is_whole(self, done: Attempt) -> bool:
        """Whether a process did the whole of the operation."""
        return not done.errors and self.ended(done.said)

    @property
    @abstractmethod
    def arguments(self) -> list[str]:
        """What is asked of the command line."""

    @abstractmethod
    def mark(self) -> None:
        """Note what is there before a process starts."""

    @abstractmethod
    def begun(self, said: str) -> bool:
        """Whether the process has left its first trace."""

    @abstractmethod
    def ended(self, said: str) -> bool:
        """Whether the process has acknowledged its last."""

    @abstractmethod
    def left(self, attempt: Attempt) -> Iterable[str]:
        """Return what is not as it should be after a kill."""

    @property
    @abstractmethod
    def is_done(self) -> bool:
        """Whether there is nothing left to do in this workspace."""

    @abstractmethod
    def finished(self) -> Iterable[str]:
        """Do it undisturbed and return what is not as it should be at the end."""


def words(*given: str | Path) -> list[str]:
    """Return arguments of the command line as words."""
    return [str(one) for one in given]


def one_round(operation: Operation, folder: Path, chance: random.Random, most: int) -> Tally:
    """Kill an operation over a fresh workspace until it is done, then finish and check it.

    Parameters
    ----------
    operation
        What is killed.
    folder
        Where the round's workspace is made.
    chance
        Moments of the kills.
    most
        How many kills at most.
    """
    operation.begin(folder)
    tally = Tally(rounds=1)
    while tally.kills < min(most, KILLS_A_ROUND) and not operation.is_done and not tally.problems:
        operation.mark()
        moment, expected_s = operation.moment(chance), operation.expected_s
        attempt = kill(operation.arguments, moment.delay_s, moment.reached, operation.start)
        if attempt.was_killed:
            _count(tally, operation, attempt)
            tally.count_part(attempt.after_s / expected_s)
        else:
            tally.faster += 1
            operation.pace = operation.pace.quicker
        tally.problems += [attempt.errors] if attempt.errors else []
        tally.problems += told(operation, operation.left(attempt))
    if not tally.problems:
        tally.problems += told(operation, operation.finished())
    tally.seen += operation.seen
    return tally


def _count(tally: Tally, operation: Operation, attempt: Attempt) -> None:
    if operation.ended(attempt.said):
        tally.after += 1
    elif operation.begun(attempt.said):
        tally.during += 1
    else:
        tally.before += 1


def told(operation: Operation, problems: Iterable[str]) -> Iterator[str]:
    """Return problems under the operation's name, with those of the audit and of every record."""
    try:
        yield from (f"{operation.name}: {problem}" for problem in problems)
        status = workspace_status(operation.ws)
        faults = (fault for record in status.records for fault in record.faults)
        yield from (f"{operation.name}: {f}" for f in (*status.audit_problems, *faults))
    except (ModicAnnotateError, OSError) as error:
        yield f"{operation.name}: cannot be read: {error}"
