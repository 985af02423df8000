"""Run cases in processes that a bomb, a hang or a crash may take down."""

from __future__ import annotations

import contextlib
import mmap
import os
import resource
import shutil
import signal
import struct
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.case import Cases, One, ingest, signature, write
from tests.fuzz.seeds import Study

MOST_SECONDS = 5
"""Of processor time for one case."""

MOST_WAIT_S = 60
"""Of the clock, for a case that waits instead."""

MOST_BYTES = 512 * 2**20
"""Of memory above what the process has before its first case."""

BATCH = 500
"""Cases of one process: then a new one, whatever memory the last one lost."""

DAMAGED = "damaged files"
"""Name of an outcome: how many files were given."""

_NONE = -1


@dataclass
class Tally:
    """What came of some cases."""

    cases: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    findings: dict[str, list[int]] = field(default_factory=dict)
    """Numbers of the cases by signature."""

    peak_bytes: int = 0

    def add(self, other: Tally) -> None:
        """Add what came of other cases."""
        self.cases += other.cases
        self.outcomes.update(other.outcomes)
        for name, numbers in other.findings.items():
            self.findings.setdefault(name, []).extend(numbers)
        self.peak_bytes = max(self.peak_bytes, other.peak_bytes)


def run(cases: Cases | One, numbers: range) -> Iterator[Tally]:
    """Run a batch in a process, another one after each that ended; yield what each did."""
    start = numbers.start
    while start < numbers.stop:
        tally, start = _one_process(cases, range(start, numbers.stop))
        yield tally


def found_in(study: Study) -> str | None:
    """Return the finding of one study, run in a process of its own; None where all is well."""
    tally, _ = _one_process(One(study), range(1))
    return next(iter(tally.findings), None)


def _one_process(cases: Cases | One, numbers: range) -> tuple[Tally, int]:
    """Return what one process did, and the first case it did not reach."""
    shared = mmap.mmap(-1, 8)
    _set(shared, _NONE)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _child(cases, numbers, shared, writer)
    os.close(writer)
    lines = _read_all(reader)
    _, status, usage = os.wait4(child, 0)
    tally = _tally(lines)
    tally.peak_bytes = usage.ru_maxrss * 1024
    if not os.WIFSIGNALED(status) and os.WEXITSTATUS(status) == 0:
        return tally, numbers.stop
    at = _get(shared)
    tally.cases += 1
    tally.findings.setdefault(_ended(status), []).append(at)
    return tally, at + 1


def _ended(status: int) -> str:
    if not os.WIFSIGNALED(status):
        return f"the process ended with {os.WEXITSTATUS(status)}"
    number = os.WTERMSIG(status)
    if number in (signal.SIGPROF, signal.SIGALRM):
        return "hang"
    return f"crash by {signal.Signals(number).name}"


def _child(cases: Cases | One, numbers: range, shared: mmap.mmap, writer: int) -> None:
    """Run cases until all are done or one ends the process; never return."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    room = Path("/proc/self/statm").read_text().split()[0]
    most = int(room) * resource.getpagesize() + MOST_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    with tempfile.TemporaryFile() as told, tempfile.TemporaryDirectory(dir=_memory()) as name:
        os.dup2(told.fileno(), 1)
        os.dup2(told.fileno(), 2)
        for number in numbers:
            _set(shared, number)
            _limit(MOST_SECONDS, MOST_WAIT_S)
            for line in _one_case(cases, number, Path(name) / "study"):
                os.write(writer, f"{line}\n".encode())
            _limit(0, 0)
    os._exit(0)


def _memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - no need of a disk


def _limit(processor_s: int, clock_s: int) -> None:
    """Let the kernel end the process, even while it is in a decoder."""
    signal.setitimer(signal.ITIMER_PROF, processor_s)
    signal.alarm(clock_s)


def _one_case(cases: Cases | One, number: int, folder: Path) -> Iterator[str]:
    before = os.fstat(2).st_size
    study = cases.input(number)
    write(study.files, folder)
    yield f"o1 seed: {study.seed}"
    yield f"o{study.damaged} {DAMAGED}"
    try:
        outcomes = ingest(folder)
        yield from (f"o{count} {outcome}" for outcome, count in outcomes.items())
    except BaseException as error:  # noqa: BLE001 - all of them are findings
        yield f"f{number} {signature(error)}".replace("\n", " ")
    shutil.rmtree(folder)
    yield "c"
    if os.fstat(2).st_size > before:
        yield f"f{number} output: {_said(before)}"


def _said(before: int) -> str:
    text = os.pread(2, 100, before).decode("utf-8", "replace")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _read_all(reader: int) -> list[str]:
    with os.fdopen(reader, encoding="utf-8", errors="replace") as stream:
        return stream.read().splitlines()


def _tally(lines: list[str]) -> Tally:
    tally = Tally()
    for line in lines:
        kind, rest = line[0], line[1:]
        if kind == "c":
            tally.cases += 1
            continue
        number, _, what = rest.partition(" ")
        if kind == "o":
            tally.outcomes[what] += int(number)
        else:
            tally.findings.setdefault(what, []).append(int(number))
    return tally


def _set(shared: mmap.mmap, number: int) -> None:
    shared[:8] = struct.pack("<q", number)


def _get(shared: mmap.mmap) -> int:
    number: int = struct.unpack("<q", shared[:8])[0]
    return number
