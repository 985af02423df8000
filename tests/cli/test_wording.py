"""``wording``: sentences for a report, from a workspace or a reading's own file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from modic_annotate.evidence.report_wording import report_wording
from modic_annotate.store.canonical import canonical_bytes
from modic_annotate.store.workspace import Workspace
from tests.cli.conftest import Run
from tests.evidence.conftest import reading


def test_the_file_of_a_reading_is_said_as_it_is(run: Run, tmp_path: Path) -> None:
    """Standard output holds the block and nothing else."""
    path = tmp_path / "reading.json"
    path.write_bytes(canonical_bytes(reading()))
    ran = run("wording", path)
    assert (ran.code, ran.out, ran.err) == (0, report_wording(reading()), "")


def test_a_record_is_said_by_its_readings_in_force(run: Run, signed: Path) -> None:
    """One reading, one block; nothing of the record or its reader stands in it."""
    ran = run("wording", signed, "demo-001")
    assert ran.code == 0
    assert "L4/5, L4 inferior endplate: Modic type 1/2 change" in ran.out
    assert "R01" not in ran.out
    assert "demo" not in ran.out.replace("demonstration", "")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: [folder / "none.json"], "No such file"),
        (lambda folder: [shutil.copy(__file__, folder)], "not a JSON object"),
        (lambda folder: [Workspace.create(folder / "ws", "trial").root], "name the record too"),
        (lambda folder: [Workspace.create(folder / "ws", "trial").root, "r1"], "no record 'r1'"),
    ],
)
def test_what_cannot_be_said_is_refused_in_a_sentence(
    run: Run, tmp_path: Path, make: object, words: str
) -> None:
    """No file, no reading, no record: exit code 2 and what to do."""
    assert callable(make)
    ran = run("wording", *make(tmp_path))
    assert ran.code == 2
    assert ran.out == ""
    assert words in ran.err


def test_a_record_without_a_signed_reading_is_refused(run: Run, linked: Path) -> None:
    """The message names the command that mends it."""
    ran = run("wording", linked, "demo-001")
    assert ran.code == 2
    assert "has no signed reading; read it with: read WS demo-001" in ran.err
