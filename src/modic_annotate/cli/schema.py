"""``schema``: the JSON Schemas of all record files."""

from __future__ import annotations

import sys
from typing import Annotated

import typer


def schema(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Default: list.")] = None,
) -> None:
    """Print the JSON Schema NAME (the newest version, or one like reading-1), or list them."""
    from modic_annotate.store.schemas import SCHEMAS, schema_text

    if name is None:
        print("\n".join(sorted(SCHEMAS)))
    else:
        versions = sorted(known for known in SCHEMAS if known.rpartition("-")[0] == name)
        sys.stdout.write(schema_text(versions[-1] if versions else name))
