"""``python -m tests.soak [KILLS] [--seed N]``: exit 1 where anything acknowledged is lost.

The acts of the sample are applied by the command line over fresh workspaces, killed at random
moments and applied again, until as many processes were killed as asked for, or the time is up.

``python -m tests.soak faults [N]``: every call of the disk fails in every way, in process; or N
failures of those.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from dataclasses import fields
from pathlib import Path

from tests.soak import fault_runs
from tests.soak.rounds import Tally, make_setting, one_round

USUAL_KILLS = 200
TOLD_EVERY = 50
SECONDS_AT_LEAST, SECONDS_PER_KILL = 120.0, 6.0
"""What a run may take; it ends then with exit code 2."""

LOST, NOT_DONE = 1, 2


def main(arguments: list[str]) -> int:
    """Run the soak; return an exit code."""
    if arguments[:1] == ["faults"]:
        return fault_runs.main(arguments[1:])
    try:
        kills, seed = _parsed(arguments)
    except ValueError:
        sys.stderr.write("soak: give the number of kills, 1 or more, and --seed N if wanted\n")
        return NOT_DONE
    folder = Path(tempfile.mkdtemp(prefix="modic-annotate-soak-"))
    tally = _soak(folder, kills, seed)
    if tally.problems:
        for problem in tally.problems:
            sys.stdout.write(f"FAULT {problem}\n")
        sys.stdout.write(f"soak: {tally.words}; seed {seed}; kept in {folder}\n")
        return LOST
    shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(f"soak: {tally.words}; seed {seed}\n")
    if tally.kills < kills:
        sys.stdout.write(f"soak: the time was up before {kills} kills\n")
        return NOT_DONE
    return 0


def _soak(folder: Path, kills: int, seed: int) -> Tally:
    """Run rounds until enough kills, a fault, or the end of the time."""
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    end = time.monotonic() + SECONDS_AT_LEAST + SECONDS_PER_KILL * kills
    setting = make_setting(folder)
    total, told = Tally(), 0
    while total.kills < kills and time.monotonic() < end and not total.problems:
        workspace = folder / f"round-{total.signed + 1}"
        _add(total, one_round(setting, workspace, chance, kills - total.kills))
        if not total.problems:
            shutil.rmtree(workspace, ignore_errors=True)
        if total.kills // TOLD_EVERY > told:
            told = total.kills // TOLD_EVERY
            sys.stdout.write(f"{total.words}\n")
            sys.stdout.flush()
    return total


def _add(total: Tally, more: Tally) -> None:
    for one in fields(Tally):
        setattr(total, one.name, getattr(total, one.name) + getattr(more, one.name))


def _parsed(arguments: list[str]) -> tuple[int, int]:
    """Return kills and seed."""
    rest = list(arguments)
    seed = time.time_ns() % 1_000_000
    if "--seed" in rest:
        at = rest.index("--seed")
        seed = int("".join(rest[at + 1 : at + 2]))
        del rest[at : at + 2]
    kills = int(rest[0]) if rest else USUAL_KILLS
    if kills < 1 or len(rest) > 1:
        raise ValueError
    return kills, seed


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
