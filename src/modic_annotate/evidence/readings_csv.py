"""Readings as a table for statisticians: one row per reader and endplate, with its codebook.

Columns follow from the fields of ``Finding``; nothing is named twice. An empty cell means not
recorded; "not read", "none seen" and "cannot be read" are values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from modic_annotate.domain.finding import Finding, Origin
from modic_annotate.domain.reading import Reading
from modic_annotate.evidence.columns import Column, columns_of
from modic_annotate.evidence.csv_cells import cell, csv_bytes, value_at
from modic_annotate.evidence.signed import SignedReading, in_use

NOT_COLUMNS = ("endplate", "origins")
"""Fields of a finding that stand among the columns of origin and place instead."""


READING_COLUMNS = (
    Column(("reading", "trial_id"), "Trial"),
    Column(("reading", "record_id"), "Screening record"),
    Column(
        ("reading", "revision"),
        "Revision of the screening record that was read for",
        kind="integer",
    ),
    Column(("reading", "visit"), "Visit"),
    Column(("reading", "purpose"), "Purpose of the reading"),
    Column(("reading", "reading_id"), "Reading"),
    Column(("reading", "reader_id"), "Reader"),
    Column(("reading", "reader_role"), "Role of the reader"),
    Column(("reading", "protocol"), "Reading protocol and its version"),
    Column(("reading", "signature_class"), "What the signature rests on"),
    Column(("reading", "signed_at"), "Time of signature", description="UTC"),
    Column(
        ("reading", "scripted"),
        "Acts came from a file",
        values="true|false",
        kind="boolean",
        description="true where any act of the reading was applied from a file",
    ),
    Column(("reading", "numbering_method"), "How levels were counted"),
    Column(("reading", "numbering_confidence"), "How surely levels were counted"),
    Column(("reading", "lumbar_count"), "Lumbar-type bodies", kind="integer"),
    Column(("place", "endplate"), "Endplate", description="named by its vertebra"),
    Column(("place", "vertebra"), "Vertebra"),
    Column(("place", "surface"), "Surface", values="superior|inferior"),
    Column(("place", "in_words"), "Modic type in words", description="predominant type first"),
)

FLAG_COLUMNS = (
    *(
        Column(
            ("flags", f"{origin.value}_fields"),
            f"Fields whose value came by {origin.value}",
            description="names as in the reading's JSON",
        )
        for origin in Origin
    ),
    Column(
        ("flags", "amended"),
        "Amended",
        values="true|false",
        kind="boolean",
        description="the reading supersedes an earlier one that was signed",
    ),
    Column(
        ("flags", "amended_fields"),
        "Fields amended",
        description="names of fields that differ from the superseded reading",
    ),
    Column(("flags", "amendment_reason"), "Reason of the amendment"),
)


def columns() -> tuple[Column, ...]:
    """Return all columns of ``readings.csv``, in order."""
    return (*READING_COLUMNS, *columns_of(Finding, ("finding",), NOT_COLUMNS), *FLAG_COLUMNS)


def readings_csv(signed: Sequence[SignedReading]) -> bytes:
    """Return the table of all readings that no other supersedes, as UTF-8 CSV.

    Parameters
    ----------
    signed
        All signed readings of a record, superseded ones too: these tell what was amended.
    """
    table = columns()
    rows = ([cell(value_at(row, column.path)) for column in table] for row in reading_rows(signed))
    return csv_bytes([column.name for column in table], rows)


def reading_rows(signed: Sequence[SignedReading]) -> Iterator[dict[str, Any]]:
    """Yield the rows of the table as JSON; a column's path leads to its value."""
    by_id = {one.reading.reading_id: one.reading for one in signed}
    for one in by_reader(signed):
        yield from _rows(one, by_id.get(one.reading.supersedes or ""))


def by_reader(signed: Sequence[SignedReading]) -> list[SignedReading]:
    """Return the readings that no other supersedes, by reader."""
    return sorted(in_use(signed), key=lambda s: (s.reading.reader.id, s.reading.reading_id))


def codebook_csv() -> bytes:
    """Return what each column of ``readings.csv`` means, as UTF-8 CSV."""
    return csv_bytes(
        ["column", "title", "unit", "values", "description"],
        ([c.name, c.title, c.unit, c.values, c.description] for c in columns()),
    )


def _rows(one: SignedReading, before: Reading | None) -> Iterator[dict[str, Any]]:
    """Yield one JSON-ready row per endplate (Any: whatever JSON holds)."""
    shared = reading_part(one)
    for finding in one.reading.findings:
        earlier = before.finding(finding.endplate) if before else None
        yield {
            "reading": shared,
            "place": {
                "endplate": str(finding.endplate),
                "vertebra": finding.endplate.vertebra,
                "surface": finding.endplate.surface,
                "in_words": finding.words,
            },
            "finding": finding.model_dump(mode="json"),
            "flags": _flags(one.reading, finding, earlier),
        }


def reading_part(one: SignedReading) -> dict[str, Any]:
    """Return what every row of a reading says of it (Any: whatever JSON holds)."""
    reading, numbering = one.reading, one.reading.numbering
    return {
        **reading.screening.model_dump(mode="json"),
        **reading.model_dump(mode="json", include={"visit", "purpose", "reading_id", "scripted"}),
        "reader_id": reading.reader.id,
        "reader_role": reading.reader.role,
        "protocol": f"{reading.protocol.id} {reading.protocol.version}",
        **one.signature.model_dump(mode="json", include={"signature_class", "signed_at"}),
        "numbering_method": numbering.method,
        "numbering_confidence": numbering.confidence,
        "lumbar_count": numbering.lumbar_count,
    }


def _flags(reading: Reading, finding: Finding, earlier: Finding | None) -> dict[str, Any]:
    by_origin = {
        f"{origin.value}_fields": [
            name for name in Finding.model_fields if finding.origins.get(name) == origin
        ]
        for origin in Origin
    }
    return {
        **by_origin,
        "amended": reading.supersedes is not None,
        "amended_fields": _differences(finding, earlier) if earlier else [],
        "amendment_reason": reading.amendment_reason,
    }


VALUES = tuple(
    name
    for name in Finding.model_fields
    if name not in (*NOT_COLUMNS, "first_view_at", "committed_at", "active_seconds")
)
"""Fields that say something of the endplate, not of the act of reading it."""


def _differences(finding: Finding, earlier: Finding) -> list[str]:
    return [name for name in VALUES if getattr(finding, name) != getattr(earlier, name)]
