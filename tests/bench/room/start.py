"""From the start of a process to its first picture: our first image, napari's empty window."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.room.case import NEXT, READER
from tests.driving.x_room import reading

ROOT = Path(__file__).parents[3]


def our_seconds(display: str, workspace: Path) -> float:
    """Start ``modic-annotate read``; return the seconds until the first image is on the screen."""
    began = time.monotonic()
    with reading(display, workspace, NEXT, READER) as room:
        return float(room.now["first_image_at"]) - began


def napari_seconds(display: str) -> float:
    """Start an empty napari; return the seconds until its window is on the screen."""
    with tempfile.TemporaryDirectory(prefix="modic-annotate-bench-") as name:
        settings = {"NAPARI_CONFIG": str(Path(name) / "settings.yaml"), "DISPLAY": display}
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.peers.empty_napari"],
            env=os.environ | settings | {"QT_QPA_PLATFORM": "xcb", "QT_API": "pyside6"},
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
    return float(done.stdout.split()[-1]) - began
