"""A reading as rows of words: endplates, discs, series, signature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from modic_annotate.domain.finding import DiscFinding
from modic_annotate.domain.modic import Assessment
from modic_annotate.domain.reading import Reading
from modic_annotate.domain.series import Quality, QualityRating, SeriesUsed
from modic_annotate.evidence.formats.summary_endplates import EndplateRow, endplate_row
from modic_annotate.evidence.signed import SignedReading
from modic_annotate.evidence.wording import (
    DASH,
    SIGNATURE_WORDS,
    number,
    numbering_sentence,
    plain,
    technique,
    timing,
)

UNSAID = "no reason given"

QUALITY_WORDS = {
    QualityRating.DIAGNOSTIC: "diagnostic",
    QualityRating.LIMITED: "limited",
    QualityRating.NON_DIAGNOSTIC: "not diagnostic",
}


@dataclass(frozen=True, slots=True)
class ReadingView:
    """A signed reading as it is shown."""

    signed: SignedReading
    numbering: str
    rows: tuple[EndplateRow, ...]
    discs: tuple[tuple[str, ...], ...]
    series: tuple[tuple[str, ...], ...]
    remarks: tuple[str, ...]
    signature_words: str

    @property
    def reading(self) -> Reading:
        """The reading itself."""
        return self.signed.reading


def reading_view(signed: SignedReading) -> ReadingView:
    """Return a signed reading in words."""
    reading = signed.reading
    return ReadingView(
        signed=signed,
        numbering=numbering_sentence(reading.numbering),
        rows=tuple(endplate_row(finding) for finding in reading.findings),
        discs=tuple(_disc_row(d) for d in reading.discs if d.assessment != Assessment.NOT_READ),
        series=tuple(_series_row(reading, series) for series in reading.series),
        remarks=tuple(_remarks(reading)),
        signature_words=SIGNATURE_WORDS[signed.signature.signature_class],
    )


def _disc_row(disc: DiscFinding) -> tuple[str, ...]:
    sizes = (disc.extrusion_mm, disc.protrusion_mm, disc.listhesis_mm)
    features = (disc.spondylolysis, disc.stenosis, disc.facet_arthrosis, disc.facet_effusion)
    origins = sorted({origin.value for origin in disc.origins.values()})
    return (
        str(disc.disc),
        *(DASH if size is None else f"{number(size)} mm" for size in sizes),
        *(plain(feature) for feature in features),
        ", ".join(origins) or DASH,
    )


def _series_row(reading: Reading, series: SeriesUsed) -> tuple[str, ...]:
    acquisition, key = series.acquisition, (series.series_uid, series.stack)
    quality = next(
        (q.quality for q in reading.quality if (q.series_uid, q.stack) == key), Quality()
    )
    shown = next(
        (c.shown_percent for c in reading.coverage if (c.series_uid, c.stack) == key), None
    )
    slices, rows, columns = series.grid.shape
    spacing = " \N{MULTIPLICATION SIGN} ".join(f"{mm:.2f}" for mm in series.grid.spacing_mm[1:])
    field = acquisition.magnetic_field_strength_t
    return (
        plain(series.role),
        technique(series),
        timing(acquisition),
        f"{number(field)} T" if field else DASH,
        f"{slices} slices, {series.grid.spacing_mm[0]:.1f} mm apart{_not_acquired(series)}",
        f"{rows} \N{MULTIPLICATION SIGN} {columns}, {spacing} mm",
        _rated(quality),
        DASH if shown is None else f"{number(shown)} %",
    )


def _not_acquired(series: SeriesUsed) -> str:
    if not series.not_acquired:
        return ""
    numbers = ", ".join(str(index + 1) for index in series.not_acquired)
    return f"; slice {numbers} not acquired"


def _rated(quality: Quality) -> str:
    words = QUALITY_WORDS[quality.rating] if quality.rating else "not rated"
    return f"{words} ({', '.join(map(plain, quality.reasons))})" if quality.reasons else words


def _remarks(reading: Reading) -> Iterator[str]:
    """Yield what else the reader or the session said, one sentence each."""
    if reading.supersedes:
        yield f"This reading amends {reading.supersedes}: {reading.amendment_reason or UNSAID}."
    for series in reading.series:
        if series.role_set_by:
            slot, why = plain(series.role), series.role_reason or UNSAID
            yield f"{series.role_set_by} put a series into {slot}: {why}."
        if series.accepted_by:
            faults = "; ".join(fault.message for fault in series.faults)
            why = series.accepted_reason or UNSAID
            slot = plain(series.role)
            yield f"{series.accepted_by} accepted {slot} with a fault ({faults}): {why}."
    for flag in reading.red_flags:
        yield f"The site was notified: {plain(flag.kind)}{f' ({flag.note})' if flag.note else ''}."
    yield from (f"Left as it is: {contradiction}." for contradiction in reading.contradictions)
    free_text = (
        ("Signed although not every slice was shown", reading.not_covered_reason),
        ("Returned to the site", reading.returned_to_site),
        ("Reader's note", reading.note),
    )
    yield from (f"{title}: {text}" for title, text in free_text if text)
