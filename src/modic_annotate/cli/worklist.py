"""``worklist``: which cases a reader has still to read."""

from __future__ import annotations

from typing import Annotated

import typer

from modic_annotate.cli.arguments import JsonOpt, WorkspaceArg, print_json, print_table


def worklist(
    folder: WorkspaceArg,
    reader: Annotated[str | None, typer.Option("--reader", help="Only this reader's.")] = None,
    as_json: JsonOpt = False,
) -> None:
    """List the cases with images and how far each reading is."""
    from modic_annotate.conduct.worklist import worklist as items_of
    from modic_annotate.store.workspace import Workspace

    workspace = Workspace.open(folder)
    readers = [workspace.reader(reader).id] if reader else sorted(workspace.readers())
    items = [item for reader_id in readers for item in items_of(workspace, reader_id)]
    if as_json:
        print_json([item.model_dump(mode="json") for item in items])
    else:
        rows = [(item.reader_id, item.record_id, item.words) for item in items]
        print_table("", ("reader", "case", "reading"), rows)
