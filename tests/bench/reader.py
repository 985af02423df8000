"""The reading room: its steps beside bare redraws, its start beside napari's, its keystrokes.

Two and three canvases at 1920 x 1080 on a display of its own; a ratio is of the 95th percentiles
of steps and peers taken in turn, and the worse of two and three canvases counts. Keystrokes are
counted inside the real program, as its window receives them from the X server: every press,
Shift included, and every click; the wheel and a passphrase are not.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from modic_annotate.conduct.display import virtual_display
from tests.bench.room.case import NEXT, READER, RECORD, centres, make_case
from tests.bench.room.start import napari_seconds, our_seconds
from tests.driving import readings
from tests.driving.x_room import XRoom, reading

SCREEN = "1920x1080x24"
CANVASES = (2, 3)
STARTS = 7
ROOT = Path(__file__).parents[2]

Times = Mapping[str, list[float]]
Figures = dict[str, Any]


def measure() -> Figures:
    """Return the ratios, the milliseconds, and the keystrokes."""
    began = os.getloadavg()
    with tempfile.TemporaryDirectory(prefix="modic-annotate-bench-") as name:
        folder = Path(name)
        with virtual_display(SCREEN) as display:
            each = {canvases: figures(_timed(canvases)) for canvases in CANVASES}
            start, context = _starts(str(display), make_case(folder / "start"))
            keys, counted = _keystrokes(str(display), folder)
    worse = {name: max(each[canvases][name] for canvases in CANVASES) for name in each[2]}
    context |= counted | {
        "screen": SCREEN,
        **{f"with_{canvases}_canvases": _rounded(each[canvases]) for canvases in CANVASES},
        "cores": os.cpu_count(),
        "load_1_min": [round(began[0], 1), round(os.getloadavg()[0], 1)],
    }
    return {"metrics": worse | {"start_vs_napari": start} | keys, "context": context}


def _timed(canvases: int) -> Times:
    """Return the times of single steps, taken in a process of its own."""
    words = [sys.executable, "-m", "tests.bench.room.steps", str(canvases)]
    settings = {"QT_API": "pyside6"}
    done = subprocess.run(words, env=os.environ | settings, cwd=ROOT, capture_output=True)
    if done.returncode:
        raise SystemExit(f"bench: the room could not be timed: {done.stderr.decode()[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def figures(times: Times) -> dict[str, float]:
    """Return the figures of one number of canvases from the seconds of its steps."""
    p95 = {name: float(np.percentile(seconds, 95)) for name, seconds in times.items()}
    scroll = max(p95["scroll_by_wheel"], p95["scroll_by_key"])
    return {
        "scroll_vs_redraw": scroll / p95["redraw_beside_scroll"],
        "redraw_vs_images": p95["redraw_beside_scroll"] / p95["images"],
        "scroll_logic_vs_viewermodel": p95["scroll_logic"] / p95["viewer_models"],
        "grade_vs_redraw": p95["grade"] / p95["redraw_beside_grade"],
        "open_prefetched_ms_p95": 1e3 * p95["open_prefetched"],
        "redraw_ms_p95": 1e3 * p95["redraw_beside_scroll"],
    }


def _starts(display: str, workspace: Path) -> tuple[float, Figures]:
    """Start an empty napari and the room in turn, the files in the page cache."""
    napari_seconds(display), our_seconds(display, workspace)  # fills the page cache
    pairs = [(napari_seconds(display), our_seconds(display, workspace)) for _ in range(STARTS)]
    told = {
        "start_s": round(statistics.median(ours for _, ours in pairs), 2),
        "napari_s": round(statistics.median(theirs for theirs, _ in pairs), 2),
        "starts": STARTS,
    }
    return statistics.median(ours / theirs for theirs, ours in pairs), told


def _keystrokes(display: str, folder: Path) -> tuple[dict[str, float], Figures]:
    """Read the sample's normal spine and its lesions to the signature, each in two ways."""
    if shutil.which("xdotool") is None:
        return {}, {"keystrokes": "xdotool is not installed"}
    ways = {
        "keystrokes_normal": (NEXT, readings.normal, True),
        "keystrokes_normal_one_by_one": (NEXT, readings.normal, False),
        "keystrokes_lesions": (RECORD, readings.lesions, True),
        "keystrokes_lesions_one_by_one": (RECORD, readings.lesions, False),
    }
    counts = {
        name: _counted(display, make_case(folder / name), record, way, in_bulk)
        for name, (record, way, in_bulk) in ways.items()
    }
    names = ("keys", "shifts", "clicks")
    return (
        {name: float(sum(count.get(kind, 0) for kind in names)) for name, count in counts.items()},
        {name: dict(count) for name, count in counts.items()},
    )


def _counted(
    display: str,
    workspace: Path,
    record_id: str,
    way: Callable[..., None],
    in_bulk: bool,
) -> dict[str, int]:
    acts = "lesions.acts.jsonl" if record_id == RECORD else "normal.acts.jsonl"
    with reading(display, workspace, record_id, READER) as room:
        way(room, centres(acts), in_bulk=in_bulk)
        return _counts(room)


def _counts(room: XRoom) -> dict[str, int]:
    return dict(room.now["counts"])


def _rounded(named: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in named.items()}
