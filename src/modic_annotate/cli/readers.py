"""``readers``: register who reads."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from modic_annotate.cli.arguments import ByOpt, WorkspaceArg, operator, print_table
from modic_annotate.errors import RecordError

if TYPE_CHECKING:
    from modic_annotate.store.workspace import Workspace


class Action(StrEnum):
    """What to do with the readers of a workspace."""

    ADD = "add"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of an action
    LIST = "list"


def readers(
    folder: WorkspaceArg,
    action: Action,
    reader_id: Annotated[str | None, typer.Argument(metavar="[ID]")] = None,
    name: Annotated[str, typer.Option("--name", help="Name as it stands in signatures.")] = "",
    role: Annotated[str, typer.Option("--role", help="reader, adjudicator, ...")] = "reader",
    title: Annotated[str, typer.Option("--title", help="Title or credential.")] = "",
    by: ByOpt = None,
) -> None:
    """Register a reader, set a passphrase for electronic signatures, or list the readers."""
    from modic_annotate.domain.readers import Reader
    from modic_annotate.store.canonical import canonical_bytes, parse_record
    from modic_annotate.store.workspace import Workspace

    workspace = Workspace.open(folder)
    if action == Action.LIST:
        rows = [(r.id, r.display_name, r.role, r.title) for r in workspace.readers().values()]
        print_table("", ("id", "name", "role", "title"), rows)
        return
    if reader_id is None:
        raise RecordError(f"'readers {action}' needs the reader's id after it")
    if action == Action.ADD:
        given = {"id": reader_id, "display_name": name, "role": role, "title": title}
        reader = parse_record(Reader, canonical_bytes(given), "The reader")
        workspace.add_reader(reader, operator(by))
        print(f"Reader {reader_id} registered")
    else:
        _set_passphrase(workspace, reader_id)


def _set_passphrase(workspace: Workspace, reader_id: str) -> None:
    from modic_annotate.conduct.passphrase import set_passphrase

    phrase = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True)
    set_passphrase(workspace, reader_id, phrase)
    print(f"Passphrase of {reader_id} set; signatures with it have class 'electronic'")
