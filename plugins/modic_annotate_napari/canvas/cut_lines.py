"""Which cuts stand on which canvas: those of the stacks called up, and of the leading one on them.

At rest a cut is two short marks at its ends. It is drawn whole while the key for lines is held,
and after the wheel turned in another canvas until the pointer leaves that one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from modic_annotate_napari.canvas.cut_overlay import CutOverlay
from modic_annotate_napari.canvas.cuts import Cut, cross, crossing
from modic_annotate_napari.canvas.linked import LinkedPanels
from modic_annotate_napari.canvas.series_panel import SeriesPanel
from modic_annotate_napari.qt import QEvent, QObject

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance


class CutLines(QObject):
    """Keeps the cuts of linked panels up to date; does nothing where no planes cross."""

    def __init__(self, link: LinkedPanels) -> None:
        super().__init__()
        self._link = link
        self._cutting = dict(_pairs(link))
        self._overlays = {panel: CutOverlay(panel) for panel in self._cutting}
        self._held, self._turned = False, False
        self._connections: list[tuple[SignalInstance, Callable[..., None]]] = []
        for panel in self._cutting:
            self._on(panel.slice_changed, partial(self._slice_changed, panel))
            self._on(panel.slice_stepped, partial(self._stepped, panel))
            panel.canvas_widget.installEventFilter(self)
            self._update(panel)

    def _on(self, signal: SignalInstance, slot: Callable[..., None]) -> None:
        signal.connect(slot)
        self._connections.append((signal, slot))

    def hold(self, held: bool) -> None:
        """Draw whole lines while a key is held."""
        self._held = held
        self._show_whole()

    def turned(self) -> None:
        """Draw whole lines until the pointer leaves the canvas it is on."""
        self._turned = True
        self._show_whole()

    def release(self) -> None:
        """Take all cuts away and let go of the panels."""
        for signal, slot in self._connections:
            signal.disconnect(slot)
        self._connections.clear()
        for panel, overlay in self._overlays.items():
            panel.canvas_widget.removeEventFilter(self)
            overlay.remove()
        self._overlays.clear()
        self._cutting.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go back to short marks once the pointer leaves."""
        if event.type() == QEvent.Type.Leave and self._turned:
            self._turned = False
            self._show_whole()
        return False

    def _stepped(self, panel: SeriesPanel, direction: int) -> None:
        self.turned()

    def _show_whole(self) -> None:
        for overlay in self._overlays.values():
            overlay.show_whole(self._held or self._turned)

    def _slice_changed(self, moved: SeriesPanel, index: int) -> None:
        self._update(moved)
        for panel, others in self._cutting.items():
            if moved in others:
                self._update(panel)

    def _update(self, panel: SeriesPanel) -> None:
        at = self._link.placed(panel)
        self._overlays[panel].show_cuts(
            tuple(
                Cut(_name(o), crossing(at, panel.slice, self._link.placed(o), o.slice))
                for o in self._cutting[panel]
            )
        )


def _pairs(link: LinkedPanels) -> Iterator[tuple[SeriesPanel, tuple[SeriesPanel, ...]]]:
    """Yield each panel with those that cut it: on crossing stacks the leading panel alone."""
    crossing_ones = [
        p
        for p in link.in_frame
        if p not in link.linked and cross(link.placed(p), link.placed(link.leader))
    ]
    if not crossing_ones:
        return
    for panel in link.linked:
        yield panel, tuple(crossing_ones)
    for panel in crossing_ones:
        yield panel, (link.leader,)


def _name(panel: SeriesPanel) -> str:
    title = panel.title
    return f"{title.name.split(',')[0]} {title.image}".strip()
