"""Kill a process while it applies acts, and see what it leaves (for the tests and the soak)."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from modic_annotate.errors import RecordError
from modic_annotate.session.apply import ActsFile
from modic_annotate.session.journal import Journal
from modic_annotate.store.files import FileStore

LONGEST_S = 120
ACK = re.compile(r"^ack (\d+)$", flags=re.MULTILINE)


@dataclass(frozen=True)
class Attempt:
    """One process that was to be killed."""

    acked: tuple[int, ...]
    """Lines it acknowledged, in its order."""

    was_killed: bool
    """False where it had finished by itself before."""

    errors: str


@dataclass(frozen=True)
class Left:
    """What a journal holds."""

    n_acts: int
    is_torn: bool
    problems: tuple[str, ...]


def command_line(workspace: Path, record: str, reader: str, acts: Path) -> list[str]:
    """Return the command `modic-annotate apply` as it is run by this very Python."""
    program = [sys.executable, "-c", "from modic_annotate.cli import main; main()"]
    return [*program, "apply", str(workspace), record, "--reader", reader, "--acts", str(acts)]


def kill(command: Sequence[str], delay_s: float, after_acks: int = 0) -> Attempt:
    """Run a command and kill it some time after its start, or after some acknowledgements.

    Parameters
    ----------
    command
        Applies acts and prints ``ack n`` for each.
    delay_s
        How long after that.
    after_acks
        How many acknowledgements to wait for; 0 counts from the start.
    """
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        with bounded(process) as hung:
            words = "".join(process.stdout.readline() for _ in range(after_acks))
        time.sleep(delay_s)
        process.kill()  # SIGKILL; TerminateProcess on Windows
        words += process.stdout.read()
        errors = process.stderr.read() + "".join(hung)
    acked = tuple(int(n) for n in ACK.findall(words))
    return Attempt(acked=acked, was_killed=process.returncode != 0, errors=errors)


@contextmanager
def bounded(process: subprocess.Popen[str]) -> Iterator[list[str]]:
    """Kill a process that says nothing for too long; the list holds a sentence then."""
    hung: list[str] = []

    def end() -> None:
        hung.append(f"the process hung for {LONGEST_S} s")
        process.kill()

    limit = threading.Timer(LONGEST_S, end)
    limit.start()
    try:
        yield hung
    finally:
        limit.cancel()


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
