"""``python -m tests.soak [KILLS] [--seed N] [--sample]``: exit 1 where anything is lost.

Acts are applied, a reading signed, a study linked, a package written as folder and as zip, each by
the command line in a process of its own over fresh copies of a small case, killed at random
moments and done again, until as many processes were killed as asked for, or the time is up. With
``--sample`` it is the shipped sample, and the program is started as a user does.

``python -m tests.soak faults [N]``: every call of the disk fails in every way, in process; or N
failures of those.

``python -m tests.soak damage [BYTES]``: a package of each profile, damaged in every small way, is
verified; so many bytes of each file are changed.

``python -m tests.soak keys [KILLS]``: the reading room is killed while keys and mouse work it.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from modic_annotate.conduct.demo import sample_input
from tests.soak import damage, fault_runs, keys
from tests.soak.applying import Apply, Sign
from tests.soak.exporting import Export, ExportZip
from tests.soak.linking import Link
from tests.soak.rounds import one_round
from tests.soak.stages import make_stages, small_input
from tests.soak.starting import fork, program
from tests.soak.tally import Tally

USUAL_KILLS = 200
SAMPLE = "--sample"
TOLD_EVERY = 25
SECONDS_AT_LEAST, SECONDS_PER_KILL = 120.0, 6.0
"""What a run may take; it ends then with exit code 2."""

OPERATIONS = (Apply, Sign, Link, Export, ExportZip)
OTHER_SOAKS = {"faults": fault_runs.main, "damage": damage.main, "keys": keys.main}
LOST, NOT_DONE = 1, 2


class Soak:
    """Kills the operations in turn, each by its share."""

    def __init__(self, folder: Path, seed: int, *, on_sample: bool) -> None:
        self._folder = folder
        self._chance = random.Random(seed)  # noqa: S311 - moments, not secrets
        given = sample_input() if on_sample else small_input(folder / "small")
        stages = make_stages(folder / "stages", given)
        start = program if on_sample else fork
        self._operations = [kind(stages, folder / kind.name, start) for kind in OPERATIONS]
        self.tallies = {operation.name: Tally() for operation in self._operations}

    @property
    def kills(self) -> int:
        """How many processes were killed so far."""
        return sum(tally.kills for tally in self.tallies.values())

    @property
    def problems(self) -> list[str]:
        """All that is not as it should be."""
        return [problem for tally in self.tallies.values() for problem in tally.problems]

    def run(self, kills: int) -> None:
        """Run rounds until enough kills, a fault, or the end of the time."""
        end = time.monotonic() + SECONDS_AT_LEAST + SECONDS_PER_KILL * kills
        told = 0
        while self.kills < kills and time.monotonic() < end and not self.problems:
            self._next_round(kills)
            if self.kills // TOLD_EVERY > told:
                told = self.kills // TOLD_EVERY
                self.tell()

    def _next_round(self, kills: int) -> None:
        operation = min(self._operations, key=lambda o: self.tallies[o.name].kills / o.share)
        tally, shares = self.tallies[operation.name], sum(o.share for o in self._operations)
        folder = self._folder / operation.name / f"round-{tally.rounds + 1}"
        most = max(1, kills * operation.share // shares - tally.kills)
        tally.add(one_round(operation, folder, self._chance, min(most, kills - self.kills)))
        if not tally.problems:
            shutil.rmtree(folder, ignore_errors=True)

    def tell(self) -> None:
        """Write the tallies."""
        lines = (f"  {name}: {tally.words}\n" for name, tally in self.tallies.items())
        sys.stdout.write(f"{self.kills} kills\n{''.join(lines)}")
        sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Run the soak; return an exit code."""
    other = OTHER_SOAKS.get("".join(arguments[:1]))
    return other(arguments[1:]) if other else _kill(arguments)


def _kill(arguments: list[str]) -> int:
    """Kill processes; return an exit code."""
    try:
        kills, seed, on_sample = _parsed(arguments)
    except ValueError:
        sys.stderr.write(
            "soak: give the number of kills, 1 or more, --seed N and --sample if wanted\n"
        )
        return NOT_DONE
    folder = Path(tempfile.mkdtemp(prefix="modic-annotate-soak-"))
    soak = Soak(folder, seed, on_sample=on_sample)
    soak.run(kills)
    for problem in soak.problems:
        sys.stdout.write(f"FAULT {problem}\n")
    soak.tell()
    sys.stdout.write(f"soak: {soak.kills} kills, {len(soak.problems)} faults; seed {seed}\n")
    if soak.problems:
        sys.stdout.write(f"soak: kept in {folder}\n")
        return LOST
    shutil.rmtree(folder, ignore_errors=True)
    if soak.kills < kills:
        sys.stdout.write(f"soak: the time was up before {kills} kills\n")
        return NOT_DONE
    return 0


def _parsed(arguments: list[str]) -> tuple[int, int, bool]:
    """Return kills, seed, and whether the sample is worked on."""
    rest = [word for word in arguments if word != SAMPLE]
    seed = time.time_ns() % 1_000_000
    if "--seed" in rest:
        at = rest.index("--seed")
        seed = int("".join(rest[at + 1 : at + 2]))
        del rest[at : at + 2]
    kills = int(rest[0]) if rest else USUAL_KILLS
    if kills < 1 or len(rest) > 1:
        raise ValueError
    return kills, seed, SAMPLE in arguments


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
