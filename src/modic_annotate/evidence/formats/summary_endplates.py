"""Findings as rows of words, each value with how it came about where nobody typed it."""

from __future__ import annotations

from dataclasses import dataclass

from modic_annotate.domain.finding import Finding, Measurement, Origin, Zone
from modic_annotate.domain.modic import Assessment, ExtentCategory, Presence
from modic_annotate.evidence.wording import DASH, number, plain

UNBROKEN = "\N{NO-BREAK SPACE}"

FLAG_BY_ORIGIN = {Origin.BULK: "b", Origin.COPY: "c", Origin.MACRO: "m"}
"""Values nobody entered one by one carry a letter; how the rest came stands in its own column."""

CATEGORY_WORDS = {
    ExtentCategory.ENDPLATE_ONLY: "endplate only",
    ExtentCategory.UNDER_25: "under 25 %",
    ExtentCategory.FROM_25_TO_50: "25 to under 50 %",
    ExtentCategory.FROM_50: "50 % or more",
}

SIGNALS = (("T1", "t1_signal"), ("T2", "t2_signal"), ("FS", "fs_signal"))

ZONE_ROWS = tuple(
    tuple(Zone(f"{depth}-{side}") for depth in ("anterior", "middle", "posterior"))
    for side in ("right", "central", "left")
)
"""As on the images: anterior at the left; right, central, left from top to bottom."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Words of a table cell, smaller words under them, and how they came about if not by hand."""

    words: str = DASH
    small: str = ""
    flags: str = ""


@dataclass(frozen=True, slots=True)
class EndplateRow:
    """One endplate of a reading."""

    name: str
    positive: bool
    grade: Cell
    height: Cell
    ap: Cell
    zones: tuple[tuple[bool, ...], ...]
    """Empty where no zone was named."""

    zone_words: str
    signals: tuple[tuple[str, Cell], ...]
    """By series: T1, T2, fat-suppressed; those that were judged."""

    contour: Cell
    cause: Cell
    confidence: Cell
    recorded_by: str
    note: str


def endplate_row(finding: Finding) -> EndplateRow:
    """Return a finding in words."""
    origins = sorted({origin.value for origin in finding.origins.values()})
    return EndplateRow(
        name=f"{finding.endplate.vertebra} {finding.endplate.surface}",
        positive=finding.modic == Presence.PRESENT,
        grade=_cell(finding, "modic", finding.words, _grade_note(finding)),
        height=_cell(
            finding,
            "height_percent" if finding.height_percent is not None else "height_category",
            *_size(
                finding.height_percent,
                finding.height_category,
                (finding.height_mm, finding.body_height_mm),
                finding.height_measurement,
            ),
        ),
        ap=_cell(
            finding,
            "ap_percent" if finding.ap_percent is not None else "ap_category",
            *_size(
                finding.ap_percent,
                finding.ap_category,
                (finding.ap_mm, finding.endplate_length_mm),
                finding.ap_measurement,
            ),
        ),
        zones=tuple(tuple(zone in finding.zones for zone in row) for row in ZONE_ROWS)
        if finding.zones
        else (),
        zone_words=", ".join(zone.replace("-", " ") for zone in finding.zones),
        signals=tuple(
            (title, _cell(finding, name, plain(value)))
            for title, name in SIGNALS
            if (value := getattr(finding, name)) is not None
        ),
        contour=_cell(finding, "contour", plain(finding.contour), _defect(finding)),
        cause=_cell(finding, "attribution", plain(finding.attribution), _mimics(finding)),
        confidence=_cell(finding, "confidence", plain(finding.confidence)),
        recorded_by=", ".join(origins) or DASH,
        note=finding.note,
    )


def _cell(finding: Finding, field: str, words: str, small: str = "") -> Cell:
    origin = finding.origins.get(field)
    flags = FLAG_BY_ORIGIN.get(origin, "") if origin else ""
    return Cell(words, small, flags if words != DASH else "")


def _grade_note(finding: Finding) -> str:
    parts = [
        "equal shares" if finding.equal_shares else "",
        plain(finding.assessment_reason) if finding.assessment_reason else "",
        "read under limits" if finding.assessment == Assessment.LIMITED else "",
        f"copied from {finding.copied_from.words}" if finding.copied_from else "",
    ]
    return "; ".join(part for part in parts if part)


def _size(
    percent: float | None,
    category: ExtentCategory | None,
    millimetres: tuple[float | None, float | None],
    measured: Measurement | None,
) -> tuple[str, str]:
    """Return an extent as large and small words: ``40 % (25 to under 50 %)``, how measured."""
    share = f"{number(percent)} %" if percent is not None else ""
    if share and measured and measured.error_percent is not None:
        share += f" \N{PLUS-MINUS SIGN} {number(measured.error_percent)}"
    part, whole = millimetres
    small = [
        CATEGORY_WORDS[category] if category and share else "",
        f"{number(part)} of {number(whole)} mm" if part is not None and whole is not None else "",
        plain(measured.method) if measured else "",
    ]
    words = share.replace(" ", UNBROKEN) or (CATEGORY_WORDS[category] if category else DASH)
    return words, ", ".join(part for part in small if part)


def _defect(finding: Finding) -> str:
    if finding.defect is None:
        return ""
    return "no defect" if finding.defect == "none" else f"defect: {plain(finding.defect)}"


def _mimics(finding: Finding) -> str:
    return f"considered: {', '.join(map(plain, finding.mimics))}" if finding.mimics else ""
