"""The workspace: readers, revisions of records, links."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime

import pytest

from modic_annotate.domain.images import ImageIndex
from modic_annotate.domain.links import IdentityCheck, Match, StudyLink
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.screening import Subject
from modic_annotate.errors import (
    AlreadyExistsError,
    InvalidRecordError,
    RecordError,
    RecordMismatchError,
    SchemaVersionError,
    UnknownReaderError,
    UnknownRecordError,
)
from modic_annotate.store.audit import anchor_heads, verify_audit
from modic_annotate.store.canonical import canonical_bytes, sha256_hex
from modic_annotate.store.workspace import Workspace

AT = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)


def study_link(index_sha256: str, study_uid: str = "2.25.1") -> StudyLink:
    match = Match.MATCH
    return StudyLink(
        study_uid=study_uid,
        at=AT,
        by="coordinator",
        images="deidentified",
        n_series=1,
        n_instances=1,
        index_sha256=index_sha256,
        check=IdentityCheck(birth_year=match, sex=match, study_date=match, checked_by="c"),
    )


def put_index(ws: Workspace, record_id: str = "case1") -> str:
    content = canonical_bytes(ImageIndex(record_id=record_id, study_uid="2.25.1", series=()))
    ws.store.put_new(f"images/{record_id}/index.json", content)
    return sha256_hex(content)


def test_a_created_workspace_opens(tmp_path) -> None:
    """What is created can be opened, with its trial."""
    made = Workspace.create(tmp_path / "ws", trial_id="INTRACEPT-2")

    opened = Workspace.open(tmp_path / "ws")

    assert opened.trial_id == "INTRACEPT-2"
    assert opened.root == made.root == tmp_path / "ws"
    assert opened.record_ids() == ()
    assert opened.readers() == {}


def test_a_workspace_is_created_once(ws: Workspace) -> None:
    """A folder that is a workspace is not made one again."""
    with pytest.raises(AlreadyExistsError, match="workspace already"):
        Workspace.create(ws.root)


def test_a_trial_id_is_a_plain_id(tmp_path) -> None:
    """A trial id that no file could be named after is refused, and nothing is made."""
    with pytest.raises(InvalidRecordError, match="trial id"):
        Workspace.create(tmp_path / "ws", trial_id="my trial")

    assert not (tmp_path / "ws").exists()


def test_another_folder_is_no_workspace(tmp_path) -> None:
    """A folder without a workspace file is refused with what to do."""
    with pytest.raises(UnknownRecordError, match="modic-annotate init"):
        Workspace.open(tmp_path)


@pytest.mark.parametrize(
    "text", ['schema = "modic-annotate/workspace/9"\ntrial_id = "x"\n', "= =", 'trial_id = "x"\n']
)
def test_a_broken_workspace_file_is_refused(ws: Workspace, text: str) -> None:
    """A workspace file that is not as expected is named."""
    (ws.root / "workspace.toml").write_text(text)

    with pytest.raises(InvalidRecordError, match=r"workspace\.toml"):
        Workspace.open(ws.root)


def test_readers_are_found_without_case(ws: Workspace) -> None:
    """A registered reader is found in any spelling; others are refused."""
    ws.add_reader(Reader(id="Anna", display_name="A. Reader", role="reader", title="MD"))
    ws.add_reader(Reader(id="bert"))

    assert ws.reader("anna").display_name == "A. Reader"
    assert sorted(ws.readers()) == ["Anna", "bert"]
    with pytest.raises(UnknownReaderError, match="readers WS add"):
        ws.reader("carl")
    with pytest.raises(AlreadyExistsError, match="registered already"):
        ws.add_reader(Reader(id="ANNA"))


def test_a_reader_can_be_changed(ws: Workspace) -> None:
    """What is known of a reader can change; an unknown one cannot."""
    ws.add_reader(Reader(id="r1"))
    ws.update_reader(Reader(id="r1", title="MD"), by="coordinator")

    assert ws.reader("r1").title == "MD"
    with pytest.raises(UnknownReaderError):
        ws.update_reader(Reader(id="r2"))


def test_a_record_is_read_back_with_its_hash(ws: Workspace, make_record) -> None:
    """The latest revision comes with the sha256 of its file's bytes, under any spelling."""
    record = make_record("Case-1")
    digest = ws.add_screening(record, "coordinator")

    assert ws.screening("case-1") == (record, digest)
    assert ws.record_ids() == ("Case-1",)
    assert sha256_hex((ws.root / "screening/Case-1/r1.json").read_bytes()) == digest
    assert verify_audit(ws).ok


