"""``python -m tests.fuzz [N] [--seed S] [--keep FOLDER]``: exit 1 where anything was found.

N inputs (1,000 unless told otherwise) are made of sound little files by damaging their structure
and their bytes, and run through scan, load and hash. Whatever comes out must be a series, a
refusal, a blocked series or an error of the product's own tree. A crash, a hang, too much
memory, another error, or a word on standard error is a finding; its files go to FOLDER.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.fuzz.case import Cases, write
from tests.fuzz.seeds import studies
from tests.fuzz.workers import BATCH, DAMAGED, Tally, run

USUAL_CASES, USUAL_SEED = 1000, 1
TOLD_EVERY = 10_000
KEPT_EACH = 3
FOUND = 1


def main(arguments: list[str]) -> int:
    """Run the cases; return an exit code."""
    given = _parsed(arguments)
    cases = Cases(studies(), given.seed)
    total, told = Tally(), 0
    for tally in _tallies(cases, given.cases, given.jobs):
        total.add(tally)
        if total.cases // TOLD_EVERY > told:
            told = total.cases // TOLD_EVERY
            sys.stdout.write(f"{total.cases} inputs, {len(total.findings)} kinds of findings\n")
            sys.stdout.flush()
    _tell(total)
    if not total.findings:
        return 0
    folder = given.keep or Path(tempfile.mkdtemp(prefix="modic-annotate-fuzz-"))
    for numbers in total.findings.values():
        for number in sorted(numbers)[:KEPT_EACH]:
            write(cases.input(number).files, folder / f"{given.seed}-{number}")
    sys.stdout.write(f"fuzz: the files of the findings lie in {folder}\n")
    return FOUND


def _tallies(cases: Cases, count: int, jobs: int) -> Iterator[Tally]:
    batches = [range(i, min(i + BATCH, count)) for i in range(0, count, BATCH)]
    if jobs == 1:
        for batch in batches:
            yield from run(cases, batch)
        return
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        for tallies in pool.imap_unordered(_Batch(cases), batches):
            yield from tallies


class _Batch:
    """A batch as a pool takes it."""

    def __init__(self, cases: Cases) -> None:
        self._cases = cases

    def __call__(self, numbers: range) -> list[Tally]:
        return list(run(self._cases, numbers))


def _tell(total: Tally) -> None:
    for outcome, count in sorted(total.outcomes.items()):
        sys.stdout.write(f"{count:>8} {outcome}\n")
    for name, numbers in sorted(total.findings.items(), key=lambda item: -len(item[1])):
        first = ", ".join(map(str, sorted(numbers)[:KEPT_EACH]))
        sys.stdout.write(f"FOUND {len(numbers)} x {name} (inputs {first})\n")
    damaged, most = total.outcomes[DAMAGED], total.peak_bytes / 2**20
    sys.stdout.write(
        f"fuzz: {total.cases} inputs of {damaged} damaged files, {len(total.findings)} kinds of"
        f" findings, most memory of a process {most:.0f} MB\n"
    )


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fuzz", description="Damaged files against the ingest.")
    parser.add_argument("cases", nargs="?", type=int, default=USUAL_CASES, metavar="N")
    parser.add_argument("--seed", type=int, default=USUAL_SEED)
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--keep", type=Path, help="where the files of findings go")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
