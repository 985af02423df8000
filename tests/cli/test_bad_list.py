"""The list of bad inputs, whole: a sentence, the exit code due, nothing half-written."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest
from PIL import Image
from pydicom import dcmread

from tests.cli.test_bad_input import files_of


@pytest.fixture(name="recorded")
def _recorded(run, sample: Path, tmp_path: Path) -> Path:
    """Return a workspace with the sample record and a reader, nothing linked yet."""
    ws = tmp_path / "ws"
    run("init", ws, "--trial", "demo-trial")
    run("readers", ws, "add", "R01")
    run("screening", "import", sample / "screening-record.json", "--into", ws)
    return ws


def refused(run, ws: Path, *command: object) -> str:
    """Run a command that must be refused with the workspace left as it was; return its sentence."""
    before = files_of(ws)
    ran = run(*command)
    assert ran.code == 2, ran
    assert len(ran.err.strip().splitlines()) == 1, ran.err
    assert ran.err.startswith("modic-annotate: ")
    assert "Phantom" not in ran.err
    assert files_of(ws) == before
    return ran.err


def jpeg(study: Path) -> None:
    """Put a photograph where the study was."""
    content = io.BytesIO()
    Image.new("L", (64, 64), 90).save(content, "JPEG")
    _emptied(study)
    (study / "IM0001.jpg").write_bytes(content.getvalue())
    (study / "IM0002").write_bytes(content.getvalue())


def _emptied(study: Path) -> None:
    for path in study.iterdir():
        path.unlink()


def ct(study: Path) -> None:
    """Make every image one of a CT."""
    for path in study.iterdir():
        ds = dcmread(path)
        ds.Modality = "CT"
        ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
        ds.save_as(path)


def truncated(study: Path) -> None:
    """Cut every file in half."""
    for path in study.iterdir():
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("spoil", [_emptied, jpeg, ct, truncated])
def test_nothing_of_what_is_no_study_is_taken(run, sample, recorded, tmp_path, spoil):
    """An empty folder, pictures, CT and truncated files are refused by `link` whole."""
    study = Path(shutil.copytree(sample / "study", tmp_path / "medium"))
    spoil(study)
    refused(run, recorded, "link", recorded, "demo-001", study)


@pytest.mark.parametrize("spoil", [_emptied, jpeg, ct])
def test_scan_has_nothing_to_list(run, sample, recorded, tmp_path, spoil):
    """Where no file is an MR image `scan` says so with exit code 2."""
    study = Path(shutil.copytree(sample / "study", tmp_path / "medium"))
    spoil(study)
    ran = run("scan", study)
    assert (ran.code, len(ran.err.strip().splitlines())) == (2, 1)


def test_scan_lists_truncated_series_as_blocked(run, sample, tmp_path):
    """A series whose files end within their pixels is listed, blocked, and exit is 0."""
    study = Path(shutil.copytree(sample / "study", tmp_path / "medium"))
    truncated(study)
    ran = run("scan", study, "--json")
    series = json.loads(ran.out)["series"]
    assert ran.code == 0
    assert len(series) == 3
    assert all(s["blocked"] for s in series)


def test_an_mri_that_contradicts_the_record(run, sample, recorded, tmp_path):
    """Another sex, birth year or date: refused by field, and the workspace is as it was."""
    for field, value in (("subject.sex", '"M"'), ("subject.birth_year", "1950")):
        ws = Path(shutil.copytree(recorded, tmp_path / field))
        edit = ("screening", "edit", ws, "demo-001", "--reason", "x", "--set", f"{field}={value}")
        assert run(*edit).code == 0
        said = refused(run, ws, "link", ws, "demo-001", sample / "study")
        assert "contradicts record demo-001 in" in said


@pytest.mark.parametrize(
    "command", [("read", "demo-001"), ("apply", "demo-001"), ("worklist",)], ids=lambda c: c[0]
)
def test_an_unregistered_reader(run, sample, linked, command):
    """Nobody unknown reads, applies or sees a list; no window opens and no journal begins."""
    name, *record = command
    acts = ("--acts", sample / "lesions.acts.jsonl") if name == "apply" else ()
    said = refused(run, linked, name, linked, *record, "--reader", "R99", *acts)
    assert "R99" in said


def test_a_reading_for_another_study(run, sample, linked, tmp_path):
    """A draft carried to a record with another study is refused; nothing is added to it."""
    acts = tmp_path / "one.jsonl"
    acts.write_text('{"act":"note","text":"x"}\n', "utf-8")
    assert run("apply", linked, "demo-001", "--reader", "R01", "--acts", acts).code == 0
    other = tmp_path / "other"
    run("init", other, "--trial", "demo-trial")
    run("readers", other, "add", "R01")
    content = json.loads((sample / "screening-record.json").read_text("utf-8"))
    content["subject"] |= {"sex": {"state": "not_asked"}, "birth_year": {"state": "not_asked"}}
    content["mri"] = []
    file = tmp_path / "record.json"
    file.write_text(json.dumps(content), "utf-8")
    assert run("screening", "import", file, "--into", other).code == 0
    assert run("link", other, "demo-001", sample / "normal-study").code == 0
    shutil.copytree(linked / "readings", other / "readings", dirs_exist_ok=True)
    acts.write_text('{"act":"note","text":"x"}\n{"act":"note","text":"y"}\n', "utf-8")
    refused(run, other, "apply", other, "demo-001", "--reader", "R01", "--acts", acts)