def test_a_record_is_unknown_until_it_is_imported(ws: Workspace, make_record) -> None:
    """A record that is not there is named, and so is a revision."""
    with pytest.raises(UnknownRecordError, match="'case1'"):
        ws.screening("case1")
    ws.add_screening(make_record(), "coordinator")
    with pytest.raises(UnknownRecordError, match="no revision 2"):
        ws.screening("case1", 2)


def test_a_record_added_by_another_process_is_found(ws: Workspace, make_record) -> None:
    """A workspace that is open sees what others add."""
    assert ws.record_ids() == ()
    Workspace.open(ws.root).add_screening(make_record(), "coordinator")

    assert ws.screening("case1")[0].record_id == "case1"


def test_revisions_follow_each_other(ws: Workspace, make_record, next_revision) -> None:
    """A later revision names the one before by its hash; both stay."""
    first = make_record()
    second = next_revision(first, screened_on="2026-03-01")
    ws.add_screening(first, "coordinator")
    ws.add_screening(second, "coordinator")

    assert ws.revisions("case1") == (1, 2)
    assert ws.screening("case1")[0] == second
    assert ws.screening("case1", 1)[0] == first
    assert verify_audit(ws).ok


def test_adding_the_same_revision_again_changes_nothing(ws: Workspace, make_record) -> None:
    """A repeated write of the same bytes is no second revision."""
    assert ws.add_screening(make_record(), "a") == ws.add_screening(make_record(), "b")
    assert ws.revisions("case1") == (1,)
    assert verify_audit(ws).heads["case1"].lines == 1


@pytest.mark.parametrize(
    "fields",
    [{"revision": 2}, {"previous_sha256": "0" * 64}, {"screened_on": "2026-01-01"}],
    ids=["skips one", "wrong predecessor", "rewrites the first"],
)
def test_a_revision_that_does_not_follow_is_refused(
    ws: Workspace, make_record, fields: dict[str, object]
) -> None:
    """A revision must be the next one and know the one before."""
    ws.add_screening(make_record(), "coordinator")
    next_one = {"revision": 2, "previous_sha256": "1" * 64}
    given = next_one | fields if "screened_on" not in fields else fields

    with pytest.raises(RecordMismatchError, match="does not follow"):
        ws.add_screening(make_record(**given), "coordinator")

    assert ws.revisions("case1") == (1,)


def test_ids_differ_by_more_than_case(ws: Workspace, make_record) -> None:
    """An id that differs from another's by case alone is refused."""
    ws.add_screening(make_record("case1"), "coordinator")

    with pytest.raises(AlreadyExistsError, match="compared without case"):
        ws.add_screening(make_record("Case1"), "coordinator")

    assert ws.record_ids() == ("case1",)


@pytest.mark.parametrize("record_id", ["workspace", "Workspace"])
def test_no_record_is_called_workspace(ws: Workspace, make_record, record_id: str) -> None:
    """The name of the workspace's own audit chain is taken."""
    with pytest.raises(AlreadyExistsError, match="taken"):
        ws.add_screening(make_record(record_id), "coordinator")


def test_a_record_of_another_trial_is_refused(ws: Workspace, make_record) -> None:
    """A workspace holds one trial's records."""
    with pytest.raises(RecordMismatchError, match="of trial 'other'"):
        ws.add_screening(make_record(trial_id="other"), "coordinator")


