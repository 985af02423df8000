"""Smooth lines, rings and words over a picture, drawn large and shrunk."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw, ImageFont

from modic_annotate.errors import ExportError
from modic_annotate.evidence.render.styles import WHITE, Colour, Stroke

OVERSAMPLING = 3
CASING_PX = 1.2
"""Dark rim round everything drawn, so that it shows on bright fat too."""

BLACK = (0, 0, 0)
OPAQUE = 255
CROSS_BAR_PX = 5.0
CROSS_STEP_PX = 14.0

Points = NDArray[np.float64]
"""Picture points, shape (N, 2)."""


def font(size: float) -> ImageFont.FreeTypeFont:
    """Return the font that comes with Pillow, the same on every system."""
    made = ImageFont.load_default(size)
    if not isinstance(made, ImageFont.FreeTypeFont):
        raise ExportError("Key images need Pillow with FreeType; install Pillow's own wheel")
    return made


def text_size(text: str, size: float) -> tuple[float, float]:
    """Return width and height that words take, in pixels."""
    left, top, right, bottom = font(size).getbbox(text)
    return right - left, bottom - top


class Overlay:
    """A transparent layer over a picture of `size` (width, height) pixels."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._image = Image.new("RGBA", (size[0] * OVERSAMPLING, size[1] * OVERSAMPLING))
        self._draw = ImageDraw.Draw(self._image)
        self.height = size[1]

    def over(self, picture: Image.Image) -> Image.Image:
        """Return the picture with this layer on it."""
        layer = self._image.resize(picture.size, Image.Resampling.BOX)
        return Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")

    def line(self, points: ArrayLike, stroke: Stroke) -> None:
        """Draw a polyline, shape (N, 2)."""
        path = np.asarray(points, dtype=np.float64)
        dashes = list(_dashes(path, stroke.pattern))
        if stroke.crossed:
            dashes += list(_bars(path))
        for colour, width in (
            (BLACK, stroke.width + 2 * CASING_PX),
            (stroke.colour, stroke.width),
        ):
            for dash in dashes:
                self._stroke(dash, colour, width)

    def ring(self, point: ArrayLike, radius: float = 3.5) -> None:
        """Draw a small ring round a measured point; what it encloses stays visible."""
        for colour, width in ((BLACK, 2.6), (WHITE, 1.3)):
            x, y = self._large(point)
            reach = (radius + width / 2) * OVERSAMPLING
            self._draw.ellipse(
                (x - reach, y - reach, x + reach, y + reach),
                outline=(*colour, OPAQUE),
                width=round(width * OVERSAMPLING),
            )

    def text(self, at: ArrayLike, words: str, size: float, anchor: str = "mm") -> None:
        """Write words; `anchor` as in Pillow (``rm`` = right middle at the point)."""
        self._draw.text(
            tuple(self._large(at)),
            words,
            fill=(*WHITE, OPAQUE),
            font=font(size * OVERSAMPLING),
            anchor=anchor,
            stroke_width=round(CASING_PX * OVERSAMPLING),
            stroke_fill=(*BLACK, OPAQUE),
        )

    def badge(self, right_middle: ArrayLike, words: str, size: float) -> None:
        """Write words dark on a white plate that ends at a point."""
        x, y = self._large(right_middle)
        width, _ = text_size(words, size * OVERSAMPLING)
        pad = 4 * OVERSAMPLING
        half = 0.72 * size * OVERSAMPLING
        plate = (x - width - 2 * pad, y - half, x, y + half)
        self._draw.rounded_rectangle(plate, radius=pad, fill=(*WHITE, OPAQUE))
        self._draw.text(
            (x - pad, y), words, fill=(*BLACK, OPAQUE), font=font(size * OVERSAMPLING), anchor="rm"
        )

    def _large(self, point: ArrayLike) -> Points:
        return np.asarray(
            (np.asarray(point, dtype=np.float64) + 0.5) * OVERSAMPLING, dtype=np.float64
        )

    def _stroke(self, path: Points, colour: Colour, width: float) -> None:
        points = [tuple(point) for point in self._large(path)]
        self._draw.line(
            points, fill=(*colour, OPAQUE), width=round(width * OVERSAMPLING), joint="curve"
        )


def parts_of(path: ArrayLike, count: int) -> tuple[Points, ...]:
    """Cut a polyline, shape (N, 2), into `count` parts of equal length."""
    points = np.asarray(path, dtype=np.float64)
    ends = np.linspace(0, _length(points), count + 1)
    return tuple(_piece(points, a, b) for a, b in itertools.pairwise(ends))


def _dashes(path: Points, pattern: Sequence[float]) -> Iterator[Points]:
    if not pattern:
        yield path
        return
    total, at, step = _length(path), 0.0, 0
    while at < total:
        length = pattern[step % len(pattern)]
        if step % 2 == 0:
            yield _piece(path, at, min(at + length, total))
        at += length
        step += 1


def _bars(path: Points) -> Iterator[Points]:
    """Yield short bars across a polyline."""
    total = _length(path)
    for at in np.arange(CROSS_STEP_PX / 2, total, CROSS_STEP_PX):
        a, b = _piece(path, max(at - 0.5, 0), min(at + 0.5, total))[[0, -1]]
        along = (b - a) / max(float(np.linalg.norm(b - a)), 1e-9)
        across = np.array([-along[1], along[0]]) * CROSS_BAR_PX
        yield np.stack([(a + b) / 2 - across, (a + b) / 2 + across])


def _distances(path: Points) -> NDArray[np.float64]:
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    return np.concatenate([[0.0], np.cumsum(steps)])


def _length(path: Points) -> float:
    return float(_distances(path)[-1])


def _piece(path: Points, start: float, end: float) -> Points:
    """Return the part of a polyline between two lengths along it."""
    along = _distances(path)
    inside = path[(along > start) & (along < end)]
    ends = [[np.interp(at, along, path[:, axis]) for axis in (0, 1)] for at in (start, end)]
    return np.concatenate([[ends[0]], inside, [ends[1]]])
