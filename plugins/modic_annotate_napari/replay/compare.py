"""Whether what the room journalled is what the file says, place for place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modic_annotate.domain.grid import Grid
from modic_annotate.domain.series import SeriesRole
from modic_annotate.session import acts
from modic_annotate.session.acts import Act
from modic_annotate.session.session import ReadingSession
from modic_annotate_napari.replay.compare_drawing import region_differences, stroke_differences

IN_PLANE_MM = 1.5
"""How far a click may lie from the file's point; a canvas pixel is a fraction of this."""

HALF_SLICE = 0.55
"""How far, in slice steps, the file's point may lie from the slice that was clicked on."""

PLACES = {
    acts.PlaceBody: ("centroid_lps_mm",),
    acts.PresumeBodies: ("clicked_lps_mm",),
    acts.PlaceEndplate: ("polyline_lps_mm",),
    acts.Measure: ("lesion_lps_mm", "body_height_lps_mm"),
    acts.MarkKeyImage: ("at_lps_mm",),
    acts.PlaceCorners: ("corners_lps_mm",),
}
ANYWHERE_IN_PLANE = (acts.MarkKeyImage,)
"""Acts that name a slice by a point; where in the slice it lies says nothing."""


def difference(expected: Act, made: Sequence[Act], session: ReadingSession) -> str | None:
    """Return what differs between the file's act and those made for it, or None.

    Parameters
    ----------
    expected
        The act of the file.
    made
        The acts journalled since, without slices shown.
    session
        The reading after them.
    """
    if isinstance(expected, acts.Show):
        return None  # slices are waited for one by one
    if not made:
        return "the room recorded nothing"
    if isinstance(expected, acts.StateNumbering):
        return _numbering_difference(expected, session)
    return next(_differences(expected, made[-1], session), None)


def _differences(expected: Act, last: Act, session: ReadingSession) -> Iterator[str]:
    if isinstance(expected, acts.BrushStroke) and isinstance(last, acts.BrushStroke):
        slack_mm = IN_PLANE_MM + HALF_SLICE * _slice_mm(expected.role, session)
        return stroke_differences(expected, last, slack_mm)
    if isinstance(expected, acts.GrowRegion) and isinstance(last, acts.GrowRegion):
        return region_differences(expected, last)
    return _field_differences(expected, last, session)


def _slice_mm(role: SeriesRole, session: ReadingSession) -> float:
    used = session.series_in(role)
    return used.grid.spacing_mm[0] if used else 0.0


def _field_differences(expected: Act, last: Act, session: ReadingSession) -> Iterator[str]:
    if type(last) is not type(expected):
        yield f"the room recorded {last.act}"
        return
    for name in type(expected).model_fields:
        want, got = getattr(expected, name), getattr(last, name)
        if name not in PLACES.get(type(expected), ()):
            if not _same(want, got):
                yield f"{name} is {got!r}"
        elif want is None or got is None:
            if want is not got:
                yield "the body height was not measured as the file says"
        else:
            yield from _place_differences(expected, want, got, session)


def _same(want: object, got: object) -> bool:
    if isinstance(want, list) and isinstance(got, list):
        return sorted(map(str, want)) == sorted(map(str, got))
    return want == got


def _numbering_difference(expected: acts.StateNumbering, session: ReadingSession) -> str | None:
    numbering = session.state.numbering
    for name, value in expected.model_dump(exclude={"act"}, exclude_none=True).items():
        if getattr(numbering, name) != value:
            return f"{name} is {getattr(numbering, name)}"
    return None


def _place_differences(
    expected: Any,  # noqa: ANN401 - one of the acts in PLACES; each has a role
    want: ArrayLike,
    got: ArrayLike,
    session: ReadingSession,
) -> Iterator[str]:
    used = session.series_in(SeriesRole(expected.role))
    if used is None:
        yield f"no series fills {expected.role}"
        return
    wanted, found = (np.asarray(p, dtype=np.float64).reshape(-1, 3) for p in (want, got))
    if wanted.shape != found.shape:
        yield f"{len(found)} points instead of {len(wanted)}"
        return
    in_plane, through = distances(used.grid, wanted, found)
    if through > HALF_SLICE * used.grid.spacing_mm[0]:
        yield f"a point lies {through:.1f} mm from the slice it was clicked on"
    if in_plane > IN_PLANE_MM and not isinstance(expected, ANYWHERE_IN_PLANE):
        yield f"a point lies {in_plane:.1f} mm beside the file's"


def distances(
    grid: Grid, wanted: NDArray[np.float64], found: NDArray[np.float64]
) -> tuple[float, float]:
    """Return the largest distance of points within their slice and across it, in mm."""
    row, column = grid.matrix[:3, 1], grid.matrix[:3, 2]
    normal = np.cross(row, column)
    normal /= np.linalg.norm(normal)
    offsets = found - wanted
    through = offsets @ normal
    in_plane = np.linalg.norm(offsets - through[:, None] * normal, axis=1)
    return float(in_plane.max()), float(np.abs(through).max())
