"""``schema``: the JSON Schemas of all record files."""

from __future__ import annotations

import sys
from typing import Annotated

import typer


def schema(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Default: list.")] = None,
) -> None:
    """Print the JSON Schema NAME, or the names there are."""
    from modic_annotate.store.schemas import SCHEMAS, schema_text

    if name is None:
        print("\n".join(sorted(SCHEMAS)))
    else:
        sys.stdout.write(schema_text(name))
