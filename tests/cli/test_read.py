"""`read`: which case it opens, and what it says where there is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modic_annotate.conduct import display, room


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The cases that a room was asked to open, each with its reader; no window is needed."""
    asked: list[tuple[str, str]] = []

    class NoWindow:
        def open(self, workspace: Path, record_id: str, reader_id: str, block: bool = True) -> int:
            asked.append((record_id, reader_id))
            return 0

    monkeypatch.setattr(display, "need_display", lambda: None)
    monkeypatch.setattr(room, "find_room", NoWindow)
    return asked


def test_without_a_record_the_next_unfinished_case_opens(run, linked, opened):
    """The one case with images is opened, for the reader who asks."""
    assert run("read", linked, "--reader", "R01").code == 0
    assert opened == [("demo-001", "R01")]


def test_with_nothing_left_it_says_so_in_one_sentence(run, signed, opened):
    """Where all is signed nothing opens; exit code 2 and one sentence say why."""
    ran = run("read", signed, "--reader", "R01")
    assert (ran.code, opened) == (2, [])
    assert "Nothing is left to read for R01" in ran.err
    assert len(ran.err.strip().splitlines()) == 1


def test_a_case_returned_to_the_site_waits_for_its_new_images(run, linked, opened, tmp_path):
    """A returned case is not opened by itself, and the status tells the site at once."""
    acts = tmp_path / "acts.jsonl"
    lines = (
        {"act": "raise_red_flag", "kind": "infection"},
        {"act": "return_to_site", "reason": "no sagittal T1"},
    )
    acts.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    assert run("apply", linked, "demo-001", "--reader", "R01", "--acts", acts).code == 0
    assert run("read", linked, "--reader", "R01").code == 2
    assert opened == []
    told = run("status", linked)
    assert "NOTICE demo-001 notify site now: infection" in told.out
    assert "NOTICE demo-001 returned to site (no sagittal T1)" in told.out
    notices = json.loads(run("status", linked, "--json").out)["records"][0]["notices"]
    assert [notice["kind"] for notice in notices] == ["infection", None]
