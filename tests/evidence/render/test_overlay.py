"""Strokes, words and frames as they really come out in pixels."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageFont

from modic_annotate.errors import ExportError
from modic_annotate.evidence.render.frame import MARGIN_PX, Caption, framed, png_bytes
from modic_annotate.evidence.render.overlay import Overlay, font
from modic_annotate.evidence.render.styles import LEGEND, Stroke

SIZE = (160, 40)
LINE = [(10.0, 20.0), (150.0, 20.0)]


def drawn(stroke: Stroke) -> np.ndarray:
    overlay = Overlay(SIZE)
    overlay.line(LINE, stroke)
    grey = Image.new("L", SIZE, 120)
    return np.asarray(overlay.over(grey)).astype(int)


@pytest.mark.parametrize(("words", "stroke"), LEGEND)
def test_every_stroke_shows_in_its_colour(words: str, stroke: Stroke) -> None:
    """Its colour lies on the line, and nothing is drawn far from it."""
    picture = drawn(stroke)
    on_line = picture[20, 10:150]
    assert np.abs(on_line - stroke.colour).sum(axis=1).min() < 60, words
    assert np.all(picture[:8] == 120)
    assert np.all(picture[-8:] == 120)


def test_strokes_differ_in_grey_too() -> None:
    """Printed without colour, no two states give the same picture."""
    grey = {
        words: drawn(Stroke((255, 255, 255), s.pattern, s.width, s.crossed)).tobytes()
        for words, s in LEGEND
    }
    assert len(set(grey.values())) == len(LEGEND)


def test_bars_stand_across_what_cannot_be_read() -> None:
    """Short bars reach beyond the line's own width."""
    crossed = drawn(dict(LEGEND)["cannot be read"])
    plain = drawn(dict(LEGEND)["none"])
    assert np.any(crossed[15] != 120)
    assert np.all(plain[15] == 120)


def test_a_ring_leaves_its_middle_free() -> None:
    """A measured point can still be seen inside its ring."""
    overlay = Overlay(SIZE)
    overlay.ring((80, 20))
    picture = np.asarray(overlay.over(Image.new("L", SIZE, 120))).astype(int)
    assert np.all(picture[20, 80] == 120)
    assert np.any(picture[20, 74:87] != 120)


def test_the_frame_lies_outside_the_picture() -> None:
    """Not one pixel of the picture is covered, and its corner is where it is said to be."""
    picture = Image.fromarray(np.arange(200 * 120, dtype=np.uint8).reshape(120, 200))
    caption = Caption("Title", ("a piece",) * 12, ("H", "F", "A", "PR"), "footer")
    image, (left, top) = framed(picture, caption, 4.0)
    inside = image.crop((left, top, left + 200, top + 120))
    assert inside.tobytes() == picture.tobytes()
    assert image.size == (200 + 2 * MARGIN_PX, top + 120 + 2 * MARGIN_PX)


def test_the_scale_bar_is_ten_millimetres_long() -> None:
    """Ten millimetres at the picture's scale, to a pixel."""
    picture = Image.new("L", (300, 60))
    image, _ = framed(picture, Caption("", (), ("", "", "", "")), 6.0)
    row = np.asarray(image)[round(image.height - MARGIN_PX * 1.2)]
    runs = [len(run) for run in bytes(row).replace(b"\xff", b"1").split(b"\x00")]
    assert 60 <= max(runs) <= 63  # two ticks of two pixels, half of each beyond the bar


def test_long_captions_take_more_lines() -> None:
    """Pieces are never cut; the frame grows instead."""
    picture = Image.new("L", (200, 60))
    heights = [
        framed(picture, Caption("t", ("a piece",) * n, ("", "", "", "")), 4.0)[0].height
        for n in (1, 12)
    ]
    assert heights[1] > heights[0]


def test_png_bytes_hold_no_time() -> None:
    """The same picture gives the same bytes, without text chunks."""
    picture = Image.new("L", (20, 20), 7)
    content = png_bytes(picture)
    assert content == png_bytes(picture.copy())
    assert b"tIME" not in content
    assert Image.open(io.BytesIO(content)).info == {}


def test_a_pillow_without_freetype_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bitmap fonts would be unreadable; say what to install instead."""
    monkeypatch.setattr(ImageFont, "load_default", lambda _size: object())
    with pytest.raises(ExportError, match="FreeType"):
        font(12)
