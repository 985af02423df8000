"""``apply``: make the acts of a file without a window; a signature made so says so."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from modic_annotate.cli.arguments import ReaderOpt, RecordArg, WorkspaceArg


def apply(
    folder: WorkspaceArg,
    record: RecordArg,
    reader: ReaderOpt,
    acts: Annotated[Path, typer.Option("--acts", metavar="FILE", help="Acts as JSON lines.")],
) -> None:
    """Apply the acts of FILE to READER's draft; print ``ack n`` once line n is durable."""
    from modic_annotate.session.apply import apply_acts
    from modic_annotate.store.workspace import Workspace

    applied = apply_acts(Workspace.open(folder), record, reader, acts, ack=_acknowledge)
    if sys.stderr.isatty():  # stdout holds acknowledgements alone
        typer.echo(applied.message, err=True)


def _acknowledge(line: int) -> None:
    sys.stdout.write(f"ack {line}\n")  # one write: a reader never sees half an acknowledgement
    sys.stdout.flush()
