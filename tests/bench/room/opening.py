"""How long another case takes from being asked for to its first images, its volumes loaded before.

The seam is `turn`: it shows another case in the same window, whose volumes are kept loaded here.
Where an open room can turn to another case itself (`open_case`), that is what is measured; else
the room is closed and one opened on the other case.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from modic_annotate.store.workspace import Workspace
from modic_annotate_napari import case as cases
from modic_annotate_napari.images import CaseImages
from modic_annotate_napari.reading_room import ROOM, OpenRoom
from tests.bench.room.case import NEXT, READER, RECORD
from tests.bench.room.frames import Frames


def measured(opened: OpenRoom, workspace: Path, n: int) -> tuple[OpenRoom, list[float]]:
    """Turn to the other case and back; return the room open then, and the seconds of each turn.

    Parameters
    ----------
    opened
        A room on the first case.
    workspace
        Its workspace, which holds both cases.
    n
        How many turns are timed.
    """
    seconds = []
    with _volumes_kept():
        for number in range(n + 2):
            start = time.perf_counter()
            opened = turn(opened, workspace, (NEXT, RECORD)[number % 2])
            Frames([panel.canvas_widget for _, panel in opened.room.canvases.panels]).wait()
            if number >= 2:  # both cases have been loaded by then
                seconds.append(time.perf_counter() - start)
            Frames.settle()
    return opened, seconds


def turn(opened: OpenRoom, workspace: Path, record_id: str) -> OpenRoom:
    """Show another case in the window of the one that is open."""
    open_case = getattr(opened, "open_case", None)
    if open_case is not None:
        open_case(record_id)
        return opened
    host = opened.host
    host.dispose()
    return ROOM.build(workspace, record_id, READER, viewer=host.viewer, window=host.window)


@contextmanager
def _volumes_kept() -> Iterator[None]:
    """Keep the volumes of each case once they are loaded, as if they had been fetched ahead."""
    kept: dict[str, CaseImages] = {}

    def images(workspace: Workspace, record_id: str) -> CaseImages:
        return kept.setdefault(record_id, CaseImages(workspace, record_id))

    cases.CaseImages = images  # type: ignore[misc, assignment]
    try:
        yield
    finally:
        cases.CaseImages = CaseImages  # type: ignore[misc]
