"""``addendum``: a letter that asks the radiologist for what the report lacks."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from modic_annotate.cli.arguments import RecordArg, WorkspaceArg, day
from modic_annotate.cli.case import USUAL_SET


def addendum(
    folder: WorkspaceArg,
    record: RecordArg,
    criteria: Annotated[
        str, typer.Option("--criteria", metavar="SET", help="A shipped criteria set or a file.")
    ] = USUAL_SET,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The day to judge by.")
    ] = None,
) -> None:
    """Print a letter asking for an addendum where RECORD's report lacks place, type or level."""
    from modic_annotate.conduct.addendum import addendum_letter
    from modic_annotate.conduct.case import day_of_record
    from modic_annotate.conduct.deciding import Judged
    from modic_annotate.store.workspace import Workspace

    workspace = Workspace.open(folder)
    judged = Judged(criteria, day(as_of) if as_of else day_of_record(workspace, record))
    sys.stdout.write(addendum_letter(workspace, record, judged))
