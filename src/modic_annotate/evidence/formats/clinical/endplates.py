"""Endplates and levels of a reading as tables."""

from __future__ import annotations

from collections.abc import Iterator

from reportlab.platypus import Flowable

from modic_annotate.domain.finding import Finding, Zone
from modic_annotate.domain.modic import Presence
from modic_annotate.domain.reading import Reading
from modic_annotate.domain.spine import disc_levels
from modic_annotate.evidence.deid.fields import WITHHELD
from modic_annotate.evidence.formats.clinical import look
from modic_annotate.evidence.formats.dicom.held import stated_findings
from modic_annotate.evidence.formats.summary_endplates import Cell, EndplateRow, endplate_row
from modic_annotate.evidence.wording import DASH, grade_words
from modic_annotate.evidence.wording_discs import disc_words

HEAD = (
    "Endplate",
    "Modic change",
    "Signal",
    "Height of the body",
    "AP extent of the endplate",
    "Zones",
    "Contour, defect",
    "Cause, confidence",
    "Entered by",
)
WIDTHS = (0.105, 0.12, 0.1, 0.13, 0.13, 0.12, 0.1, 0.12, 0.075)

KEY = (
    "\N{LEFT DOUBLE QUOTATION MARK}None\N{RIGHT DOUBLE QUOTATION MARK} was read and none was "
    "seen; \N{LEFT DOUBLE QUOTATION MARK}not read\N{RIGHT DOUBLE QUOTATION MARK} and "
    "\N{LEFT DOUBLE QUOTATION MARK}cannot be read\N{RIGHT DOUBLE QUOTATION MARK} say nothing of "
    "the endplate. In mixed changes the predominant type stands first. Signals are against normal "
    "marrow: T1 and T2 without fat suppression, FS fat-suppressed. Zones: R right, C central, "
    "L left. Entered by bulk: one act for all endplates that remained; macro: the protocol's "
    "usual values; copy: taken over from another endplate."
)

LEVEL_HEAD = ("Level", "Above the disc", "Below the disc", "Disc")
LEVEL_WIDTHS = (0.07, 0.17, 0.17, 0.59)

DEPTHS = ("anterior", "middle", "posterior")
SIDES = {"right": "R", "central": "C", "left": "L"}


def endplates(reading: Reading) -> Iterator[Flowable]:
    """Yield a row for every endplate in scope, head to foot, and what the words mean."""
    findings = stated_findings(reading)
    rows = [_row(finding, endplate_row(finding)) for finding in findings]
    changed = [n for n, f in enumerate(findings) if f.modic == Presence.PRESENT]
    yield look.table(HEAD, rows, WIDTHS, changed)
    for finding in findings:
        if finding.note and finding.note != WITHHELD:
            yield look.line(f"Note on the {finding.endplate.words}: {finding.note}")
    yield look.small(KEY)


def _row(finding: Finding, row: EndplateRow) -> tuple[str, ...]:
    return (
        row.name,
        _told(row.grade),
        "; ".join(f"{title} {signal.words}" for title, signal in row.signals) or DASH,
        _told(row.height),
        _told(row.ap),
        zone_words(finding.zones),
        _told(row.contour),
        _cause(row),
        row.recorded_by,
    )


def _told(cell: Cell) -> str:
    return f"{cell.words} ({cell.small})" if cell.small else cell.words


def _cause(row: EndplateRow) -> str:
    both = [words for words in (_told(row.cause), row.confidence.words) if words != DASH]
    return "; ".join(both) or DASH


def zone_words(zones: tuple[Zone, ...]) -> str:
    """Return zones by depth, e.g. ``anterior R C; middle C``."""
    named = {
        depth: " ".join(short for side, short in SIDES.items() if Zone(f"{depth}-{side}") in zones)
        for depth in DEPTHS
    }
    return "; ".join(f"{depth} {sides}" for depth, sides in named.items() if sides) or DASH


def levels(reading: Reading) -> Flowable:
    """Return a row for every level: both its endplates and its disc."""
    discs = {one.disc: one for one in reading.discs}
    rows, changed = [], []
    for number, level in enumerate(disc_levels(reading.numbering.order)):
        found = [reading.finding(endplate) for endplate in level.endplates]
        if any(one and one.modic == Presence.PRESENT for one in found):
            changed.append(number)
        sides = (
            f"{endplate.vertebra} {endplate.surface}: {grade_words(one)}"
            for endplate, one in zip(level.endplates, found, strict=True)
        )
        rows.append((str(level), *sides, disc_words(discs.get(level))))
    return look.table(LEVEL_HEAD, rows, LEVEL_WIDTHS, changed)
