"""``export``: write an evidence package."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from modic_annotate.cli.arguments import (
    FAULT_FOUND,
    AsOfOpt,
    CriteriaOpt,
    RecordArg,
    WorkspaceArg,
    day,
)


class Profile(StrEnum):
    """Who a package is for."""

    INTERNAL = "internal"
    TRIAL = "trial"
    PAYER = "payer"


def export(
    folder: WorkspaceArg,
    record: RecordArg,
    criteria: CriteriaOpt,
    as_of: AsOfOpt,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the package goes.")],
    profile: Annotated[Profile, typer.Option("--profile")] = Profile.INTERNAL,
    as_zip: Annotated[bool, typer.Option("--zip", help="Write one zip file.")] = False,
) -> None:
    """Write everything needed to re-judge RECORD, with hashes, into a BagIt package."""
    from modic_annotate.conduct.case import case_states
    from modic_annotate.evidence import write_evidence
    from modic_annotate.store.workspace import Workspace

    workspace = Workspace.open(folder)
    states = case_states(workspace, record)
    for state in states:
        if state.state != "same":
            typer.echo(f"modic-annotate: {state.message}", err=True)
    package = write_evidence(
        workspace, record, criteria, day(as_of), out, profile=profile.value, zip_it=as_zip
    )
    print(f"Package  {package.path}")
    print(f"Root     {package.root_sha256}")
    if any(state.state == "changed_outside" for state in states):
        raise typer.Exit(FAULT_FOUND)
