"""``export``: write an evidence package."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from modic_annotate.cli.arguments import (
    FAULT_FOUND,
    ByOpt,
    CriteriaOpt,
    RecordArg,
    WorkspaceArg,
    day,
    operator,
    tell_states,
)
from modic_annotate.errors import ExportError, ImagingError, RecordError


class Profile(StrEnum):
    """Who a package is for."""

    INTERNAL = "internal"
    TRIAL = "trial"
    PAYER = "payer"


def export(
    folder: WorkspaceArg,
    record: RecordArg,
    criteria: CriteriaOpt,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="The package itself: a new folder.")
    ],
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="DATE", help="The day to judge by (default: the newest signature's)."
        ),
    ] = None,
    profile: Annotated[Profile, typer.Option("--profile")] = Profile.INTERNAL,
    as_zip: Annotated[bool, typer.Option("--zip", help="Write one zip file.")] = False,
    others: Annotated[
        str | None,
        typer.Option(
            "--with", metavar="FORMATS", help="Formats beside the profile's own, e.g. sr,kos."
        ),
    ] = None,
    by: ByOpt = None,
) -> None:
    """Write everything needed to re-judge RECORD, with hashes, into a BagIt package."""
    from modic_annotate.conduct.case import case_states, day_of_record
    from modic_annotate.evidence import write_evidence
    from modic_annotate.store.workspace import Workspace

    workspace = Workspace.open(folder)
    is_faulty = tell_states(case_states(workspace, record))
    judged = day(as_of) if as_of else day_of_record(workspace, record)
    try:
        package = write_evidence(
            workspace,
            record,
            criteria,
            judged,
            out,
            profile=profile.value,
            zip_it=as_zip,
            formats=tuple(filter(None, (others or "").replace(" ", "").split(","))),
            by=operator(by),
        )
    except (ExportError, ImagingError, RecordError) as error:
        if not is_faulty:
            raise
        typer.echo(f"modic-annotate: {error}", err=True)
        raise typer.Exit(FAULT_FOUND) from error
    print(f"Package  {package.path}")
    print(f"Root     {package.root_sha256}")
    print(f"As of    {judged.isoformat()}")
    if is_faulty:
        raise typer.Exit(FAULT_FOUND)
