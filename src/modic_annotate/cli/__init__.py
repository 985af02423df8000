"""The command line ``modic-annotate``: one file per command, thin over the library.

Exit codes: 0 done; 1 a check found a fault; 2 it could not be done. Errors are one sentence on
stderr; with ``--json`` stdout holds machine output alone.
"""

from __future__ import annotations

import os
import sys

from modic_annotate.cli.app import app
from modic_annotate.errors import ModicAnnotateError

COULD_NOT_BE_DONE = 2


def main() -> None:
    """Run the command line; the one place where errors become a sentence and an exit code."""
    try:
        app()
    except ModicAnnotateError as error:
        fail(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(COULD_NOT_BE_DONE) from None
    except OSError as error:
        where = error.filename or "the file in use"
        fail(f"{error.strerror or error} ({where}); nothing was left half-written")


def fail(sentence: str) -> None:
    """Print one sentence on stderr and leave with exit code 2."""
    print(f"modic-annotate: {sentence}", file=sys.stderr)
    raise SystemExit(COULD_NOT_BE_DONE)
