"""``scan``: what is in these folders, which series fill which slot, and what was refused."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from modic_annotate.cli.arguments import JsonOpt, print_json, print_table
from modic_annotate.cli.progress import counting_files
from modic_annotate.errors import NothingReadableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from modic_annotate.imaging import Catalogue, Refused, Series

MOST_REASONS, MOST_NAMES = 5, 3


def scan(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Folders, files or zip archives.")
    ],
    as_json: JsonOpt = False,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Read every file, whatever earlier scans found.")
    ] = False,
) -> None:
    """List the series below PATH..., their roles with the evidence, and what was refused."""
    from modic_annotate import imaging

    cache = None if no_cache else imaging.ScanCache.of_user()
    with counting_files() as count:
        catalogue = imaging.scan(paths, progress=count, cache=cache)
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
    if catalogue.series:
        print_table(
            "",
            ("role", "series", "technique", "grid", "evidence", "problems"),
            [_row(series) for series in catalogue.series],
        )
    refused = sorted(catalogue.refused, key=lambda r: (r.code, r.reason))
    for code, group in groupby(refused, key=lambda r: r.code):
        _print_refused(code, list(group))


def _print_refused(code: str, refused: Sequence[Refused]) -> None:
    """Print what was refused for one kind of reason: each reason, unless there are many."""
    by_reason: dict[str, list[str]] = {}
    for item in refused:
        by_reason.setdefault(item.reason, []).append(item.path.name)
    for reason, names in list(by_reason.items())[:MOST_REASONS]:
        shown = ", ".join(names[:MOST_NAMES]) + (" ..." if len(names) > MOST_NAMES else "")
        print(f"refused {len(names)} ({code}): {_plain(reason)} [{_plain(shown)}]")
    n_more = len(by_reason) - MOST_REASONS
    if n_more > 0:
        print(f"refused for {n_more} more reasons of this kind ({code}); --json lists them all")


def _plain(text: str) -> str:
    """Return a text without what would steer a terminal: names of files may hold anything."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _row(series: Series) -> tuple[str, ...]:
    stack = f" #{series.stack}" if series.stack else ""
    fat = "" if series.fat == "none" else f" {series.fat}"
    problems = "; ".join(problem.message for problem in series.problems)
    return (
        str(series.role),
        f"{series.description or series.series_uid[-12:]}{stack}",
        f"{series.plane} {series.weighting}{fat}",
        _grid(series),
        ", ".join(series.role_evidence),
        ("BLOCKED: " if series.blocked else "") + problems,
    )


def _grid(series: Series) -> str:
    size = " x ".join(str(n) for n in series.shape or ())
    spacing = " x ".join("-" if v is None else f"{v:.2f}" for v in series.spacing_mm or ())
    return f"{size} at {spacing} mm" if spacing else size
