"""Header pass and volume load, against gdcm.Scanner and bare pydicom decoding."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pydicom
from pydicom.uid import generate_uid

from modic_annotate import imaging
from modic_annotate.samples import sample_folder
from tests.bench.peers import bare_decode, gdcm_scan

COPIES = 40
RUNS = 5


def measure() -> dict[str, Any]:
    """Return the ratios over pairs of runs, median of `RUNS`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = _many_studies(folder)
        gdcm_scan.scan(files)
        scans = _ratios(lambda: imaging.scan(folder), lambda: gdcm_scan.scan(files))
    study = imaging.scan(sample_folder() / "study")
    series = max(study.series, key=lambda s: s.n_files)
    order = [slice_.path for slice_ in series.slices]
    loads = _ratios(lambda: imaging.load_series(series), lambda: bare_decode.decode(order))
    return {
        "metrics": {
            "scan_vs_gdcm": statistics.median(scans),
            "load_vs_decode": statistics.median(loads),
        },
        "context": {"files": len(files), "runs": RUNS, "slices": len(order)},
    }


def _ratios(ours: Callable[[], object], peer: Callable[[], object]) -> list[float]:
    return [_seconds(ours) / _seconds(peer) for _ in range(RUNS)]


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _many_studies(folder: Path) -> list[Path]:
    """Write copies of the sample under new UIDs, so that each is a study of its own."""
    for number in range(COPIES):
        copy = shutil.copytree(sample_folder() / "study", folder / f"study-{number:03}")
        uids: dict[str, str] = {}
        for path in copy.iterdir():
            dataset = pydicom.dcmread(path)
            for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"):
                old = str(dataset[keyword].value)
                setattr(dataset, keyword, uids.setdefault(old, generate_uid()))
            dataset.SOPInstanceUID = generate_uid()
            dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
            dataset.save_as(path)
    return sorted(folder.rglob("*.dcm"))
