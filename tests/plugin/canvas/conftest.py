"""Small volumes in known places, panels on them, and pictures of what is on screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from modic_annotate.domain.grid import Grid
from modic_annotate.domain.series import Instance

SAGITTAL = ((1, 0, 0), (0, 0, -1), (0, 1, 0))
"""LPS directions of increasing (slice, row, column) of an ordinary sagittal stack."""

AXIAL = ((0, 0, -1), (0, 1, 0), (1, 0, 0))


def grid_of(
    shape: Sequence[int],
    spacing_mm: Sequence[float],
    origin_lps: Sequence[float] = (0.0, 0.0, 0.0),
    directions: Sequence[Sequence[float]] = SAGITTAL,
) -> Grid:
    """A grid by its directions, spacing and the place of its first voxel."""
    affine = np.eye(4)
    affine[:3, :3] = np.array(directions, dtype=float).T * np.array(spacing_mm)
    affine[:3, 3] = origin_lps
    return Grid(shape=tuple(shape), affine_lps=affine.tolist())


@dataclass
class StandIn:
    """A volume and its series in one."""

    array: np.ndarray
    grid: Grid
    window: tuple[float, float] | None = None
    inverted: bool = False
    frame_of_reference_uid: str | None = "1.2.3"

    @property
    def instances(self) -> list[Instance]:
        """One per slice, numbered against the slice order."""
        n = self.grid.shape[0]
        return [
            Instance(
                sop_instance_uid=f"1.2.{k + 1}", instance_number=n - k, pixel_sha256=f"{k:064x}"
            )
            for k in range(n)
        ]

    not_acquired: tuple[int, ...] = ()

    def instance_at(self, index: int) -> Instance | None:
        """The image of a slice, but where none was acquired."""
        return None if index in self.not_acquired else self.instances[index]


@pytest.fixture(scope="session")
def make_grid() -> Callable[..., Grid]:
    """The maker of grids."""
    return grid_of


@pytest.fixture
def make_volume() -> Callable[..., StandIn]:
    """A volume whose slice k holds the value 10 * k everywhere, unless pixels are given."""

    def make(shape=(5, 60, 80), spacing_mm=(4.0, 1.0, 1.0), *, array=None, **kwargs) -> StandIn:
        settings = {key: kwargs.pop(key) for key in ("origin_lps", "directions") if key in kwargs}
        grid = grid_of(shape, spacing_mm, **settings)
        if array is None:
            array = np.empty(shape, np.int16)
            array[:] = 10 * np.arange(shape[0], dtype=np.int16)[:, None, None]
        return StandIn(array, grid, **kwargs)

    return make


@pytest.fixture
def panels(qapp, settle, until) -> Iterator[Callable[..., list]]:
    """Show a panel per volume side by side in one window, all painted; disposed at the end."""
    from qtpy.QtWidgets import QHBoxLayout, QWidget

    from modic_annotate_napari.canvas.series_panel import SeriesPanel

    made: list[SeriesPanel] = []
    windows: list[QWidget] = []

    def show(*volumes: StandIn, size: tuple[int, int] = (800, 600)) -> list[SeriesPanel]:
        window = QWidget()
        row = QHBoxLayout(window)
        row.setContentsMargins(0, 0, 0, 0)
        new = [SeriesPanel(v, v, f"SERIES {k}") for k, v in enumerate(volumes)]
        painted: set[int] = set()
        for k, panel in enumerate(new):
            row.addWidget(panel, 1)
            panel.painted.connect(lambda _slice, k=k: painted.add(k))
        windows.append(window)
        made.extend(new)
        window.resize(*size)
        window.show()
        until(lambda: len(painted) == len(new))
        settle()
        return new

    yield show
    for panel in made:
        panel.dispose()
    for window in windows:
        window.close()
        window.deleteLater()
    settle()


@pytest.fixture
def panel(panels, make_volume):
    """One panel on a small sagittal volume."""
    return panels(make_volume())[0]


@pytest.fixture
def picture(settle) -> Callable[..., np.ndarray]:
    """The grey values of a canvas as they stand on the screen, shape (height, width)."""

    def take(panel) -> np.ndarray:
        settle()
        canvas = panel.canvas_widget
        at = canvas.mapToGlobal(canvas.rect().topLeft())
        shot = canvas.screen().grabWindow(0, at.x(), at.y(), canvas.width(), canvas.height())
        image = shot.toImage().convertToFormat(shot.toImage().Format.Format_Grayscale8)
        rows = np.frombuffer(image.constBits(), np.uint8)
        return rows.reshape(image.height(), image.bytesPerLine())[:, : image.width()].copy()

    return take
