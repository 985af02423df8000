"""``attach``: keep a document with a record."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from modic_annotate.cli.arguments import (
    ByOpt,
    JsonOpt,
    RecordArg,
    WorkspaceArg,
    day,
    operator,
    print_json,
)


class Role(StrEnum):
    """What a document is."""

    REPORT = "report"
    NOTE = "note"
    CARE = "care"
    SCORE = "score"
    ORDER = "order"
    OTHER = "other"


def attach(
    folder: WorkspaceArg,
    record: RecordArg,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A PDF, text, PNG or JPEG file.")],
    role: Annotated[Role, typer.Option("--role", help="What the document is.")],
    pages: Annotated[
        int | None, typer.Option("--pages", min=1, help="Pages the whole document has.")
    ] = None,
    dated: Annotated[
        str | None, typer.Option("--dated", metavar="DATE", help="The day it bears.")
    ] = None,
    replaces: Annotated[
        str | None, typer.Option("--replaces", metavar="ID", help="The attachment it replaces.")
    ] = None,
    by: ByOpt = None,
    as_json: JsonOpt = False,
) -> None:
    """Keep FILE with RECORD, unchanged and without its name; count its pages."""
    from modic_annotate.conduct.attaching import Asked, attach
    from modic_annotate.domain.attachment import AttachmentRole
    from modic_annotate.store.workspace import Workspace

    asked = Asked(
        role=AttachmentRole(role.value),
        by=operator(by),
        pages_stated=pages,
        dated_on=day(dated) if dated else None,
        replaces=replaces,
    )
    one = attach(Workspace.open(folder), record, file, asked)
    if as_json:
        print_json(one.model_dump(mode="json"))
        return
    print(f"{one.attachment_id}  {one.role}, {one.pages} page{'s' * (one.pages > 1)}")
    if one.missing_pages:
        print(f"It says it has {one.pages_stated} pages: {one.missing_pages} missing")
