"""Run a command, kill it at a chosen moment, and see what it leaves."""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from modic_annotate.errors import RecordError
from modic_annotate.session.apply import ActsFile
from modic_annotate.session.journal import Journal
from modic_annotate.store.files import FileStore
from tests.soak.starting import Process, Start, command

LONGEST_S = 120
POLL_S = 0.003
KILLED = 1 if os.name == "nt" else -9
"""Exit code of a process ended by TerminateProcess or SIGKILL."""

ACK = re.compile(r"^ack (\d+)$", flags=re.MULTILINE)

Reached = Callable[[str], bool]
"""Whether a process has come far enough, given what it said so far."""


@dataclass(frozen=True)
class Attempt:
    """One process that was to be killed."""

    said: str
    was_killed: bool
    """False where it had finished by itself before."""

    errors: str
    after_s: float
    """From its start to its end."""

    @property
    def acked(self) -> tuple[int, ...]:
        """Lines of an acts file it acknowledged, in its order."""
        return tuple(int(n) for n in ACK.findall(self.said))


@dataclass(frozen=True)
class Left:
    """What a journal holds."""

    n_acts: int
    is_torn: bool
    problems: tuple[str, ...]


def acknowledged(n: int) -> Reached:
    """Return whether n lines are acknowledged."""
    return lambda said: len(ACK.findall(said)) >= n


def at_once(_said: str) -> bool:
    """Whether a process was started."""
    return True


class Running:
    """A process that writes what it says into files, so that nobody has to listen to it."""

    def __init__(self, process: Process, folder: Path) -> None:
        self.process = process
        self.began = time.monotonic()
        self._folder = folder
        self._hung = ""

    @property
    def said(self) -> str:
        """What it wrote to its standard output."""
        return (self._folder / "out").read_text("utf-8", errors="replace")

    @property
    def errors(self) -> str:
        """What it wrote to its standard error, and whether it hung."""
        return (self._folder / "err").read_text("utf-8", errors="replace") + self._hung

    def wait_for(self, reached: Reached) -> float:
        """Wait until it has come far enough or has ended; return the seconds since its start."""
        while not reached(self.said) and self.process.poll() is None:
            if time.monotonic() - self.began > LONGEST_S:
                self._hung = f"the process hung for {LONGEST_S} s"
                self.process.kill()
                self.process.wait()
            time.sleep(POLL_S)
        return time.monotonic() - self.began


@contextmanager
def running(words: Sequence[str], start: Start) -> Iterator[Running]:
    """Start a command; it is ended at the end."""
    with tempfile.TemporaryDirectory(prefix="modic-annotate-said-") as name:
        folder = Path(name)
        with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
            process = start(words, out, err)
        try:
            yield Running(process, folder)
        finally:
            process.kill()
            process.wait()


def kill(
    words: Sequence[str], delay_s: float, reached: Reached = at_once, start: Start = command
) -> Attempt:
    """Run a command and kill it some time after it has come far enough.

    Parameters
    ----------
    words
        What to run.
    delay_s
        How long after that.
    reached
        How far it must have come; its start if not told.
    start
        What `words` are: a command, or arguments of the program.
    """
    with running(words, start) as run:
        run.wait_for(reached)
        time.sleep(delay_s)
        run.process.kill()  # SIGKILL; TerminateProcess on Windows
        code = run.process.wait()
        errors = run.errors
        if code not in (0, KILLED) and not errors:
            errors = f"it ended by itself with {code}"
        after_s = time.monotonic() - run.began
        return Attempt(run.said, was_killed=code == KILLED, errors=errors, after_s=after_s)


def left_in(workspace: Path, key: str, file: ActsFile, acked: Sequence[int]) -> Left:
    """Return what a journal holds, and where it is not what was acknowledged.

    Parameters
    ----------
    workspace
        The workspace's folder.
    key
        The journal's key; a journal that is not there holds nothing.
    file
        The acts file that was being applied.
    acked
        The lines acknowledged so far.
    """
    store = FileStore(workspace)
    try:
        journal = Journal.open(store, key, repair=False) if store.exists(key) else None
    except RecordError as error:
        return Left(0, is_torn=False, problems=(str(error),))
    entries = journal.entries if journal else []
    numbers = [entry.acts_line for entry in entries]
    problems = []
    if numbers != list(file.acts)[: len(numbers)]:
        problems.append(f"the journal holds lines {numbers}, not the file's from its first")
    changed = [e.acts_line for e in entries if e.act != file.acts.get(e.acts_line or 0)]
    problems += [f"line {number} is not the act of the file" for number in changed]
    problems += [f"line {n} was acknowledged and is lost" for n in acked if n not in numbers]
    return Left(len(entries), is_torn=bool(journal and journal.torn), problems=tuple(problems))
