"""The command line run in process, and a workspace made with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from modic_annotate import cli
from modic_annotate.conduct.link import link_study
from modic_annotate.conduct.screening_import import import_record
from modic_annotate.domain.finding import Origin
from modic_annotate.domain.readers import Reader
from modic_annotate.samples import sample_folder
from modic_annotate.session.acts import ACT
from modic_annotate.session.session import ReadingSession
from modic_annotate.store.workspace import Workspace


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


def read_sample(ws: Workspace, record_id: str, reader_id: str, acts: list[str]) -> None:
    """Read the sample as its reader does, key by key; the signature is no scripted one."""
    with ReadingSession.start(ws, record_id, reader_id) as session:
        for line in acts:
            session.act(ACT.validate_json(line), Origin.KEY)


def sample_acts(sample: Path) -> list[str]:
    """Return the acts of the sample's reading, one a line."""
    return (sample / "lesions.acts.jsonl").read_text("utf-8").splitlines()


@pytest.fixture(name="read_by_hand", scope="session")
def _read_by_hand(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> Path:
    """Return a workspace whose sample is read key by key; made once, to be copied."""
    ws = Workspace.create(tmp_path_factory.mktemp("by_hand") / "ws", "demo-trial")
    ws.add_reader(Reader(id="R01", display_name="Hildegard Rautenstrauch"))
    import_record(ws, sample / "screening-record.json", by="test")
    link_study(ws, "demo-001", [sample / "study"], by="test")
    read_sample(ws, "demo-001", "R01", sample_acts(sample))
    return ws.root
