"""Painting a lesion, growing a region, placing the corners of a body: the questions they open."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.finding import Origin
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Endplate, Vertebra
from modic_annotate.session.acts import BrushStroke, ClearMask, GrowRegion, PlaceCorners, Undo
from modic_annotate.session.growing import bounds_of, grow, seed_pixel
from modic_annotate.session.mask_runs import Pixels, runs_of
from modic_annotate_napari.canvas.mouse import Stroke
from modic_annotate_napari.desk.desk import Command, Desk
from modic_annotate_napari.desk.prompts import PointsPrompt, Prompt

RADII_MM = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
"""Sizes of the brush, from the smallest."""

STEP_MM = 0.3
"""Places of a stroke nearer than this to the one before say nothing new."""

TOLERANCES = (0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3, 0.4)
"""Tolerances of a grown region, in shares of the grey window the images ask for."""

USUAL_TOLERANCE = 6
SMALLER, LARGER = "[", "]"
CLEARS = "Delete"
"""No letter: one that means a field elsewhere must not take a mask away by a slip."""

CORNERS = (
    "the superior anterior corner",
    "the superior posterior corner",
    "the inferior posterior corner",
    "the inferior anterior corner",
)


@dataclass
class BrushPrompt(Prompt):
    """Left drag paints, with Ctrl or after `e` it erases; one act for each stroke."""

    desk: Desk = field(kw_only=True)
    endplate: Endplate = field(kw_only=True)
    erases: bool = False
    role: SeriesRole | None = None
    points: tuple[PointLps, ...] = ()
    """The stroke under way, on the slot `role`."""

    stroke_erases: bool = False
    strokes: int = 0

    wants_points = True

    @property
    def hint(self) -> str:
        """What drags and keys do now."""
        does = "erases" if self.erases else "paints, Ctrl+drag erases"
        return (
            f"drag {does}   {SMALLER} {LARGER} radius {self.desk.brush_mm:g} mm   "
            f"e {'paint' if self.erases else 'erase'}   Backspace undoes   {CLEARS} clears   "
            "Enter ends"
        )

    def stroke(self, role: SeriesRole, place: PointLps | None, how_far: Stroke, ctrl: bool) -> None:
        """Follow the brush; the stroke is recorded when it is let go."""
        if how_far is Stroke.BEGUN:
            self.role, self.points = role, ()
            self.stroke_erases = self.erases != ctrl
        if place is not None and role == self.role and self._is_on_slice(place):
            self._add(place, last=how_far is Stroke.DONE)
        if how_far is Stroke.DONE:
            points, self.points = self.points, ()
            if points:
                self._record(role, points)

    def _is_on_slice(self, place: PointLps) -> bool:
        """Whether a place lies on the slice the stroke began on; the wheel ends a stroke's line."""
        used = self.desk.session.series_in(self.role) if self.role else None
        if used is None or not self.points:
            return True
        return used.grid.nearest_slice(place) == used.grid.nearest_slice(self.points[0])

    def _add(self, place: PointLps, *, last: bool) -> None:
        step = math.dist(self.points[-1], place) if self.points else math.inf
        if step >= STEP_MM or (last and step > 0):
            self.points = (*self.points, place)

    def _record(self, role: SeriesRole, points: tuple[PointLps, ...]) -> None:
        act = BrushStroke(
            endplate=self.endplate,
            role=role,
            polyline_lps_mm=points,
            radius_mm=self.desk.brush_mm,
            erase=self.stroke_erases,
        )
        if self.desk.act(act, Origin.MOUSE):
            self.strokes += 1

    def key(self, key: str) -> str | None:
        """Change the brush, take a stroke back, clear the mask, or end."""
        does: dict[str, Callable[[], str]] = {
            "e": self._turn,
            SMALLER: lambda: self._resize(-1),
            LARGER: lambda: self._resize(1),
            CLEARS: self._clear,
            "Backspace": self._undo,
            "Ctrl+Z": self._undo,
            "Enter": self._end,
        }
        if key in does:
            return does[key]()
        if len(key) == 1 and key.isalpha():
            return f"{key} means nothing to the brush; Esc leaves it"
        return None

    def _turn(self) -> str:
        self.erases = not self.erases
        return ""

    def _resize(self, by: int) -> str:
        sizes = RADII_MM
        nearest = min(range(len(sizes)), key=lambda n: abs(sizes[n] - self.desk.brush_mm))
        self.desk.brush_mm = sizes[min(max(nearest + by, 0), len(sizes) - 1)]
        return ""

    def _clear(self) -> str:
        if self.desk.act(ClearMask(endplate=self.endplate)):
            self.strokes += 1
        return self.desk.message.text if self.desk.message.refused else ""

    def _undo(self) -> str:
        if not self.strokes:
            return "No stroke was made since the brush was taken; Esc leaves it"
        if self.desk.act(Undo()):
            self.strokes -= 1
        return ""

    def _end(self) -> str:
        self.finished = True
        return ""


