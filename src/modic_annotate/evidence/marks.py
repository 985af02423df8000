"""A reader's marks on a picture: endplate lines, measured points, level labels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from modic_annotate.domain.modic import Presence
from modic_annotate.domain.reading import EndplateLine, Reading
from modic_annotate.domain.spine import Endplate, Surface, Vertebra
from modic_annotate.evidence.key_slices import line_of
from modic_annotate.evidence.render.labels import Label, draw_labels
from modic_annotate.evidence.render.overlay import Overlay, Points, parts_of
from modic_annotate.evidence.render.styles import strokes_of
from modic_annotate.evidence.render.view import SliceView
from modic_annotate.evidence.wording import grade_words

BODY_SIZE_PX = 22.0
ENDPLATE_SIZE_PX = 17.0
BODY_HALF_LENGTH_MM = 17.0
"""Half the depth of a body, to find its front where only its centre is known."""

ON_SLICE = 0.75
"""A point is drawn where it lies within this many slice distances of the picture's slice."""


def draw_crop_marks(overlay: Overlay, view: SliceView, reading: Reading, active: Endplate) -> None:
    """Draw one endplate's line, its measured points, and the labels of all endplates in view."""
    line = line_of(reading, active)
    finding = reading.finding(active)
    if line is not None:
        strokes = strokes_of(finding)
        path = view.to_pixel(line.polyline_lps_mm)
        for part, stroke in zip(parts_of(path, len(strokes)), strokes, strict=True):
            overlay.line(part, stroke)
    for measured in (finding.height_measurement, finding.ap_measurement) if finding else ():
        for point in measured.points_lps_mm if measured else ():
            if abs(view.grid.to_index(point)[0] - view.index) <= ON_SLICE:
                overlay.ring(view.to_pixel(point))
    lines = [one for one in _in_order(reading) if _is_in_view(view, one)]
    labels = [
        _endplate_label(view, one, reading, f"{one.endplate.short}  {_grade(reading, one)}", active)
        for one in lines
    ]
    draw_labels(overlay, labels, list(_outlines(view, reading)), view.px_per_mm)


def draw_spine_marks(overlay: Overlay, view: SliceView, reading: Reading) -> None:
    """Name every body, tick every endplate, and say what was found where something was."""
    labels = list(_spine_labels(view, reading))
    draw_labels(overlay, labels, list(_outlines(view, reading)), view.px_per_mm)


def _spine_labels(view: SliceView, reading: Reading) -> Iterator[Label]:
    for vertebra in reading.numbering.order:
        superior, inferior = (line_of(reading, Endplate(vertebra, s)) for s in Surface)
        if superior:
            yield _endplate_label(view, superior, reading, _found(reading, superior))
        front = _body_front(view, reading, vertebra)
        if front is not None:
            yield Label(str(vertebra), front, size=BODY_SIZE_PX)
        if inferior:
            yield _endplate_label(view, inferior, reading, _found(reading, inferior))


def _found(reading: Reading, line: EndplateLine) -> str:
    """Return words for an endplate that is anything but free of change."""
    finding = reading.finding(line.endplate)
    if finding is not None and finding.is_read and finding.modic == Presence.ABSENT:
        return ""
    return f"{line.endplate.surface[:3]}  {grade_words(finding)}"


def _grade(reading: Reading, line: EndplateLine) -> str:
    return grade_words(reading.finding(line.endplate))


def _endplate_label(
    view: SliceView,
    line: EndplateLine,
    reading: Reading,
    words: str,
    active: Endplate | None = None,
) -> Label:
    path = view.to_pixel(line.polyline_lps_mm)
    forward = path[0] - path[1]
    forward /= max(float(np.linalg.norm(forward)), 1e-9)
    return Label(
        words=words,
        front=(float(path[0][0]), float(path[0][1])),
        forward=(float(forward[0]), float(forward[1])),
        strokes=strokes_of(reading.finding(line.endplate)),
        size=ENDPLATE_SIZE_PX,
        active=line.endplate == active,
    )


def _body_front(
    view: SliceView, reading: Reading, vertebra: Vertebra
) -> tuple[float, float] | None:
    """Return the middle of a body's front: between its endplates, else before its centre."""
    known = [line_of(reading, Endplate(vertebra, surface)) for surface in Surface]
    lines = [view.to_pixel(line.polyline_lps_mm) for line in known if line]
    if len(lines) == len(known):
        x, y = np.mean([line[0] for line in lines], axis=0)
        return float(x), float(y)
    centre = reading.numbering.centre(vertebra)
    if centre is None:
        return None
    forward = np.array((-BODY_HALF_LENGTH_MM * view.px_per_mm, 0.0))
    if lines:
        forward = lines[0][0] - (lines[0][0] + lines[0][-1]) / 2
    x, y = view.to_pixel(centre) + forward
    return float(x), float(y)


def _in_order(reading: Reading) -> list[EndplateLine]:
    order = {endplate: rank for rank, endplate in enumerate(reading.numbering.scope)}
    known = [line for line in reading.endplates if line.endplate in order]
    return sorted(known, key=lambda line: order[line.endplate])


def _is_in_view(view: SliceView, line: EndplateLine) -> bool:
    x, y = view.to_pixel(line.polyline_lps_mm[0])
    return bool(0 <= x < view.size[0] and 0 <= y < view.size[1])


def _outlines(view: SliceView, reading: Reading) -> Iterator[Points]:
    """Yield what words keep clear of: every endplate, and the front of the spine between them."""
    lines = [view.to_pixel(line.polyline_lps_mm) for line in _in_order(reading)]
    yield from lines
    if len(lines) > 1:
        yield np.stack([line[0] for line in lines])
