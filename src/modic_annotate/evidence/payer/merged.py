"""One PDF: cover, reading, the report as it is, key images, care, notes; numbered and named."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, SimpleDocTemplate

from modic_annotate.domain.attachment import AttachmentRole
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.payer import parts
from modic_annotate.evidence.payer.attached import Document, pages_of
from modic_annotate.evidence.payer.identity import Identity
from modic_annotate.evidence.pdf import sheet

ORDER = (
    AttachmentRole.NOTE,
    AttachmentRole.CARE,
    AttachmentRole.SCORE,
    AttachmentRole.ORDER,
    AttachmentRole.OTHER,
)
"""In which order documents beside the report follow."""


def payer_pdf(contents: Contents, who: Identity, documents: Sequence[Document]) -> bytes:
    """Return the payer's document; the same content gives the same bytes.

    Parameters
    ----------
    contents
        The package that stays at the site.
    who
        Whom it is about; drawn, not kept.
    documents
        The attachments in force, the report among them.

    Raises
    ------
    ExportError
        A name or a text holds letters the font lacks.
    """
    sheet.check_text(" ".join((who.line, *_names(who))), "The identity file")
    reports = [d for d in documents if d.note.role == AttachmentRole.REPORT]
    others = [d for role in ORDER for d in documents if d.note.role == role]
    follows = (
        "Reading of the MRI",
        *(d.title for d in reports),
        "Key images",
        "Conservative care and scores",
        *(d.title for d in others),
    )
    pages = [
        *_drawn(parts.cover(contents, who, follows)),
        *_drawn(parts.reading(contents, who)),
        *(page for d in reports for page in pages_of(d)),
        *_drawn(parts.pictures(contents)),
        *_drawn(parts.care(contents)),
        *(page for d in others for page in pages_of(d)),
    ]
    return _numbered(pages, who.line, contents.screening.record_id)


def _names(who: Identity) -> Iterable[str]:
    for one in who.readers.values():
        yield from (one.name, one.title)
    yield from (who.payer or "", who.site or "", who.member_id or "")


def _drawn(flow: Iterable[Flowable]) -> list[PageObject]:
    out = io.BytesIO()
    SimpleDocTemplate(
        out,
        pagesize=sheet.PAGE,
        leftMargin=sheet.MARGIN,
        rightMargin=sheet.MARGIN,
        topMargin=sheet.MARGIN,
        bottomMargin=sheet.MARGIN,
        invariant=True,
    ).build(list(flow))
    return list(PdfReader(io.BytesIO(out.getvalue())).pages)


def _numbered(pages: Sequence[PageObject], who: str, case: str) -> bytes:
    """Set every page, whole, between a line with the identifiers and one with its number."""
    width, height = sheet.PAGE
    stamps = _stamps(len(pages), who, case)
    writer = PdfWriter()
    for source, stamp in zip(pages, stamps, strict=True):
        upright = PdfWriter().add_page(source)
        upright.transfer_rotation_to_content()
        box = upright.cropbox
        room = (width - sheet.HEAD, height - 2 * sheet.HEAD)
        scale = min(room[0] / float(box.width), room[1] / float(box.height), 1.0)
        page = writer.add_blank_page(width, height)
        left = (width - float(box.width) * scale) / 2 - float(box.left) * scale
        bottom = (height - float(box.height) * scale) / 2 - float(box.bottom) * scale
        page.merge_transformed_page(
            upright, Transformation().scale(scale).translate(left, bottom), over=True
        )
        page.merge_page(stamp)
    writer.add_metadata({"/Title": "Documentation for basivertebral nerve ablation"})
    return _written(writer)


def _stamps(total: int, who: str, case: str) -> list[PageObject]:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=sheet.PAGE, invariant=True)
    width, height = sheet.PAGE
    for number in range(1, total + 1):
        canvas.setFont(sheet.font(), sheet.SMALLEST_PT)
        canvas.drawString(sheet.HEAD, height - 0.62 * sheet.HEAD, who)
        canvas.drawString(sheet.HEAD, 0.42 * sheet.HEAD, f"Case {case}")
        canvas.drawRightString(width - sheet.HEAD, 0.42 * sheet.HEAD, f"Page {number} of {total}")
        canvas.showPage()
    canvas.save()
    return list(PdfReader(io.BytesIO(out.getvalue())).pages)


def _written(writer: PdfWriter) -> bytes:
    """Return the file; it has no identifier, which would be made of the clock."""
    for page in writer.pages:
        page.compress_content_streams()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
