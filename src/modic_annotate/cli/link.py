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
    study: Annotated[
        str | None,
        typer.Option("--study", metavar="UID-END", help="Which of several studies, by its UID."),
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
    from modic_annotate.conduct.medium import Medium
    from modic_annotate.store.workspace import Workspace

    mode: Mode = "verbatim" if verbatim else "in_place" if in_place else "deidentified"
    workspace = Workspace.open(folder)
    if sys.stderr.isatty():
        _show_identity(paths)
    medium = Medium(paths, study)
    report = link_study(workspace, record, medium, by=operator(by), reason=reason, mode=mode)
    print(report.message)


def _show_identity(paths: list[Path]) -> None:
    """Show a person's name and id to the coordinator's eyes, before anything is compared."""
    from modic_annotate import imaging
    from modic_annotate.conduct.matching import ShownIdentity

    found = imaging.scan(*paths).series
    print(ShownIdentity(found).for_the_terminal(), file=sys.stderr)
