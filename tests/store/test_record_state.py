"""The three states of a record against the revision a reading points at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from modic_annotate.domain.images import ImageIndex
from modic_annotate.domain.links import IdentityCheck, Match, StudyLink
from modic_annotate.domain.reading import ScreeningLink
from modic_annotate.domain.screening import (
    ExclusionKey,
    Exclusions,
    MriReference,
    Pain,
    Recorded,
    Scores,
    ScreeningRecord,
    ValueState,
)
from modic_annotate.errors import InvalidRecordError, UnknownRecordError
from modic_annotate.store.audit import append_event
from modic_annotate.store.canonical import canonical_bytes, sha256_hex
from modic_annotate.store.record_state import record_state
from modic_annotate.store.workspace import Workspace

UID, OTHER_UID = "2.25.1", "2.25.2"
MRI = MriReference(study_date="2026-03-10", study_uid=UID)
ABSENT = Recorded(state=ValueState.ASSERTED_ABSENT)


def odi(percent: float) -> Scores:
    return Scores(odi_percent=Recorded[float](state=ValueState.ASSERTED, value=percent))


@pytest.fixture
def first(ws: Workspace, make_record) -> ScreeningRecord:
    record: ScreeningRecord = make_record(mri=(MRI,), scores=odi(42))
    ws.add_screening(record, "coordinator")
    return record


@pytest.fixture
def link(first: ScreeningRecord) -> ScreeningLink:
    return ScreeningLink(
        trial_id="trial",
        record_id="case1",
        revision=1,
        sha256=sha256_hex(canonical_bytes(first)),
    )


def test_an_untouched_record_is_the_same(ws: Workspace, link: ScreeningLink) -> None:
    """Nothing happened since the reading."""
    state = record_state(ws, link)

    assert (state.state, state.changed_fields, state.ok) == ("same", (), True)
    assert "as it was" in state.message


def test_the_assignment_is_the_link_without_opening_the_record(
    ws: Workspace, link: ScreeningLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Revision and hash come from the audit trail; no screening file is read."""
    real = type(ws.store).get

    def watched(store: object, key: str) -> bytes:
        assert not key.startswith("screening")
        return real(store, key)  # type: ignore[arg-type]

    monkeypatch.setattr(type(ws.store), "get", watched)

    assert ws.assignment("CASE1") == link


