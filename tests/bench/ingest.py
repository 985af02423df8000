"""Header pass and volume load beside the programs and libraries that do the same.

Each figure is the median over pairs of runs, ours and the peer's one after the other, files in
the page cache. The goal is named by ``_vs_gdcm`` and ``_vs_decode``; the other peers tell where
that stands.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from modic_annotate import imaging
from modic_annotate.samples import sample_folder
from tests.bench.files import many_studies
from tests.bench.peers import bare_decode, dcm2niix_scan, gdcm_scan, pydicom_scan, simpleitk_scan
from tests.bench.peers.volume_load import with_highdicom, with_simpleitk

N_FILES = 10_000
RUNS = 5
RUNS_OF_SLOW_PEERS = 2
SECONDS_UNTIL_TRUSTED = 5.0

Act = Callable[[], object]


def measure() -> dict[str, Any]:
    """Return the ratios and what they were measured on."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = many_studies(folder, N_FILES)
        scans = _scans(folder, files) | _rescans(folder, files)
        seconds = _seconds(lambda: imaging.scan(folder))
    loads, slices = _loads()
    return {
        "metrics": scans | loads,
        "context": {
            "files": len(files),
            "scan_ms_per_file": round(1e3 * seconds / len(files), 4),
            "slices": slices,
            "runs": RUNS,
            "runs_of_slow_peers": RUNS_OF_SLOW_PEERS,
        },
    }


def _scans(folder: Path, files: list[Path]) -> dict[str, float]:
    def ours() -> object:
        return imaging.scan(folder)

    gdcm_scan.scan(files)  # fills the page cache
    ratios = {
        "scan_vs_gdcm": _ratio(ours, lambda: gdcm_scan.scan(files)),
        "scan_vs_pydicom": _ratio(ours, lambda: pydicom_scan.scan(files), RUNS_OF_SLOW_PEERS),
        "scan_vs_simpleitk": _ratio(ours, lambda: simpleitk_scan.scan(files), RUNS_OF_SLOW_PEERS),
    }
    if dcm2niix_scan.is_there():
        listed = _ratio(ours, lambda: dcm2niix_scan.scan(folder), RUNS_OF_SLOW_PEERS)
        ratios["scan_vs_dcm2niix"] = listed
    return ratios


def _rescans(folder: Path, files: list[Path]) -> dict[str, float]:
    """Scan with a cache that knows the folder; files made a moment ago are too young to trust."""
    with tempfile.TemporaryDirectory() as name:
        cache = imaging.ScanCache(Path(name))
        time.sleep(SECONDS_UNTIL_TRUSTED)
        first = _seconds(lambda: imaging.scan(folder, cache=cache)) / _seconds(
            lambda: gdcm_scan.scan(files)
        )
        again = _ratio(lambda: imaging.scan(folder, cache=cache), lambda: gdcm_scan.scan(files))
    return {"first_scan_with_cache_vs_gdcm": first, "rescan_vs_gdcm": again}


def _loads() -> tuple[dict[str, float], int]:
    study = imaging.scan(sample_folder() / "study")
    series = max(study.series, key=lambda s: s.n_files)
    order = [slice_.path for slice_ in series.slices]

    def ours() -> object:
        return imaging.load_series(series)

    return {
        "load_vs_decode": _ratio(ours, lambda: bare_decode.decode(order)),
        "load_vs_highdicom": _ratio(ours, lambda: with_highdicom(order)),
        "load_vs_simpleitk": _ratio(ours, lambda: with_simpleitk(order)),
    }, len(order)


def _ratio(ours: Act, peer: Act, runs: int = RUNS) -> float:
    return statistics.median(_seconds(ours) / _seconds(peer) for _ in range(runs))


def _seconds(act: Act) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
