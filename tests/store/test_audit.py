"""The audit trail: whatever is changed, removed, moved or cut off gives itself away."""

from __future__ import annotations

import getpass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modic_annotate.domain.readers import Reader
from modic_annotate.errors import RecordError
from modic_annotate.store import audit
from modic_annotate.store.audit import anchor_heads, append_event, head, trail_lines, verify_audit
from modic_annotate.store.canonical import canonical_line, sha256_hex
from modic_annotate.store.chain import NO_LINE, AuditEntry, ChainHead, verify_chain
from modic_annotate.store.files import FileStore
from modic_annotate.store.workspace import Workspace


def chain_of(n: int) -> bytes:
    """A whole chain of n entries."""
    content, before = b"", NO_LINE
    for number in range(1, n + 1):
        entry = AuditEntry(
            n=number,
            prev=before,
            at="2026-03-20T09:00:00Z",
            by="coordinator",
            event="test.event",
            facts={"step": number},
        )
        line = canonical_line(entry)
        before = sha256_hex(line)
        content += line + b"\n"
    return content


def fill(store: FileStore, record_id: str | None, n: int) -> None:
    """Add n events to a chain."""
    for number in range(n):
        append_event(store, record_id, "test.event", "coordinator", step=number)


def cut_lines(store: FileStore, key: str, n: int) -> None:
    """Remove the last n lines of a file."""
    path = store.path(key)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-n]))


def test_an_untouched_chain_has_no_problem() -> None:
    """A chain as it was written checks out, with its length and head."""
    content = chain_of(4)

    report = verify_chain(content, "chain")

    assert report.problems == report.notes == ()
    assert report.head == ChainHead(lines=4, sha256=sha256_hex(content.splitlines()[-1]))
    assert [e.facts["step"] for e in report.entries if e] == [1, 2, 3, 4]


def test_an_empty_chain_has_the_head_of_nothing() -> None:
    """A chain without entries is no fault."""
    assert verify_chain(b"", "chain").head == ChainHead(lines=0, sha256=NO_LINE)


CHAIN = chain_of(3)
HEAD = verify_chain(CHAIN, "chain").head


@settings(deadline=None)
@given(st.integers(0, len(CHAIN) - 1), st.integers(1, 255))
def test_a_flipped_byte_anywhere_is_found(position: int, flip: int) -> None:
    """Any changed byte contradicts the chain, or the head known from elsewhere."""
    changed = bytearray(CHAIN)
    changed[position] ^= flip

    report = verify_chain(bytes(changed), "chain")

    assert report.problems or report.problem_with(HEAD, "the package")


def test_every_byte_flipped_is_found() -> None:
    """No position in the chain is unprotected."""
    for position in range(len(CHAIN)):
        changed = bytearray(CHAIN)
        changed[position] ^= 1
        report = verify_chain(bytes(changed), "chain")
        assert report.problems or report.problem_with(HEAD, "the package"), position


@pytest.mark.parametrize(
    ("order", "line"),
    [([0, 2, 3], 2), ([0, 2, 1, 3], 2), ([1, 2, 3], 1), ([0, 1, 1, 2], 3)],
    ids=["removed", "moved", "first removed", "doubled"],
)
def test_a_removed_or_moved_line_is_named(order: list[int], line: int) -> None:
    """A chain whose lines are not the ones written names the first that does not fit."""
    lines = chain_of(4).splitlines(keepends=True)

    report = verify_chain(b"".join(lines[i] for i in order), "audit/case1.jsonl")

    assert report.problems[0].startswith(f"audit/case1.jsonl line {line}:")


def test_a_torn_last_line_is_a_note() -> None:
    """What a crash leaves at the end is told, and is no fault."""
    report = verify_chain(chain_of(2) + b'{"at":"2026', "chain")

    assert report.problems == ()
    assert report.notes == ("chain ends in an unfinished line of 11 bytes, as a crash leaves it",)
    assert report.head.lines == 2


def test_an_entry_says_who_what_and_when(store: FileStore) -> None:
    """An entry holds the claimed id and a hash of the account, not its name."""
    append_event(store, "case1", "screening.revision", "coordinator", revision=1)

    content = store.get("audit/case1.jsonl")
    entry = AuditEntry.model_validate_json(content)
    assert (entry.by, entry.event, entry.facts) == (
        "coordinator",
        "screening.revision",
        {"revision": 1},
    )
    assert entry.os_account_sha256 is not None
    assert f'"{getpass.getuser()}"'.encode() not in content
    assert head(store, "case1") == sha256_hex(content[:-1])


