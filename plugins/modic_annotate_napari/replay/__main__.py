"""``python -m modic_annotate_napari.replay WORKSPACE RECORD READER ACTS SCREENSHOTS``."""

from __future__ import annotations

import sys
from pathlib import Path

from modic_annotate.errors import ModicAnnotateError
from modic_annotate.store.canonical import canonical_bytes


def main(arguments: list[str]) -> int:
    """Replay a file on a room of its own; the result goes to stdout as one line of JSON."""
    from modic_annotate_napari.reading_room import ROOM
    from modic_annotate_napari.replay.process import FAILED
    from modic_annotate_napari.replay.run import replay

    workspace, record_id, reader_id, acts, screenshots = arguments
    try:
        opened = ROOM.build(Path(workspace), record_id, reader_id, driven_by="acts_file")
        try:
            result = replay(opened.room, Path(acts), Path(screenshots))
        finally:
            opened.close()
    except ModicAnnotateError as error:
        sys.stderr.write(f"{error}\n")
        return FAILED
    sys.stdout.buffer.write(canonical_bytes(result))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
