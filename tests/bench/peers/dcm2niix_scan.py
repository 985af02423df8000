"""dcm2niix listing the series below a folder without converting them (``-n -1``)."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

_TOOL = shutil.which("dcm2niix")


def is_there() -> bool:
    """Whether the program is installed."""
    return _TOOL is not None


def scan(folder: Path) -> int:
    """Return how many series it lists."""
    call = [str(_TOOL), "-n", "-1", "-f", "%s", str(folder)]
    said = subprocess.run(call, capture_output=True, text=True, check=False)
    return sum(line.startswith("\t") for line in said.stdout.splitlines())
