"""From the canvases to what is remembered of them, and back."""

from __future__ import annotations

from hashlib import sha256

from modic_annotate.domain.series import Plane, SeriesUsed
from modic_annotate_napari.canvas.series_panel import SeriesPanel
from modic_annotate_napari.canvases import Canvases
from modic_annotate_napari.hand_link import key_of
from modic_annotate_napari.remembered.records import GreyWindow, Place, SeriesView


def mark_of(used: SeriesUsed) -> str:
    """Return what a series is remembered by; its UID cannot be told from it."""
    return sha256(f"{used.series_uid}:{used.stack}".encode()).hexdigest()[:16]


def series_views(canvases: Canvases) -> tuple[SeriesView, ...]:
    """Return how every series is shown now."""
    return tuple(_view(canvases, used, panel) for used, panel in canvases.panels)


def _view(canvases: Canvases, used: SeriesUsed, panel: SeriesPanel) -> SeriesView:
    window = panel.window_level
    follows = panel in canvases.link.linked and panel is not canvases.link.leader
    return SeriesView(
        series=mark_of(used),
        slice=panel.slice,
        place=None if follows or not panel.is_placed else _place(panel),
        window=None
        if window == panel.first_window
        else GreyWindow(centre=window.centre, width=window.width),
        by_hand_lps_mm=canvases.hand_link.shifts.get(key_of(used)),
    )


def _place(panel: SeriesPanel) -> Place:
    return Place(centre_lps_mm=panel.centre_lps, px_per_mm=panel.px_per_mm)


def plane_beside(canvases: Canvases) -> Plane | None:
    """Return the plane of the series called up."""
    return None if canvases.extra is None else canvases.extra.plane


def show_again(canvases: Canvases, views: tuple[SeriesView, ...]) -> None:
    """Show series as they were; those that are not shown, or are others, are left alone."""
    by_mark = {view.series: view for view in views}
    found = [(u, p, by_mark[mark_of(u)]) for u, p in canvases.panels if mark_of(u) in by_mark]
    for used, panel, view in found:
        if view.window is not None:
            panel.set_window(view.window.centre, view.window.width)
        if view.by_hand_lps_mm is not None:
            canvases.hand_link.shifts[key_of(used)] = view.by_hand_lps_mm
    if canvases.hand_link.of_panels():
        canvases.relink()
    slices = {panel: view.slice for _, panel, view in found}
    link = canvases.link
    link.show_slices([slices.get(panel, panel.slice) for panel in link.linked])
    for _, panel, view in found:
        if panel not in link.linked:
            panel.show_slice(view.slice)
        if view.place is not None:
            panel.look_at(view.place.centre_lps_mm, view.place.px_per_mm)
