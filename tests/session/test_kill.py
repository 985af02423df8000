"""What is acknowledged is on the disk: killed processes and a trace of their system calls."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from modic_annotate.session.apply import apply_acts, read_acts
from tests.soak.killing import acknowledged, kill, left_in

SCRIPT = Path(__file__).with_name("apply_script.py")
JOURNAL = "readings/case1/r1/r1-1.journal.jsonl"
N_KILLS = 40
N_NOTES = 400
AFTER_FIRST_WORD = 0.75
"""Share of kills that come while acts are being made; the others come as early as they like."""


def write_long_acts(case, kit, folder):
    """Write a numbering, several hundred small acts, and a signature."""
    notes = [{"act": "note", "text": f"note {i}"} for i in range(N_NOTES)]
    acts = [*kit.read_normal()[:-1], *notes, {"act": "all_remaining_none"}, kit.sign]
    return case.write_acts(folder / "long.acts.jsonl", *acts)


def command(case, path):
    return [sys.executable, str(SCRIPT), str(case.ws.root), case.record, case.reader, str(path)]


def left(case, file, acked):
    """Return what the case's journal holds; nothing acknowledged is missing from it."""
    found = left_in(case.ws.root, JOURNAL, file, acked)
    assert found.problems == ()
    return found


@pytest.mark.slow
def test_forty_kills_lose_no_acknowledged_act(tmp_path, kit):
    """Over forty kills at random moments every acknowledged line is in the journal, once."""
    chance = random.Random(20260320)  # noqa: S311 - moments, not secrets
    kills, files = 0, 0
    while kills < N_KILLS:
        files += 1
        folder = tmp_path / str(files)
        folder.mkdir()
        case = kit.make_case(folder / "ws")
        file = read_acts(write_long_acts(case, kit, folder))
        acked, signed = [], False
        while kills < N_KILLS and not signed:
            awaited = chance.random() < AFTER_FIRST_WORD
            delay_s = chance.uniform(0, 0.04) if awaited else chance.uniform(0.1, 0.6)
            attempt = kill(command(case, file.path), delay_s, acknowledged(int(awaited)))
            assert not attempt.errors, attempt.errors
            kills += attempt.was_killed
            acked += attempt.acked
            signed = left(case, file, acked).n_acts == len(file.acts)
        finished = subprocess.run(
            command(case, file.path), capture_output=True, text=True, check=True, timeout=120
        )
        assert not finished.stderr
        assert left(case, file, file.acts).n_acts == len(file.acts)
        with case.open() as session:
            assert session.state.signed
        assert [link.kind for link in case.ws.links("case1")] == ["study", "reading"]


def test_a_lost_line_is_found(case, kit, tmp_path):
    """What the soak looks for it finds: a line less, an act changed, a journal gone."""
    file = read_acts(case.write_acts(tmp_path / "a.jsonl", *kit.number_the_spine()))
    apply_acts(case.ws, "case1", "r1", file.path, lambda _line: None)
    assert left(case, file, file.acts).n_acts == 9
    lines = case.journal_path().read_bytes().splitlines(keepends=True)
    case.journal_path().write_bytes(b"".join(lines[:-1]) + lines[-1][:-4])
    found = left_in(case.ws.root, JOURNAL, file, file.acts)
    assert (found.n_acts, found.is_torn) == (8, True)
    assert found.problems == ("line 9 was acknowledged and is lost",)
    case.journal_path().write_bytes(b"".join(lines).replace(b"probable", b"definite"))
    assert "changed" in left_in(case.ws.root, JOURNAL, file, []).problems[0]
    case.journal_path().unlink()
    assert len(left_in(case.ws.root, JOURNAL, file, file.acts).problems) == 9


CALL = re.compile(r"^\d+\s+(?P<name>\w+)\((?P<handle>\d+)?(?P<rest>.*)= (?P<result>-?\d+)")


def trace(case, path, log):
    """Run the script under strace and return its system calls, or skip."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    calls = "trace=openat,open,close,write,fsync,fdatasync"
    done = subprocess.run(
        ["strace", "-f", "-e", calls, "-s", "64", "-o", str(log), *command(case, path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode and "ptrace" in done.stderr:
        pytest.skip(f"system calls cannot be traced here: {done.stderr.strip()[:80]}")
    assert done.returncode == 0, done.stderr
    return [m for line in log.read_text().splitlines() if (m := CALL.match(line))]


@pytest.mark.skipif(os.name == "nt", reason="strace is a Linux program")
def test_each_acknowledgement_follows_a_sync_of_the_journal(case, kit, tmp_path):
    """In the system calls, each `ack n` comes after line n was written and synced."""
    path = case.write_acts(tmp_path / "a.jsonl", *kit.read_normal(), kit.sign)
    journals: set[str] = set()
    written = synced = acked = 0
    for call in trace(case, path, tmp_path / "calls"):
        name, handle, result = call["name"], call["handle"], int(call["result"])
        if name in ("openat", "open") and "journal.jsonl" in call["rest"]:
            journals.add(str(result))
        elif name == "close":
            journals.discard(handle)
        elif name == "write" and handle in journals:
            written += 1
        elif name in ("fsync", "fdatasync") and handle in journals and result == 0:
            synced = written
        elif name == "write" and handle == "1" and "ack " in call["rest"]:
            acked += 1
            header = 1
            assert synced >= acked + header, f"ack {acked} before its line was synced"
    assert acked == len(read_acts(path).acts)
    assert written == acked + 1
