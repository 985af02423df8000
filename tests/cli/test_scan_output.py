"""What `scan` prints for people, and how it remembers."""

from __future__ import annotations

import json
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from modic_annotate.imaging.headers import reading as headers


@pytest.fixture
def study(sample: Path, tmp_path: Path) -> Path:
    """A copy of some images of the sample, with the like twice and a text."""
    folder = tmp_path / "study"
    folder.mkdir()
    for path in sorted((sample / "study").iterdir())[:8]:
        shutil.copy(path, folder)
        shutil.copy(path, folder / f"again-{path.name}")
    (folder / "evil\x1b[31m.txt").write_text("x")
    return folder


def test_many_refusals_are_told_shortly(run, study: Path) -> None:
    """Of many reasons of one kind some are shown and the rest counted; names steer no terminal."""
    out = run("scan", study).out
    assert out.count("the same image as") == 5
    assert "3  duplicate  more of this kind; --json lists them all" in out
    assert "evil?[31m.txt" in out
    assert "\x1b" not in out
    refused = json.loads(run("scan", study, "--json").out)["refused"]
    assert len(refused) == 9


def test_scan_reads_an_archive(run, study: Path, tmp_path: Path) -> None:
    """Members are named below their archive."""
    archive = tmp_path / "cd.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.write(next(study.glob("stir*")), "A/IM1")
        opened.writestr("A/READ.ME", "x")
    found = json.loads(run("scan", archive, "--json").out)
    assert [item["path"] for item in found["refused"]] == [f"{archive}/A/READ.ME"]
    assert [series["n_files"] for series in found["series"]] == [1]


def test_no_cache_reads_every_file(run, sample: Path, monkeypatch, tmp_path: Path) -> None:
    """A second scan reads nothing, unless told to; both print the same."""
    monkeypatch.setenv("MODIC_ANNOTATE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(
        "modic_annotate.imaging.cache.scan_cache._is_young", lambda state, now_ns: False
    )
    read: list[str] = []

    def noted(path):
        read.append(path.name)
        return headers.read_headers(path)

    monkeypatch.setattr("modic_annotate.imaging.scanning.read_headers", noted)
    printed = [run("scan", sample / "study", *options).out for options in ((), (), ("--no-cache",))]
    assert len(set(printed)) == 1
    assert len(read) == 2 * 45


def test_progress_is_for_terminals(run, sample: Path, monkeypatch) -> None:
    """Where stderr is a terminal the count of files goes there, and stdout is as ever."""
    quiet = run("scan", sample / "study", "--no-cache")
    assert quiet.err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("modic_annotate.cli.progress._EVERY", 1)
    assert run("scan", sample / "study", "--no-cache").out == quiet.out
