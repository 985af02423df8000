"""Connects brush and corners on the canvases with the desk, and shows what was drawn.

Masks are shown while a drawing question is open or the key for the lines is held, never at rest,
on every canvas whose slice lies within half a slice of theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.reading import LesionMask
from modic_annotate.domain.series import SAGITTAL_SLOTS, SeriesRole, SeriesUsed
from modic_annotate.domain.spine import Endplate
from modic_annotate.session.geometry import position_of, slice_indices
from modic_annotate.session.outlines import shape_of
from modic_annotate_napari.canvas.marks import NEUTRAL, TYPE_COLOURS
from modic_annotate_napari.canvas.mask_shapes import MaskShape, mask_shape, pixels_shape
from modic_annotate_napari.canvas.mouse import Stroke
from modic_annotate_napari.canvas.series_panel import SeriesPanel
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.steps.painting import BrushPrompt, CornerPrompt, GrowPrompt
from modic_annotate_napari.widgets.mask_layer import (
    BrushView,
    MaskLayer,
    MaskView,
    OutlineView,
    TintedMask,
)

if TYPE_CHECKING:
    from modic_annotate_napari.room import Room

DRAWING = (BrushPrompt, GrowPrompt)
"""Questions while which masks are shown."""


class Painting:
    """Knows the drawings of every canvas of a room."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._layers: dict[SeriesPanel, MaskLayer] = {}
        self._shapes: dict[tuple[int, SeriesPanel], tuple[LesionMask, MaskShape]] = {}
        self._at: tuple[SeriesRole, PointLps] | None = None
        room.canvases.shown_changed.connect(self.show)
        room.canvases.pointer.hovered.connect(self._hovered)

    # what the mouse does

    def _stroked(
        self, role: SeriesRole, place: PointLps | None, how_far: Stroke, ctrl: bool
    ) -> None:
        prompt = self._room.desk.prompt
        if not isinstance(prompt, BrushPrompt):
            return
        with self._room.gathered():
            prompt.stroke(role, place, how_far, ctrl)
        self.show()

    def _handle_dragged(
        self, used: SeriesUsed, number: object, place: PointLps | None, done: bool
    ) -> None:
        prompt = self._room.desk.prompt
        panel = self._panel_of(used)
        if not isinstance(prompt, CornerPrompt) or panel is None or not isinstance(number, int):
            return
        prompt.moved = None if place is None else (number, place)
        outline = self._outline(used, panel, prompt)
        if done and prompt.moved is not None and outline is not None:
            with self._room.gathered():
                prompt.place(used.role, outline.corners)
        self.show()

    def _hovered(self, place: PointLps | None) -> None:
        if isinstance(self._room.desk.prompt, BrushPrompt):
            self._at = None if place is None else (self._room.canvases.hand(), place)
            self.show()

    # what is shown

    def show(self) -> None:
        """Show masks, brush and corners as they are now; free where there are none."""
        desk, canvases = self._room.desk, self._room.canvases
        prompt = desk.prompt
        for used, panel in canvases.panels:
            layer = self._layer(used, panel)
            is_slot = used.role in SAGITTAL_SLOTS and used is not canvases.extra
            panel.set_brush(is_slot and isinstance(prompt, BrushPrompt))
            outline = None
            if is_slot and isinstance(prompt, CornerPrompt):
                outline = self._outline(used, panel, prompt)
            panel.set_handles(enumerate(outline.corners) if outline else ())
            layer.show_view(
                MaskView(
                    masks=tuple(self._masks(used, panel)),
                    brush=self._brush(used) if is_slot else None,
                    outline=outline,
                )
            )

    def _layer(self, used: SeriesUsed, panel: SeriesPanel) -> MaskLayer:
        if panel not in self._layers:
            there = {one for _, one in self._room.canvases.panels}
            self._layers = {p: layer for p, layer in self._layers.items() if p in there}
            self._shapes = {k: v for k, v in self._shapes.items() if k[1] in there}
            self._layers[panel] = MaskLayer(panel, self._sliced)
            panel.stroked.connect(partial(self._stroked, used.role))
            panel.handle_dragged.connect(partial(self._handle_dragged, used))
        return self._layers[panel]

    def _sliced(self) -> None:
        if isinstance(self._room.desk.prompt, CornerPrompt):
            self.show()

    def _panel_of(self, used: SeriesUsed) -> SeriesPanel | None:
        return next((panel for one, panel in self._room.canvases.panels if one is used), None)

    def _masks(self, used: SeriesUsed, panel: SeriesPanel) -> Iterator[TintedMask]:
        desk, canvases = self._room.desk, self._room.canvases
        held = canvases.lines_on and desk.step == Step.ENDPLATES
        if not canvases.marks_on or not (held or isinstance(desk.prompt, DRAWING)):
            return
        for mask in desk.session.state.masks:
            shape = self._shape(mask, used, panel)
            if shape is not None:
                colour = self._colour(mask.endplate)
                yield TintedMask(shape, colour, mask.endplate == desk.active)
        prompt = desk.prompt
        if isinstance(prompt, GrowPrompt) and prompt.region is not None and prompt.role:
            source = desk.session.series_in(prompt.role)
            if source is not None and _same_frame(source, used):
                shape = pixels_shape(prompt.region, prompt.slice_index, source.grid, panel.display)
                yield TintedMask(shape, self._colour(prompt.endplate))

    def _shape(self, mask: LesionMask, used: SeriesUsed, panel: SeriesPanel) -> MaskShape | None:
        """Return a mask as it lies on a canvas, kept until the mask changes."""
        kept = self._shapes.get((id(mask), panel))
        if kept is not None and kept[0] is mask:
            return kept[1]
        series = self._room.session.series
        source = next((s for s in series if s.series_uid == mask.series_uid), None)
        if source is None or not _same_frame(source, used):
            return None
        index = slice_indices(source).get((mask.sop_instance_uid, mask.frame))
        if index is None:
            return None
        shape = mask_shape(mask, index, source.grid, panel.display)
        present = {id(m) for m in self._room.session.state.masks}
        self._shapes = {k: v for k, v in self._shapes.items() if k[0] in present}
        self._shapes[id(mask), panel] = mask, shape
        return shape

    def _colour(self, endplate: Endplate) -> str:
        """Return the colour of the predominant type, grey where there is none."""
        finding = self._room.session.state.findings.get(endplate)
        if finding is None or not finding.components:
            return NEUTRAL
        return TYPE_COLOURS[finding.components[0].modic_type]

    def _brush(self, used: SeriesUsed) -> BrushView | None:
        prompt = self._room.desk.prompt
        if not isinstance(prompt, BrushPrompt):
            return None
        going_on = bool(prompt.points) and prompt.role == used.role
        return BrushView(
            radius_mm=self._room.desk.brush_mm,
            erases=prompt.stroke_erases if prompt.points else prompt.erases,
            at=self._at[1] if self._at is not None and self._at[0] == used.role else None,
            stroke=prompt.points if going_on else (),
        )

    def _outline(
        self, used: SeriesUsed, panel: SeriesPanel, prompt: CornerPrompt
    ) -> OutlineView | None:
        """Return the corners on the slice shown, the one under the hand where it is now."""
        shape = shape_of(self._room.session.state, used, prompt.vertebra)
        if shape is None:
            return None
        at = shape.at(position_of(used, panel.slice)).tolist()
        corners: list[PointLps] = [(x, y, z) for x, y, z in at]
        if prompt.moved is not None:
            number, place = prompt.moved
            corners[number] = place
        image = used.instance_at(panel.slice)
        placed_here = any(
            outline.sop_instance_uid == (image and image.sop_instance_uid)
            for outline in self._room.session.state.outlines
            if outline.vertebra == prompt.vertebra
        )
        return OutlineView(tuple(corners), carried=not placed_here)


def _same_frame(one: SeriesUsed, other: SeriesUsed) -> bool:
    if one.series_uid == other.series_uid:
        return True
    frame = one.frame_of_reference_uid
    return frame is not None and frame == other.frame_of_reference_uid
