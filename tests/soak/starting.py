"""Start a process that is to be killed: any command, the program itself, or a fork of this one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import IO, Protocol

PROGRAM = (sys.executable, "-u", "-c", "from modic_annotate.cli import main; main()")


class Process(Protocol):
    """What is asked of a process."""

    def poll(self) -> int | None:
        """Return its exit code, None while it runs; -9 where SIGKILL ended it."""

    def kill(self) -> None:
        """Send SIGKILL (TerminateProcess on Windows)."""

    def wait(self) -> int:
        """Wait for its end and return the exit code."""


Start = Callable[[Sequence[str], IO[bytes], IO[bytes]], Process]
"""Starts a command that writes to two open files."""


def command(words: Sequence[str], out: IO[bytes], err: IO[bytes]) -> Process:
    """Start any command."""
    return subprocess.Popen(words, stdout=out, stderr=err)


def program(arguments: Sequence[str], out: IO[bytes], err: IO[bytes]) -> Process:
    """Start modic-annotate as a user does, by this very Python, unbuffered."""
    return command([*PROGRAM, *arguments], out, err)


def fork(arguments: Sequence[str], out: IO[bytes], err: IO[bytes]) -> Process:
    """Start modic-annotate in a fork that need not import anything first: ten times as fast."""
    return Forked(arguments, out, err)


class Forked:
    """A fork of this process that runs the command line."""

    def __init__(self, arguments: Sequence[str], out: IO[bytes], err: IO[bytes]) -> None:
        self._code: int | None = None
        sys.stdout.flush()
        self._pid = os.fork()
        if self._pid == 0:
            os._exit(_run(arguments, out, err))

    def poll(self) -> int | None:
        """Return its exit code, None while it runs."""
        return self._waited(os.WNOHANG)

    def wait(self) -> int:
        """Wait for its end."""
        code = self._waited(0)
        assert code is not None
        return code

    def kill(self) -> None:
        """Send SIGKILL."""
        if self.poll() is None:
            os.kill(self._pid, 9)

    def _waited(self, options: int) -> int | None:
        if self._code is None:
            pid, status = os.waitpid(self._pid, options)
            self._code = os.waitstatus_to_exitcode(status) if pid else None
        return self._code


def _run(arguments: Sequence[str], out: IO[bytes], err: IO[bytes]) -> int:
    """Run the command line in the child and return its exit code, whatever happens."""
    from modic_annotate.cli import main

    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    sys.stdout = open(1, "w", buffering=1, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.argv = ["modic-annotate", *arguments]
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as error:  # noqa: BLE001 - told to the parent through the error file
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 70
    return 0
