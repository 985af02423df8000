"""Every call of every operation fails in every way, and what is left is looked at.

``python -m tests.soak faults [N] [--seed N]``: all of them, or N chosen at random.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from modic_annotate.errors import ModicAnnotateError
from modic_annotate.store.audit import verify_audit
from modic_annotate.store.durable import TEMPORARY_PREFIX
from tests.soak.fault_case import NAME, Templates, make_templates, state_of
from tests.soak.fault_operations import OPERATIONS, Operation, Trial
from tests.soak.faults import FAULTS, REMOVES, Disk, Fault

TOLD_EVERY = 1000


@dataclass(frozen=True)
class Plan:
    """One failure: which operation, which of its calls, how."""

    operation: Operation
    at: int
    call: str
    fault: Fault

    def __str__(self) -> str:
        return f"{self.operation.name}, call {self.at + 1} ({self.call}), {self.fault.name}"


@dataclass
class FaultTally:
    """What came of the failures so far."""

    injected: Counter[str] = field(default_factory=Counter)
    calls: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    absorbed: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The tally in one line."""
        each = ", ".join(f"{name} {n}" for name, n in sorted(self.injected.items()))
        return (
            f"{self.injected.total()} faults injected ({each}); {self.refused} refused in a "
            f"sentence, {self.absorbed} absorbed, {len(self.problems)} problems"
        )


class FaultRun:
    """Plans failures for some operations and carries them out, each on a fresh copy."""

    def __init__(self, folder: Path, operations: tuple[Operation, ...] = OPERATIONS) -> None:
        self._folder = folder
        self._templates: Templates = make_templates(folder / "templates")
        self._wanted: dict[str, object] = {}
        self.tally = FaultTally()
        self.plans = [plan for operation in operations for plan in self._planned(operation)]

    def _trial(self, operation: Operation) -> Trial:
        trial = Trial(self._templates, self._folder / "trial")
        self._templates.copy(operation.stage, trial.folder)
        return trial

    def _planned(self, operation: Operation) -> Iterator[Plan]:
        """Run an operation undisturbed, counting its calls, and plan a failure of each."""
        trial = self._trial(operation)
        with Disk(trial.folder, hard_links=operation.hard_links).watched() as disk:
            operation.run(trial)
        self._wanted[operation.name] = operation.result(trial)
        self.tally.calls[operation.name] = len(disk.calls)
        for at, call in enumerate(disk.calls):
            yield from (Plan(operation, at, call, f) for f in FAULTS if call in f.hits)

    def carry_out(self, plan: Plan) -> None:
        """Let one call fail, reopen, look at everything, do it again and compare."""
        trial = self._trial(plan.operation)
        before = state_of(trial.ws)
        try:
            problems = [*self._failed(plan, trial), *self._left(plan, trial, before)]
            problems += self._again(plan.operation, trial)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a problem to tell
            problems = [f"{type(error).__name__} where nothing fails: {error}"]
        self.tally.injected[plan.operation.name] += 1
        self.tally.problems += (f"{plan}: {problem}" for problem in problems)

    def _failed(self, plan: Plan, trial: Trial) -> Iterator[str]:
        try:
            links = plan.operation.hard_links
            with Disk(trial.folder, plan.fault, plan.at, hard_links=links).watched():
                plan.operation.run(trial)
        except ModicAnnotateError as error:
            self.tally.refused += 1
            text = str(error)
            if "\n" in text or not text or NAME.split("^")[0] in text:
                yield f"the message is no plain sentence: {text!r}"
        except Exception as error:  # noqa: BLE001 - none but our own may come out
            yield f"a bare {type(error).__name__} came out: {error}"
        else:
            self.tally.absorbed += 1

    def _left(self, plan: Plan, trial: Trial, before: dict[str, object]) -> Iterator[str]:
        report = verify_audit(trial.ws)
        yield from (f"audit: {problem}" for problem in report.problems)
        yield from plan.operation.lost(trial)
        present = state_of(trial.ws)  # raises where any record cannot be read
        yield from (f"{name} is gone" for name in before if name not in present)
        if plan.fault.n_calls == 1 and plan.call not in {*REMOVES, "scandir", "stat"}:
            rubbish = [p.name for p in trial.folder.rglob("*") if _is_unfinished(p)]
            yield from (f"{name} was left" for name in rubbish)

    def _again(self, operation: Operation, trial: Trial) -> Iterator[str]:
        if operation.result(trial) != self._wanted[operation.name]:
            operation.run(trial)
        if operation.result(trial) != self._wanted[operation.name]:
            yield "done again, it came to something else"
        yield from (f"audit at the end: {p}" for p in verify_audit(trial.ws).problems)


def _is_unfinished(path: Path) -> bool:
    return path.name.startswith(TEMPORARY_PREFIX) or path.name.endswith(".partial")


def main(arguments: list[str]) -> int:
    """Run all failures, or as many as told; return an exit code."""
    chance = random.Random(20260320)  # noqa: S311 - which failures, not secrets
    folder = Path(tempfile.mkdtemp(prefix="modic-annotate-faults-"))
    began = time.monotonic()
    run = FaultRun(folder)
    n_wanted = int(arguments[0]) if arguments else len(run.plans)
    plans = run.plans if n_wanted >= len(run.plans) else chance.sample(run.plans, n_wanted)
    for n, plan in enumerate(plans, 1):
        run.carry_out(plan)
        if n % TOLD_EVERY == 0:
            sys.stdout.write(f"{n} of {len(plans)} after {time.monotonic() - began:.0f} s\n")
            sys.stdout.flush()
    for problem in run.tally.problems:
        sys.stdout.write(f"FAULT {problem}\n")
    sys.stdout.write(f"calls: {run.tally.calls}\n")
    sys.stdout.write(f"soak: {run.tally.words}; {time.monotonic() - began:.0f} s\n")
    shutil.rmtree(folder, ignore_errors=True)
    return 1 if run.tally.problems else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
