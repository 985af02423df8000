"""From parts to the bytes of a PDF: the same parts give the same bytes, whatever zlib is there.

Key images lie in it as they lie in the package, still compressed; everything else is stored plain.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PIL import Image as Picture
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject, StreamObject
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Image, SimpleDocTemplate
from reportlab.platypus.doctemplate import LayoutError

from modic_annotate.errors import ExportError
from modic_annotate.evidence.pdf import sheet
from modic_annotate.evidence.pdf.png import Png

PNG_ROWS = 15
"""Predictor: every row says its PNG filter (ISO 32000-1 table 8)."""

USUAL_PAGES = 3
FRAME_PT = 6
"""The library keeps this free within its margins."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A document's margins, its title, and what stands at the foot of each page."""

    title: str
    margin: float
    foot: Callable[[Canvas, int, int], None]
    """Draws on a canvas the foot of page n of m."""


def stand_in(number: int, width: float, height: float) -> Image:
    """Return the room of a picture that `pdf_bytes` puts in: a pixel that holds its number."""
    out = io.BytesIO()
    Picture.new("RGB", (1, 1), tuple(number.to_bytes(3))).save(out, "PNG")
    out.seek(0)
    return Image(out, width=width, height=height, hAlign="LEFT")


def pdf_bytes(
    parts: Callable[[], Iterable[Flowable]], layout: Layout, pictures: Sequence[Png]
) -> bytes:
    """Return a PDF; it is laid out twice where it has more or fewer pages than usual.

    Parameters
    ----------
    parts
        Gives the parts anew each time.
    layout
        Margins, title and foot.
    pictures
        What the stand-ins among the parts stand for, by their number.

    Raises
    ------
    ExportError
        A part does not fit on a page.
    """
    laid_out, total = _laid_out(parts(), layout, USUAL_PAGES)
    if total != USUAL_PAGES:
        laid_out, _ = _laid_out(parts(), layout, total)
    writer = PdfWriter()
    writer.clone_reader_document_root(PdfReader(io.BytesIO(laid_out)))  # without dates and id
    for page in writer.pages:
        _put_in(page.get("/Resources", DictionaryObject()), pictures)
    writer.metadata = {"/Title": layout.title}
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _laid_out(parts: Iterable[Flowable], layout: Layout, total: int) -> tuple[bytes, int]:
    """Return a PDF with stand-ins, and how many pages it has."""

    def foot(canvas: Canvas, _document: object) -> None:
        layout.foot(canvas, canvas.getPageNumber(), total)

    margin = layout.margin - FRAME_PT
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=sheet.PAGE,
        leftMargin=margin,
        rightMargin=margin,
        topMargin=margin,
        bottomMargin=margin,
        lang="en-GB",
        displayDocTitle=1,
        pageCompression=0,
        initialFontName=sheet.font(),
        invariant=True,
    )
    try:
        document.build(list(parts), onFirstPage=foot, onLaterPages=foot)
    except LayoutError as error:
        raise ExportError("A text of the records is too long for a page; shorten it") from error
    return out.getvalue(), document.page


def _put_in(resources: DictionaryObject, pictures: Sequence[Png]) -> None:
    """Put the pictures where their stand-ins are."""
    for entry in resources.get("/XObject", DictionaryObject()).get_object().values():
        stand = entry.get_object()
        if isinstance(stand, StreamObject) and stand.get("/Width") == 1:
            _fill(stand, pictures[int.from_bytes(stand.get_data())])


def _fill(stand: StreamObject, png: Png) -> None:
    parameters = {
        "/Predictor": NumberObject(PNG_ROWS),
        "/Colors": NumberObject(png.samples),
        "/BitsPerComponent": NumberObject(8),
        "/Columns": NumberObject(png.width),
    }
    values = {
        "/Width": NumberObject(png.width),
        "/Height": NumberObject(png.height),
        "/ColorSpace": NameObject("/DeviceRGB" if png.samples > 1 else "/DeviceGray"),
        "/Filter": NameObject("/FlateDecode"),
        "/DecodeParms": DictionaryObject({NameObject(k): v for k, v in parameters.items()}),
    }
    stand.update({NameObject(name): value for name, value in values.items()})
    StreamObject.set_data(stand, png.content)  # as it is; an encoded stream would pack it again