def test_a_case_with_images_is_looked_up_without_the_screening_folder(
    ws: Workspace, link: ScreeningLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a case has images, its id is known without even listing the records."""
    index = ImageIndex(record_id="case1", study_uid=UID, series=())
    ws.store.put_new("images/case1/index.json", canonical_bytes(index))
    fresh = Workspace.open(ws.root)
    real = type(fresh.store).list

    def watched(store: object, prefix: str) -> tuple[str, ...]:
        assert not prefix.startswith("screening")
        return real(store, prefix)  # type: ignore[arg-type]

    monkeypatch.setattr(type(fresh.store), "list", watched)

    assert fresh.assignment("case1") == link


@pytest.mark.parametrize(
    ("fields", "changed", "message"),
    [
        (
            {"scores": odi(38)},
            ("scores.odi_percent",),
            "1 field changed after reading: scores.odi_percent",
        ),
        (
            {
                "scores": odi(38),
                "pain": Pain(leg_pain=ABSENT),
                "exclusions": Exclusions(features={ExclusionKey.SPINAL_CANCER: ABSENT}),
            },
            ("exclusions.features.spinal_cancer", "pain.leg_pain", "scores.odi_percent"),
            "3 fields changed after reading: "
            "exclusions.features.spinal_cancer, pain.leg_pain, scores.odi_percent",
        ),
        ({"mri": (MRI, MriReference(study_date="2026-05-01"))}, ("mri",), "1 field changed"),
    ],
    ids=["score", "several", "a further MRI"],
)
def test_an_amendment_is_information(
    ws: Workspace,
    link: ScreeningLink,
    next_revision: Callable[..., ScreeningRecord],
    fields: dict[str, object],
    changed: tuple[str, ...],
    message: str,
) -> None:
    """Fields changed through the tool are listed, and are no fault."""
    first, _ = ws.screening("case1")
    ws.add_screening(next_revision(first, **fields), "coordinator")

    state = record_state(ws, link)

    assert (state.state, state.changed_fields, state.ok) == ("amended", changed, True)
    assert state.message.startswith(message)


def test_a_new_revision_of_the_same_content_is_the_same(
    ws: Workspace, first: ScreeningRecord, link: ScreeningLink, next_revision
) -> None:
    """A revision that changes no field changes nothing."""
    ws.add_screening(next_revision(first), "coordinator")

    assert record_state(ws, link).state == "same"


@pytest.mark.parametrize(
    "mri",
    [
        (),
        (MRI.replace(study_uid=OTHER_UID),),
        (MRI.replace(study_date="2026-03-11"),),
        (MRI.replace(study_uid=None),),
    ],
    ids=["removed", "another study", "another date", "blanked"],
)
def test_another_mri_is_a_fault(
    ws: Workspace, first: ScreeningRecord, link: ScreeningLink, next_revision, mri: tuple
) -> None:
    """A record that names another MRI than the one read is an alarm, even when audited."""
    ws.add_screening(next_revision(first, mri=mri), "coordinator")

    state = record_state(ws, link)

    assert (state.state, state.ok) == ("changed_outside", False)
    assert "names another MRI" in state.message


def test_filling_in_a_blank_mri_is_information(ws: Workspace, make_record, next_revision) -> None:
    """Naming the MRI that was read all along is no other MRI."""
    record = make_record(mri=(MriReference(),))
    digest = ws.add_screening(record, "coordinator")
    ws.add_screening(next_revision(record, mri=(MRI,)), "coordinator")

    link = ScreeningLink(trial_id="trial", record_id="case1", revision=1, sha256=digest)
    assert record_state(ws, link).state == "amended"


def test_another_subject_is_a_fault(
    ws: Workspace, first: ScreeningRecord, link: ScreeningLink, next_revision
) -> None:
    """A record that became another person's is an alarm."""
    subject = first.subject.replace(subject_id="S-2")
    ws.add_screening(next_revision(first, subject=subject), "coordinator")

    assert "another subject" in record_state(ws, link).message


@pytest.mark.parametrize(
    ("touch", "expected"),
    [
        (lambda f: f.write_bytes(f.read_bytes().replace(b"42.0", b"24.0")), "was changed outside"),
        (lambda f: f.unlink(), "was removed outside"),
        (lambda f: f.with_name("r2.json").write_bytes(f.read_bytes()), "was added outside"),
        (lambda f: f.write_bytes(b"nonsense"), "was changed outside"),
    ],
    ids=["changed", "removed", "added", "nonsense"],
)
def test_bytes_touched_from_outside_are_a_fault(
    ws: Workspace, link: ScreeningLink, touch: Callable[[Path], object], expected: str
) -> None:
    """A byte changed behind the tool's back is an alarm that names the file."""
    touch(ws.root / "screening" / "case1" / "r1.json")

    state = record_state(ws, link)

    assert (state.state, state.ok) == ("changed_outside", False)
    assert expected in state.message
    assert "screening/case1/r" in state.message


def test_a_later_revision_touched_from_outside_is_a_fault(
    ws: Workspace, first: ScreeningRecord, link: ScreeningLink, next_revision
) -> None:
    """Revisions after the one that was read must be as audited, too."""
    ws.add_screening(next_revision(first, scores=odi(38)), "coordinator")
    path = ws.root / "screening" / "case1" / "r2.json"
    path.write_bytes(path.read_bytes().replace(b"38.0", b"83.0"))

    assert "screening/case1/r2.json was changed outside" in record_state(ws, link).message


def test_a_link_of_another_trial_or_record_is_a_fault(ws: Workspace, link: ScreeningLink) -> None:
    """A reading that belongs elsewhere says so."""
    assert "is of trial 'other'" in record_state(ws, link.replace(trial_id="other")).message
    assert "no record 'case9'" in record_state(ws, link.replace(record_id="case9")).message
    assert "r1.json was changed" in record_state(ws, link.replace(sha256="0" * 64)).message


def test_images_touched_from_outside_are_a_fault(ws: Workspace, link: ScreeningLink) -> None:
    """An image index that is not the one linked is an alarm."""
    index = canonical_bytes(ImageIndex(record_id="case1", study_uid=UID, series=()))
    ws.store.put_new("images/case1/index.json", index)
    check = IdentityCheck(
        birth_year=Match.MATCH, sex=Match.MATCH, study_date=Match.MATCH, checked_by="c"
    )
    study = StudyLink(
        study_uid=UID,
        at="2026-03-20T09:00:00Z",
        by="c",
        images="deidentified",
        n_series=0,
        n_instances=0,
        index_sha256=sha256_hex(index),
        check=check,
    )
    ws.add_link("case1", study)
    assert record_state(ws, link).state == "same"

    ws.store.replace("images/case1/index.json", index.replace(b"2.25.1", b"2.25.2"))

    assert "images/case1/index.json was changed outside" in record_state(ws, link).message


def test_broken_links_are_a_fault(ws: Workspace, link: ScreeningLink) -> None:
    """Links that cannot be read are told, not raised."""
    ws.store.path("links").mkdir()
    (ws.root / "links" / "case1.jsonl").write_bytes(b"nonsense\n")

    assert "links/case1.jsonl line 1" in record_state(ws, link).message


def test_a_revision_of_a_later_program_is_told(ws: Workspace, link: ScreeningLink) -> None:
    """An audited revision this version cannot read is named, not passed over."""
    content = b'{"schema":"modic-annotate/screening/9"}\n'
    files = {"screening/case1/r2.json": sha256_hex(content)}
    append_event(ws.store, "case1", "screening.revision", "coordinator", files=files)
    ws.store.put_new("screening/case1/r2.json", content)

    assert "has schema 'modic-annotate/screening/9'" in record_state(ws, link).message


def test_a_record_without_its_audit_chain_has_no_assignment(
    ws: Workspace, link: ScreeningLink
) -> None:
    """Where the trail is gone, no revision can be vouched for."""
    (ws.root / "audit" / "case1.jsonl").unlink()

    with pytest.raises(UnknownRecordError, match="knows no revision"):
        ws.assignment("case1")


def test_a_broken_image_index_hides_no_record(ws: Workspace, link: ScreeningLink) -> None:
    """An id is found even where the index of its images is nonsense."""
    ws.store.put_new("images/case1/index.json", b"nonsense")

    assert Workspace.open(ws.root).resolve("CASE1") == "case1"
    with pytest.raises(InvalidRecordError, match="index"):
        ws.images("case1")
