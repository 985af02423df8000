"""``script/soak keys [KILLS] [--seed N]``: kill the reading room at work, and open it again.

Every process goes on with the reading the one before was killed in. What it shows when it opens,
undo and redo included, is compared with the last state the killed one had told; so is the journal,
read without a window. A signed reading is checked for its seal and another one begun.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from modic_annotate.conduct.display import virtual_display
from modic_annotate.conduct.status import workspace_status
from modic_annotate.domain.links import ReadingLink
from modic_annotate.errors import ModicAnnotateError
from modic_annotate.session.replay import replay
from modic_annotate.session.session import ReadingSession
from modic_annotate.store.workspace import Workspace
from tests.bench.room.case import READER, RECORD, make_case
from tests.soak.keyed_room import Digests
from tests.soak.killing import KILLED, Running, running
from tests.soak.starting import Process, command

USUAL_KILLS = 100
WHILE_STARTING = 0.1
LONGEST_AT_WORK_S = 8.0
SECONDS_PER_KILL = 30.0
MOST_UNTOLD = 8
"""Acts one key may lead to (slices seen, then its own), written but not yet told at a kill."""

TOLD = re.compile(r"^(open|ack) (\d+) ([0-9a-f]+)$", flags=re.MULTILINE)
LOST, NOT_DONE = 1, 2


@dataclass(frozen=True)
class State:
    """What a process last told: how many acts, and a digest of the state they give."""

    n_acts: int = 0
    digest: str = ""


class Keys:
    """One soak: its workspace, the last state told, and what was seen so far."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - moments, not secrets
        self._folder = folder
        self._template = make_case(folder / "template")
        self._begin()
        self.kills = 0
        self.seen: Counter[str] = Counter()
        self.problems: list[str] = []

    def _begin(self) -> None:
        self.root = self._folder / "ws"
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self._template, self.root)
        self._told = State()

    def run(self, kills: int) -> None:
        """Kill until it is enough, something is lost, or the time is up."""
        end = time.monotonic() + SECONDS_PER_KILL * kills
        while self.kills < kills and not self.problems and time.monotonic() < end:
            self._one()
            if self.kills and self.kills % 10 == 0:
                self.tell()

    def tell(self) -> None:
        """Write what was seen so far."""
        seen = ", ".join(f"{n} {what}" for what, n in sorted(self.seen.items()))
        sys.stdout.write(f"{self.kills} kills: {seen}\n")
        sys.stdout.flush()

    def _one(self) -> None:
        """Start the room, kill it at some moment, and look at what is left."""
        at_start = self._chance.random() < WHILE_STARTING
        delay_s = self._chance.uniform(0, LONGEST_AT_WORK_S)
        words = [str(self.root), str(self._chance.randrange(1_000_000))]
        with running(words, _room) as run:
            if not at_start:
                run.wait_for(lambda said: "open " in said)
                self._compare_opened(run)
            _sleep(run, delay_s)
            run.process.kill()
            code = run.process.wait()
            said, errors = run.said, run.errors
        self.kills += code == KILLED
        if code not in (0, KILLED) or "Traceback" in errors:
            self.problems.append(f"the room ended with {code}: {errors[-2000:]}")
        self._take(said)
        self.problems += self._left()
        if code == 0:
            self._signed()

    def _compare_opened(self, run: Running) -> None:
        first = TOLD.search(run.said)
        if first is None or not self._told.digest:
            return
        n_acts, digest = int(first[2]), first[3]
        self.seen["reopened"] += 1
        if n_acts == self._told.n_acts and digest != self._told.digest:
            self.problems.append(f"opened with {n_acts} acts, it shows another state than was told")
        if not self._told.n_acts <= n_acts <= self._told.n_acts + MOST_UNTOLD:
            self.problems.append(f"{self._told.n_acts} acts were told, {n_acts} are there")

    def _take(self, said: str) -> None:
        told = TOLD.findall(said)
        self.seen["acts told"] += sum(word == "ack" for word, _, _ in told)
        self.seen["killed while starting"] += not told
        if told:
            self._told = State(int(told[-1][1]), told[-1][2])

    def _left(self) -> Iterator[str]:
        """Return what the journal lacks of the state told last, and the record's faults."""
        if not self._told.digest:
            return
        ws = Workspace.open(self.root)
        try:
            session = ReadingSession.look(ws, RECORD, READER)
            status = workspace_status(ws)
        except (ModicAnnotateError, OSError) as error:
            yield f"cannot be read: {error}"
            return
        self.seen["torn lines"] += bool(session.journal.torn)
        entries = session.journal.entries
        self.seen["acts written, not told"] += max(len(entries) - self._told.n_acts, 0)
        if len(entries) < self._told.n_acts:
            yield f"{self._told.n_acts} acts were told, {len(entries)} are in the journal"
        elif _digest_of_first(ws, session, self._told.n_acts) != self._told.digest:
            yield f"the first {self._told.n_acts} acts give another state than was told"
        yield from status.audit_problems
        yield from (fault for record in status.records for fault in record.faults)

    def _signed(self) -> None:
        """Check the seal of a reading that came to its end, and begin another."""
        ws = Workspace.open(self.root)
        links = [link for link in ws.links(RECORD) if isinstance(link, ReadingLink)]
        if len(links) != 1:
            self.problems.append(f"{len(links)} readings are linked after a signature")
        self.seen["readings signed"] += 1
        self._begin()


def _digest_of_first(ws: Workspace, session: ReadingSession, n_acts: int) -> str:
    """Return the digest of the state that the first acts of a journal give."""
    journal = session.journal
    journal.entries = journal.entries[:n_acts]
    session._history = replay(ws, journal).history
    return Digests().of(session)


def _room(words: Sequence[str], out: IO[bytes], err: IO[bytes]) -> Process:
    return command([sys.executable, "-m", "tests.soak.keyed_room", *words], out, err)


def _sleep(run: Running, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and run.process.poll() is None:
        time.sleep(0.01)


def main(arguments: list[str]) -> int:
    """Run the soak; return an exit code."""
    seed = time.time_ns() % 1_000_000
    rest = list(arguments)
    if "--seed" in rest:
        at = rest.index("--seed")
        seed = int(rest[at + 1])
        del rest[at : at + 2]
    kills = int(rest[0]) if rest else USUAL_KILLS
    folder = Path(tempfile.mkdtemp(prefix="modic-annotate-soak-"))
    os.environ |= {"NAPARI_CONFIG": str(folder / "settings.yaml"), "QT_API": "pyside6"}
    began = time.monotonic()
    with virtual_display("1366x768x24"):
        soak = Keys(folder, seed)
        soak.run(kills)
    for problem in soak.problems:
        sys.stdout.write(f"FAULT {problem}\n")
    soak.tell()
    minutes = (time.monotonic() - began) / 60
    sys.stdout.write(f"soak keys: {soak.kills} kills in {minutes:.0f} minutes; seed {seed}\n")
    if soak.problems:
        sys.stdout.write(f"soak: kept in {folder}\n")
        return LOST
    shutil.rmtree(folder, ignore_errors=True)
    return 0 if soak.kills >= kills else NOT_DONE
