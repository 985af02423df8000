"""``python -m tests.driving.watched STATUS read WORKSPACE ...``: the program itself, watched.

It runs the command line as a user does. Once a room stands it counts every key press, click and
wheel notch that the window system delivers to the window, and keeps a file up to date with the
counts and with where things stand on the screen. Nothing that the program loads is loaded ahead of
it: its start is measured this way too.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from modic_annotate_napari.flow.open_room import OpenRoom


def main(arguments: list[str]) -> None:
    """Run the command line with every room it opens watched."""
    from modic_annotate.cli import main as program

    gc.disable()  # as `read` does before it loads what follows
    from modic_annotate_napari.reading_room import ROOM

    status, sys.argv = Path(arguments[0]), ["modic-annotate", *arguments[1:]]
    build, watches = ROOM.build, []

    def watched(*args: Any, **terms: Any) -> OpenRoom:
        opened = build(*args, **terms)
        from tests.driving.watch import Watch

        watches.append(Watch(opened, status))
        return opened

    ROOM.build = watched  # type: ignore[method-assign]
    os.environ.setdefault("QT_API", "pyside6")
    program()


if __name__ == "__main__":
    main(sys.argv[1:])
