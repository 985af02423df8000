"""The reader's list and the next case's images, made ready while the present case is read.

One thread of its own does both, one thing after the other. Nothing is written and no reading is
begun: a case that was only loaded ahead is as untouched as before.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import numpy as np

from modic_annotate.conduct.worklist import WorkItem, next_item, reading_list, work_item
from modic_annotate.domain.series import SeriesUsed
from modic_annotate.errors import ModicAnnotateError
from modic_annotate.session.place import Place, present_series
from modic_annotate.session.session import ReadingSession
from modic_annotate.store.workspace import Workspace
from modic_annotate_napari.canvases import first_series
from modic_annotate_napari.images import CaseImages
from modic_annotate_napari.qt import QObject, Signal

MOST_BYTES = 1 << 30
"""No more pixels than this are loaded ahead (the sagittal series of one case take about 20 MB)."""


@dataclass(frozen=True, eq=False)
class Loaded:
    """A case whose images are in memory, and what of it is shown side by side at first."""

    record_id: str
    images: CaseImages
    series: tuple[SeriesUsed, ...]


class Ahead(QObject):
    """What comes after the present case.

    Parameters
    ----------
    workspace
        The workspace's folder.
    reader_id
        Whose list.
    listed
        Called in the window's thread when the list is new.
    loaded
        Called there with what will be shown once the next case's images are loaded.
    """

    _listed = Signal()
    _ready = Signal(object)

    def __init__(
        self,
        workspace: Path,
        reader_id: str,
        listed: Callable[[], None],
        loaded: Callable[[Loaded], None],
    ) -> None:
        super().__init__()
        self._folder, self._reader_id = workspace, reader_id
        self._tell_listed: Callable[[], None] | None = listed
        self._tell_ready: Callable[[Loaded], None] | None = loaded
        self._listed.connect(self._listed_here)
        self._ready.connect(self._ready_here)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="modic-annotate-ahead")
        self._stop = Event()
        self._run: Future[None] | None = None
        self._loaded: Loaded | None = None
        self.items: tuple[WorkItem, ...] | None = None
        """The reader's cases as they were last looked at; None before that."""

    def look(self, present: str) -> None:
        """Look at the list anew, then load what comes after the present case."""
        self._stop.set()
        self._stop = Event()
        with suppress(RuntimeError):  # closed meanwhile
            self._run = self._thread.submit(self._work, present, self._stop)

    def finish(self) -> None:
        """Wait until all is ready."""
        if self._run is not None:
            self._run.result()

    def take(self, record_id: str) -> CaseImages | None:
        """Return the images of a case where they were loaded ahead and are still the same.

        Either way nothing is kept here any more.
        """
        loaded, self._loaded = self._loaded, None
        if loaded is None or loaded.record_id != record_id:
            return None
        with suppress(ModicAnnotateError):  # said when the case itself is opened
            return loaded.images if loaded.images.is_current else None
        return None

    def next(self, present: str) -> str | None:
        """Return the record to read next; looks at the list again where it is out of date."""
        ws = Workspace.open(self._folder)
        item = next_item(self.items or (), but=present)
        if item is None or not work_item(Place.of(ws, item.record_id, item.reader_id)).is_open:
            self.items = reading_list(ws, self._reader_id, self.items or ())
            item = next_item(self.items, but=present)
        return None if item is None else item.record_id

    def close(self) -> None:
        """Stop after the series that is being loaded, and let go of everything."""
        self._tell_listed = self._tell_ready = None
        self._stop.set()
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._loaded = None

    def _listed_here(self) -> None:
        if self._tell_listed is not None:
            self._tell_listed()

    def _ready_here(self, loaded: Loaded) -> None:
        if self._tell_ready is not None:
            self._tell_ready(loaded)

    def _work(self, present: str, stop: Event) -> None:
        """Do it all; an error is not told here but when the case is opened."""
        with suppress(ModicAnnotateError):
            ws = Workspace.open(self._folder)
            items = reading_list(ws, self._reader_id, self.items or ())
            if stop.is_set():
                return
            self.items = items
            self._listed.emit()
            item = next_item(items, but=present)
            if item is not None:
                self._load(ws, item, stop)

    def _load(self, ws: Workspace, item: WorkItem, stop: Event) -> None:
        if self._loaded is not None and self._loaded.record_id == item.record_id:
            return
        self._loaded = None
        images, series = CaseImages(ws, item.record_id), first_series(series_of(ws, item))
        fits = True
        for used in series:
            fits = fits and images.n_bytes + size_of(used) <= MOST_BYTES
            if stop.is_set() or not fits:
                break
            images.volume(used)
        if not stop.is_set():
            self._loaded = loaded = Loaded(item.record_id, images, series)
            if fits:
                self._ready.emit(loaded)


def series_of(ws: Workspace, item: WorkItem) -> tuple[SeriesUsed, ...]:
    """Return a case's series in the slots they will fill when it is opened."""
    place = Place.of(ws, item.record_id, item.reader_id)
    if item.n_scope is None or item.state != "draft":
        return present_series(place)
    return ReadingSession.look(ws, item.record_id, item.reader_id).series


def size_of(used: SeriesUsed) -> int:
    """Return what a series takes at most once it is loaded, in bytes."""
    return int(np.prod(used.grid.shape)) * np.dtype(np.float32).itemsize
