"""The same tables as Parquet, each column of the type its codebook states."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from modic_annotate.evidence import document as doc
from modic_annotate.evidence.columns import Column, Kind
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.csv_cells import cell
from modic_annotate.evidence.formats.tables.csv_files import TABLES
from modic_annotate.evidence.formats.tables.table import Table

TYPES: dict[Kind, str] = {
    "text": "string",
    "number": "float64",
    "integer": "int64",
    "boolean": "bool",
}


def plan(contents: Contents) -> dict[str, Callable[[], bytes]]:
    """Return one file per table."""
    return {f"{doc.TABLES}{one.name}.parquet": partial(parquet, one, contents) for one in TABLES}


def parquet(table: Table, contents: Contents) -> bytes:
    """Return a table as Parquet; the type of a column never depends on what it holds.

    Titles, units and meanings of columns stand in their field metadata, too.
    """
    import pyarrow as pa  # a large library, needed here alone
    import pyarrow.parquet as pq

    rows = table.values(contents)
    fields = [
        pa.field(
            column.name,
            pa.type_for_alias(TYPES[column.kind]),
            metadata={"title": column.title, "unit": column.unit, "values": column.values},
        )
        for column in table.columns
    ]
    arrays = [
        pa.array(_typed(column, [row[place] for row in rows]), fields[place].type)
        for place, column in enumerate(table.columns)
    ]
    made = pa.Table.from_arrays(arrays, schema=pa.schema(fields, {"title": table.title}))
    buffer = io.BytesIO()
    pq.write_table(made, buffer, compression="zstd", version="2.6")
    return buffer.getvalue()


def _typed(column: Column, values: Sequence[object]) -> list[Any]:  # as many types as there are
    """Return values of one type; what holds nothing is null."""
    return [cell(v) or None if column.kind == "text" else v for v in values]
