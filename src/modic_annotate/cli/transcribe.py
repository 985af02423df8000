"""``transcribe``: what a radiologist's report says per endplate."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from modic_annotate.cli.arguments import ByOpt, RecordArg, WorkspaceArg, operator
from modic_annotate.errors import RecordError


def transcribe(
    folder: WorkspaceArg,
    record: RecordArg,
    attachment: Annotated[
        str | None, typer.Argument(metavar="[ATTACHMENT]", help="The attached report's id.")
    ] = None,
    grid: Annotated[
        Path | None, typer.Option("--grid", metavar="FILE", help="The filled grid as CSV.")
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option("--also", help="Another finding the report names (listhesis, ...)."),
    ] = None,
    by: ByOpt = None,
) -> None:
    """Keep what report ATTACHMENT says per endplate; without --grid print an empty grid."""
    from modic_annotate.conduct.transcribing import Grid, empty_grid, transcribe
    from modic_annotate.store.workspace import Workspace

    workspace = Workspace.open(folder)
    workspace.resolve(record)
    if grid is None:
        sys.stdout.write(empty_grid())
        return
    if attachment is None:
        raise RecordError("Name the report that was transcribed, e.g. A1, before --grid")
    try:
        text = grid.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RecordError(f"The grid cannot be read as UTF-8 text ({error})") from error
    made = transcribe(workspace, record, attachment, Grid(text, operator(by), tuple(also or ())))
    print(f"{made.attachment_id}  {len(made.statements)} places transcribed")
