"""Clicks on the images: measuring a lesion, drawing an endplate, marking a key image."""

from __future__ import annotations

from functools import partial

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.finding import Origin
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Endplate, Surface
from modic_annotate.session.acts import MarkKeyImage, Measure, PlaceEndplate
from modic_annotate_napari.desk.desk import Command, Desk
from modic_annotate_napari.desk.prompts import PointsPrompt
from modic_annotate_napari.steps.answers import is_changed, set_field

LESION = ("the front end", "the back end", "the deepest point")
BODY = ("the upper end of the body height", "its lower end")
MOST_LINE_POINTS = 9


def measure(desk: Desk, *, body: bool = False) -> None:
    """Ask for the lesion's three points, and the body height where it is not known or wanted."""
    endplate = desk.active
    if endplate is None or not is_changed(desk):
        return
    known = not body and _body_height_is_known(desk, endplate)
    labels = LESION if known else LESION + BODY

    def answer(points: tuple[PointLps, ...], role: SeriesRole) -> None:
        height = None if known else (points[3], points[4])
        act = Measure(
            endplate=endplate,
            role=role,
            lesion_lps_mm=(points[0], points[1], points[2]),
            body_height_lps_mm=height,
        )
        desk.act(act, Origin.MOUSE)

    desk.ask(
        PointsPrompt(
            "the measurement",
            "height_percent",
            labels=labels,
            least=len(labels),
            answer=answer,
            joined=((0, 1), (3, 4)),
        )
    )


def _body_height_is_known(desk: Desk, endplate: Endplate) -> bool:
    """Return whether both endplates are drawn, or the body was measured before."""
    draft = desk.session.state
    both = [Endplate(endplate.vertebra, surface) for surface in Surface]
    if all(draft.line(one) for one in both):
        return True
    found = (draft.findings.get(one) for one in both)
    return any(f is not None and f.body_height_mm is not None for f in found)


def draw_line(desk: Desk) -> None:
    """Ask for the endplate itself, from anterior to posterior."""
    endplate = desk.active
    if endplate is None:
        return

    def answer(points: tuple[PointLps, ...], role: SeriesRole) -> None:
        act = PlaceEndplate(endplate=endplate, polyline_lps_mm=points, role=role)
        desk.act(act, Origin.MOUSE)

    labels = ("the anterior end", *("the next point behind it",) * (MOST_LINE_POINTS - 1))
    desk.ask(
        PointsPrompt(f"the line of {endplate.short}", "line", labels=labels, least=2, answer=answer)
    )


def key_image(desk: Desk) -> None:
    """Mark the slice shown where the pointer is as a key image of the active endplate."""
    endplate = desk.active
    role = desk.views.hand()
    if endplate is None:
        return
    point = desk.views.point_shown(role, middle(desk, endplate))
    if point is None:
        desk.say("Point at the image to mark, then press k", refused=True)
        return
    desk.act(MarkKeyImage(endplate=endplate, role=role, at_lps_mm=point))


def middle(desk: Desk, endplate: Endplate) -> PointLps | None:
    """Return a point in the middle of an endplate, placed or estimated."""
    line = next((ln for ln in desk.session.lines if ln.endplate == endplate), None)
    if line is None:
        return None
    first, last = line.polyline_lps_mm[0], line.polyline_lps_mm[-1]
    return tuple((a + b) / 2 for a, b in zip(first, last, strict=True))  # type: ignore[return-value]


def lesion_end(desk: Desk, field: str) -> None:
    """Record the slice shown as the first or the last one of the lesion."""
    if not is_changed(desk):
        return
    uid = desk.views.instance_shown(desk.views.hand())
    if uid is not None:
        set_field(desk, field, uid)


COMMANDS: dict[str, Command] = {
    "measure": measure,
    "measure.body": partial(measure, body=True),
    "line": draw_line,
    "key_image": key_image,
    "lesion.first": partial(lesion_end, field="first_sop_instance_uid"),
    "lesion.last": partial(lesion_end, field="last_sop_instance_uid"),
}
