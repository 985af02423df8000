"""The black frame round a picture: what it shows, directions, scale; nothing over the anatomy."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from modic_annotate.evidence.render.overlay import font, text_size

MARGIN_PX = 26
PAD_PX = 8
TITLE_PX = 21.0
DETAIL_PX = 15.0
LETTER_PX = 19.0
LINE_HEIGHT = 1.4
SCALE_BAR_MM = 10
BAR_TICK_PX = 4

WHITE = "#ffffff"
SOFT = "#bebebe"
JOINT = "  \N{MIDDLE DOT}  "


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands round a picture."""

    title: str
    details: tuple[str, ...]
    """Short pieces; they fill as many lines as they need."""

    letters: tuple[str, str, str, str]
    """Direction at the top, bottom, left and right."""

    footer: str = ""


def framed(
    picture: Image.Image, caption: Caption, px_per_mm: float
) -> tuple[Image.Image, tuple[int, int]]:
    """Return the picture inside its frame, and where its first pixel lies there (x, y)."""
    width = picture.width + 2 * MARGIN_PX
    lines = list(_wrapped(caption.details, width - 2 * PAD_PX))
    top = round(PAD_PX + TITLE_PX * LINE_HEIGHT + len(lines) * DETAIL_PX * LINE_HEIGHT + MARGIN_PX)
    canvas = Image.new(picture.mode, (width, top + picture.height + 2 * MARGIN_PX))
    canvas.paste(picture, (MARGIN_PX, top))
    draw = ImageDraw.Draw(canvas)
    _words(draw, (PAD_PX, PAD_PX), caption.title, TITLE_PX, WHITE)
    for n, line in enumerate(lines):
        y = PAD_PX + TITLE_PX * LINE_HEIGHT + n * DETAIL_PX * LINE_HEIGHT
        _words(draw, (PAD_PX, y), line, DETAIL_PX, SOFT)
    _letters(draw, (MARGIN_PX, top, picture.width, picture.height), caption.letters)
    _scale_bar(draw, canvas.size, px_per_mm)
    _words(draw, (PAD_PX, canvas.height - PAD_PX), caption.footer, DETAIL_PX - 2, SOFT, anchor="ls")
    return canvas, (MARGIN_PX, top)


def png_bytes(image: Image.Image) -> bytes:
    """Return a PNG without time or text chunks: the same picture gives the same bytes."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=3)
    return buffer.getvalue()


def _words(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    words: str,
    size: float,
    colour: str,
    anchor: str = "la",
) -> None:
    draw.text(at, words, fill=colour, font=font(size), anchor=anchor)


def _letters(
    draw: ImageDraw.ImageDraw,
    box: tuple[int, int, int, int],
    letters: tuple[str, str, str, str],
) -> None:
    left, top, width, height = box
    middle_x, middle_y, half = left + width / 2, top + height / 2, MARGIN_PX / 2
    places = (
        (middle_x, top - half),
        (middle_x, top + height + half),
        (left - half, middle_y),
        (left + width + half, middle_y),
    )
    for place, letter in zip(places, letters, strict=True):
        draw.text(place, letter, fill=WHITE, font=font(LETTER_PX), anchor="mm")


def _scale_bar(draw: ImageDraw.ImageDraw, size: tuple[int, int], px_per_mm: float) -> None:
    right, y = size[0] - MARGIN_PX, size[1] - MARGIN_PX * 1.2
    left = right - SCALE_BAR_MM * px_per_mm
    draw.line((left, y, right, y), fill=WHITE, width=2)
    for x in (left, right):
        draw.line((x, y - BAR_TICK_PX, x, y + BAR_TICK_PX), fill=WHITE, width=2)
    words = f"{SCALE_BAR_MM} mm"
    draw.text((left - PAD_PX, y), words, fill=WHITE, font=font(DETAIL_PX), anchor="rm")


def _wrapped(pieces: Sequence[str], width: float) -> Iterator[str]:
    """Yield lines of pieces, none broken, each within `width` where a single piece is."""
    line = ""
    for piece in pieces:
        longer = f"{line}{JOINT}{piece}" if line else piece
        if line and text_size(longer, DETAIL_PX)[0] > width:
            yield line
            line = piece
        else:
            line = longer
    if line:
        yield line
