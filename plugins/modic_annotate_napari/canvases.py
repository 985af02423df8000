"""The linked canvases side by side, and what the desk asks of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from modic_annotate.domain.base import PointLps
from modic_annotate.domain.reading import EndplateLine
from modic_annotate.domain.series import SAGITTAL_SLOTS, SeriesRole, SeriesUsed
from modic_annotate.domain.spine import Endplate
from modic_annotate_napari.canvas.cut_lines import CutLines
from modic_annotate_napari.canvas.linked import LinkedPanels
from modic_annotate_napari.canvas.marks import Marks
from modic_annotate_napari.canvas.series_panel import SeriesPanel
from modic_annotate_napari.hand_link import HandLink
from modic_annotate_napari.images import CaseImages
from modic_annotate_napari.pointer import Pointer
from modic_annotate_napari.present.lists import title_of
from modic_annotate_napari.qt import Qt, QWidget, Signal
from modic_annotate_napari.widgets.point_marks import Line, PointMarks
from modic_annotate_napari.widgets.splitter import Splitter

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance


class Canvases(Splitter):
    """T1, T2 and, where there is one, the fat-suppressed series; one more on call.

    Parameters
    ----------
    images
        Where volumes come from.
    series
        The series to show from the start, the leading one first.
    parent
        A widget of the window they will stand in, where they are made ahead of it.
    """

    clicked = Signal(object, object)
    """Slot and patient point of a click."""

    label_clicked = Signal(object)
    centre_dragged = Signal(object, object, object, bool)
    """Slot, vertebra, where its centre is now, and whether it was let go."""

    painted = Signal(object, int)
    """Slot and slice that came to the screen."""

    stepped = Signal()
    """The wheel was turned."""

    shown_changed = Signal()
    """Lines or marks were shown or hidden."""

    def __init__(
        self, images: CaseImages, series: Sequence[SeriesUsed], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._images = images
        self.panels: list[tuple[SeriesUsed, SeriesPanel]] = []
        self._points: list[PointMarks] = []
        self._extra: SeriesUsed | None = None
        self._first = series[0].role if series else SeriesRole.SAG_T1
        self.pointer = Pointer()
        self.hand_link = HandLink(self)
        self._marks, self._smooth, self._marks_on = Marks(), True, True
        self.lines_on = False
        """Whether the key for the lines is held."""

        for used in series:
            self._add(used)
        self.link, self.cuts = self._linked()

    def _linked(self) -> tuple[LinkedPanels, CutLines]:
        link = LinkedPanels([panel for _, panel in self.panels], self.hand_link.of_panels())
        return link, CutLines(link)

    def _let_go(self) -> None:
        self.cuts.release()
        self.link.release()

    def relink(self) -> None:
        """Link the canvases anew, each where it is."""
        self._let_go()
        self.link, self.cuts = self._linked()
        for _, panel in self.panels:
            panel.set_marks(self.hand_link.marks_on(panel, self._marks))

    def _add(self, used: SeriesUsed) -> None:
        panel = SeriesPanel(self._images.volume(used), used, title_of(used), self)
        panel.set_smooth(self._smooth)
        panel.set_marks_visible(self._marks_on)
        role = used.role
        panel.clicked.connect(lambda point: self.clicked.emit(role, point))
        panel.label_clicked.connect(self.label_clicked)
        panel.centre_dragged.connect(
            lambda vertebra, point, done: self.centre_dragged.emit(role, vertebra, point, done)
        )
        panel.painted.connect(lambda index: self._painted(used, index))
        panel.slice_stepped.connect(lambda _: self.stepped.emit())
        panel.canvas_widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its keys are the room's
        self.pointer.follow(used, panel)
        self.panels.append((used, panel))
        self._points.append(PointMarks(panel))
        self.add(panel)

    def _painted(self, used: SeriesUsed, index: int) -> None:
        if used is not self._extra:  # an extra stack shares its slot with others
            self.painted.emit(used.role, index)

    def panel(self, role: SeriesRole) -> SeriesPanel | None:
        """Return the canvas of a slot, or None."""
        return next((panel for used, panel in self.panels if used.role == role), None)

    def show_marks(self, marks: Marks) -> None:
        """Draw these marks on every canvas; free where nothing changed."""
        if marks != self._marks:
            self._marks = marks
            for _, panel in self.panels:
                panel.set_marks(self.hand_link.marks_on(panel, self._marks))

    def show_points(
        self, role: SeriesRole | None, points: Sequence[PointLps], lines: Sequence[Line]
    ) -> None:
        """Show the points clicked so far, on the canvas of their slot alone."""
        for (used, _), marks in zip(self.panels, self._points, strict=True):
            there = used.role == role
            marks.show_points(points if there else (), lines if there else ())

    def show_extra(self, used: SeriesUsed | None) -> None:
        """Show one more series at the right, or none."""
        if used is self._extra:
            return
        self._let_go()
        if self._extra is not None:
            _, panel = self.panels.pop()
            self._points.pop()
            self._drop(panel)
        self._extra = used
        if used is not None:
            self._add(used)
        self.relink()

    def show_series(self, series: Sequence[SeriesUsed]) -> None:
        """Show other series side by side; free where they and their slots are those shown."""
        shown = [used for used, _ in self.panels if used is not self._extra]
        if [*map(_slot, shown)] == [*map(_slot, series)]:
            return
        self.show_extra(None)
        self._let_go()
        for _, panel in self.panels:
            self._drop(panel)
        self.panels.clear()
        self._points.clear()
        for used in series:
            self._add(used)
        self._first = series[0].role
        self.relink()

    def _drop(self, panel: SeriesPanel) -> None:
        self.pointer.leave(panel)
        self.take_out(panel)
        panel.dispose()

    @property
    def extra(self) -> SeriesUsed | None:
        """The series shown on call."""
        return self._extra

    # what the desk asks

    def hand(self) -> SeriesRole:
        """Return the slot whose canvas the pointer was on last."""
        return self._first if self.pointer.on is None else self.pointer.on[0].role

    def holds(self, role: SeriesRole, lines: Sequence[EndplateLine], wanted: Endplate) -> bool:
        """Return whether an endplate lies inside a slot's canvas from end to end."""
        panel = self.panel(role)
        return panel is not None and wanted in panel.visible_endplates(lines)

    def holds_all(self, role: SeriesRole, lines: Sequence[EndplateLine]) -> bool:
        """Return whether every endplate that lies on the images lies inside the canvas."""
        panel = self.panel(role)
        if panel is None:
            return False
        on_images = [line for line in lines if _is_on(panel, line)]
        return len(panel.visible_endplates(on_images)) == len(on_images)

    def point_shown(self, role: SeriesRole, near: PointLps | None) -> PointLps | None:
        """Return a point on the slice a slot shows, nearest to another."""
        panel = self.panel(role)
        if panel is None:
            return None
        u, v, _ = panel.display.to_display(near or panel.centre_lps).tolist()
        return panel.display.to_lps(u, v, panel.slice)

    def instance_shown(self, role: SeriesRole) -> str | None:
        """Return the SOP instance a slot shows; None where it was not acquired."""
        panel = self.panel(role)
        image = None if panel is None else panel.volume.instance_at(panel.slice)
        return None if image is None else image.sop_instance_uid

    # what keys do to the view

    def step(self, direction: int) -> None:
        """Go to the next stop: +1 from right to left of the patient."""
        self.link.step(direction)

    def step_beside(self, direction: int) -> bool:
        """Step the series shown on call by itself; return whether there is one."""
        if self._extra is None:
            return False
        panel = self.panels[-1][1]
        panel.slice_stepped.emit(direction)
        return True

    def show_lines(self, shown: bool) -> None:
        """Show the endplate lines, and cuts whole, while a key is held."""
        self.lines_on = shown
        for _, panel in self.panels:
            panel.set_lines_visible(shown)
        self.cuts.hold(shown)
        self.shown_changed.emit()

    @property
    def marks_on(self) -> bool:
        """Whether marks are shown."""
        return self._marks_on

    @property
    def smooth(self) -> bool:
        """Whether the display is smooth."""
        return self._smooth

    def toggle_marks(self) -> bool:
        """Hide or show all marks; return whether they are shown now."""
        self._marks_on = not self._marks_on
        for _, panel in self.panels:
            panel.set_marks_visible(self._marks_on)
        self.shown_changed.emit()
        return self._marks_on

    def toggle_smooth(self) -> bool:
        """Switch between smooth display and plain pixels; return whether it is smooth now."""
        self._smooth = not self._smooth
        for _, panel in self.panels:
            panel.set_smooth(self._smooth)
        return self._smooth

    @property
    def hovered(self) -> SignalInstance:
        """Emitted with the patient point under the pointer, or None, and its image in words."""
        return self.pointer.hovered

    @property
    def panel_under(self) -> SeriesPanel | None:
        """The canvas the pointer was on last, else the first one of its slot."""
        return self.panel(self.hand()) if self.pointer.on is None else self.pointer.on[1]

    def reset_view(self) -> None:
        """Show whole images again."""
        self.link.reset_view()

    def dispose(self) -> None:
        """Close every canvas for good; safe to call twice."""
        self._let_go()
        for _, panel in self.panels:
            self.pointer.leave(panel)
            panel.dispose()
        self.panels.clear()
        self._points.clear()


def _is_on(panel: SeriesPanel, line: EndplateLine) -> bool:
    places = panel.display.to_display(line.polyline_lps_mm).tolist()
    return any(panel.display.contains(u, v) for u, v, _ in places)


def _slot(used: SeriesUsed) -> tuple[str, int, SeriesRole]:
    return used.series_uid, used.stack, used.role


def first_series(series: Sequence[SeriesUsed]) -> tuple[SeriesUsed, ...]:
    """Return what is shown side by side: the sagittal slots in order, else the first series."""
    by_role = {used.role: used for used in reversed(series)}
    chosen = tuple(by_role[role] for role in SAGITTAL_SLOTS if role in by_role)
    return chosen or tuple(series[:1])
