"""A replay in a process of its own: its windows end with it, whatever becomes of the display."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from modic_annotate.conduct.room import ReplayResult
from modic_annotate.errors import ReadingError
from modic_annotate.store.canonical import parse_record

MODULE = "modic_annotate_napari.replay"
FAILED = 2


def replay_in_process(
    workspace: Path, record_id: str, reader_id: str, acts: Path, screenshots: Path
) -> ReplayResult:
    """Run ``python -m modic_annotate_napari.replay`` and return what it says.

    Raises
    ------
    ReadingError
        The replay stopped; the message is its own.
    """
    with tempfile.TemporaryDirectory(prefix="modic-annotate-") as settings:
        arguments = [str(p) for p in (workspace, record_id, reader_id, acts, screenshots)]
        done = subprocess.run(  # noqa: S603 - this interpreter, this package
            [sys.executable, "-m", MODULE, *arguments],
            capture_output=True,
            check=False,
            env=os.environ | {"NAPARI_CONFIG": str(Path(settings) / "settings.yaml")},
        )
    if done.returncode != 0:
        raise ReadingError(_complaint(done))
    answer = done.stdout.strip().splitlines()[-1]
    return parse_record(ReplayResult, answer, "the replay's answer")


def _complaint(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    last = lines[-1] if lines else "it said nothing"
    if done.returncode == FAILED:
        return last
    return f"The reading room stopped with exit code {done.returncode}: {last}"
