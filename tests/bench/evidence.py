"""Packages beside hashing and PNG encoding alone; a thousand subjects assessed; many exported.

Every figure is of the sample's reading, made by a person's acts. The floor (``_vs_floor``) is the
sha256 of every byte of the same package and Pillow encoding its pictures, run in turn with ours.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter, deque
from functools import partial
from pathlib import Path
from typing import Any

from modic_annotate.conduct.cohort import assess_all
from modic_annotate.conduct.exporting import Order, export_all
from modic_annotate.conduct.spreading import cores
from modic_annotate.eligibility import assess, load_criteria
from modic_annotate.store.record_look import RecordLook
from modic_annotate.store.workspace import Workspace
from tests.bench.cohort.packages import Figures, command_seconds, median, packages, timed
from tests.bench.cohort.workspaces import AS_OF, CRITERIA, many, read_by_hand

N_SUBJECTS = 1000
N_EXPORTED_PER_CORE = 6
RUNS = 2
LONGEST_SET = "trial_intracept"


def measure() -> dict[str, Any]:
    """Return seconds, ratios and rates, and what they were measured on."""
    began = os.getloadavg()
    with tempfile.TemporaryDirectory(prefix="modic-annotate-bench-") as name:
        folder = Path(name)
        one = read_by_hand(folder / "one")
        written, context = packages(one, folder)
        written["command_s"] = command_seconds(one, folder)
        cohort = many(one, folder / "many", N_SUBJECTS)
        assessed, counted = _assessed(cohort)
        exported = _exported(one, folder)
    return {
        "metrics": written | assessed | exported,
        "context": context
        | counted
        | {
            "subjects": N_SUBJECTS,
            "criteria": CRITERIA,
            "longest_set": LONGEST_SET,
            "cores": cores(),
            "load_1_min": [round(began[0], 1), round(os.getloadavg()[0], 1)],
        },
    }


def _assessed(ws: Workspace) -> tuple[Figures, Figures]:
    """Assess all with the integrity checks of ``assess --all``, and evaluate alone."""
    found = list(assess_all(ws, CRITERIA, AS_OF))
    if len(found) != N_SUBJECTS or any(one.error or one.is_faulty for one in found):
        raise SystemExit("bench: the subjects were not assessed without a fault")
    looks = [RecordLook(ws, record_id) for record_id in ws.record_ids()]
    inputs = [(look.screening, look.readings) for look in looks]
    rules = load_criteria(CRITERIA)

    def evaluate() -> None:
        for screening, readings in inputs:
            assess(screening, readings, rules, AS_OF)

    alone = timed(evaluate)
    one_process = median(timed(partial(_all, ws, CRITERIA)) for _ in range(RUNS))
    return {
        "assess_all_s": one_process.wall_s,
        "assess_all_longest_set_s": timed(partial(_all, ws, LONGEST_SET)).wall_s,
        "evaluate_alone_s": alone.wall_s,
    }, {
        "assess_all_processor_s": round(one_process.processor_s, 2),
        "evaluate_alone_processor_s": round(alone.processor_s, 2),
        "results": dict(Counter(o.determination.roll_up.value for o in found if o.determination)),
    }


def _all(ws: Workspace, criteria: str) -> None:
    deque(assess_all(Workspace.open(ws.root), criteria, AS_OF), maxlen=0)


def _exported(template: Workspace, folder: Path) -> Figures:
    """Export several subjects one by one and on all cores, the start of processes included."""
    rates = {}
    for name, n_processes in (("one_core", 1), ("all_cores", cores())):
        ws = many(template, folder / name, N_EXPORTED_PER_CORE * n_processes)
        order = Order(ws.root, CRITERIA, folder / f"{name}-packages", AS_OF)
        took = timed(partial(_export, ws, order, n_processes))
        rates[f"exported_per_s_{name}"] = len(ws.record_ids()) / took.wall_s
    return rates | {
        "all_cores_vs_one": rates["exported_per_s_all_cores"] / rates["exported_per_s_one_core"]
    }


def _export(ws: Workspace, order: Order, n_processes: int) -> None:
    for one in export_all(ws, order, n_processes):
        if one.error:
            raise SystemExit(f"bench: {one.record_id} was not exported: {one.error}")
