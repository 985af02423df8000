"""Attached documents as pages: PDFs as they are, text and pictures drawn."""

from __future__ import annotations

import io
from dataclasses import dataclass

from pypdf import PageObject, PdfReader
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from modic_annotate.domain.attachment import Attachment, MediaType
from modic_annotate.evidence.pdf import sheet

LINE_PT = 10
LEADING_PT = 13
CHARACTERS = 88
"""Characters on a line of text; longer ones go on below."""


@dataclass(frozen=True, slots=True)
class Document:
    """An attachment with its bytes."""

    note: Attachment
    content: bytes

    @property
    def title(self) -> str:
        """What it is, for the list on the cover."""
        dated = f" of {self.note.dated_on.isoformat()}" if self.note.dated_on else ""
        names = {"report": "Radiologist's report", "note": "Office note", "order": "Order"}
        name = names.get(self.note.role, f"Document ({self.note.role})")
        pages = f"{self.note.pages} page{'s' * (self.note.pages > 1)}"
        return f"{name}{dated}, {pages}, complete and unchanged"


def pages_of(document: Document) -> list[PageObject]:
    """Return a document's pages."""
    kind = document.note.media_type
    if kind == MediaType.PDF:
        return list(PdfReader(io.BytesIO(document.content)).pages)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=sheet.PAGE, invariant=True)
    if kind == MediaType.TEXT:
        _draw_text(canvas, document.content.decode("utf-8"))
    else:
        _draw_picture(canvas, document.content)
    canvas.save()
    return list(PdfReader(io.BytesIO(out.getvalue())).pages)


def _draw_text(canvas: Canvas, text: str) -> None:
    sheet.check_text(text, "The attached text")
    top = sheet.PAGE[1] - sheet.MARGIN
    for page in text.strip("\f\n").split("\f"):
        lines = [part for line in page.splitlines() for part in _folded(line.expandtabs(4))]
        room = int((top - sheet.MARGIN) / LEADING_PT)
        for start in range(0, max(len(lines), 1), room):
            canvas.setFont(sheet.font(), LINE_PT)
            for number, line in enumerate(lines[start : start + room]):
                canvas.drawString(sheet.MARGIN, top - number * LEADING_PT, line)
            canvas.showPage()


def _folded(line: str) -> list[str]:
    return [line[i : i + CHARACTERS] for i in range(0, len(line), CHARACTERS)] or [""]


def _draw_picture(canvas: Canvas, content: bytes) -> None:
    image = ImageReader(io.BytesIO(content))
    width, height = image.getSize()
    room = (sheet.PAGE[0] - 2 * sheet.MARGIN, sheet.PAGE[1] - 2 * sheet.MARGIN)
    scale = min(room[0] / width, room[1] / height)
    canvas.drawImage(image, sheet.MARGIN, sheet.MARGIN, width=width * scale, height=height * scale)
    canvas.showPage()
