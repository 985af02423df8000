"""The command line run in process, and a workspace made with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from modic_annotate import cli
from modic_annotate.samples import sample_folder


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


def run_command(capsys: pytest.CaptureFixture[str], *arguments: object) -> Ran:
    """Run `modic-annotate` with arguments as the shell would, without a new process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["modic-annotate", *map(str, arguments)])
        with pytest.raises(SystemExit) as leaving:
            cli.main()
    printed = capsys.readouterr()
    code = leaving.value.code
    return Ran(code if isinstance(code, int) else 0, printed.out, printed.err)


@pytest.fixture(name="run")
def _run(capsys: pytest.CaptureFixture[str]) -> Run:
    return lambda *arguments: run_command(capsys, *arguments)


@pytest.fixture(name="sample", scope="session")
def _sample() -> Path:
    return sample_folder()


@pytest.fixture(name="linked")
def _linked(run: Run, sample: Path, tmp_path: Path) -> Path:
    """Return a workspace with a reader, the sample record and its linked study."""
    ws = tmp_path / "ws"
    for command in (
        ("init", ws, "--trial", "demo-trial"),
        ("readers", ws, "add", "R01", "--name", "Demo Reader"),
        ("screening", "import", sample / "screening-record.json", "--into", ws),
        ("link", ws, "demo-001", sample / "study"),
    ):
        ran = run(*command)
        assert ran.code == 0, ran.err
    return ws


@pytest.fixture(name="signed")
def _signed(run: Run, sample: Path, linked: Path) -> Path:
    """Return the linked workspace with the sample's reading applied and signed."""
    acts = sample / "lesions.acts.jsonl"
    assert run("apply", linked, "demo-001", "--reader", "R01", "--acts", acts).code == 0
    return linked
