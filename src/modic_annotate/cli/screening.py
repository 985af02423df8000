"""``screening``: bring screening records in, show, check and amend them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue

from modic_annotate.cli.arguments import ByOpt, RecordArg, WorkspaceArg, operator

app = typer.Typer(help="Screening records: import, show, validate, edit.", no_args_is_help=True)

FileArg = Annotated[Path, typer.Argument(metavar="FILE", help="A screening record as JSON.")]


@app.command("import")
def import_(
    file: FileArg,
    into: Annotated[Path, typer.Option("--into", metavar="WS", help="The workspace folder.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before a record changes.")] = False,
    by: ByOpt = None,
) -> None:
    """Import FILE as a new revision; importing the same content again changes nothing.

    What would change is shown first. On a terminal it is then asked whether to go on.
    """
    from modic_annotate.conduct.screening_import import import_record
    from modic_annotate.store.workspace import Workspace

    ws = Workspace.open(into)
    expected = import_record(ws, file, by=operator(by), dry_run=True)
    for change in expected.changes:
        print(f"  {change}")
    if not dry_run:
        if expected.changes and not yes and sys.stdin.isatty():
            typer.confirm(f"{expected.message}; write it?", abort=True, err=True)
        expected = import_record(ws, file, by=operator(by))
    print(expected.message)


@app.command("show")
def show(folder: WorkspaceArg, record: RecordArg) -> None:
    """Print the record's newest revision."""
    from modic_annotate.store.workspace import Workspace

    newest, _ = Workspace.open(folder).screening(record)
    print(json.dumps(newest.model_dump(mode="json"), indent=2, ensure_ascii=False))


@app.command("validate")
def validate(file: FileArg) -> None:
    """Check FILE against the record's model; every problem is named with its path."""
    from modic_annotate import load_screening

    record = load_screening(file)
    print(f"{file.name}: record {record.record_id} of trial {record.trial_id} is valid")


@app.command("edit")
def edit(
    folder: WorkspaceArg,
    record: RecordArg,
    values: Annotated[
        list[str],
        typer.Option("--set", metavar="FIELD=JSON", help="For example scores.odi_percent=42."),
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why the record is changed.")],
    by: ByOpt = None,
) -> None:
    """Write a new revision with some fields changed; the old one stays."""
    from modic_annotate.conduct.screening_import import edit_record
    from modic_annotate.store.workspace import Workspace

    changes = dict(_assignment(text) for text in values)
    outcome = edit_record(Workspace.open(folder), record, changes, by=operator(by), reason=reason)
    print(outcome.message)


def _assignment(text: str) -> tuple[str, JsonValue]:
    field, _, value = text.partition("=")
    try:
        return field, json.loads(value)
    except json.JSONDecodeError:
        return field, value
