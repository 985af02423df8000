"""A reader's marks as graphics of a presentation state: endplate lines, points, level labels.

Places are in image pixels from the upper left corner of the first one (PS3.3 C.10.5), half a
pixel beyond the indices of pixel centres.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from highdicom.pr import GraphicAnnotation, GraphicLayer, GraphicObject, TextObject
from numpy.typing import ArrayLike, NDArray

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.grid import Grid
from modic_annotate.domain.modic import Presence
from modic_annotate.domain.reading import EndplateLine
from modic_annotate.evidence.formats.dicom.context import DicomContext
from modic_annotate.evidence.formats.dicom.sources import SourceSeries
from modic_annotate.evidence.key_image_note import KeyImageNote
from modic_annotate.evidence.wording import grade_words
from modic_annotate.imaging.geometry.patient import display_orientation

ENDPLATES = GraphicLayer("ENDPLATES", order=1, description="Endplates as the reader drew them")
POINTS = GraphicLayer("MEASURED", order=2, description="Points the extents were measured between")
LEVELS = GraphicLayer("LEVELS", order=3, description="Levels as numbered, and what was found")
LAYERS = (ENDPLATES, POINTS, LEVELS)

ON_SLICE = 0.75
"""A point is drawn where it lies within this many slice distances of the slice."""

LABEL_CLEAR_MM = 6.0
"""How far in front of an endplate its label is anchored."""

LETTER_MM = 2.5
"""Room for one letter, to either side of the line and along it."""


def marks_on(
    context: DicomContext, source: SourceSeries, note: KeyImageNote
) -> Iterator[GraphicAnnotation]:
    """Yield the marks of one slice, one annotation per layer that has any."""
    grid = source.used.grid
    lines = [one for one in context.reading.endplates if _is_inside(grid, one.polyline_lps_mm)]
    drawn: tuple[tuple[GraphicLayer, list[GraphicObject], list[TextObject]], ...] = (
        (ENDPLATES, [_graphic(grid, "POLYLINE", line.polyline_lps_mm) for line in lines], []),
        (POINTS, [_graphic(grid, "POINT", [p]) for p in _measured(context, grid, note)], []),
        (LEVELS, [], [label for line in lines if (label := _label(context, grid, line))]),
    )
    for layer, graphics, texts in drawn:
        if graphics or texts:
            yield GraphicAnnotation(
                referenced_images=[source.by_uid[note.sop_instance_uid]],
                graphic_layer=layer,
                referenced_frame_number=note.frame + 1 if source.is_multiframe else None,
                graphic_objects=graphics or None,
                text_objects=texts or None,
            )


def pixels(grid: Grid, points_lps_mm: ArrayLike) -> NDArray[np.float64]:
    """Map LPS mm, shape (N, 3), to (column, row) of a slice's image, shape (N, 2)."""
    index = grid.to_index(points_lps_mm)
    return np.round(index[..., [2, 1]] + 0.5, 3)


def _is_inside(grid: Grid, points_lps_mm: ArrayLike) -> bool:
    shown = pixels(grid, points_lps_mm)
    _, rows, columns = grid.shape
    return bool((shown >= 0).all() and (shown <= (columns, rows)).all())


def _graphic(grid: Grid, kind: str, points: ArrayLike) -> GraphicObject:
    return GraphicObject(kind, pixels(grid, points), "PIXEL")


def _measured(context: DicomContext, grid: Grid, note: KeyImageNote) -> Iterator[PointLps]:
    """Yield the points on this slice between which an extent was measured."""
    for finding in context.reading.findings:
        for measured in (finding.height_measurement, finding.ap_measurement):
            for point in measured.points_lps_mm if measured else ():
                position = grid.to_index(point)[0]
                if abs(position - note.slice_index) <= ON_SLICE and _is_inside(grid, [point]):
                    yield point


def _label(context: DicomContext, grid: Grid, line: EndplateLine) -> TextObject | None:
    """Name an endplate in front of the spine, with its grade; None where that is off the image."""
    finding = context.reading.finding(line.endplate)
    points = np.array(line.polyline_lps_mm)
    forward = (points[0] - points[-1]) / max(float(np.linalg.norm(points[0] - points[-1])), 1e-9)
    x, y = pixels(grid, points[0] + forward * LABEL_CLEAR_MM)
    _, rows, columns = grid.shape
    if not (0 <= x <= columns and 0 <= y <= rows):
        return None
    changed = finding is not None and finding.modic != Presence.ABSENT
    words = f"{line.endplate}: {grade_words(finding)}" if changed else str(line.endplate)
    return TextObject(
        words,
        "PIXEL",
        bounding_box=_box_in_front(grid, (float(x), float(y)), words),
        anchor_point=(float(x), float(y)),
        text_justification="RIGHT",
        anchor_point_visible=False,
    )


def _box_in_front(
    grid: Grid, anchor: tuple[float, float], words: str
) -> tuple[float, float, float, float] | None:
    """Return where words stand (left, top, right, bottom): left of their anchor.

    None where the image is turned for display: the box would lie to another side.
    """
    display = display_orientation(grid)
    if display.transpose or display.flip_rows or display.flip_columns:
        return None
    _, row_mm, column_mm = grid.spacing_mm
    _, rows, _ = grid.shape
    (x, y), half = anchor, LETTER_MM / row_mm
    width = len(words) * LETTER_MM / column_mm
    return max(x - width, 0.0), max(y - half, 0.0), x, min(y + half, float(rows))
