"""What is acknowledged is on the disk: killed processes and a trace of their system calls."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from modic_annotate.session.apply import read_acts

SCRIPT = Path(__file__).with_name("apply_script.py")
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


def acked_until_killed(case, path, delay_s, *, awaited):
    """Run the script, kill it some time after start or first word, return what it acknowledged."""
    process = subprocess.Popen(
        command(case, path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    words = process.stdout.readline() if awaited else ""
    time.sleep(delay_s)
    process.kill()  # SIGKILL; TerminateProcess on Windows
    words += process.stdout.read()
    errors = process.stderr.read()
    process.wait()
    process.stdout.close()
    process.stderr.close()
    assert not errors, errors
    return [int(n) for n in re.findall(r"^ack (\d+)$", words, flags=re.MULTILINE)]


def journal_lines(case):
    """Return the lines after the header, the last one empty unless it is torn."""
    path = case.journal_path()
    content = path.read_bytes() if path.exists() else b""
    return content.split(b"\n")[1:] if b"\n" in content else [b""]


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
        path = write_long_acts(case, kit, folder)
        n_acts = len(read_acts(path).acts)
        signed = False
        while kills < N_KILLS and not signed:
            awaited = chance.random() < AFTER_FIRST_WORD
            delay_s = chance.uniform(0, 0.04) if awaited else chance.uniform(0.1, 0.6)
            acked = acked_until_killed(case, path, delay_s, awaited=awaited)
            kills += 1
            lines = journal_lines(case)
            whole = [line for line in lines[:-1] if line.endswith(b"}")]
            assert len(whole) == len(lines) - 1
            assert not acked or len(whole) >= acked[-1]
            signed = len(whole) == n_acts
        finished = subprocess.run(
            command(case, path), capture_output=True, text=True, check=True, timeout=120
        )
        assert not finished.stderr
        with case.open() as session:
            assert [e.acts_line for e in session.journal.entries] == list(range(1, n_acts + 1))
            assert session.state.signed
        assert len(case.ws.links("case1")) == 1


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
