"""A disk that fails at any call, in any way, costs no acknowledged act and no record."""

from __future__ import annotations

import errno
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from modic_annotate.domain.finding import Origin
from modic_annotate.errors import ExportError, ImagingError, RecordError
from modic_annotate.evidence import verify_evidence, write_evidence
from modic_annotate.evidence.document import Profile
from modic_annotate.evidence.formats.registry import PROFILE_FORMATS
from modic_annotate.session.acts import ACT
from modic_annotate.session.session import open_session
from modic_annotate.store.audit import read_chain, verify_audit
from modic_annotate.store.files import FileStore
from tests.soak.fault_case import AS_OF, CRITERIA, READER, RECORD, Templates, make_templates
from tests.soak.fault_operations import OPERATIONS, Operation
from tests.soak.fault_runs import FaultRun
from tests.soak.faults import FAULTS, Disk, Fault

EACH = 20
"""Failures per operation here; the soak makes all of them."""


@pytest.fixture(name="templates", scope="module")
def _templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _handle: None)
        yield make_templates(tmp_path_factory.mktemp("faults"))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.name)
def test_any_call_may_fail_in_any_way(operation: Operation, tmp_path: Path) -> None:
    """Refused in a sentence or absorbed; all records whole; done again, it comes out the same."""
    run = FaultRun(tmp_path, (operation,))
    chance = random.Random(operation.name)  # noqa: S311 - which failures, not secrets
    for plan in chance.sample(run.plans, EACH):
        run.carry_out(plan)
    assert run.tally.problems == []
    assert run.tally.injected.total() == EACH
    assert run.tally.refused > 0


def test_every_kind_of_call_and_every_kind_of_fault_is_planned(tmp_path: Path) -> None:
    """The injection reaches opening, writing, syncing, naming, removing, listing, looking up."""
    run = FaultRun(tmp_path, tuple(o for o in OPERATIONS if o.name in ("link", "export", "sign")))
    assert {plan.call for plan in run.plans} >= {
        "open to read", "open to write", "write", "fsync", "link", "rename", "replace", "mkdir",
        "unlink", "stat", "scandir",
    }  # fmt: skip
    assert {plan.fault for plan in run.plans} == set(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.name)
def test_a_fault_really_happens(fault: Fault, tmp_path: Path) -> None:
    """Each kind of fault strikes the first call it can hit: the tests above are not in vain."""
    store = FileStore(tmp_path / "s")
    store.append("a.jsonl", b"{}\n")

    def use() -> None:
        store.append("a.jsonl", b"{}\n")
        store.put_new("b.json", b"{}\n")

    with Disk(tmp_path).watched() as disk:
        use()
    (tmp_path / "s" / "b.json").unlink()
    at = next(i for i, call in enumerate(disk.calls) if call in fault.hits)
    with Disk(tmp_path, fault, at).watched() as struck:
        try:
            use()
        except RecordError:
            return
    assert fault.when == "after", "only a fault that is reported late may be made good"
    assert len(struck.calls) >= len(disk.calls)


def failing(name: str, n_calls: int) -> Fault:
    return Fault("now", errno.EIO, frozenset({name}), n_calls=n_calls)


def test_a_folder_that_cannot_be_listed_is_not_an_empty_one(tmp_path: Path) -> None:
    """An empty answer would begin a second reading where one is; the store raises instead."""
    store = FileStore(tmp_path)
    store.put_new("readings/a.json", b"{}\n")
    with Disk(tmp_path, failing("scandir", 99)).watched(), pytest.raises(RecordError, match="list"):
        store.list("readings")
    assert store.list("nowhere") == ()


def test_a_journal_that_may_hold_a_refused_act_is_opened_again(
    templates: Templates, tmp_path: Path
) -> None:
    """Where a failed line cannot even be taken back, no further line makes the journal unsound."""
    ws = templates.copy("read", tmp_path / "t")
    act = ACT.validate_python({"act": "note", "text": "seen"})
    with open_session(ws, RECORD, READER) as session:
        n_before = len(session.journal.entries)
        with Disk(ws.root).watched() as disk:
            session.act(act, Origin.KEY)
        at = disk.calls.index("fsync")
        with Disk(ws.root, failing("fsync", 1), at).watched(), pytest.MonkeyPatch.context() as p:
            p.setattr(os, "ftruncate", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "no")))
            with pytest.raises(RecordError, match="could not be written"):
                session.act(act, Origin.KEY)
        with pytest.raises(RecordError, match="open it again"):
            session.act(act, Origin.KEY)
    with open_session(ws, RECORD, READER) as again:
        assert len(again.journal.entries) == n_before + 2
        again.act(act, Origin.KEY)
    assert verify_audit(ws).ok


def test_no_package_appears_unrecorded(templates: Templates, tmp_path: Path) -> None:
    """A package is named only once its export stands in the trail; one that fails says so there."""
    ws = templates.copy("signed", tmp_path / "t")
    events = [entry.event for entry in read_chain(ws.store, None).entries if entry]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ws.store, "append", lambda *_: (_ for _ in ()).throw(RecordError("full")))
        with pytest.raises(RecordError, match="full"):
            write_evidence(ws, RECORD, CRITERIA, AS_OF, tmp_path / "a")
    assert not (tmp_path / "a").exists()
    out = tmp_path / "p" / "b"
    every_name = Fault("no", errno.ENOSPC, frozenset({"rename"}), n_calls=9999)
    with (
        Disk(out.parent, every_name).watched(),
        pytest.raises(ExportError, match="nothing is left"),
    ):
        write_evidence(ws, RECORD, CRITERIA, AS_OF, out)
    now = [entry.event for entry in read_chain(ws.store, None).entries if entry]
    assert now == [*events, "evidence.exported", "evidence.not_written"]
    assert list(out.parent.iterdir()) == []


def test_a_disk_that_cannot_be_read_is_not_a_changed_record(
    templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read error while exporting is an error, never a package that says 'changed outside'."""
    monkeypatch.setitem(PROFILE_FORMATS, Profile.INTERNAL, ("kos",))  # none asks the disk
    ws = templates.copy("signed", tmp_path / "t")
    with Disk(tmp_path).watched() as disk:
        write_evidence(ws, RECORD, CRITERIA, AS_OF, tmp_path / "t" / "whole")
    reads = [i for i, call in enumerate(disk.calls) if call == "open to read"]
    for number, at in enumerate(reads):
        out = tmp_path / "t" / f"out-{number}"
        try:
            with Disk(tmp_path, failing("open to read", 1), at).watched():
                write_evidence(ws, RECORD, CRITERIA, AS_OF, out)
        except (RecordError, ExportError, ImagingError):
            assert not out.exists()
        else:  # looked for in another way, and found
            verification = verify_evidence(out)
            assert verification.ok
            assert [s.state for s in verification.record_states] == ["same"]
