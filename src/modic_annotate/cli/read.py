"""``read``: open the reading room."""

from __future__ import annotations

import gc
from typing import Annotated

import typer

from modic_annotate.cli.arguments import ReaderOpt, WorkspaceArg
from modic_annotate.errors import UnknownRecordError


def read(
    folder: WorkspaceArg,
    reader: ReaderOpt,
    record: Annotated[
        str | None, typer.Argument(metavar="[RECORD]", help="Default: the next unfinished case.")
    ] = None,
) -> None:
    """Open RECORD, or the next unfinished case, in napari."""
    gc.disable()  # until the room stands: what is imported meanwhile is there to stay
    from modic_annotate.conduct.display import need_display
    from modic_annotate.conduct.room import find_room
    from modic_annotate.conduct.worklist import next_item, reading_list
    from modic_annotate.store.workspace import Workspace

    workspace = Workspace.open(folder)
    workspace.reader(reader)
    if record is None:
        item = next_item(reading_list(workspace, reader))
        if item is None:
            raise UnknownRecordError(f"Nothing is left to read for {reader} in {folder}")
        record = item.record_id
    need_display()
    raise typer.Exit(find_room().open(folder, record, reader))
