"""``sign-determination``: a named person signs what a set says of a record."""

from __future__ import annotations

from typing import Annotated

import typer

from modic_annotate.cli.arguments import CriteriaOpt, RecordArg, WorkspaceArg, day


def sign_determination(
    folder: WorkspaceArg,
    record: RecordArg,
    criteria: CriteriaOpt,
    by: Annotated[str, typer.Option("--by", metavar="ID", help="A registered person's id.")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The day to judge by.")
    ] = None,
    meaning: Annotated[
        str | None, typer.Option("--meaning", help="What the signature says.")
    ] = None,
) -> None:
    """Sign the determination of RECORD under a set; a passphrase is asked where one is set."""
    from modic_annotate.conduct.case import day_of_record
    from modic_annotate.conduct.deciding import MEANING, Judged, Signer, sign_determination
    from modic_annotate.domain.determination import ROLL_UP_WORDS
    from modic_annotate.store.workspace import Workspace

    workspace = Workspace.open(folder)
    phrase = None
    if workspace.reader(by).passphrase is not None:
        phrase = typer.prompt("Passphrase", hide_input=True, err=True)
    judged = Judged(criteria, day(as_of) if as_of else day_of_record(workspace, record))
    signed = sign_determination(workspace, record, judged, Signer(by, meaning or MEANING, phrase))
    print(f"{signed.determination_id}  {ROLL_UP_WORDS[signed.roll_up]}")
    print(f"Signed   {signed.signer_display_name}, {signed.local_time} ({signed.signature_class})")
    print(f"Digest   {signed.determination_sha256}")
