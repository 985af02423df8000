"""``assess --all``: what a criteria set says of every record, a line each."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import typer

from modic_annotate.cli import COULD_NOT_BE_DONE
from modic_annotate.cli.arguments import FAULT_FOUND, print_json, print_table, result_words
from modic_annotate.cli.progress import counting_records

if TYPE_CHECKING:
    from datetime import date

    from modic_annotate.conduct.cohort import Assessed
    from modic_annotate.store.workspace import Workspace

FINDINGS = ("met", "not met", "absent", "present", "unknown", "needs review", "not applicable")
"""What a row can be found, in the order they are counted."""


def assess_everyone(workspace: Workspace, criteria: str, as_of: date, *, as_json: bool) -> None:
    """Assess every record and tell each result; leave with an exit code that says of faults."""
    from modic_annotate.conduct.cohort import assess_all
    from modic_annotate.conduct.spreading import cores

    found: list[Assessed] = []
    with counting_records("Assessing", len(workspace.record_ids())) as count:
        for one in assess_all(workspace, criteria, as_of, cores()):
            found.append(one)
            count(len(found))
    found.sort(key=lambda one: one.record_id)
    for one in found:
        for sentence in (*one.told, *one.lapsed, *([one.error] if one.error else [])):
            typer.echo(f"modic-annotate: {one.record_id}: {sentence}", err=True)
    if as_json:
        determinations = [one.determination for one in found if one.determination]
        print_json([one.model_dump(mode="json") for one in determinations])
    else:
        _print(found)
    if any(one.error for one in found):
        raise typer.Exit(COULD_NOT_BE_DONE)
    if any(one.is_faulty for one in found):
        raise typer.Exit(FAULT_FOUND)


def _print(found: list[Assessed]) -> None:
    results = Counter(_result(one) for one in found)
    print_table(
        "",
        ("record", "as recorded", "rows"),
        [(one.record_id, _result(one), _rows(one)) for one in found],
    )
    for words, n in sorted(results.items(), key=lambda item: (-item[1], item[0])):
        print(f"{n} of {len(found)}: {words}")
    print("Images were not compared with what was linked; assess one RECORD, or export, for that")


def _result(one: Assessed) -> str:
    return result_words(one.determination) if one.determination else "not assessed"


def _rows(one: Assessed) -> str:
    """Return how many rows were found what, e.g. ``6 met, 1 unknown``."""
    outcomes = one.determination.outcomes if one.determination else ()
    counted: Counter[str] = Counter(row.finding for row in outcomes)
    return ", ".join(f"{counted[words]} {words}" for words in FINDINGS if counted[words])
