"""What hostile files once did to the ingest, they do no longer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

CORPUS = Path(__file__).parent / "corpus"

OUTCOMES = {
    # a problem of the file's own, where once there was a hang
    "deflated-empty-elements": "refused: unreadable",
    "frames-too-many": "refused: ",
    "jpeg-ls-cut-off": "not loaded: DecodeError",
    # where once the process was ended from within a decoder
    "jpeg-fewer-bits-stored": "loaded",
    "jpeg-bytes-between-segments": "not loaded: DecodeError",
    "jpeg-lossless-marker-damaged": "not loaded: DecodeError",
    "jpeg-no-marker-between-segments": "not hashed: DecodeError",
    "jpeg-table-cut-short": "not loaded: DecodeError",
    # where once an error of a library came out
    "echo-time-negative": "loaded",
    "frame-uid-malformed": "loaded",
    "instance-uid-malformed": "refused: malformed_uid",
    "instance-uid-too-long": "refused: malformed_uid",
    "mark-damaged": "refused: not_dicom",
    "sequence-cut-off": "loaded",
    "series-uid-malformed": "refused: malformed_uid",
    # where once a decoder made up an image and said so on standard error only
    "jpeg-lossless-cut-off": "not loaded: DecodeError",
    # where once a library wrote to standard error
    "jpeg-huffman-table-damaged": "not loaded: DecodeError",
    "jpeg-marker-unknown": "not loaded: DecodeError",
    "jpeg-precision-12-in-baseline": "blocked: truncated",
    "jpeg-two-starts": "not loaded: DecodeError",
    "position-too-far": "blocked: no_geometry",
    "syntax-malformed-and-lossy": "hint: lossy_compression",
    "syntax-malformed": "not loaded: DecodeError",
    "window-function-too-long": "loaded",
    "window-with-escape-sequence": "loaded",
}


def fuzz(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a module of the harness in a process, as a hang or a crash must not end the tests."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def replayed() -> dict[str, str]:
    """What comes of each kept case, by its name."""
    done = fuzz("tests.fuzz.replay", str(CORPUS))
    assert done.returncode == 0, done.stderr
    return dict(line.split(": ", 1) for line in done.stdout.splitlines())


def test_every_kept_case_has_its_outcome(replayed: dict[str, str]) -> None:
    """The folder and the table name the same cases."""
    assert replayed.keys() == OUTCOMES.keys()


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_kept_case_comes_to_its_outcome(replayed: dict[str, str], name: str) -> None:
    """Nothing is found any more, and the file is read or refused as it should be."""
    assert "FOUND" not in replayed[name]
    assert OUTCOMES[name] in replayed[name]


def test_a_few_fresh_inputs_find_nothing() -> None:
    """Some hundred damaged studies, the same each time, do no harm."""
    done = fuzz("tests.fuzz", "200", "--seed", "20", "--jobs", "1")
    assert done.returncode == 0, done.stdout
    assert "fuzz: 200 inputs" in done.stdout


def test_the_harness_finds_what_it_must(tmp_path: Path) -> None:
    """A hang, a crash, too much memory, a foreign error and a word on stderr are all found."""
    script = tmp_path / "planted.py"
    script.write_text(PLANTED)
    command = [sys.executable, str(script)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    wanted = ["hang", "crash by SIGABRT", "MemoryError", "KeyError", "output: a word"]
    lines = done.stdout.splitlines()
    assert len(lines) == len(wanted)
    assert all(line.startswith(word) for line, word in zip(lines, wanted, strict=True))


PLANTED = """
import os, sys
sys.path.insert(0, os.getcwd())
from tests.fuzz import workers

def hang(_):
    while True: pass
def room(_):
    bytearray(600 * 2**20)
def wrong(_):
    {}["x"]
def say(_):
    os.write(2, b"a word")
    return {}

workers.MOST_SECONDS = 1
for act in (hang, lambda _: os.abort(), room, wrong, say):
    workers.ingest = act
    print(workers.found_in({"a": b""}), flush=True)
"""
