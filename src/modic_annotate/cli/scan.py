"""``scan``: what is in these folders, which series fill which slot, and what was refused."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from modic_annotate.cli.arguments import JsonOpt, print_json
from modic_annotate.cli.progress import counting_files
from modic_annotate.errors import NothingReadableError


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
        from modic_annotate.cli.scan_table import print_catalogue

        print_catalogue(catalogue)
    if not catalogue.series:
        where = ", ".join(str(path) for path in paths)
        raise NothingReadableError(
            f"No MR series in {where} ({len(catalogue.refused)} files refused); "
            "give the folder that holds the DICOM images"
        )
