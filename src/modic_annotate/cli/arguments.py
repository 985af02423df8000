"""Arguments and options that several commands share, said once."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from modic_annotate.errors import RecordError

if TYPE_CHECKING:
    from modic_annotate.domain.determination import Determination
    from modic_annotate.store.record_state import RecordState

WorkspaceArg = Annotated[Path, typer.Argument(metavar="WS", help="The workspace folder.")]
RecordArg = Annotated[str, typer.Argument(metavar="RECORD", help="The screening record's id.")]
RecordOrAllArg = Annotated[
    str | None, typer.Argument(metavar="RECORD", help="The screening record's id; or --all.")
]
AllOpt = Annotated[bool, typer.Option("--all", help="Every record of the workspace.")]
ReaderOpt = Annotated[str, typer.Option("--reader", help="The registered reader's id.")]
JsonOpt = Annotated[bool, typer.Option("--json", help="Print machine-readable JSON alone.")]
CriteriaOpt = Annotated[
    str, typer.Option("--criteria", metavar="SET", help="A shipped criteria set or a file.")
]
ByOpt = Annotated[
    str | None, typer.Option("--by", metavar="ID", help="Who does this, by id; never a name.")
]
AsOfOpt = Annotated[
    str, typer.Option("--as-of", metavar="DATE", help="The day to judge by, as YYYY-MM-DD.")
]

FAULT_FOUND = 1

NOT_STATED = "not-stated"
"""Stands where nobody said who acts; nobody is made up."""


def check_one_or_all(record: str | None, everyone: bool) -> None:
    """Refuse a command line that names neither a record nor all, or both."""
    if (record is None) is not everyone:
        raise RecordError("Name one RECORD, or give --all for every record of the workspace")


def day(text: str) -> date:
    """Return the date written as YYYY-MM-DD."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise RecordError(f"{text!r} is not a day; write it as YYYY-MM-DD") from None


def operator(by: str | None) -> str:
    """Return who acts, as records name them; an account's name may be a person's and is not used.

    The hash of the operating-system account is recorded beside it by the store.
    """
    return by or NOT_STATED


def tell_states(states: Sequence[RecordState]) -> bool:
    """Tell on stderr what changed since each reading; return whether any change is a fault."""
    for state in states:
        if state.state != "same":
            typer.echo(f"modic-annotate: {state.message}", err=True)
    return any(not state.ok for state in states)


def result_words(determination: Determination) -> str:
    """Return the roll-up as it is said to people."""
    from modic_annotate.domain.determination import ROLL_UP_WORDS

    return ROLL_UP_WORDS[determination.roll_up]


def print_json(content: Any) -> None:  # noqa: ANN401 - any JSON-ready content
    """Print content as JSON for machines, and nothing else."""
    json.dump(content, sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


def print_table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Print a table for people; columns wrap rather than being cut."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 140, highlight=False, markup=False).print(table)
