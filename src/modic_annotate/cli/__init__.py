"""The command line ``modic-annotate``: one file per command, thin over the library.

Exit codes: 0 done; 1 a check found a fault; 2 it could not be done. Errors are one sentence on
stderr; with ``--json`` stdout holds machine output alone.
"""

from __future__ import annotations

import os
import sys

import typer

from modic_annotate.cli.app import app
from modic_annotate.errors import ModicAnnotateError

COULD_NOT_BE_DONE = 2

USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[1]
"""What a wrong command line raises: the base of typer's public error, which it does not export."""


def main() -> None:
    """Run the command line; the one place where errors become a sentence and an exit code."""
    try:
        code = app(sys.argv[1:] or ["--help"], standalone_mode=False)
    except ModicAnnotateError as error:
        fail(str(error))
    except USAGE_ERROR as error:
        fail(_usage_sentence(error))
    except typer.Abort:
        fail("stopped; nothing was changed")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(COULD_NOT_BE_DONE) from None
    except OSError as error:
        where = error.filename or "the file in use"
        fail(f"{error.strerror or error} ({where}); nothing was left half-written")
    raise SystemExit(code if isinstance(code, int) else 0)


def _usage_sentence(error: Exception) -> str:
    """Return what is wrong with the command line, and where its usage stands."""
    words = getattr(error, "format_message", error.__str__)().strip().rstrip(".")
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "modic-annotate"
    return f"{' '.join(words.split())}; see '{command} --help'"


def fail(sentence: str) -> None:
    """Print one sentence on stderr and leave with exit code 2."""
    print(f"modic-annotate: {sentence}", file=sys.stderr)
    raise SystemExit(COULD_NOT_BE_DONE)
