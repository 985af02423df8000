"""The tables as CSV, and the codebook over all of them, ``readings.csv`` included."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from modic_annotate.evidence import document as doc
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.csv_cells import csv_bytes
from modic_annotate.evidence.formats.tables.of_readings import DISCS, NUMBERING, READINGS, SERIES
from modic_annotate.evidence.formats.tables.of_record import CARE, CRITERIA, SCREENING

TABLES = (READINGS, DISCS, NUMBERING, SERIES, CRITERIA, SCREENING, CARE)
"""Every table; the first stands in each package as ``readings.csv``."""


def plan(contents: Contents) -> dict[str, Callable[[], bytes]]:
    """Return one file per table, and the codebook."""
    others = {
        f"{doc.TABLES}{one.name}.csv": partial(one.csv, contents)
        for one in TABLES
        if one is not READINGS
    }
    return {**others, f"{doc.TABLES}codebook.csv": codebook}


def codebook() -> bytes:
    """Return what each column of each table means, as UTF-8 CSV."""
    return csv_bytes(
        ["table", "one_row_per", "column", "type", "title", "unit", "values", "description"],
        (
            [t.name, t.title, c.name, c.kind, c.title, c.unit, c.values, c.description]
            for t in TABLES
            for c in t.columns
        ),
    )
