"""``case``: the next missing thing of a record, one sentence each."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from modic_annotate.cli.arguments import JsonOpt, RecordArg, WorkspaceArg, day, print_json

STOPS = 1
"""Exit code while something is missing."""

USUAL_SET = "fda_510k_bvna"


def case(
    folder: WorkspaceArg,
    record: RecordArg,
    criteria: Annotated[
        str, typer.Option("--criteria", metavar="SET", help="A shipped criteria set or a file.")
    ] = USUAL_SET,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The day to judge by.")
    ] = None,
    as_json: JsonOpt = False,
) -> None:
    """Say what RECORD still lacks, the next thing first, each with the command that mends it."""
    from modic_annotate.conduct.case import day_of_record
    from modic_annotate.conduct.deciding import Judged
    from modic_annotate.conduct.next_step import next_steps, ready_step
    from modic_annotate.store.workspace import Workspace

    workspace = Workspace.open(folder)
    judged = Judged(criteria, day(as_of) if as_of else day_of_record(workspace, record))
    steps = next_steps(workspace, record, judged)
    stopped = any(step.stops for step in steps)
    ready = ready_step(workspace.resolve(record), judged)
    if as_json:
        following = asdict(steps[0] if stopped else ready)
        all_steps = [asdict(step) for step in steps]
        print_json({"ready": not stopped, "next": following, "steps": all_steps})
    else:
        for step in steps if stopped else (*steps, ready):
            command = f"  ({step.command})" if step.command else ""
            print(f"{'-' if step.stops else ' '} {step.sentence}{command}")
    if stopped:
        raise typer.Exit(STOPS)
