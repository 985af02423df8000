"""``init``: make a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    trial: Annotated[
        str, typer.Option("--trial", help="Id of the protocol records are kept under.")
    ] = "trial",
) -> None:
    """Make DIR a workspace: a folder holding one trial's records."""
    from modic_annotate.store.workspace import Workspace

    workspace = Workspace.create(folder, trial_id=trial)
    print(f"Workspace for trial {workspace.trial_id} made in {folder}")
    print(f"Next: modic-annotate readers {folder} add READER")
