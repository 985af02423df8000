"""Worklist and status: how far each reader is, and what the site must know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest

from modic_annotate.conduct.link import link_study
from modic_annotate.conduct.status import workspace_status
from modic_annotate.conduct.worklist import WorkState, next_item, reading_list, worklist
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.screening import ScreeningRecord
from modic_annotate.errors import AlreadyExistsError, UnknownReaderError
from modic_annotate.session.apply import apply_acts
from modic_annotate.store.audit import verify_audit
from modic_annotate.store.canonical import canonical_bytes, sha256_hex
from modic_annotate.store.workspace import Workspace

SAMPLE = Path(__file__).parents[2] / "sample_dicom"
RECORD = ScreeningRecord.model_validate_json((SAMPLE / "screening-record.json").read_bytes())
ACTS = (SAMPLE / "lesions.acts.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
FLAG = json.dumps({"act": "raise_red_flag", "kind": "tumour", "note": "L2, please look"}) + "\n"
RETURN = json.dumps({"act": "return_to_site", "reason": "no STIR"}) + "\n"


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    """A workspace with the sample linked to case a, and cases b (no images) and its readers."""
    ws = Workspace.create(tmp_path / "ws", trial_id=RECORD.trial_id)
    for record_id in ("a", "b"):
        ws.add_screening(RECORD.replace(record_id=record_id, mri=()), "coordinator")
    for reader_id in ("r1", "r2"):
        ws.add_reader(Reader(id=reader_id))
    link_study(ws, "a", [SAMPLE / "study"], by="coordinator")
    return ws


def apply(ws: Workspace, *lines: str, reader: str = "r1") -> None:
    """Apply acts to case a."""
    path = ws.root.parent / "acts.jsonl"
    path.write_text("".join(lines), encoding="utf-8")
    apply_acts(ws, "a", reader, path, lambda _: None)


def up_to(act: str, times: int = 1) -> Iterator[str]:
    """The sample's acts up to the n-th of a kind."""
    for line in ACTS:
        yield line
        times -= json.loads(line)["act"] == act
        if not times:
            return


def states(ws: Workspace, reader: str = "r1") -> dict[str, str]:
    return {item.record_id: item.words for item in worklist(ws, reader)}


def test_a_worklist_begins_with_what_has_images(ws: Workspace) -> None:
    """A case with images is to be read, one without is not."""
    assert states(ws) == {"a": "not started", "b": "no images"}
    item = next_item(worklist(ws, "R1"))
    assert item is not None
    assert (item.record_id, item.reader_id, item.has_images) == ("a", "r1", True)


def test_a_draft_counts_its_endplates(ws: Workspace) -> None:
    """A draft says how many endplates are read; another reader's list does not change."""
    apply(ws, *up_to("grade"))

    assert states(ws)["a"] == "draft, 1 of 12 endplates"
    assert states(ws, "r2")["a"] == "not started"


def test_a_signed_case_is_done(ws: Workspace) -> None:
    """Nothing is left to read once the case is signed."""
    apply(ws, *ACTS)

    items = worklist(ws, "r1")

    assert items[0].state == WorkState.SIGNED
    assert next_item(items) is None


def test_a_draft_comes_before_a_case_not_begun(ws: Workspace) -> None:
    """What was begun is finished first."""
    fresh = worklist(ws, "r1")[0]
    draft = fresh.replace(record_id="z", state=WorkState.DRAFT, n_read=0, n_scope=12)

    assert next_item([fresh, draft]) == draft


def test_a_worklist_is_a_registered_readers(ws: Workspace) -> None:
    """Somebody unknown has no worklist."""
    with pytest.raises(UnknownReaderError):
        worklist(ws, "r3")


def test_a_broken_journal_is_told_in_its_line(ws: Workspace) -> None:
    """One broken draft does not hide the other cases."""
    apply(ws, *up_to("grade"))
    (journal,) = (ws.root / "readings/a/r1").glob("*.journal.jsonl")
    content = journal.read_bytes()
    journal.write_bytes(content.replace(b'"rate_quality"', b'"rate_kuality"', 1))

    assert "fault: " in states(ws)["a"]
    assert states(ws)["b"] == "no images"
    assert any("journal.jsonl line 2" in f for f in workspace_status(ws).records[0].faults)


