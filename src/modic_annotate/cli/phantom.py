"""``phantom``: write a synthetic lumbar MRI with known truth."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from modic_annotate.errors import AlreadyExistsError


class RecipeName(StrEnum):
    """The spines that can be written."""

    SAMPLE = "sample"
    NORMAL = "normal"


def phantom(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A new folder.")],
    recipe: Annotated[RecipeName, typer.Option("--recipe")] = RecipeName.SAMPLE,
) -> None:
    """Write T1, T2 and STIR of a synthetic spine as DICOM, and the truth beside them."""
    from modic_annotate import phantom as phantoms

    if out.exists() and any(out.iterdir()):
        raise AlreadyExistsError(f"{out} already holds something; give a new folder")
    recipes = {RecipeName.SAMPLE: phantoms.SAMPLE, RecipeName.NORMAL: phantoms.NORMAL}
    phantoms.write_phantom(out, recipes[recipe])
    print(f"Synthetic study and truth.json written to {out}")
