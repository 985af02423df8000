"""Hold a reading open, make the acts given on standard input, say `made N` (run by tests)."""

from __future__ import annotations

import sys
from pathlib import Path

from modic_annotate.domain.finding import Origin
from modic_annotate.session.acts import ACT
from modic_annotate.session.session import open_session
from modic_annotate.store.workspace import Workspace


def say(text: str) -> None:
    """Tell the test at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    workspace, record, reader = sys.argv[1:]
    with open_session(Workspace.open(Path(workspace)), record, reader) as session:
        say("open")
        for line in sys.stdin:
            session.act(ACT.validate_json(line), Origin.KEY)
            say(f"made {len(session.journal.entries)}")
