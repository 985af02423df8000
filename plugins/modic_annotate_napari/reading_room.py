"""The door to the reading room: what the entry point ``modic_annotate.reader`` names.

Qt and napari load when a room is opened, not when this module is imported.
"""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from modic_annotate_napari.loading import loading_ahead
from modic_annotate_napari.ready import check_windows, share_contexts

if TYPE_CHECKING:
    from modic_annotate.conduct.room import ReplayResult
    from modic_annotate_napari.flow.open_room import Opener, OpenRoom
    from modic_annotate_napari.keymap import KeyMap
    from modic_annotate_napari.qt import QMainWindow

KEYS_FILES = ("keys.toml", "keys.json")
"""A workspace may hold one of these; it changes the key table for everyone who reads there."""


class ReadingRoom:
    """Opens cases of a workspace for reading."""

    def __init__(self) -> None:
        self._opened: list[OpenRoom] = []
        """Rooms on the screen: nothing else of Python's holds them."""

    def open(self, workspace: Path, record_id: str, reader_id: str, block: bool = True) -> int:
        """Open the room on a case and return an exit code once it is closed.

        Parameters
        ----------
        workspace
            The workspace's folder.
        record_id, reader_id
            Whose images, and who reads.
        block
            False returns as soon as the window stands.

        Raises
        ------
        ModicAnnotateError
            The case cannot be read, or no window can be opened; the message says why.
        """
        with loading_ahead(workspace, record_id):
            opened = self.build(workspace, record_id, reader_id)
        gc.freeze()  # what the start made stays; `read` has put collecting it off
        gc.enable()
        if block:
            import napari

            napari.run()
            opened.host.dispose()
        return 0

    def build(
        self,
        workspace: Path,
        record_id: str,
        reader_id: str,
        *,
        driven_by: Literal["person", "acts_file"] = "person",
        viewer: Any = None,  # noqa: ANN401 - a napari.Viewer; napari is untyped
        window: QMainWindow | None = None,
    ) -> OpenRoom:
        """Open the room on a case, in a viewer of its own unless one (and its window) is given.

        A reading that another window holds is opened to be looked at; under an acts file it is
        refused.
        """
        check_windows()
        from modic_annotate_napari.flow.open_room import Opener

        opener = Opener(workspace, reader_id, keymap_of(workspace), driven_by)
        return self.open_in(opener, record_id, viewer, window)

    def open_in(
        self,
        opener: Opener,
        record_id: str,
        viewer: Any = None,  # noqa: ANN401 - as above
        window: QMainWindow | None = None,
    ) -> OpenRoom:
        """Open the room on a case as `build` does, on the opener's terms."""
        import napari

        from modic_annotate_napari.flow.open_room import OpenRoom, title_of
        from modic_annotate_napari.host import Host

        share_contexts()
        begun = opener.begin(record_id)
        own = viewer
        try:
            own = viewer or napari.Viewer(title=title_of(begun.case.record_id), show=False)
            host, room = Host(own, window), opener.room(begun)
        except BaseException:
            begun.session.close()
            if viewer is None and own is not None:
                own.close()
            raise
        host.show(room, room)
        host.open()
        opened = OpenRoom(host, room, opener, own_title=viewer is None)
        self._opened = [one for one in self._opened if not one.host.closed] + [opened]
        return opened

    def replay(
        self, workspace: Path, record_id: str, reader_id: str, acts: Path, screenshots: Path
    ) -> ReplayResult:
        """Post the acts of a file as real key and mouse events to the real room, and sign.

        The room runs in a process of its own, so that its windows and its display may come and
        go without the caller's.
        """
        check_windows()
        from modic_annotate_napari.replay.process import replay_in_process

        return replay_in_process(workspace, record_id, reader_id, acts, screenshots)


def keymap_of(workspace: Path) -> KeyMap:
    """Return the key table of a workspace: the usual one, or as its key file changes it."""
    from modic_annotate_napari.key_file import load_keymap

    files = (workspace / name for name in KEYS_FILES)
    return load_keymap(next((file for file in files if file.is_file()), None))


ROOM = ReadingRoom()
__all__ = ["ROOM", "ReadingRoom"]
