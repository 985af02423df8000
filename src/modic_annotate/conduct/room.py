"""The door to the reading room: found by entry point, so that the core needs no window."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol, cast

from modic_annotate.domain.base import Record
from modic_annotate.errors import MissingDependencyError

GROUP = "modic_annotate.reader"


class ReplayResult(Record):
    """What a replay of an acts file through the real window left behind."""

    reading_id: str
    signed: bool
    screenshots: tuple[Path, ...]


class Room(Protocol):
    """What a plugin that offers a reading room can do."""

    def open(self, workspace: Path, record_id: str, reader_id: str, block: bool = True) -> int:
        """Open the room on a case and return an exit code once it is closed."""
        ...

    def replay(
        self, workspace: Path, record_id: str, reader_id: str, acts: Path, screenshots: Path
    ) -> ReplayResult:
        """Post the acts of a file as real key and mouse events to the real room."""
        ...


def find_room() -> Room:
    """Return the installed reading room.

    Raises
    ------
    MissingDependencyError
        No plugin offers one, or its window libraries are not installed.
    """
    found = sorted(entry_points(group=GROUP), key=lambda entry: entry.name)
    if not found:
        raise MissingDependencyError("The reading room", "gui")
    try:
        return cast("Room", found[0].load())
    except ImportError as error:
        raise MissingDependencyError("The reading room", "gui") from error
