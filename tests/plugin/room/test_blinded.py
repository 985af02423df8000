"""A blinded reading, from outside: which files it opens, and what it leaves with a name in it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("napari", reason="napari is not installed (modic-annotate[gui])")

from modic_annotate.domain.readers import Reader
from modic_annotate.samples import sample_folder
from modic_annotate.session.apply import apply_acts
from modic_annotate.store.workspace import Workspace
from tests.plugin.room.many_cases import add_case, copy_study

CASE, OTHER_CASE, READER, OTHER = "K7Q-04", "K7Q-05", "R01", "R02"
PLANTS = {
    "PatientName": "Plantagenet^Eleanor",
    "PatientID": "MRN4471188",
    "PatientBirthDate": "19611204",
    "InstitutionName": "Sankt Plantagenet Spital",
    "StationName": "PLANTMR9",
    "StudyDate": "20170913",
    "SeriesDate": "20170913",
    "AcquisitionDate": "20170913",
    "ReferringPhysicianName": "Aquitaine^Bernard",
}
WORDS = ("plantag", "eleanor", "4471188", "19611204", "1961-12-04", "plantmr", "aquitaine")
DATES = ("20170913", "2017-09-13")
CLOSED = ("screening", "identity", "sources", "attachments", f"readings/{CASE}/{OTHER}")
OPENED = re.compile(rb'^\d+ +open(?:at)?\((?:AT_FDCWD, )?"([^"]*)".* = \d+$')


@dataclass(frozen=True)
class Reading:
    """What a reading in a window of its own left."""

    workspace: Path
    home: Path
    opened: tuple[str, ...]
    """Files and folders below the workspace that were opened, relative to it."""


def prepare(root: Path) -> Path:
    """Make a workspace with two cases of planted identities; another reader has read the first."""
    workspace = root / "workspace"
    ws = Workspace.create(workspace, trial_id="blinded")
    for reader in (READER, OTHER):
        ws.add_reader(Reader(id=reader))
    for number, case in enumerate((CASE, OTHER_CASE), start=1):
        study = copy_study(root / f"Plantagenet {number}", number, **PLANTS)
        add_case(workspace, case, study, f"S{number}")
        shutil.rmtree(study)
    for folder in ("sources", "attachments"):
        (workspace / folder).mkdir(exist_ok=True)
        (workspace / folder / "report.txt").write_text("Plantagenet", encoding="utf-8")
    apply_acts(ws, CASE, OTHER, sample_folder() / "normal.acts.jsonl", lambda _: None)
    return workspace


@pytest.fixture(scope="module")
def reading(display: str, tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """A whole reading replayed in the real window, every system call that opens a file traced."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed; it shows which files a reading opens")
    root = tmp_path_factory.mktemp("blinded")
    workspace, home, log = prepare(root), root / "home", root / "calls"
    home.mkdir()
    acts = sample_folder() / "lesions.acts.jsonl"
    arguments = [str(p) for p in (workspace, CASE, READER, acts, root / "pictures")]
    env = os.environ | {"HOME": str(home), "NAPARI_CONFIG": str(home / "settings.yaml")}
    for name in ("CONFIG", "CACHE", "DATA", "STATE"):
        env[f"XDG_{name}_HOME"] = str(home / name.lower())
    done = subprocess.run(
        ["strace", "-f", "--seccomp-bpf", "-e", "trace=open,openat", "-s", "512", "-o", str(log),
         sys.executable, "-m", "modic_annotate_napari.replay", *arguments],
        capture_output=True, text=True, check=False, env=env, timeout=900,
    )  # fmt: skip
    if done.returncode and "ptrace" in done.stderr:
        pytest.skip(f"system calls cannot be traced here: {done.stderr.strip()[:80]}")
    assert done.returncode == 0, done.stderr[-2000:]
    below = os.fsencode(f"{workspace}{os.sep}")
    found = (m[1] for line in log.read_bytes().splitlines() if (m := OPENED.match(line)))
    opened = sorted({os.fsdecode(p.removeprefix(below)) for p in found if p.startswith(below)})
    return Reading(workspace, home, tuple(opened))


@pytest.mark.slow
def test_a_blinded_reading_opens_no_screening_file(reading: Reading) -> None:
    """Nothing that is closed to a blinded reader is opened, not even as a folder."""
    assert f"readings/{CASE}/{READER}/{READER}-1.journal.jsonl" in reading.opened
    assert any(path.startswith(f"images/{CASE}/") for path in reading.opened)
    for closed in CLOSED:
        assert (reading.workspace / closed).is_dir(), closed
        touched = [p for p in reading.opened if p == closed or p.startswith(f"{closed}/")]
        assert touched == [], closed


@pytest.mark.slow
def test_a_reading_leaves_no_name_and_no_date(reading: Reading) -> None:
    """Settings, lists of recent files, journals and images hold no planted name or date."""
    kept = [p for p in reading.workspace.rglob("*") if p.is_file()]
    site = ("identity", "sources", "attachments")
    kept = [p for p in kept if p.relative_to(reading.workspace).parts[0] not in site]
    kept += [p for p in reading.home.rglob("*") if p.is_file()]
    assert any(p.name.startswith("settings") for p in kept)
    assert any(p.name.endswith(".journal.jsonl") for p in kept)
    wanted = [word.encode() for word in (*WORDS, *DATES)]
    for path in kept:
        content = path.read_bytes().lower() + os.fsencode(path.name).lower()
        assert [w for w in wanted if w in content] == [], path
