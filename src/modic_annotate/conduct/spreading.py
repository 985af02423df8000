"""The same task for many records, on several cores: each is done or told, none stops the others."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

from modic_annotate.errors import ExportError

T = TypeVar("T")
R = TypeVar("R")


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spread(task: Callable[[T], R], items: Sequence[T], n_processes: int) -> Iterator[R]:
    """Yield what a task makes of each item, in the order it is done.

    Where the caller stops early, tasks under way are finished and no other is begun.

    Parameters
    ----------
    task
        Can be pickled, and returns what can; it raises nothing that is no fault of the program.
    items
        What it is called with, each once.
    n_processes
        How many at a time; 1 stays in this process.

    Raises
    ------
    ExportError
        A process was ended from outside, e.g. for lack of memory.
    """
    if min(n_processes, len(items)) <= 1:
        yield from map(task, items)
        return
    pool = ProcessPoolExecutor(
        min(n_processes, len(items)),
        mp_context=get_context("spawn"),  # a fork would copy locks that threads here may hold
        initializer=_leave_interrupts_to_the_parent,
    )
    try:
        waiting = [pool.submit(task, item) for item in items]
        yield from map(_result, as_completed(waiting))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _result(done: Future[R]) -> R:
    try:
        return done.result()
    except BrokenProcessPool as error:
        raise ExportError(
            "A process was ended from outside, as happens where memory runs out; what is there is "
            "whole, do it again with fewer processes"
        ) from error


def _leave_interrupts_to_the_parent() -> None:
    """Finish the task under way on Ctrl+C, which a terminal sends to every process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
