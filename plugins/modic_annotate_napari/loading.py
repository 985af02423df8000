"""The first case's volumes, loaded by a process of their own while napari starts.

Importing napari and building its window keeps one core busy for longer than reading a study's
images takes. ``python -m modic_annotate_napari.loading WORKSPACE RECORD`` loads them on another
core meanwhile and writes them, pickled, to its standard output; only the process that started it
reads that. Whatever goes wrong there goes wrong again, with its message, where the images are
wanted and are then loaded in the usual way.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modic_annotate.domain.grid import Grid
from modic_annotate.domain.series import SAGITTAL_SLOTS, Instance, instance_at
from modic_annotate.store.workspace import Workspace

if TYPE_CHECKING:
    from modic_annotate.imaging import Volume

MODULE = "modic_annotate_napari.loading"


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """What the canvases need of a volume; taking it over does not import pydicom."""

    array: NDArray[Any]
    """Values, axes (slice, row, column)."""

    grid: Grid
    instances: tuple[Instance, ...]
    not_acquired: tuple[int, ...]
    window: tuple[float, float] | None
    inverted: bool

    def instance_at(self, index: int) -> Instance | None:
        """Return the image of a slice; None where none was acquired."""
        return instance_at(self.instances, self.not_acquired, index)


Volumes = dict[tuple[str, int], Loaded]
"""By SeriesInstanceUID and stack."""

_ahead: dict[tuple[Path, str], subprocess.Popen[bytes]] = {}


@contextmanager
def loading_ahead(workspace: Path, record_id: str) -> Iterator[None]:
    """Begin to load a record's volumes; what nobody took by the end is dropped."""
    key = (workspace.resolve(), record_id)
    words = [sys.executable, "-m", MODULE, str(workspace), record_id]
    process = subprocess.Popen(  # noqa: S603 - this interpreter, this package
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with process:
        _ahead[key] = process
        try:
            yield
        finally:
            _ahead.pop(key, None)
            process.kill()


def take(workspace: Path, record_id: str) -> Volumes:
    """Return the volumes that were loaded ahead, waiting for them; none where that failed."""
    process = _ahead.pop((workspace.resolve(), record_id), None)
    if process is None:
        return {}
    written = process.stdout.read() if process.stdout is not None else b""  # all it wrote
    try:
        volumes: Volumes = pickle.loads(written)  # noqa: S301 - our own process wrote it
    except (EOFError, pickle.UnpicklingError):
        return {}
    return volumes


def _loaded(volume: Volume) -> Loaded:
    return Loaded(
        array=np.ascontiguousarray(volume.array),
        grid=volume.grid,
        instances=volume.instances,
        not_acquired=volume.series.not_acquired,
        window=volume.window,
        inverted=volume.inverted,
    )


def main(arguments: list[str]) -> int:
    """Write the volumes of a record that fill the sagittal slots."""
    from modic_annotate.store.images import open_series

    workspace = Workspace.open(Path(arguments[0]))
    index = workspace.linked_images(workspace.resolve(arguments[1]))
    entries = filter(None, map(index.in_role, SAGITTAL_SLOTS))
    volumes = {
        (entry.used.series_uid, entry.used.stack): _loaded(open_series(workspace, index, entry))
        for entry in entries
    }
    with open(sys.stdout.fileno(), "wb") as out:  # noqa: PTH123 - closed, so that the reader goes on
        pickle.dump(volumes, out, protocol=pickle.HIGHEST_PROTOCOL)
    return 0


if __name__ == "__main__":
    from modic_annotate_napari import loading  # so that what is pickled has its real home

    sys.exit(loading.main(sys.argv[1:]))
