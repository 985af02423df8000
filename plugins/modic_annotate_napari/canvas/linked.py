"""Several panels moved together through one patient, in patient millimetres."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from modic_annotate.domain.base import PointLps
from modic_annotate_napari.canvas.display import DisplayMap
from modic_annotate_napari.canvas.nudge import shift_words
from modic_annotate_napari.canvas.series_panel import SeriesPanel
from modic_annotate_napari.canvas.stops import are_parallel, plane_positions, stops_of
from modic_annotate_napari.qt import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

OTHER_FRAME = "not linked: other frame of reference"
NO_FRAME = "not linked: no frame of reference stated"


class LinkedPanels(QObject):
    """Links the slices, the view and the cross of panels that show the same patient space.

    The first panel leads: the others tell their offset from its slice, and take over its view.
    Panels of another plane (axial beside sagittal) share the cross alone; panels of another
    frame of reference share nothing and say so, unless they are linked by hand.

    Parameters
    ----------
    panels
        The leading one first.
    by_hand
        How far panels of another frame are moved to lie where the leading one has the same
        anatomy, in LPS mm.
    """

    stopped = Signal(int)
    """The number of the stop now shown."""

    def __init__(
        self,
        panels: Sequence[SeriesPanel],
        by_hand: Mapping[SeriesPanel, PointLps] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.panels = tuple(panels)
        self.leader = self.panels[0]
        frame = self.leader.series.frame_of_reference_uid
        own = {p for p in self.panels if p is self.leader or _same(p, frame)}
        self.by_hand = {p: shift for p, shift in (by_hand or {}).items() if p not in own}
        self._placed = {p: p.display.moved(shift) for p, shift in self.by_hand.items()}
        self.in_frame = tuple(p for p in self.panels if p in own or p in self.by_hand)
        leading = self.leader.display
        self.linked = tuple(p for p in self.in_frame if are_parallel(self.placed(p), leading))
        self._positions = [plane_positions(self.placed(p), leading) for p in self.linked]
        self.stops = stops_of(self._positions)
        self._busy = False
        self._connections: list[tuple[SignalInstance, Callable[..., None]]] = []
        self._connect()
        self._warn()
        self.stop = self._nearest(0, self.leader.slice)
        self._show_stop(self.stop)
        self._follow(self.leader)

    def placed(self, panel: SeriesPanel) -> DisplayMap:
        """Return where the slices of a panel lie in the space of the leading one."""
        return self._placed.get(panel, panel.display)

    def _own(self, panel: SeriesPanel, lps: PointLps) -> PointLps:
        """Return the point of a panel's own space that a point of the leading one stands for."""
        return _less(lps, self.by_hand.get(panel))

    def _common(self, panel: SeriesPanel, lps: PointLps) -> PointLps:
        """Return the point of the leading space where a panel's own point is placed."""
        x, y, z = self.by_hand.get(panel, (0.0, 0.0, 0.0))
        return lps[0] + x, lps[1] + y, lps[2] + z

    def _connect(self) -> None:
        for panel in self.panels:
            self._on(panel.slice_stepped, partial(self._stepped, panel))
        for panel in self.linked:
            self._on(panel.slice_changed, partial(self._slice_changed, panel))
            self._on(panel.view_taken, partial(self._follow, panel))
        self._on(self.leader.view_changed, partial(self._follow, self.leader))
        for panel in self.in_frame:
            self._on(panel.cross_dragged, partial(self._show_cross, panel))
            self._on(panel.cross_released, self.hide_cross)

    def _on(self, signal: SignalInstance, slot: Callable[..., None]) -> None:
        signal.connect(slot)
        self._connections.append((signal, slot))

    def release(self) -> None:
        """Let go of all panels; they stay as they are."""
        for signal, slot in self._connections:
            signal.disconnect(slot)
        self._connections.clear()

    def _warn(self) -> None:
        for panel in self.panels:
            stated = panel.series.frame_of_reference_uid is not None
            warning = "" if panel in self.in_frame else OTHER_FRAME if stated else NO_FRAME
            if panel in self.by_hand:
                warning = shift_words(self.by_hand[panel])
            panel.set_warning(warning)
            panel.set_offset(None)

    # slices

    def step(self, direction: int) -> None:
        """Go to the next stop: +1 from right to left of the patient."""
        self._show_stop(self.stop + direction)

    def show_point(self, lps: PointLps) -> None:
        """Show the slices nearest to a patient point, in every panel of this frame."""
        display = self.leader.display
        slice_index = display.nearest_slice(lps)
        position = float(self._positions[0][slice_index]) + display.distance_mm(lps, slice_index)
        self._show_stop(min(range(len(self.stops)), key=lambda k: abs(self._at(k) - position)))
        for panel in self.in_frame:
            if panel not in self.linked:
                panel.show_point(self._own(panel, lps))

    def _at(self, stop: int) -> float:
        return self.stops[stop].position_mm

    def _nearest(self, member: int, index: int) -> int:
        """Return the stop that shows a slice of a member and lies nearest to it."""
        position = float(self._positions[member][index])
        showing = [k for k, stop in enumerate(self.stops) if stop.slices[member] == index]
        return min(showing, key=lambda k: abs(self._at(k) - position))

    def _show_stop(self, number: int) -> None:
        self.stop = min(max(number, 0), len(self.stops) - 1)
        slices = self.stops[self.stop].slices
        leading = float(self._positions[0][slices[0]])
        with self._quietly() as free:
            if not free:
                return
            for panel, index, positions in zip(self.linked, slices, self._positions, strict=True):
                panel.show_slice(index)
                if panel is not self.leader:
                    panel.set_offset(float(positions[index]) - leading)
        self.stopped.emit(self.stop)

    def _stepped(self, panel: SeriesPanel, direction: int) -> None:
        if panel in self.linked:
            self.step(direction)
        else:
            panel.step(direction)

    def _slice_changed(self, panel: SeriesPanel, index: int) -> None:
        if not self._busy:
            self._show_stop(self._nearest(self.linked.index(panel), index))

    # view and cross

    def reset_view(self) -> None:
        """Fit the leading panel to its canvas; the others follow."""
        self.leader.reset_view()
        self._follow(self.leader)

    def look_at(self, lps: PointLps, px_per_mm: float) -> None:
        """Put a patient point in the middle of every linked panel."""
        self.leader.look_at(lps, px_per_mm)
        self._follow(self.leader)

    def show_slices(self, slices: Sequence[int]) -> None:
        """Go to the stop that shows these slices of the linked panels, or the nearest to it."""
        wanted = tuple(slices)
        found = next((k for k, stop in enumerate(self.stops) if stop.slices == wanted), None)
        if found is None:
            found = self._nearest(0, min(wanted[0], self.leader.n_slices - 1))
        self._show_stop(found)

    def _follow(self, source: SeriesPanel) -> None:
        with self._quietly() as free:
            if not free:
                return
            centre = self._common(source, source.centre_lps)
            for panel in self.linked:
                if panel is not source:
                    panel.look_at(self._own(panel, centre), source.px_per_mm)

    def _show_cross(self, source: SeriesPanel, lps: PointLps) -> None:
        common = self._common(source, lps)
        for panel in self.in_frame:
            own = self._own(panel, common)
            if panel not in self.linked and panel is not source:
                panel.show_point(own)
            panel.set_cross(own)

    def hide_cross(self) -> None:
        """Take the cross away everywhere."""
        for panel in self.panels:
            panel.set_cross(None)

    @contextmanager
    def _quietly(self) -> Iterator[bool]:
        """Yield False where a change of ours is already under way, and change nothing then."""
        if self._busy:
            yield False
            return
        self._busy = True
        try:
            yield True
        finally:
            self._busy = False


def _same(panel: SeriesPanel, frame: str | None) -> bool:
    return frame is not None and panel.series.frame_of_reference_uid == frame


def _less(lps: PointLps, shift: PointLps | None) -> PointLps:
    if shift is None:
        return lps
    return lps[0] - shift[0], lps[1] - shift[1], lps[2] - shift[2]
