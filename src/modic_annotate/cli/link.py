"""``link``: tie an MRI study to a screening record, after comparing whose they are."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from modic_annotate.cli.arguments import ByOpt, RecordArg, WorkspaceArg, operator


def link(
    folder: WorkspaceArg,
    record: RecordArg,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="The MRI study.")],
    by: ByOpt = None,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why a contradiction is accepted.")
    ] = None,
    verbatim: Annotated[
        bool, typer.Option("--verbatim", help="Copy the images with their identity.")
    ] = False,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="Do not copy: read from PATH as it is.")
    ] = False,
) -> None:
    """Compare PATH's study with RECORD, copy its images without identity, and link them."""
    from modic_annotate.conduct.indexing import Mode
    from modic_annotate.conduct.link import link_study
    from modic_annotate.store.workspace import Workspace

    mode: Mode = "verbatim" if verbatim else "in_place" if in_place else "deidentified"
    report = link_study(
        Workspace.open(folder), record, paths, by=operator(by), reason=reason, mode=mode
    )
    if sys.stderr.isatty():  # a person's name and id: to the coordinator's eyes, never to a file
        print(report.identity.for_the_terminal(), file=sys.stderr)
    print(report.message)
