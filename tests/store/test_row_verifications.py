"""Verified rows on disk: write-once revisions that the audit trail knows."""

from __future__ import annotations

import pytest

from modic_annotate.domain.row_verification import RowVerification
from modic_annotate.errors import AlreadyExistsError, RecordMismatchError
from modic_annotate.store.audit import verify_audit
from modic_annotate.store.row_verifications import add, key_of, present
from tests.store.conftest import AT


def verification(row: str = "A-1", revision: int = 1, **more: object) -> RowVerification:
    given = {
        "criteria_id": "ours",
        "criterion": row,
        "row_sha256": "a" * 64,
        "revision": revision,
        "by": "R01",
        "at": AT,
        "source_sha256": "b" * 64,
        "source_bytes": 5,
    }
    return RowVerification.model_validate(given | more)


def test_the_latest_revision_of_each_row_counts(ws) -> None:
    """Revisions are counted as numbers, each row by itself, and the audit trail is whole."""
    for revision in range(1, 11):
        withdrawn = {"withdrawn": True, "reason": "x"} if revision % 2 == 0 else {}
        add(ws.store, verification(revision=revision, **withdrawn))
    add(ws.store, verification("A-2"))
    assert [(v.criterion, v.revision) for v in present(ws.store, "ours")] == [
        ("A-1", 10),
        ("A-2", 1),
    ]
    assert present(ws.store, "other") == ()
    assert verify_audit(ws).ok
    assert not [p for p in ws.root.rglob("audit/*") if p.name.startswith(".")]


@pytest.mark.parametrize("revision", [1, 3])
def test_a_revision_that_does_not_follow_is_refused(ws, revision: int) -> None:
    """Two people cannot write the same revision, and none is left out."""
    add(ws.store, verification())
    before = ws.store.get("audit/workspace.jsonl")
    with pytest.raises(RecordMismatchError, match="meanwhile"):
        add(ws.store, verification(revision=revision))
    assert ws.store.get("audit/workspace.jsonl") == before


def test_a_file_of_another_name_is_no_verification(ws) -> None:
    """What lies in the folder and is none is not read; the audit names it."""
    ws.store.put_new("criteria/ours/A-1/notes.txt", b"x")
    assert present(ws.store, "ours") == ()
    assert "put there from outside" in verify_audit(ws).problems[0]


def test_what_a_full_disk_left_is_told_and_done_again(ws, monkeypatch) -> None:
    """Announced and not written: a note, no fault, and the next attempt succeeds."""
    with monkeypatch.context() as patch:

        def refuse(key: str, content: bytes) -> None:
            raise AlreadyExistsError(key)

        patch.setattr(ws.store, "put_new", refuse)
        with pytest.raises(AlreadyExistsError):
            add(ws.store, verification())
    report = verify_audit(ws)
    assert report.ok
    assert "announced and not written" in " ".join(report.notes)
    add(ws.store, verification())
    assert verify_audit(ws).ok
    assert ws.store.exists(key_of(verification()))
