"""Key images with the reader's marks: the whole spine at the left, endplates beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from reportlab.lib.units import inch
from reportlab.platypus import Flowable, Table

from modic_annotate.evidence.contents import Contents, ShownImage
from modic_annotate.evidence.formats.clinical import look
from modic_annotate.evidence.pdf.images import by_endplate, marked, said_of
from modic_annotate.evidence.pdf.png import Png, read_png
from modic_annotate.evidence.pdf.writing import stand_in
from modic_annotate.evidence.wording import PICTURES_EXPLAINED

SPINE_WIDTH = 2.05 * inch
CROP_WIDTH = 2.4 * inch
GUTTER = 6
STARTS_WITH = 5 * inch
"""The heading goes with the picture of the spine."""

PHANTOM_MAKER = "modic-annotate"
"""Manufacturer in the headers of the images this program draws."""

BESIDE = 2
"""Rows of endplates that fit beside the spine."""

Drawn = Callable[[ShownImage, float], list[Flowable]]


def pictures_of(contents: Contents) -> dict[str, Png]:
    """Return the marked picture of every key image by path.

    Raises
    ------
    InvalidRecordError
        A picture is none that this program draws.
    """
    paths = {marked(one): one for one in contents.key_images}
    return {path: read_png(path, one.pictures[path]) for path, one in paths.items()}


def images_section(
    contents: Contents, reading_id: str, pictures: dict[str, Png]
) -> Iterator[Flowable]:
    """Yield the key images of a reading; nothing where there are none."""
    shown = [one for one in contents.key_images if one.note.reading_id == reading_id]
    if not shown:
        return
    yield from look.heading(f"Key images of {reading_id}{_mark(contents)}", STARTS_WITH)
    yield look.small(PICTURES_EXPLAINED)
    numbers = {path: number for number, path in enumerate(pictures)}

    def drawn(one: ShownImage, width: float) -> list[Flowable]:
        path = marked(one)
        png = pictures[path]
        picture = stand_in(numbers[path], width, width * png.height / png.width)
        return [picture, look.small(_words(one))]

    yield _table(shown, drawn)


def _mark(contents: Contents) -> str:
    """Say that the images are made up, where their headers say so, or that the record is."""
    makers = {one.used.acquisition.manufacturer for one in contents.series.series}
    if makers == {PHANTOM_MAKER}:
        return " (SYNTHETIC PHANTOM, no patient)"
    return " (SYNTHETIC RECORD)" if contents.document.synthetic else ""


def _table(shown: list[ShownImage], drawn: Drawn) -> Table:
    groups = by_endplate(shown)
    spine = [part for one in groups.pop(None, []) for part in drawn(one, SPINE_WIDTH)]
    crops = [
        [drawn(one, CROP_WIDTH) for one in images[i : i + 2]]
        for images in groups.values()
        for i in range(0, len(images), 2)
    ]
    rows: list[list[object]] = [["", *pair, *([""] * (2 - len(pair)))] for pair in crops]
    rows = rows or [["", "", ""]]
    rows[0][0] = spine
    widths = [width + GUTTER for width in (SPINE_WIDTH, CROP_WIDTH, CROP_WIDTH)]
    return look.placed(rows, widths, min(BESIDE, len(rows)))


def _words(one: ShownImage) -> str:
    where = one.note.endplate
    return f"{where.words}: {said_of(one)}" if where else said_of(one)
