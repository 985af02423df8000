"""Progress of long work, for people at a terminal and nobody else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_EVERY = 50


@contextmanager
def counting_files() -> Iterator[Callable[[int], None] | None]:
    """Give what a scan tells its count to; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("looking for images ...") as status:

        def show(n: int) -> None:
            if n % _EVERY == 0:
                status.update(f"looked at {n} files ...")

        yield show


@contextmanager
def counting_records(words: str, total: int) -> Iterator[Callable[[int], None]]:
    """Give what is told how many of `total` are done; shown where stderr is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _n: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(words, total=total)
        yield lambda n: progress.update(task, completed=n)
