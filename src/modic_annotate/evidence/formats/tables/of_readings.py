"""Tables of what readers said: endplates, discs, the count of the levels, the series read."""

from __future__ import annotations

from collections.abc import Iterator

from modic_annotate.domain.finding import DiscFinding, Origin
from modic_annotate.domain.numbering import Numbering
from modic_annotate.domain.reading import Reading
from modic_annotate.domain.series import QualityRating, SeriesUsed
from modic_annotate.domain.spine import disc_levels
from modic_annotate.evidence.columns import Column, columns_of
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.formats.tables.table import Row, Table
from modic_annotate.evidence.readings_csv import (
    FLAG_COLUMNS,
    READING_COLUMNS,
    by_reader,
    columns,
    reading_part,
    reading_rows,
)
from modic_annotate.units import Unit

KEYS = (
    "trial_id",
    "record_id",
    "revision",
    "visit",
    "purpose",
    "reading_id",
    "reader_id",
    "reader_role",
    "signature_class",
    "signed_at",
    "scripted",
)
READING_KEYS = tuple(column for column in READING_COLUMNS if column.name in KEYS)
ORIGIN_COLUMNS = FLAG_COLUMNS[: len(Origin)]

SERIES_COLUMNS = (
    Column(("shape", "n_slices"), "Slices of the grid", kind="integer"),
    Column(("shape", "rows"), "Rows", kind="integer"),
    Column(("shape", "columns"), "Columns", kind="integer"),
    Column(
        ("shape", "spacing_mm"),
        "Spacing",
        unit=Unit.MILLIMETRE,
        description="between slices, between rows, between columns; joined by |",
    ),
    Column(("judged", "quality_rating"), "Quality as rated", values="|".join(QualityRating)),
    Column(("judged", "quality_reasons"), "Reasons of the rating"),
    Column(("judged", "shown_percent"), "Slices really shown", unit=Unit.PERCENT, kind="number"),
)


def disc_rows(contents: Contents) -> Iterator[Row]:
    """Yield one row per reading and disc of the spine; a disc nobody spoke of is not read."""
    for one in by_reader(contents.signed):
        for disc in stated_discs(one.reading):
            origins = {
                f"{origin.value}_fields": [n for n, o in disc.origins.items() if o == origin]
                for origin in Origin
            }
            yield {
                "reading": reading_part(one),
                "disc": disc.model_dump(mode="json"),
                "flags": origins,
            }


def stated_discs(reading: Reading) -> tuple[DiscFinding, ...]:
    """Return a finding for every disc of the spine: where nobody said anything, "not read"."""
    said = {one.disc: one for one in reading.discs}
    every = dict.fromkeys((*disc_levels(reading.numbering.order), *said))
    return tuple(said.get(disc) or DiscFinding(disc=disc) for disc in every)


def numbering_rows(contents: Contents) -> Iterator[Row]:
    """Yield one row per reading."""
    for one in by_reader(contents.signed):
        told = one.reading.numbering.model_dump(mode="json")
        yield {"reading": reading_part(one), "spine": {"numbering": told}}


def series_rows(contents: Contents) -> Iterator[Row]:
    """Yield one row per reading and stack it was read on."""
    for one in by_reader(contents.signed):
        for used in one.reading.series:
            n_slices, rows, n_columns = used.grid.shape
            shape = {"n_slices": n_slices, "rows": rows, "columns": n_columns}
            yield {
                "reading": reading_part(one),
                "series": used.model_dump(mode="json", exclude={"instances", "grid"}),
                "shape": {**shape, "spacing_mm": list(used.grid.spacing_mm)},
                "judged": _judged(one.reading, used),
            }


def _judged(reading: Reading, used: SeriesUsed) -> Row:
    key = (used.series_uid, used.stack)
    rated = (q.quality for q in reading.quality if (q.series_uid, q.stack) == key)
    quality = next(rated, None)
    shown = (c.shown_percent for c in reading.coverage if (c.series_uid, c.stack) == key)
    return {
        "quality_rating": quality and quality.rating,
        "quality_reasons": list(quality.reasons) if quality else [],
        "shown_percent": next(shown, None),
    }


READINGS = Table(
    "readings",
    "One row per reading and endplate",
    columns(),
    lambda contents: reading_rows(contents.signed),
)
DISCS = Table(
    "discs",
    "One row per reading and disc",
    (*READING_KEYS, *columns_of(DiscFinding, ("disc",), ("origins",)), *ORIGIN_COLUMNS),
    disc_rows,
)
NUMBERING = Table(
    "numbering",
    "One row per reading: how the levels were counted",
    (*READING_KEYS, *columns_of(Numbering, ("spine", "numbering"))),
    numbering_rows,
)
SERIES = Table(
    "series",
    "One row per reading and series it was read on",
    (
        *READING_KEYS,
        *columns_of(SeriesUsed, ("series",), ("instances", "grid")),
        *SERIES_COLUMNS,
    ),
    series_rows,
)
