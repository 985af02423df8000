"""``readers``: register who reads."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from modic_annotate.cli.arguments import WorkspaceArg, print_table
from modic_annotate.errors import RecordError


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
) -> None:
    """Register a reader, set a passphrase for electronic signatures, or list the readers."""
    from modic_annotate.domain.readers import Reader
    from modic_annotate.store.workspace import Workspace

    workspace = Workspace.open(folder)
    if action == Action.LIST:
        rows = [(r.id, r.display_name, r.role, r.title) for r in workspace.readers().values()]
        print_table("", ("id", "name", "role", "title"), rows)
        return
    if reader_id is None:
        raise RecordError(f"'readers {action}' needs the reader's id after it")
    if action == Action.ADD:
        workspace.add_reader(Reader(id=reader_id, display_name=name, role=role, title=title))
        print(f"Reader {reader_id} registered")
    else:
        _set_passphrase(workspace, reader_id)


def _set_passphrase(workspace: object, reader_id: str) -> None:
    from modic_annotate.conduct.passphrase import set_passphrase

    phrase = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True)
    set_passphrase(workspace, reader_id, phrase)  # type: ignore[arg-type]
    print(f"Passphrase of {reader_id} set; signatures with it have class 'electronic'")
