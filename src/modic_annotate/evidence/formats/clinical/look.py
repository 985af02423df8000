"""How the clinical document looks: small letters, ruled tables, types told by word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, black
from reportlab.lib.units import inch
from reportlab.platypus import CondPageBreak, Flowable, Paragraph, Spacer, Table, TableStyle

from modic_annotate.evidence.pdf import sheet

MARGIN = 0.52 * inch
ROOM = sheet.PAGE[0] - 2 * MARGIN
SIZE = 7.5
IN_TABLES = 7.0
SMALL = 6.5
TIGHT_LEADING = 1.22
GREY = Color(0.9, 0.9, 0.9)
"""Behind rows that matter; printed grey or not at all, the words say the same."""

BAR_PT = 2.5
RULE_PT = 0.4
TIGHT_PT = 0.9
STARTS_WITH = 1.1 * inch
"""A heading goes to the next page where less than this is left, in points."""

Style = list[tuple[object, ...]]


def _style(*more: tuple[object, ...]) -> TableStyle:
    everywhere = (0, 0), (-1, -1)
    return TableStyle(
        [
            ("FONTNAME", *everywhere, sheet.font()),
            ("VALIGN", *everywhere, "TOP"),
            ("TOPPADDING", *everywhere, TIGHT_PT),
            ("BOTTOMPADDING", *everywhere, TIGHT_PT),
            *more,
        ]
    )


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    stressed: Iterable[int] = (),
) -> Table:
    """Return a ruled table.

    Parameters
    ----------
    head, rows
        Words of the cells.
    widths
        Shares of the text's width.
    stressed
        Rows, from 0, with a bar in front and grey behind.
    """
    cells = [[_cell(cell) for cell in row] for row in (head, *rows)]
    made = Table(cells, colWidths=[share * ROOM for share in widths], repeatRows=1)
    marks = [mark for row in stressed for mark in _marks(row + 1)]
    made.setStyle(
        _style(
            ("LINEBELOW", (0, 0), (-1, 0), 1.2, black),
            ("LINEBELOW", (0, 1), (-1, -1), RULE_PT, black),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            *marks,
        )
    )
    return made


def _cell(text: str) -> Flowable:
    return sheet.words(text, IN_TABLES, leading=TIGHT_LEADING)


def _marks(row: int) -> Iterator[tuple[object, ...]]:
    yield "BACKGROUND", (0, row), (-1, row), GREY
    yield "LINEBEFORE", (0, row), (0, row), BAR_PT, black


def facts(pairs: Sequence[tuple[str, str]]) -> Table:
    """Return names and values, two pairs to a line."""
    even = [*pairs, *([("", "")] * (len(pairs) % 2))]
    cells = [
        [sheet.words(text, SIZE) for pair in even[i : i + 2] for text in pair]
        for i in range(0, len(even), 2)
    ]
    made = Table(cells, colWidths=[share * ROOM for share in (0.12, 0.38, 0.12, 0.38)])
    made.setStyle(_style(("LEFTPADDING", (0, 0), (-1, -1), 0)))
    return made


def banner(text: str) -> Table:
    """Return words in a frame."""
    made = Table([[sheet.words(text, 9)]], colWidths=[ROOM], spaceBefore=3, spaceAfter=3)
    made.setStyle(_style(("BOX", (0, 0), (-1, -1), 1.2, black)))
    return made


def placed(rows: Sequence[Sequence[object]], widths: Sequence[float], spine_rows: int) -> Table:
    """Return pictures in rows; the first column's stands beside so many of them."""
    made = Table(rows, colWidths=widths, hAlign="LEFT")
    made.setStyle(
        _style(
            ("SPAN", (0, 0), (0, spine_rows - 1)),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
        )
    )
    return made


def line(text: str) -> Flowable:
    """Return a sentence in the document's letters."""
    return sheet.words(text, SIZE)


def small(text: str) -> Flowable:
    """Return a sentence in the smallest letters."""
    return sheet.words(text, SMALL, 1, TIGHT_LEADING)


def strong(text: str) -> Flowable:
    """Return the sentence that matters most."""
    return sheet.words(text, 11, 2)


def heading(text: str, room: float = STARTS_WITH) -> Iterator[Flowable]:
    """Yield a section's heading, which stands in the outline; `room` is what it starts with."""
    yield CondPageBreak(room)
    yield Heading(text)


def small_heading(text: str) -> Iterator[Flowable]:
    """Yield a heading within a section."""
    yield CondPageBreak(STARTS_WITH / 2)
    yield Spacer(1, 4)
    yield sheet.words(text, 9)


class Heading(Paragraph):  # type: ignore[misc]  # reportlab is untyped
    """A heading that sets a bookmark where it is drawn."""

    def __init__(self, text: str) -> None:
        super().__init__(escape(sheet.drawable(text)), sheet.style(13, 6))
        self.shown = text

    def draw(self) -> None:
        """Draw the heading and let the outline lead to it."""
        key = f"p{self.canv.getPageNumber()}-{self.shown}"
        self.canv.bookmarkHorizontal(key, 0, self.height + 4)
        self.canv.addOutlineEntry(self.shown, key)
        super().draw()
