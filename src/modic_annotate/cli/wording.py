"""``wording``: a signed reading as sentences for a radiologist's report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def wording(
    source: Annotated[
        Path, typer.Argument(metavar="WS|READING", help="A workspace, or a signed reading's file.")
    ],
    record: Annotated[
        str | None, typer.Argument(metavar="[RECORD]", help="The record's id, in a workspace.")
    ] = None,
) -> None:
    """Print a signed reading as sentences to compare with the images and copy into a report."""
    from modic_annotate.conduct.wording import wording_of

    sys.stdout.write(wording_of(source, record))
