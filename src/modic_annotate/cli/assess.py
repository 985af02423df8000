"""``assess``: evaluate a criteria set on a record and its readings, with the trace."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from modic_annotate.cli.arguments import (
    FAULT_FOUND,
    AllOpt,
    AsOfOpt,
    CriteriaOpt,
    JsonOpt,
    RecordOrAllArg,
    WorkspaceArg,
    check_one_or_all,
    day,
    print_json,
    print_table,
    result_words,
    tell_states,
)
from modic_annotate.errors import RecordError

if TYPE_CHECKING:
    from modic_annotate.domain.determination import CriterionOutcome, Determination
    from modic_annotate.eligibility.trace import TraceLine


def assess(
    folder: WorkspaceArg,
    criteria: CriteriaOpt,
    as_of: AsOfOpt,
    record: RecordOrAllArg = None,
    everyone: AllOpt = False,
    as_json: JsonOpt = False,
    with_trace: Annotated[
        bool,
        typer.Option("--trace", help="Also list where each value stands, and its file's hash."),
    ] = False,
) -> None:
    """Say per criterion whether it is met as recorded, and what that rests on.

    With --all of every record; images are then not compared with what was linked.
    """
    from modic_annotate.cli.assess_all import assess_everyone
    from modic_annotate.conduct.case import assess_resolved, case_states, case_trace
    from modic_annotate.store.workspace import Workspace

    check_one_or_all(record, everyone)
    workspace = Workspace.open(folder)
    if record is None:
        if with_trace:
            raise RecordError("--trace is of one record; name a RECORD, or leave it out")
        assess_everyone(workspace, criteria, day(as_of), as_json=as_json)
        return
    is_faulty = tell_states(case_states(workspace, record))
    determination, lapsed = assess_resolved(workspace, record, criteria, day(as_of))
    for sentence in lapsed:
        print(sentence, file=sys.stderr)
    if as_json:
        print_json(determination.model_dump(mode="json"))
    else:
        _print(determination)
        if with_trace:
            _print_trace(case_trace(workspace, record, determination))
    if is_faulty:
        raise typer.Exit(FAULT_FOUND)


def _print(determination: Determination) -> None:
    from modic_annotate.domain.determination import PROVENANCE_WORDS

    print_table(
        f"{determination.criteria_title} ({determination.criteria_id} "
        f"{determination.criteria_version})",
        ("row", "as recorded", "what", "compared", "source was"),
        [
            (
                row.criterion,
                row.finding,
                row.title,
                row.comparison + _resolved(row),
                PROVENANCE_WORDS[row.provenance],
            )
            for row in determination.outcomes
        ],
    )
    for sentence in (*determination.missing, *determination.caveats):
        print(f"- {sentence}")
    print(f"Result: {result_words(determination)}")


def _resolved(row: CriterionOutcome) -> str:
    return f" (needed review; decided by {row.resolved.by})" if row.resolved else ""


def _print_trace(lines: tuple[TraceLine, ...]) -> None:
    print_table(
        "Where each value stands",
        ("row", "document", "pointer", "value", "key images"),
        [
            (
                line.criterion,
                line.operand.document,
                line.operand.pointer,
                _told(line.operand.value, line.operand.unit),
                "\n".join(image.words for image in line.key_images),
            )
            for line in lines
        ],
    )
    for document, sha256 in sorted({(one.operand.document, one.sha256) for one in lines}):
        print(f"{document}  {sha256 or 'held by the determination itself'}")


def _told(value: object, unit: str | None) -> str:
    return "" if value is None else f"{value} {unit or ''}".strip()
