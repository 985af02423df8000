"""Apply an acts file and print each acknowledgement at once (run by tests in a process)."""

from __future__ import annotations

import sys
from pathlib import Path

from modic_annotate.session.apply import apply_acts
from modic_annotate.store.workspace import Workspace


def acknowledge(number: int) -> None:
    """Print the number of a durable line."""
    sys.stdout.write(f"ack {number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    workspace, record, reader, acts = sys.argv[1:]
    apply_acts(Workspace.open(Path(workspace)), record, reader, Path(acts), acknowledge)
