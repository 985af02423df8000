"""One series on the screen: title, image, and what is drawn over it.

Build a panel where it is to stay: a canvas that was shown once must not get another window as
parent, its OpenGL context does not survive that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Protocol

from modic_annotate.domain.base import PointLps
from modic_annotate.imaging.geometry.patient import side_label
from modic_annotate_napari.canvas.display import DisplayMap, Volume
from modic_annotate_napari.canvas.image_canvas import ImageCanvas
from modic_annotate_napari.canvas.marrow import MARROW, marrow_window
from modic_annotate_napari.canvas.patient_view import PatientView
from modic_annotate_napari.canvas.sight import is_in_sight
from modic_annotate_napari.canvas.slices import Slices
from modic_annotate_napari.canvas.title import Title, TitleStrip
from modic_annotate_napari.canvas.window import Window, dragged, first_window, presets
from modic_annotate_napari.qt import QVBoxLayout, QWidget, Signal

NOT_ACQUIRED = "slice not acquired"


class Framed(Protocol):
    """A series as far as a panel asks: whose coordinates it is in."""

    @property
    def frame_of_reference_uid(self) -> str | None:
        """UID of the frame of reference, or None where it is not stated."""


class SeriesPanel(PatientView):
    """Shows one series, slice by slice, in its own pixels and true proportions.

    Parameters
    ----------
    volume
        The loaded series.
    series
        Tells the frame of reference.
    title
        The true technique, e.g. ``SAG T1``.
    """

    slice_changed = Signal(int)
    window_changed = Signal(float, float)
    painted = Signal(int)
    """A slice has come to the screen, on a canvas that nothing covers."""

    def __init__(
        self, volume: Volume, series: Framed, title: str, parent: QWidget | None = None
    ) -> None:
        display, window = DisplayMap(volume.grid), first_window(volume)
        self._slices = Slices(volume, display)
        first = self._slices[display.n_slices // 2]
        image = ImageCanvas(first, display.pixel_mm, window.limits, volume.inverted)
        rows = self._slices.rows_with_image(window.limits)
        super().__init__(display, image, rows, parent)
        self.volume, self.series = volume, series
        self._window = self._window_before = self._first = window
        self._preset = 0
        self._drawn: int | None = None
        self._strip = TitleStrip(Title(title))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._strip)
        column.addWidget(self.canvas_widget, 1)
        self._mouse.windowed.connect(self._drag_window)
        self._image.on_drawn(self._note_drawn)
        self._image.on_swapped(self._frame_swapped)
        self._tell()

    # slices

    @property
    def slice(self) -> int:
        """Index of the slice shown."""
        return self._slice

    @property
    def n_slices(self) -> int:
        """How many slices there are."""
        return self.display.n_slices

    def show_slice(self, index: int) -> None:
        """Show a slice, clipped to the stack."""
        index = min(max(index, 0), self.n_slices - 1)
        if index == self._slice:
            return
        self._slice = index
        self._image.show_pixels(self._slices[index])
        self._follow_slice()
        self._tell()
        self.slice_changed.emit(index)

    def step(self, direction: int) -> None:
        """Show the neighbour slice: +1 from right to left (front to back, head to foot)."""
        self.show_slice(self._slice + direction * self.display.step)

    def show_point(self, lps: PointLps) -> None:
        """Show the slice nearest to a patient point."""
        self.show_slice(self.display.nearest_slice(lps))

    # window

    @property
    def window_level(self) -> Window:
        """The grey window in use."""
        return self._window

    def set_window(self, centre: float, width: float) -> None:
        """Set the grey window; it stays until it is set again."""
        self._window = Window(centre, width)
        self._image.show_limits(*self._window.limits)
        self._tell()
        self.window_changed.emit(centre, width)

    @cached_property
    def _presets(self) -> tuple[tuple[str, Window], ...]:
        return presets(self.volume)

    def next_preset(self, bodies: Sequence[PointLps] = ()) -> str:
        """Take the next window preset, the one from marrow last; return its name.

        Parameters
        ----------
        bodies
            Centres of the bodies placed so far, LPS mm.

        Raises
        ------
        WindowError
            It is the turn of marrow, and none is known; the window stays and the next is next.
        """
        self._preset = (self._preset + 1) % (len(self._presets) + 1)
        if self._preset == len(self._presets):
            name, window = MARROW, marrow_window(self.volume.array, self.volume.grid, bodies)
        else:
            name, window = self._presets[self._preset]
        self.set_window(window.centre, window.width)
        return name

    @property
    def first_window(self) -> Window:
        """The window the images ask for, or the one their values suggest."""
        return self._first

    def reset_window(self) -> None:
        """Take the first window again."""
        self._preset = 0
        self.set_window(self._first.centre, self._first.width)

    def _drag_window(self, dx: float, dy: float, begins: bool) -> None:
        if begins:
            self._window_before = self._window
            return
        darker = -dy if self.volume.inverted else dy
        window = dragged(self._window_before, dx, darker, self._first.width)
        self.set_window(window.centre, window.width)

    def set_smooth(self, smooth: bool) -> None:
        """Switch between the display filter and plain pixels."""
        self._image.set_smooth(smooth)

    # what is said and seen

    @property
    def title(self) -> Title:
        """What stands above the canvas."""
        return self._strip.title

    def set_offset(self, mm: float | None) -> None:
        """Say how far this slice lies from the one of the leading panel."""
        offset = "" if mm is None else f"{round(mm, 1) + 0.0:+.1f} mm"
        self._strip.show_title(replace(self._strip.title, offset=offset))

    def set_warning(self, text: str) -> None:
        """Say in the title what is wrong with this series here."""
        self._strip.show_title(replace(self._strip.title, warning=text))

    def _tell(self) -> None:
        image = self.volume.instance_at(self._slice)
        number = image.instance_number if image else None
        self._strip.show_title(
            replace(
                self._strip.title,
                image="" if number is None else f"Im {number}",
                missing="" if image else NOT_ACQUIRED,
                side=side_label(self.volume.grid, self._slice),
                window=self._window.text,
            )
        )

    def _note_drawn(self, event: object) -> None:
        self._drawn = self._slice

    def _frame_swapped(self) -> None:
        if self._drawn is not None and is_in_sight(self.canvas_widget):
            drawn, self._drawn = self._drawn, None  # covered, it waits to be uncovered
            self.painted.emit(drawn)

    def draw_unseen(self) -> None:
        """Draw once into memory, hidden; shaders and textures are ready when it is shown.

        Nothing counts as painted.
        """
        self.grab()
        self._drawn = None

    def dispose(self) -> None:
        """Close the canvas for good and drop the panel; safe to call twice."""
        if self._image.closed:
            return
        self._image.close()
        self.setParent(None)
        self.deleteLater()
