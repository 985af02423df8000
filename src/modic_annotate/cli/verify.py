"""``verify``: check an evidence package without trusting who made it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from modic_annotate.cli.arguments import FAULT_FOUND, JsonOpt, print_json


def verify(
    bag: Annotated[Path, typer.Argument(metavar="BAG", help="A package folder or zip.")],
    dicom: Annotated[
        Path | None, typer.Option("--dicom", metavar="DIR", help="Compare these images too.")
    ] = None,
    root: Annotated[
        str | None, typer.Option("--root", metavar="DIGEST", help="The digest you were given.")
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option("--key", metavar="PUBLICKEY", help="Check BAG.root.sig with this PEM key."),
    ] = None,
    as_json: JsonOpt = False,
) -> None:
    """Verify BAG: fixity, schemas, audit chain, signatures, and the determination recomputed."""
    from modic_annotate.evidence import verify_evidence

    verification = verify_evidence(bag, dicom=dicom, root=root, key=key)
    if as_json:
        print_json(verification.to_json())
    else:
        print(verification.text())
    if not verification.ok:
        raise typer.Exit(FAULT_FOUND)
