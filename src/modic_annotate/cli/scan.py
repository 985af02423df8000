"""``scan``: what is in these folders, which series fill which slot, and what was refused."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from modic_annotate.cli.arguments import JsonOpt, print_json, print_table
from modic_annotate.errors import NothingReadableError

if TYPE_CHECKING:
    from modic_annotate.imaging import Catalogue, Series


def scan(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Folders or files.")],
    as_json: JsonOpt = False,
) -> None:
    """List the series below PATH..., their roles with the evidence, and what was refused."""
    from modic_annotate import imaging

    catalogue = imaging.scan(paths)
    if as_json:
        print_json(
            {
                "series": [series.to_json() for series in catalogue.series],
                "refused": [refused.to_json() for refused in catalogue.refused],
            }
        )
    else:
        _print(catalogue)
    if not catalogue.series:
        where = ", ".join(str(path) for path in paths)
        raise NothingReadableError(
            f"No MR series in {where} ({len(catalogue.refused)} files refused); "
            "give the folder that holds the DICOM images"
        )


def _print(catalogue: Catalogue) -> None:
    from modic_annotate import imaging

    if catalogue.series:
        print_table(
            "",
            ("role", "series", "technique", "grid", "evidence", "problems"),
            [_row(series) for series in catalogue.series],
        )
    for study in catalogue.studies().values():
        for role, choice in imaging.explain_slots(study).items():
            for reason in choice.reasons:
                print(f"{role}: {reason}")
    refused = sorted(catalogue.refused, key=lambda r: (r.code, r.reason))
    for (code, reason), group in groupby(refused, key=lambda r: (r.code, r.reason)):
        names = [Path(r.path).name for r in group]
        shown = ", ".join(names[:3]) + (" ..." if len(names) > 3 else "")  # noqa: PLR2004
        print(f"refused {len(names)} ({code}): {reason} [{shown}]")


def _row(series: Series) -> tuple[str, ...]:
    stack = f" #{series.stack}" if series.stack else ""
    fat = "" if series.fat == "none" else f" {series.fat}"
    problems = "; ".join(problem.message for problem in series.problems)
    return (
        str(series.role),
        f"{series.description or series.series_uid[-12:]}{stack}",
        f"{series.plane} {series.weighting}{fat}",
        _grid(series),
        ", ".join((*series.role_evidence, f"confidence {series.role_confidence}")),
        ("BLOCKED: " if series.blocked else "") + problems,
    )


def _grid(series: Series) -> str:
    size = " x ".join(str(n) for n in series.shape or ())
    spacing = " x ".join("-" if v is None else f"{v:.2f}" for v in series.spacing_mm or ())
    return f"{size} at {spacing} mm" if spacing else size
