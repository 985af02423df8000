"""``screening``: bring screening records in, show, check and amend them."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import JsonValue

from modic_annotate.cli.arguments import (
    ByOpt,
    JsonOpt,
    RecordArg,
    WorkspaceArg,
    operator,
    print_json,
)

if TYPE_CHECKING:
    from modic_annotate.conduct.source_files import GivenImport
    from modic_annotate.store.workspace import Workspace

app = typer.Typer(
    help="Screening records: import, map, template, show, validate, edit.", no_args_is_help=True
)

FileArg = Annotated[Path, typer.Argument(metavar="FILE", help="A screening record as JSON.")]
MapOpt = Annotated[
    Path | None, typer.Option("--map", metavar="MAP", help="What maps where, as 'map' writes it.")
]
DictionaryOpt = Annotated[
    Path | None,
    typer.Option("--dictionary", metavar="CSV", help="The REDCap project's data dictionary."),
]


TakeOpt = Annotated[
    list[str] | None,
    typer.Option(
        "--take-source", metavar="FIELD", help="Take FIELD from the file, corrected here or not."
    ),
]


@dataclass(frozen=True)
class _How:
    """What was asked of an import."""

    dry_run: bool
    yes: bool
    by: str
    as_json: bool
    take_source: tuple[str, ...]

    def asks(self, anything: bool) -> bool:
        """Whether somebody is there to be asked, and there is anything to ask."""
        return anything and not self.yes and sys.stdin.isatty()


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A record, a table, an export.")],
    into: Annotated[Path, typer.Option("--into", metavar="WS", help="The workspace folder.")],
    map_: MapOpt = None,
    dictionary: DictionaryOpt = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before a record changes.")] = False,
    take_source: TakeOpt = None,
    by: ByOpt = None,
    as_json: JsonOpt = False,
) -> None:
    """Import FILE as new revisions; importing the same content again changes nothing.

    FILE is a record as JSON, the filled-in template, or with --map a table, a REDCap export, a
    FHIR bundle or CDISC ODM. What would change is shown first. On a terminal it is then asked
    whether to go on.
    """
    from modic_annotate.conduct.source_files import given_import
    from modic_annotate.store.workspace import Workspace

    ws = Workspace.open(into)
    given = given_import(file, map_, dictionary)
    how = _How(dry_run, yes, operator(by), as_json, tuple(take_source or ()))
    if given is None:
        _import_record(ws, file, how)
    else:
        _import_file(ws, given, how)


def _import_file(ws: Workspace, given: GivenImport, how: _How) -> None:
    from modic_annotate.cli import screening_report as report
    from modic_annotate.conduct.screening_files import plan_import, write_import

    plan = plan_import(ws, given, how.by, how.take_source)
    if not how.as_json:
        for line in report.lines(plan, details=how.dry_run):
            print(line)
    if not how.dry_run:
        if how.asks(bool(plan.writes)):
            typer.confirm(f"{report.summary(plan, dry_run=True)}; write?", abort=True, err=True)
        write_import(ws, given, plan, how.by)
    if how.as_json:
        print_json(report.as_json(plan, how.dry_run))
    else:
        print(report.summary(plan, how.dry_run))


def _import_record(ws: Workspace, file: Path, how: _How) -> None:
    from modic_annotate.conduct.screening_import import import_record

    done = import_record(ws, file, how.by, dry_run=True, take_source=how.take_source)
    if not how.as_json:
        for line in (*done.changes, *done.kept):
            print(f"  {line}")
    if not how.dry_run:
        if how.asks(bool(done.changes)):
            typer.confirm(f"{done.message}; write it?", abort=True, err=True)
        done = import_record(ws, file, how.by, take_source=how.take_source)
    if how.as_json:
        print_json({"dry_run": how.dry_run, **asdict(done)})
    else:
        print(done.message)


@app.command("template")
def template() -> None:
    """Print an empty table to fill in, with what to write for each field."""
    from modic_annotate.eligibility.importers.template import template_text

    typer.echo(template_text().encode(), nl=False)  # as bytes: UTF-8 on every system


@app.command("map")
def map_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A table, an export, a bundle.")],
    dictionary: DictionaryOpt = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", help="Of a file that is not UTF-8, e.g. cp1252.")
    ] = None,
) -> None:
    """Print a map for FILE to correct: what is proposed, and which columns are still open."""
    from modic_annotate.conduct.source_files import starter_for

    typer.echo(starter_for(file, dictionary, encoding).encode(), nl=False)


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
