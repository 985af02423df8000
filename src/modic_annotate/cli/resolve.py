"""``resolve``: a named person decides a row that needs review."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from modic_annotate.cli.arguments import CriteriaOpt, RecordArg, WorkspaceArg, day


class Decided(StrEnum):
    """What a person makes of a row."""

    MET = "met"
    NOT_MET = "not_met"


def resolve(
    folder: WorkspaceArg,
    record: RecordArg,
    row: Annotated[str, typer.Argument(metavar="ROW", help="The criterion's id.")],
    criteria: CriteriaOpt,
    decided: Annotated[
        Decided, typer.Option("--as", help="met or not_met; of an exclusion met means absent.")
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why, in words.")],
    by: Annotated[str, typer.Option("--by", metavar="ID", help="A registered person's id.")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The day to judge by.")
    ] = None,
) -> None:
    """Decide ROW of RECORD where it needs review; the trace keeps both outcomes."""
    from modic_annotate.conduct.case import day_of_record
    from modic_annotate.conduct.deciding import Decision, Judged, resolve
    from modic_annotate.store.workspace import Workspace

    workspace = Workspace.open(folder)
    judged = Judged(criteria, day(as_of) if as_of else day_of_record(workspace, record))
    made = resolve(workspace, record, judged, Decision(row, decided.value, reason, by))
    print(f"{made.resolution_id}  row {made.criterion} resolved by {made.by}: {made.outcome}")
