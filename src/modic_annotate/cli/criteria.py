"""``criteria``: what sets there are, what each says, and the rows a site has verified."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from modic_annotate.cli.arguments import JsonOpt, WorkspaceArg, day, print_json, print_table

if TYPE_CHECKING:
    from modic_annotate.eligibility import CriteriaSet

app = typer.Typer(help="Criteria sets: list, show, check, verify a row.", no_args_is_help=True)

SetArg = Annotated[str, typer.Argument(metavar="SET", help="A shipped set's id, or a set's file.")]
OnOpt = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Say which sets are stale on this day."),
]


@app.command("list")
def list_(as_of: OnOpt = None, as_json: JsonOpt = False) -> None:
    """List the shipped sets: what they hold, how far their sources are known, how current."""
    from modic_annotate.eligibility import list_criteria, load_criteria
    from modic_annotate.eligibility.summary import summary

    on = day(as_of) if as_of else None
    rows = [summary(load_criteria(name), on) for name in list_criteria()]
    if as_json:
        print_json([row._asdict() for row in rows])
        return
    columns = ("set", "purpose", "rows", "status", "source read", "review by")
    cells = [(r.id, r.purpose, r.rows, r.status, r.retrieved_on, r.review_by) for r in rows]
    print_table("", columns, cells)


@app.command("show")
def show(
    criteria: SetArg,
    workspace: Annotated[
        Path | None, typer.Option("--workspace", metavar="WS", help="With its verified rows.")
    ] = None,
    as_of: OnOpt = None,
    as_json: JsonOpt = False,
) -> None:
    """Show every row of SET with its source, and how far that source is known."""
    from modic_annotate.evidence.criteria_file import criteria_file, site_criteria
    from modic_annotate.store.workspace import Workspace

    ws = Workspace.open(workspace) if workspace else None
    found = (site_criteria(ws, criteria) if ws else criteria_file(criteria)).criteria
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    _print(found, day(as_of) if as_of else None)
    if ws:
        from modic_annotate.eligibility.site import outdated
        from modic_annotate.store.row_verifications import present

        for sentence in outdated(found, present(ws.store, found.id)):
            print(f"- {sentence}")


def _print(criteria: CriteriaSet, on: date | None) -> None:
    from modic_annotate.domain.determination import PROVENANCE_WORDS
    from modic_annotate.eligibility.summary import summary

    rows = [
        (
            row.id,
            row.kind.value,
            row.title,
            row.source,
            PROVENANCE_WORDS[row.standing]
            + (f", by {row.verification.by}" if row.verification else ""),
        )
        for row in criteria.criterion
    ]
    print_table(
        f"{criteria.title} ({criteria.id} {criteria.version})",
        ("row", "kind", "what", "source", "source was"),
        rows,
    )
    told = summary(criteria, on)
    print(f"Source: {criteria.source}")
    print(f"Status: {told.status}; source read: {told.retrieved_on}; review by: {told.review_by}")
    for note in criteria.note:
        print(f"Note {note.id} ({PROVENANCE_WORDS[note.standing]}): {note.title}")
        for text in note.text:
            print(f"  {text}")
    for sentence in criteria.caveats:
        print(f"- {sentence}")


@app.command("check")
def check(criteria: SetArg) -> None:
    """Check SET, such as a site's own file: its form, and that its examples come out as stated."""
    from modic_annotate.evidence.criteria_file import criteria_file

    found = criteria_file(criteria).criteria
    print(
        f"{found.id} {found.version}: {len(found.criterion)} rows, "
        f"{len(found.example)} examples come out as stated"
    )


@app.command("verify-row")
def verify_row(
    folder: WorkspaceArg,
    criteria: SetArg,
    row: Annotated[str, typer.Argument(metavar="ROW", help="The row's id.")],
    by: Annotated[str, typer.Option("--by", metavar="READER", help="Who read the source.")],
    source: Annotated[
        Path | None,
        typer.Option("--source", metavar="FILE", help="What was read; only its hash is kept."),
    ] = None,
    withdraw: Annotated[
        str | None, typer.Option("--withdraw", metavar="REASON", help="Take a verification back.")
    ] = None,
) -> None:
    """State that READER has read the source of ROW: from then on the row decides in WS."""
    from modic_annotate.conduct import criteria as conduct
    from modic_annotate.errors import CriteriaError
    from modic_annotate.store.workspace import Workspace

    if (source is None) == (withdraw is None):
        raise CriteriaError("Give what was read with --source FILE, or --withdraw REASON; not both")
    ws = Workspace.open(folder)
    if source is not None:
        done = conduct.verify_row(ws, criteria, row, by, source)
        print(f"Row {done.criterion} of {done.criteria_id} verified by {done.person}; it decides")
        print(f"Source   {done.source_sha256} (keep the file: only its hash is kept here)")
    else:
        done = conduct.withdraw_row(ws, criteria, row, by, withdraw or "")
        print(f"Row {done.criterion} of {done.criteria_id} is unverified again")