def test_the_status_of_a_fresh_workspace(ws: Workspace) -> None:
    """Records, links and audit heads are there; nothing is wrong."""
    status = workspace_status(ws)

    assert [(r.record_id, r.n_revisions, r.n_studies) for r in status.records] == [
        ("a", 1, 1),
        ("b", 1, 0),
    ]
    assert status.n_readers == 2
    assert status.audit_problems == ()
    assert set(status.audit_heads) == {"a", "b", "workspace"}
    assert f"head {status.audit_heads['a'].sha256}" in status.text()
    json.dumps(status.model_dump(mode="json"), allow_nan=False)


def test_a_red_flag_reaches_the_status_before_the_signature(ws: Workspace) -> None:
    """The site is told at once, and sees nothing else of the draft."""
    apply(ws, *up_to("grade"), FLAG)

    status = workspace_status(ws)

    (notice,) = status.notices
    assert (notice.record_id, notice.reader_id, notice.kind) == ("a", "r1", "tumour")
    assert "NOTICE a notify site now: tumour (L2, please look), by r1" in status.text()
    assert status.records[0].signed == ()
    assert "type 1" not in status.text()


def test_a_returned_case_reaches_the_status(ws: Workspace) -> None:
    """A case returned to the site is told with its reason, and is no open work."""
    apply(ws, *up_to("grade"), RETURN)

    status = workspace_status(ws)

    assert "NOTICE a returned to site (no STIR), by r1" in status.text()
    assert worklist(ws, "r1")[0].state == WorkState.RETURNED
    assert next_item(worklist(ws, "r1")) is None


def test_a_signed_reading_stands_with_its_class_and_state(ws: Workspace) -> None:
    """Signature class and the record's state show; an amendment is information."""
    apply(ws, *ACTS)
    (signed,) = workspace_status(ws).records[0].signed
    assert (signed.signature_class, signed.record_state) == ("scripted-demo", "same")

    first, digest = ws.screening("a")
    ws.add_screening(
        first.replace(revision=2, previous_sha256=digest, protocol_version="1.1"), "coordinator"
    )

    (signed,) = workspace_status(ws).records[0].signed
    assert signed.record_state == "amended"
    assert signed.record_message == "1 field changed after reading: protocol_version"
    assert sha256_hex(canonical_bytes(first)) == digest


@pytest.mark.parametrize("name", ["readings/a/r1/r1-1.json", "readings/a/r1/r1-1.signature.json"])
def test_a_reading_touched_from_outside_is_a_fault(ws: Workspace, name: str) -> None:
    """A byte changed in a signed reading or its signature shows in the status."""
    apply(ws, *ACTS)
    path = ws.root / name
    path.write_bytes(path.read_bytes().replace(b"scripted", b"Scripted", 1))

    status = workspace_status(ws)

    assert any(name in problem for problem in status.audit_problems)
    assert f"AUDIT FAULT {name} was changed outside the tool" in status.text()


def test_a_record_changed_from_outside_is_a_fault(ws: Workspace) -> None:
    """A screening file that is no record any more is told, not raised."""
    (ws.root / "screening/b/r1.json").write_bytes(b"nonsense")

    status = workspace_status(ws)

    assert status.records[1].screening_status is None
    assert any("screening/b/r1.json" in fault for fault in status.records[1].faults)
    assert "b: status unknown" in status.text()


def journal_of(ws: Workspace) -> Path:
    (journal,) = (ws.root / "readings/a/r1").glob("*.journal.jsonl")
    return journal


