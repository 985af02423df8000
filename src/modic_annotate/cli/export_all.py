"""``export --all``: every record's package, and at the end what could not be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from modic_annotate.cli import COULD_NOT_BE_DONE
from modic_annotate.cli.arguments import FAULT_FOUND, print_table
from modic_annotate.cli.progress import counting_records
from modic_annotate.errors import ExportError

if TYPE_CHECKING:
    from modic_annotate.conduct.exporting import Exported, Order
    from modic_annotate.store.workspace import Workspace


def export_everyone(workspace: Workspace, order: Order, processes: int | None) -> None:
    """Export every record and tell what came of each; leave with an exit code that says it."""
    from modic_annotate.conduct.exporting import export_all
    from modic_annotate.conduct.spreading import cores

    found: list[Exported] = []
    n_records = len(workspace.record_ids())
    try:
        with counting_records("Exporting", n_records) as count:
            for one in export_all(workspace, order, processes or cores()):
                found.append(one)
                count(len(found))
    except KeyboardInterrupt:
        raise ExportError(
            f"Stopped; at least {_written(found)} of {n_records} packages are in {order.folder}, "
            "each whole; the same command goes on with the rest"
        ) from None
    found.sort(key=lambda one: one.record_id)
    _tell(found, order)
    _leave(found)


def _written(found: list[Exported]) -> int:
    return sum(not one.error for one in found)


def _tell(found: list[Exported], order: Order) -> None:
    made = [one for one in found if not one.error]
    if made:
        print_table(
            f"Packages in {order.folder}",
            ("record", "root", ""),
            [
                (one.record_id, one.root_sha256, "was there already" if one.was_there else "")
                for one in made
            ],
        )
    for one in found:
        for sentence in (*one.told, *([one.error] if one.error else [])):
            typer.echo(f"modic-annotate: {one.record_id}: {sentence}", err=True)
    n_there, n_failed = sum(one.was_there for one in made), len(found) - len(made)
    print(
        f"{len(made) - n_there} packages written, {n_there} were there already, "
        f"{n_failed} could not be written"
    )


def _leave(found: list[Exported]) -> None:
    """Leave as one by one: 2 where a record could not be exported, 1 where one has a fault."""
    if any(one.error and not one.is_faulty for one in found):
        raise typer.Exit(COULD_NOT_BE_DONE)
    if any(one.is_faulty for one in found):
        raise typer.Exit(FAULT_FOUND)