def test_an_account_without_a_name_is_not_recorded(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process whose account has no name still keeps its trail."""

    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr(getpass, "getuser", nameless)
    append_event(store, None, "test.event", "coordinator")

    entry = audit.read_chain(store, None).entries[0]
    assert entry is not None
    assert entry.os_account_sha256 is None


def test_an_entry_after_a_torn_line_tells_of_it(store: FileStore) -> None:
    """The next entry drops an unfinished line and says that it did."""
    fill(store, "case1", 2)
    with store.path("audit/case1.jsonl").open("ab") as file:
        file.write(b'{"torn')
    append_event(store, "case1", "test.after", "coordinator")

    report = audit.read_chain(store, "case1")

    assert report.problems == report.notes == ()
    assert [e.event for e in report.entries if e][2:] == ["audit.torn_line_dropped", "test.after"]


def test_a_fresh_workspace_checks_out(ws: Workspace) -> None:
    """The trail of a workspace that was only used as meant has no fault."""
    ws.add_reader(Reader(id="r1"))
    fill(ws.store, "case1", 3)
    anchor_heads(ws.store, ["case1"], "evidence.exported", "coordinator")

    report = verify_audit(ws)

    assert report.ok, report.text()
    assert report.heads["case1"].lines == 3
    assert "whole" in report.text()


@pytest.mark.parametrize("name", ["case1", "workspace"])
def test_a_cut_off_tail_is_reported(ws: Workspace, name: str) -> None:
    """A chain that lost its last five lines is a fault that names them."""
    fill(ws.store, None, 6)
    fill(ws.store, "case1", 8)
    before = audit.read_chain(ws.store, name).head.lines
    cut_lines(ws.store, f"audit/{name}.jsonl", 5)

    report = verify_audit(ws)

    assert not report.ok
    expected = f"lines {before - 4} to {before} were cut off"
    assert any(f"audit/{name}.jsonl" in p and expected in p for p in report.problems)


def test_a_tail_cut_off_with_its_head_is_reported_after_an_export(ws: Workspace) -> None:
    """Who also removes the head beside the chain is found by the head noted at the export."""
    fill(ws.store, "case1", 8)
    anchor_heads(ws.store, ["case1"], "evidence.exported", "coordinator")
    cut_lines(ws.store, "audit/case1.jsonl", 5)
    ws.store.path("audit/case1.head").unlink()

    assert verify_audit(ws).problems == (
        "audit/case1.head is gone; it was removed",
        "audit/case1.jsonl has 3 lines where audit/workspace.jsonl line 1 recorded 8: "
        "lines 4 to 8 were cut off",
    )


def test_a_removed_head_is_reported(ws: Workspace) -> None:
    """A chain of several entries without its head has lost what protects its end."""
    fill(ws.store, "case1", 8)
    cut_lines(ws.store, "audit/case1.jsonl", 5)
    ws.store.path("audit/case1.head").unlink()

    assert verify_audit(ws).problems == ("audit/case1.head is gone; it was removed",)


def test_a_removed_chain_is_reported_after_an_export(ws: Workspace) -> None:
    """A chain that is gone altogether is missed."""
    fill(ws.store, "case1", 2)
    anchor_heads(ws.store, ["case1"], "evidence.exported", "coordinator")
    ws.store.path("audit/case1.jsonl").unlink()
    ws.store.path("audit/case1.head").unlink()

    assert "has 0 lines where audit/workspace.jsonl line 1 recorded 2" in verify_audit(ws).text()


def test_a_rewritten_last_line_is_reported(ws: Workspace) -> None:
    """The last line has no successor; the head beside the chain protects it."""
    fill(ws.store, "case1", 2)
    path = ws.store.path("audit/case1.jsonl")
    path.write_bytes(path.read_bytes().replace(b'"step":1', b'"step":7'))

    assert verify_audit(ws).problems == (
        "audit/case1.jsonl line 2: changed after audit/case1.head recorded its hash",
    )


@pytest.mark.parametrize(
    ("key", "content", "expected"),
    [
        ("audit/case1.head", b"{}", "audit/case1.head is not a chain head"),
        ("audit/case1.jsonl", b"nonsense\n", "line 1: this is not an audit entry"),
    ],
)
def test_nonsense_is_reported(ws: Workspace, key: str, content: bytes, expected: str) -> None:
    """Files of the trail that cannot be read are faults, not crashes."""
    fill(ws.store, "case1", 1)
    ws.store.path(key).write_bytes(content)

    assert expected in verify_audit(ws).text()


def test_an_unreadable_noted_head_is_reported(ws: Workspace) -> None:
    """A head in the workspace chain that is none is a fault."""
    append_event(ws.store, None, "evidence.exported", "coordinator", heads={"case1": 5})

    assert "the noted head of case1 cannot be read" in verify_audit(ws).text()


def test_a_torn_line_is_no_fault_of_the_workspace(ws: Workspace) -> None:
    """A crash during an entry is reported and the check passes."""
    fill(ws.store, "case1", 2)
    with ws.store.path("audit/case1.jsonl").open("ab") as file:
        file.write(b'{"torn')

    report = verify_audit(ws)

    assert report.ok
    assert "unfinished line of 6 bytes" in report.text()


def test_a_head_that_could_not_be_noted_is_no_fault(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An entry counts once it is durable, even where the head beside it could not follow."""
    fill(ws.store, "case1", 2)

    def full(*_: object) -> None:
        raise RecordError("full")

    monkeypatch.setattr(FileStore, "replace", full)
    fill(ws.store, "case1", 1)

    report = verify_audit(ws)
    assert report.ok
    assert report.heads["case1"].lines == 3


def test_the_trail_is_told_in_words(ws: Workspace) -> None:
    """Every entry of every chain is a line; the workspace's come last."""
    ws.add_reader(Reader(id="r1"))
    fill(ws.store, "case1", 1)
    ws.store.path("audit/case1.jsonl").write_bytes(
        ws.store.get("audit/case1.jsonl") + b"nonsense\n"
    )

    lines = trail_lines(ws)

    assert lines[0].endswith("case1 1: test.event by coordinator step=0")
    assert lines[1] == "audit/case1.jsonl line 2 cannot be read"
    assert "workspace 1: reader.added by r1 reader_id=r1" in lines[2]
    assert "account=" in trail_lines(ws, whole=True)[0]


def test_the_trail_of_one_record_is_told_alone(
    ws: Workspace, make_record: object, tmp_path: Path
) -> None:
    """With a record's id, in any case, only that record's chain is told."""
    ws.add_screening(make_record("case1"), "coordinator")  # type: ignore[operator]
    ws.add_screening(make_record("case2"), "coordinator")  # type: ignore[operator]

    lines = trail_lines(ws, "CASE2")

    assert len(lines) == 1
    assert "case2 1: screening.revision" in lines[0]
