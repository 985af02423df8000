"""What was looked at and how levels were counted, in a report's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from modic_annotate.domain.reading import Reading
from modic_annotate.domain.series import (
    QUALITY_REASONS,
    SAGITTAL_SLOTS,
    FatTechnique,
    Quality,
    QualityRating,
    SeriesRole,
    SeriesUsed,
)
from modic_annotate.domain.technique import technique_words
from modic_annotate.evidence.formats.summary_reading import QUALITY_WORDS
from modic_annotate.evidence.wording import number, numbering_sentence, timing

UNCERTAIN = (
    "The level count is not certain: every level named here stands and falls with it. Say in the "
    "report how levels are counted."
)
COVERED = 100.0

SLOT_WORDS = {
    SeriesRole.SAG_T1: "sagittal T1",
    SeriesRole.SAG_T2: "sagittal T2",
    SeriesRole.SAG_FS: "fat-suppressed sagittal",
    SeriesRole.AX_T1: "axial T1",
    SeriesRole.AX_T2: "axial T2",
    SeriesRole.OTHER: "another series",
}


def technique_lines(reading: Reading) -> Iterator[str]:
    """Yield the sequences with their times and quality, and what was not there."""
    said = Counter(_series(reading, series) for series in reading.series)
    yield from (f"{words}, {n} stacks." if n > 1 else f"{words}." for words, n in said.items())
    missing = [
        SLOT_WORDS[role]
        for role in SAGITTAL_SLOTS
        if not any(_fills(series, role) for series in reading.series)
    ]
    if missing:
        yield f"Not among the sequences read: {', '.join(missing)}."
    partly = [c for c in reading.coverage if c.shown_percent < COVERED]
    if partly:
        shown = ", ".join(f"{SLOT_WORDS[c.role]} {number(c.shown_percent)} %" for c in partly)
        yield f"Not every slice was looked at: {shown}."


def _fills(series: SeriesUsed, role: SeriesRole) -> bool:
    """Whether a series is what the slot's name says; a fat-suppressed T2 is no T2 here."""
    suppressed = role == SeriesRole.SAG_T2 and series.fat != FatTechnique.NONE
    return series.role == role and not suppressed


def _series(reading: Reading, series: SeriesUsed) -> str:
    field = series.acquisition.magnetic_field_strength_t
    words = technique_words(series)
    parts = (
        words[0].upper() + words[1:],
        timing(series.acquisition),
        f"{number(field)} T" if field else "",
        f"{series.grid.spacing_mm[0]:.1f} mm from slice to slice",
        _quality(reading, series),
    )
    return ", ".join(part for part in parts if part)


def _quality(reading: Reading, series: SeriesUsed) -> str:
    key = (series.series_uid, series.stack)
    rated = (q.quality for q in reading.quality if (q.series_uid, q.stack) == key)
    quality = next(rated, Quality())
    if quality.rating in (None, QualityRating.DIAGNOSTIC):
        return ""
    # what a reader typed is not repeated
    known = [reason for reason in quality.reasons if reason in QUALITY_REASONS]
    why = f" ({', '.join(known)})" if known else ""
    return f"quality {QUALITY_WORDS[quality.rating]}{why}"


def numbering_lines(reading: Reading) -> Iterator[str]:
    """Yield how levels were counted, and that it matters where it is not certain."""
    yield numbering_sentence(reading.numbering)
    if not reading.numbering.is_level_certain:
        yield UNCERTAIN
