"""Workspaces and records for the store's tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from modic_annotate.domain.screening import Change, ScreeningRecord, Subject
from modic_annotate.store.canonical import canonical_bytes, sha256_hex
from modic_annotate.store.files import FileStore
from modic_annotate.store.workspace import Workspace

AT = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)

MakeRecord = Callable[..., ScreeningRecord]


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "store")


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "ws")


@pytest.fixture
def make_record() -> MakeRecord:
    """Build a first revision; fields of the record can be given."""

    def make(record_id: str = "case1", **fields: object) -> ScreeningRecord:
        given = {
            "trial_id": "trial",
            "record_id": record_id,
            "subject": Subject(subject_id=f"S-{record_id}"),
            "change": Change(by="coordinator", at=AT),
        }
        return ScreeningRecord.model_validate(given | fields)

    return make


@pytest.fixture
def next_revision() -> MakeRecord:
    """Build the revision that follows another one, with some fields changed."""

    def make(before: ScreeningRecord, **fields: object) -> ScreeningRecord:
        return before.replace(
            revision=before.revision + 1,
            previous_sha256=sha256_hex(canonical_bytes(before)),
            **fields,
        )

    return make
