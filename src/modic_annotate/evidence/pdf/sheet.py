"""The look of the documents: black on white, embedded font, legible on any printer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from xml.sax.saxutils import escape

from reportlab.lib.colors import black
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table, TableStyle

from modic_annotate.errors import ExportError

PAGE = LETTER
MARGIN = 0.75 * inch
HEAD = 0.5 * inch
"""Room above and below the text for the two identifiers and the page number."""

FONT = "NotoSans"
SMALLEST_PT = 10
"""Of what is faxed: at 200 dots per inch on one bit, smaller letters close up."""

LEADING = 1.35
RULE_PT = 0.9
"""Thinner lines break up on a fax."""


@cache
def font() -> str:
    """Register the embedded font and return its name."""
    place = files("fontpkg_noto_sans") / "files" / "NotoSans[wdth,wght].ttf"
    pdfmetrics.registerFont(TTFont(FONT, str(place)))
    return FONT


def check_text(text: str, what: str) -> None:
    """Refuse text the font has no letters for, naming what it is but not its value."""
    face = pdfmetrics.getFont(font()).face
    missing = sorted({c for c in text if ord(c) not in face.charToGlyph and not c.isspace()})
    if missing:
        named = ", ".join(f"U+{ord(c):04X}" for c in missing[:5])
        raise ExportError(
            f"{what} holds letters the document's font lacks ({named}); write it in Latin, "
            "Greek or Cyrillic letters"
        )


SPELT = {
    "\N{LESS-THAN OR EQUAL TO}": "<=",
    "\N{GREATER-THAN OR EQUAL TO}": ">=",
    "\N{RIGHTWARDS ARROW}": "->",
}
"""Signs of formulas that the font lacks."""


def drawable(text: str) -> str:
    """Return text with what the font lacks spelt, or told by its number, e.g. ``[U+1F600]``."""
    glyphs = pdfmetrics.getFont(font()).face.charToGlyph
    return "".join(
        c if ord(c) in glyphs or c.isspace() else SPELT.get(c, f"[U+{ord(c):04X}]") for c in text
    )


@cache
def style(size: float = SMALLEST_PT, before: float = 0, leading: float = LEADING) -> ParagraphStyle:
    """Return a paragraph style of one size; `leading` is in letters' heights."""
    return ParagraphStyle(
        f"s{size}-{before}-{leading}",
        fontName=font(),
        fontSize=size,
        leading=size * leading,
        textColor=black,
        alignment=TA_LEFT,
        spaceBefore=before,
    )


def words(
    text: str, size: float = SMALLEST_PT, before: float = 0, leading: float = LEADING
) -> Paragraph:
    """Return plain text as a paragraph."""
    return Paragraph(escape(drawable(text)), style(size, before, leading))


def heading(text: str) -> Paragraph:
    """Return a section's heading."""
    return words(text, 14, 10)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Flowable:
    """Return a ruled table; `widths` are shares of the text's width."""
    room = PAGE[0] - 2 * MARGIN
    cells = [[words(cell) for cell in row] for row in (head, *rows)]
    made = Table(cells, colWidths=[share * room for share in widths], repeatRows=1)
    made.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, 0), 1.4, black),
                ("LINEBELOW", (0, 1), (-1, -1), RULE_PT, black),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return made


def side_by_side(cells: Sequence[list[Flowable]]) -> Flowable:
    """Return up to two groups of parts beside each other."""
    room = PAGE[0] - 2 * MARGIN
    filled = [*cells, *([[]] * (2 - len(cells)))]
    made = Table([filled], colWidths=[room / 2, room / 2], hAlign="LEFT")
    made.setStyle(
        TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
    )
    return made


def together(*parts: Flowable) -> Flowable:
    """Keep parts on one page."""
    return KeepTogether(list(parts))


def gap(points: float = 8) -> Flowable:
    """Return empty room."""
    return Spacer(1, points)
