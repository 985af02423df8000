"""The sample's package in all formats, with changes painted on two slices of T1 and one of T2."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from modic_annotate.domain.finding import DiscFinding, Finding
from modic_annotate.domain.reading import LesionMask, MaskRun, Reading
from modic_annotate.domain.series import SeriesRole
from modic_annotate.evidence.bag import Files
from modic_annotate.evidence.contents import Contents
from modic_annotate.evidence.formats.registry import FORMATS, plan_of
from modic_annotate.store.canonical import canonical_bytes

READING = "data/readings/R01-1.json"
FOLDER = "data/dicom/R01-1"

PAINTED = (
    ("L4-inferior", SeriesRole.SAG_T1, 6, ((5000, 40), (5300, 44))),
    ("L4-inferior", SeriesRole.SAG_T1, 7, ((5000, 12),)),
    ("L5-superior", SeriesRole.SAG_T1, 7, ((5006, 9), (9000, 1))),
    ("L4-inferior", SeriesRole.SAG_T2, 4, ((0, 3), (777, 1))),
)
"""Endplate, series, slice, runs (first pixel, length); two overlap on one slice."""


def mask(
    reading: Reading, row: tuple[str, SeriesRole, int, tuple[tuple[int, int], ...]]
) -> LesionMask:
    endplate, role, index, runs = row
    series = reading.series_in(role)
    assert series is not None
    return LesionMask(
        endplate=endplate,
        series_uid=series.series_uid,
        sop_instance_uid=series.instances[index].sop_instance_uid,
        frame=series.instances[index].frame,
        rows=series.grid.shape[1],
        columns=series.grid.shape[2],
        runs=tuple(MaskRun(start=start, length=length) for start, length in runs),
    )


def changed(bag: Files, change: Callable[[Reading], Reading]) -> Contents:
    """Return a package's contents with another reading; its signature is left as it is."""
    payload = {path: content for path, content in bag.items() if path.startswith("data/")}
    reading = change(Contents(payload).signed[0].reading)
    return Contents({**payload, READING: canonical_bytes(reading)})


def painted(reading: Reading) -> Reading:
    return reading.replace(masks=tuple(mask(reading, row) for row in PAINTED))


@pytest.fixture(scope="session", name="painted_contents")
def _painted_contents(full_bag: Files) -> Contents:
    return changed(full_bag, painted)


@pytest.fixture(scope="session", name="objects")
def _objects(
    painted_contents: Contents, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Every DICOM object of the painted reading by name, e.g. ``seg-SAG_T1``."""
    folder = tmp_path_factory.mktemp("objects")
    files = {}
    for path, make in plan_of(FORMATS, painted_contents).items():
        if path.endswith(".dcm"):
            files[Path(path).stem] = folder / Path(path).name
            files[Path(path).stem].write_bytes(make())
    return files


Peer = Callable[..., subprocess.CompletedProcess[str]]


def run(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run an independent program, or skip where it is absent."""
    beside = Path(sys.executable).parent / program  # dcmqi comes as a wheel
    path = str(beside) if beside.is_file() else shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed")
    words = [path, *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, check=False, errors="replace")


@pytest.fixture(name="peer")
def _peer() -> Peer:
    """Give the way to run an independent program."""
    return run


@pytest.fixture(name="rich_contents", scope="session")
def _rich_contents(full_bag: Files) -> Contents:
    """The sample with every field of a finding, disc and numbering in use somewhere."""
    return changed(full_bag, rich)


def rich(reading: Reading) -> Reading:
    """Return a reading that says everything a reading can say."""
    first, second, third, *others = reading.findings
    uids = [i.sop_instance_uid for i in reading.series[0].instances]
    full = first.replace(
        assessment="limited",
        assessment_reason="motion",
        modic="present",
        components=(
            {"modic_type": "3", "share": "[25,50)", "share_percent": 40.5},
            {"modic_type": "1", "share": "[25,50)"},
            {"modic_type": "2"},
        ),
        equal_shares=True,
        t1_signal="hypo",
        t2_signal="not_available",
        fs_signal="partly_suppressed",
        height_category="endplate_only",
        height_measurement={"method": "estimated", "reference_source": "by eye"},
        ap_percent=12.3456,
        ap_category="[0,25)",
        ap_measurement={
            "method": "mask",
            "series_uid": reading.series[0].series_uid,
            "sop_instance_uid": uids[3],
            "points_lps_mm": ((1.0001, -2.5, 999.9999),),
        },
        area_percent=50.0,
        area_category="[50,100]",
        left_right_mm=9.5,
        left_right_percent=20.25,
        volume_percent=1.125,
        max_diameter_mm=0.0,
        zones=("posterior-right", "anterior-left"),
        first_sop_instance_uid=uids[1],
        last_sop_instance_uid=uids[4],
        sop_instance_uids=tuple(uids[1:5]),
        contour="destructive",
        defect="schmorl",
        endplate_score=6,
        attribution="other",
        mimics=("metastasis_or_infiltration", "schmorl_oedema"),
        confidence="possible",
        copied_from="L4-inferior",
        note="a note with \u00e9, \u2264 and\nanother line",
    )
    unreadable = Finding(
        endplate=second.endplate, assessment="not_assessable", assessment_reason="hardware"
    )
    unread = Finding(endplate=third.endplate)
    discs = (
        DiscFinding(disc="L4/5", assessment="assessed", extrusion_mm=5.5, stenosis="undetermined"),
        DiscFinding(disc="L5/S1", listhesis_mm=0.0, spondylolysis="absent", note="see report"),
    )
    return reading.replace(
        findings=(full, unreadable, unread, *others),
        discs=discs,
        numbering=reading.numbering.replace(report_offset=-1, lstv_variant="lumbarised_S1"),
        red_flags=(
            {"kind": "infection", "at": "2026-01-31T12:00:00Z", "origin": "key"},
            {"kind": "cauda_equina", "at": "2026-01-31T12:00:00Z", "origin": "key"},
        ),
        supersedes="R01-0",
        scripted=False,
        note="of the whole",
    )