def test_a_linked_record_keeps_its_subject(ws: Workspace, make_record, next_revision) -> None:
    """The subject id can be corrected until images are linked, not after."""
    first = make_record()
    second = next_revision(first, subject=Subject(subject_id="S-2"))
    ws.add_screening(first, "coordinator")
    ws.add_screening(second, "coordinator")
    ws.add_link("case1", study_link(put_index(ws)))

    with pytest.raises(RecordMismatchError, match="subject id cannot change"):
        ws.add_screening(next_revision(second, subject=Subject(subject_id="S-3")), "coordinator")


def test_a_full_disk_leaves_no_revision_and_no_fault(
    ws: Workspace, make_record, next_revision, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A revision that could not be written is taken back in the trail as well."""
    first = make_record()
    ws.add_screening(first, "coordinator")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "link", full)
        with pytest.raises(RecordError, match="No space left"):
            ws.add_screening(next_revision(first), "coordinator")

    assert ws.revisions("case1") == (1,)
    assert verify_audit(ws).ok
    ws.add_screening(next_revision(first), "coordinator")
    assert verify_audit(ws).ok


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda path: path.write_bytes(path.read_bytes().replace(b"S-case1", b"S-case2")), "chang"),
        (lambda path: path.unlink(), "missing"),
        (
            lambda path: path.with_name("r2.json").write_bytes(path.read_bytes()),
            "not in the audit trail",
        ),
    ],
    ids=["changed", "removed", "added"],
)
def test_a_record_touched_from_outside_is_a_fault(
    ws: Workspace, make_record, change, expected: str
) -> None:
    """A revision file changed, removed or added behind the tool's back is found."""
    ws.add_screening(make_record(), "coordinator")
    change(ws.root / "screening/case1/r1.json")

    report = verify_audit(ws)

    assert not report.ok
    assert expected in report.text()


def test_a_link_is_added_once(ws: Workspace, make_record) -> None:
    """The same link again changes nothing, so that an interrupted step can be repeated."""
    ws.add_screening(make_record(), "coordinator")
    link = study_link(put_index(ws))
    ws.add_link("case1", link)
    ws.add_link("CASE1", link)

    assert ws.links("case1") == (link,)
    assert verify_audit(ws).heads["case1"].lines == 2
    assert verify_audit(ws).ok


def test_a_link_line_without_its_audit_entry_is_a_fault(ws: Workspace, make_record) -> None:
    """The entry comes first, so a line without one was put there; nothing is built on it."""
    ws.add_screening(make_record(), "coordinator")
    link = study_link(put_index(ws))
    ws.store.append("links/case1.jsonl", canonical_bytes(link))
    assert "line 1 is not in the audit trail" in verify_audit(ws).text()

    with pytest.raises(RecordMismatchError, match="changed outside"):
        ws.add_link("case1", link)


def test_a_link_that_is_only_announced_is_known_and_completed(ws: Workspace, make_record) -> None:
    """A crash between entry and line loses nothing: a note until the next step writes the line."""
    ws.add_screening(make_record(), "coordinator")
    link = study_link(put_index(ws))
    ws.add_link("case1", link)
    (ws.root / "links/case1.jsonl").unlink()

    report = verify_audit(ws)
    assert report.ok
    assert "lacks its last line" in " ".join(report.notes)
    assert ws.links("case1") == (link,)
    ws.add_link("case1", link)
    assert (ws.root / "links/case1.jsonl").read_bytes() == canonical_bytes(link)


def test_a_link_removed_after_an_export_is_a_fault(ws: Workspace, make_record) -> None:
    """Once the workspace chain has noted the record's head, a missing link line was taken away."""
    ws.add_screening(make_record(), "coordinator")
    ws.add_link("case1", study_link(put_index(ws)))
    anchor_heads(ws.store, ["case1"], "evidence.exported", "coordinator")
    (ws.root / "links/case1.jsonl").unlink()

    assert "links/case1.jsonl was changed outside the tool" in verify_audit(ws).text()


def test_a_revision_that_is_only_announced_is_no_fault(
    ws: Workspace, make_record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash between entry and file is told, a reading begins with the revision that is there."""
    ws.add_screening(make_record(), "coordinator")
    first, before = ws.screening("case1")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    second = first.replace(revision=2, previous_sha256=before)
    with monkeypatch.context() as patch:
        patch.setattr(ws.store, "put_new", crash)
        with pytest.raises(KeyboardInterrupt):
            ws.add_screening(second, "coordinator")

    report = verify_audit(ws)
    assert report.ok
    assert "announced and not written" in " ".join(report.notes)
    assert ws.assignment("case1").revision == 1
    ws.add_screening(second, "coordinator")
    assert (verify_audit(ws).notes, ws.assignment("case1").revision) == ((), 2)


def test_a_revision_taken_back_to_its_staging_after_an_export_is_a_fault(
    ws: Workspace, make_record
) -> None:
    """Once a signature or an export has noted it, a revision cannot pass for an unfinished one."""
    digest = ws.add_screening(make_record(), "coordinator")
    (ws.root / "screening/case1/r1.json").rename(ws.root / f"audit/.tmp-{digest}")
    assert verify_audit(ws).ok
    anchor_heads(ws.store, ["case1"], "evidence.exported", "coordinator")
    assert "screening/case1/r1.json is missing" in verify_audit(ws).text()


def test_a_revision_removed_from_outside_is_a_fault(ws: Workspace, make_record) -> None:
    """A file the trail announced, gone without what a crash leaves, was taken away."""
    ws.add_screening(make_record(), "coordinator")
    (ws.root / "screening/case1/r1.json").unlink()
    assert "screening/case1/r1.json is missing" in verify_audit(ws).text()


def test_a_torn_link_does_not_count(ws: Workspace, make_record) -> None:
    """An unfinished link line is passed over, and dropped by the next link."""
    ws.add_screening(make_record(), "coordinator")
    ws.store.path("links").mkdir()
    (ws.root / "links/case1.jsonl").write_bytes(b'{"kind":')
    link = study_link(put_index(ws))

    assert ws.links("case1") == ()
    ws.add_link("case1", link)
    assert ws.links("case1") == (link,)


def test_a_broken_link_is_named_by_its_line(ws: Workspace, make_record) -> None:
    """A link line that is none is an error with file and line, and a fault."""
    ws.add_screening(make_record(), "coordinator")
    ws.add_link("case1", study_link(put_index(ws)))
    path = ws.root / "links/case1.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"study"', b'"other"'))

    with pytest.raises(InvalidRecordError, match=r"links/case1\.jsonl line 1"):
        ws.links("case1")
    assert "links/case1.jsonl was changed outside" in verify_audit(ws).text()


def test_a_record_without_images_says_so(ws: Workspace, make_record) -> None:
    """Images are asked for only after they were linked."""
    ws.add_screening(make_record(), "coordinator")

    with pytest.raises(UnknownRecordError, match="link its MRI study first"):
        ws.images("case1")
    put_index(ws)
    assert ws.images("CASE1").study_uid == "2.25.1"
    assert ws.image_folder("case1") == ws.root / "images" / "case1"


def test_a_record_of_a_later_schema_is_refused(ws: Workspace, make_record) -> None:
    """A file written by a later version says so instead of being guessed at."""
    ws.add_screening(make_record(), "coordinator")
    path = ws.root / "screening/case1/r1.json"
    path.write_bytes(path.read_bytes().replace(b"screening/1", b"screening/2"))

    with pytest.raises(SchemaVersionError, match="screening/2"):
        ws.screening("case1")


def test_a_record_without_readings_says_so(ws: Workspace, make_record) -> None:
    """A reading that is not there is named."""
    ws.add_screening(make_record(), "coordinator")

    assert ws.reading_keys("case1") == ()
    with pytest.raises(UnknownRecordError, match="'r1-1'"):
        ws.reading("case1", "r1-1")