@dataclass
class GrowPrompt(PointsPrompt):
    """A click shows the region about it; Enter records what is shown."""

    desk: Desk = field(kw_only=True)
    endplate: Endplate = field(kw_only=True)
    number: int = USUAL_TOLERANCE
    region: Pixels | None = None
    slice_index: int = 0

    @property
    def tolerance(self) -> float:
        """In grey values of the series clicked on."""
        width = self.desk.views.grey_width(self.role) if self.role else 1.0
        return round(TOLERANCES[self.number] * width, 2)

    @property
    def hint(self) -> str:
        """What can be done now."""
        if self.region is None:
            return "click into the lesion   Esc leaves"
        share = f"{100 * TOLERANCES[self.number]:.0f} %"
        size = int(self.region.sum())
        return (
            f"{size} pixels, tolerance {share} of the window   {SMALLER} {LARGER} less, more   "
            "click moves the seed   Enter records   Esc leaves"
        )

    def click(self, role: SeriesRole, point: PointLps) -> str:
        """Take a seed, in place of the one before."""
        self.role, self.points = role, (point,)
        return self._grow()

    def key(self, key: str) -> str | None:
        """Widen or narrow the tolerance, or record the region."""
        if key in (SMALLER, LARGER):
            by = 1 if key == LARGER else -1
            self.number = min(max(self.number + by, 0), len(TOLERANCES) - 1)
            return self._grow()
        if key == "Enter" and self.region is not None:
            self._record(self.region)
            return ""
        return super().key(key)

    def _grow(self) -> str:
        used = self.desk.session.series_in(self.role) if self.role else None
        if used is None or not self.points:
            self.region = None
            return ""
        self.slice_index, seed = seed_pixel(used, self.points[0], self.tolerance)
        within = bounds_of(self.desk.session.state, used, self.endplate, self.slice_index)
        pixels = self.desk.views.pixels(used.role, self.slice_index)
        found = grow(pixels, seed, within)
        self.region = found if found.any() else None
        if self.region is None:
            return f"This place lies outside the body of {self.endplate.vertebra}; click into it"
        return ""

    def _record(self, region: Pixels) -> None:
        if self.role is None:
            return
        act = GrowRegion(
            endplate=self.endplate,
            role=self.role,
            seed_lps_mm=self.points[0],
            tolerance=self.tolerance,
            runs=runs_of(np.asarray(region)),
        )
        self.finished = True
        self.desk.act(act, Origin.MOUSE)


@dataclass
class CornerPrompt(PointsPrompt):
    """Four clicks place a body's corners; then each can be dragged, until Enter."""

    desk: Desk = field(kw_only=True)
    vertebra: Vertebra = field(kw_only=True)
    moved: tuple[int, PointLps] | None = None
    """The corner that is being dragged, and where it is."""

    @property
    def hint(self) -> str:
        """Which corner is clicked next."""
        if self.points:
            return super().hint
        return f"click {self.labels[0]} (1/4)   drag a corner to correct it   Enter ends"

    def key(self, key: str) -> str | None:
        """End by Enter where no corner is pending."""
        if key == "Enter" and not self.points:
            self.finished = True
            return ""
        return super().key(key)

    def _finish(self, role: SeriesRole) -> None:
        self.place(role, self.points)

    def place(self, role: SeriesRole, corners: tuple[PointLps, ...]) -> None:
        """Record four corners; the question stays open for corrections."""
        self.points, self.role, self.moved = (), None, None
        one, two, three, four = corners
        act = PlaceCorners(
            vertebra=self.vertebra, role=role, corners_lps_mm=(one, two, three, four)
        )
        self.desk.act(act, Origin.MOUSE)


def brush(desk: Desk) -> None:
    """Take the brush for the active endplate."""
    if desk.active is not None:
        desk.ask(
            BrushPrompt(
                f"paint {desk.active.short}", "height_percent", desk=desk, endplate=desk.active
            )
        )


def grow_about(desk: Desk) -> None:
    """Ask for a place to grow a region from."""
    if desk.active is not None:
        desk.ask(
            GrowPrompt(
                f"the region of {desk.active.short}",
                "height_percent",
                labels=("into the lesion",),
                least=1,
                desk=desk,
                endplate=desk.active,
            )
        )


def corners(desk: Desk) -> None:
    """Ask for the corners of the active endplate's body."""
    if desk.active is not None:
        vertebra = desk.active.vertebra
        desk.ask(
            CornerPrompt(
                f"the corners of {vertebra}",
                "line",
                labels=CORNERS,
                least=len(CORNERS),
                desk=desk,
                vertebra=vertebra,
            )
        )


COMMANDS: dict[str, Command] = {"brush": brush, "grow": grow_about, "corners": corners}