def test_a_journal_is_part_of_the_audit(ws: Workspace) -> None:
    """A line changed or cut off in a signed reading's journal is a fault with file and line."""
    apply(ws, *ACTS)
    journal = journal_of(ws)
    content = journal.read_bytes()
    lines = content.splitlines(keepends=True)
    assert verify_audit(ws).ok

    journal.write_bytes(content.replace(b"RID12", b"RID13", 1))
    assert "line 3: it does not follow the line before it" in verify_audit(ws).text()

    journal.write_bytes(b"".join(lines[:4] + lines[5:]))
    assert "line 5: it carries the number" in verify_audit(ws).text()

    journal.write_bytes(b"nonsense\n" + b"".join(lines[1:]))
    assert "line 1: this is not an entry of a journal" in verify_audit(ws).text()

    journal.write_bytes(b"".join(lines[:-5]))
    expected = f"lines {len(lines) - 4} to {len(lines)} were cut off"
    assert any(expected in problem for problem in verify_audit(ws).problems)


def test_a_torn_journal_line_is_no_fault(ws: Workspace) -> None:
    """What a crash leaves in a draft's journal is reported and is no fault."""
    apply(ws, *up_to("grade"))
    with journal_of(ws).open("ab") as file:
        file.write(b'{"act":')

    report = verify_audit(ws)

    assert report.ok
    assert any("journal.jsonl ends in an unfinished line" in note for note in report.notes)


def test_a_reading_that_is_no_record_leaves_its_journal_alone(ws: Workspace) -> None:
    """A destroyed reading is one fault; its journal is judged by its own chain."""
    apply(ws, *ACTS)
    (ws.root / "readings/a/r1/r1-1.json").write_bytes(b"{}")

    assert verify_audit(ws).problems == (
        "readings/a/r1/r1-1.json was changed outside the tool; its bytes are not those recorded",
    )


def test_a_list_to_read_names_what_is_next_first_and_looks_at_no_screening_record(
    ws: Workspace,
) -> None:
    """A reader's own list holds the cases with images alone, by the names of their links."""
    asked: list[str] = []
    listed = ws.store.list
    ws.store.list = lambda prefix: asked.append(prefix) or listed(prefix)  # type: ignore[method-assign]

    assert [(i.record_id, i.state) for i in reading_list(ws, "r1")] == [("a", "not_started")]
    assert not any(prefix.startswith("screening") or not prefix for prefix in asked)


def other_images(folder: Path) -> Path:
    """The sample study under other UIDs, as a second examination would have."""
    folder.mkdir()
    for file in (SAMPLE / "study").iterdir():
        dataset = pydicom.dcmread(file)
        for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
            setattr(dataset, keyword, f"{getattr(dataset, keyword)}.7")
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        dataset.save_as(folder / file.name)
    return folder


def test_a_returned_case_takes_other_images_and_is_read_afresh(
    ws: Workspace, tmp_path: Path
) -> None:
    """After the return the site links other images, and the case is next on the list again."""
    apply(ws, FLAG, RETURN)
    assert states(ws)["a"] == "returned, 0 of 12 endplates"
    assert next_item(reading_list(ws, "r1")) is None

    with pytest.raises(AlreadyExistsError, match="were returned to the site; link the new ones"):
        link_study(ws, "a", [SAMPLE / "study"], by="coordinator")
    report = link_study(ws, "a", [other_images(tmp_path / "again")], by="coordinator")

    assert report.link.n_instances == len(list((SAMPLE / "study").iterdir()))
    item = next_item(reading_list(ws, "r1"))
    assert item is not None
    assert (item.record_id, item.state) == ("a", WorkState.NEW_SERIES)
    (record, _) = workspace_status(ws).records
    assert [d.state for d in record.drafts] == [WorkState.NEW_SERIES]
    assert {n.kind for n in record.notices} == {"tumour", None}
    apply(ws, *ACTS)
    assert states(ws)["a"] == "signed, 12 of 12 endplates"
    assert verify_audit(ws).problems == ()
    assert [s.record_state for s in workspace_status(ws).records[0].signed] == ["same"]


def test_images_that_another_reading_rests_on_are_not_replaced(
    ws: Workspace, tmp_path: Path
) -> None:
    """One reader's return does not take the images from under another's reading."""
    apply(ws, RETURN)
    apply(ws, *up_to("grade"), reader="r2")

    with pytest.raises(AlreadyExistsError, match="reading of r2 rests on them"):
        link_study(ws, "a", [other_images(tmp_path / "again")], by="coordinator")

    assert states(ws, "r2")["a"] == "draft, 1 of 12 endplates"
