"""Packages of one subject by profile, warm and from the command line, beside the least there is."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from modic_annotate.conduct.case import case_states
from modic_annotate.conduct.deciding import Judged
from modic_annotate.conduct.sending import Sending, send_to_payer
from modic_annotate.evidence import write_evidence
from modic_annotate.evidence.bag_read import open_bag
from modic_annotate.store.workspace import Workspace
from tests.bench.cohort.workspaces import AS_OF, CRITERIA, RECORD
from tests.bench.peers import bare_package

RUNS = 3
Figures = dict[str, Any]
IDENTITY = {"name": "Bench Person", "birth_date": "1980-01-01", "member_id": "M-1"}


class Took(NamedTuple):
    """How long something took."""

    wall_s: float
    processor_s: float
    """Of this process alone; it says more than the wall where other work shares the cores."""


def timed(act: Callable[[], object]) -> Took:
    """Return how long an act takes."""
    wall, processor = time.perf_counter(), time.process_time()
    act()
    return Took(time.perf_counter() - wall, time.process_time() - processor)


def median(took: Iterable[Took]) -> Took:
    """Return the middle of each time."""
    return Took(*map(statistics.median, zip(*took, strict=True)))


def packages(ws: Workspace, folder: Path) -> tuple[Figures, Figures]:
    """Return seconds and ratios per profile, and what the packages hold.

    Each time is that of the command without its start: the images compared with what was linked,
    the package assembled and written, for a payer also the document.
    """
    metrics: Figures = {}
    context: Figures = {}
    for profile, export in _exports(ws, folder).items():
        export(folder / f"{profile}-first")  # loads libraries
        took, least = [], []
        for number in range(RUNS):
            took.append(timed(partial(export, folder / f"{profile}-{number}")))
            files = open_bag(_package(ws, folder, profile)).files
            images = bare_package.pictures(files)
            least.append(timed(partial(bare_package.make, files, images)))
        ratios = (ours.wall_s / floor.wall_s for ours, floor in zip(took, least, strict=True))
        metrics[f"{profile}_s"] = median(took).wall_s
        metrics[f"{profile}_vs_floor"] = statistics.median(ratios)
        context[profile] = {
            "files": len(files),
            "bytes": sum(map(len, files.values())),
            "pictures": len(images),
            "processor_s": round(median(took).processor_s, 2),
            "floor_processor_s": round(median(least).processor_s, 2),
        }
    return metrics, context


def command_seconds(ws: Workspace, folder: Path) -> float:
    """Return how long ``modic-annotate export`` takes as a new process, its start included."""
    words = [sys.executable, "-m", "modic_annotate", "export", str(ws.root), RECORD]
    judged = ["--criteria", CRITERIA, "--as-of", AS_OF.isoformat(), "--out"]
    runs = ([*words, *judged, str(folder / f"command-{number}")] for number in range(RUNS))
    return median(timed(partial(_quietly, run)) for run in runs).wall_s


def _quietly(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _exports(ws: Workspace, folder: Path) -> dict[str, Callable[[Path], object]]:
    identity = folder / "identity.json"
    identity.write_text(json.dumps(IDENTITY), "utf-8")
    judged = Judged(CRITERIA, AS_OF)

    def written(profile: str) -> Callable[[Path], object]:
        def export(out: Path) -> None:
            case_states(ws, RECORD)
            write_evidence(ws, RECORD, CRITERIA, AS_OF, out, profile=profile)

        return export

    def sent(out: Path) -> None:
        case_states(ws, RECORD)
        asked = Sending(judged, identity, out.with_suffix(".pdf"), "bench", despite="a measurement")
        send_to_payer(ws, RECORD, asked)

    return {"internal": written("internal"), "trial": written("trial"), "payer": sent}


def _package(ws: Workspace, folder: Path, profile: str) -> Path:
    """Return a package of a profile; a payer's lies in the workspace."""
    if profile != "payer":
        return folder / f"{profile}-0"
    return max((ws.root / "evidence" / RECORD).iterdir(), key=os.path.getmtime)
