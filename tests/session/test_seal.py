"""Signing: what is written, by whom it says it was driven, and that a cut never leaves half."""

from __future__ import annotations

import json
from datetime import datetime
from importlib import metadata

import pytest

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.reading import Reading, Signature, SignatureClass
from modic_annotate.errors import ActRefusedError, InvalidRecordError, RecordMismatchError
from modic_annotate.session.seal import build_signature
from modic_annotate.session.software import software
from modic_annotate.store.audit import read_chain, verify_audit
from modic_annotate.store.canonical import canonical_bytes, parse_record, sha256_hex
from modic_annotate.store.files import FileStore

FOLDER = "readings/case1/r1"


def files_of(case):
    """Return the bytes of everything sealing writes, by key."""
    keys = [f"{FOLDER}/r1-1.json", f"{FOLDER}/r1-1.signature.json", "links/case1.jsonl"]
    return {key: case.ws.store.get(key) for key in keys}


def sign_lesion(case, kit, **terms):
    with case.open(**terms) as session:
        acts = [*kit.show_all(), *kit.number_the_spine(), *kit.read_lesion()]
        case.do(session, *acts, {"act": "all_remaining_none"}, kit.sign)


def test_signing_writes_reading_signature_link_and_audit(case, kit):
    """Reading, signature, link and audit entries name each other by the hashes of their bytes."""
    sign_lesion(case, kit)
    reading, digest = case.ws.reading("case1", "r1-1")
    signature, signature_digest = case.ws.signature("case1", "r1-1")
    _, link = case.ws.links("case1")
    assert reading.status == "signed"
    assert signature.reading_sha256 == digest == link.sha256
    assert link.signature_sha256 == signature_digest
    assert verify_audit(case.ws).ok
    (anchor,) = [e for e in read_chain(case.ws.store, None).entries if e.event == "reading.signed"]
    assert anchor.facts["reading_sha256"] == digest


def test_files_are_canonical(case, kit):
    """Reading and signature are stored in their canonical bytes and read back the same."""
    sign_lesion(case, kit)
    for name, model in (("r1-1.json", Reading), ("r1-1.signature.json", Signature)):
        content = case.ws.store.get(f"{FOLDER}/{name}")
        assert canonical_bytes(parse_record(model, content, name)) == content


def test_reading_tells_all_of_the_session(case, kit):
    """The reading holds scope, lines, bodies, coverage, times and the journal it came from."""
    sign_lesion(case, kit)
    reading, _ = case.ws.reading("case1", "r1-1")
    assert len(reading.findings) == len(reading.endplates) == 12
    assert str(reading.findings[0].endplate) == "T12-inferior"
    assert len(reading.discs) == 6
    assert {s.role: s.shown_percent for s in reading.coverage} == {
        "SAG_T1": 100,
        "SAG_T2": 100,
        "SAG_FS": 100,
    }
    lines = case.journal_path().read_bytes().split(b"\n")[:-1]
    assert reading.journal.lines == len(lines)
    assert reading.journal.head_sha256 == sha256_hex(lines[-1])
    assert reading.times.started_at < reading.times.signed_at
    assert not reading.scripted


def test_signature_shows_local_time_with_offset(case, kit):
    """The signature keeps the wall clock with its offset, of the moment it was signed."""
    sign_lesion(case, kit)
    signature, _ = case.ws.signature("case1", "r1-1")
    local = datetime.fromisoformat(signature.local_time)
    assert local.tzinfo is not None
    assert local == signature.signed_at
    assert (signature.reader_display_name, signature.reader_title) == ("Reader One", "MD")


@pytest.mark.parametrize(
    ("driven_by", "origin", "signature_class"),
    [
        ("person", Origin.KEY, SignatureClass.ATTESTATION),
        ("acts_file", Origin.KEY, SignatureClass.SCRIPTED_DEMO),
        ("person", Origin.SCRIPT, SignatureClass.SCRIPTED_DEMO),
    ],
)
def test_class_says_who_drove(case, kit, driven_by, origin, signature_class):
    """Keys and mouse replayed from an acts file sign as scripted-demo, as a script does."""
    with case.open(driven_by=driven_by) as session:
        case.do(session, *kit.read_normal(), kit.sign, origin=origin)
    signature, _ = case.ws.signature("case1", "r1-1")
    reading, _ = case.ws.reading("case1", "r1-1")
    assert signature.signature_class == signature_class
    assert reading.scripted == (signature_class == SignatureClass.SCRIPTED_DEMO)


def test_one_scripted_act_marks_the_whole_reading(case, kit):
    """A draft begun by an acts file and finished by a person stays scripted."""
    with case.open(driven_by="acts_file") as session:
        case.do(session, {"act": "note", "text": "a"})
    with case.open() as session:
        case.do(session, *kit.read_normal(), kit.sign)
    assert case.ws.signature("case1", "r1-1")[0].signature_class == "scripted-demo"


def test_acts_file_signs_with_its_true_coverage(case, kit):
    """Under an acts file short coverage does not block, and the reading lists what was shown."""
    with case.open(driven_by="acts_file") as session:
        case.do(session, *kit.read_normal(), kit.sign, origin=Origin.SCRIPT)
    reading, _ = case.ws.reading("case1", "r1-1")
    assert {c.shown_percent for c in reading.coverage} == {0}
    assert {c.shown_sop_instance_uids for c in reading.coverage} == {()}


def test_contradictions_are_kept_as_shown(case, kit):
    """What the reader was warned of and left is kept with the reading."""
    with case.open() as session:
        case.do(session, *kit.show_all(), *kit.number_the_spine(), *kit.read_lesion())
        hyper = {
            "act": "set_field",
            "endplate": "L4-inferior",
            "field": "t1_signal",
            "value": "hyper",
        }
        case.do(session, hyper, {"act": "all_remaining_none"})
        warned = session.contradictions()
        case.do(session, kit.sign)
    reading, _ = case.ws.reading("case1", "r1-1")
    assert reading.contradictions == warned
    assert warned == ("L4 inferior: type 1 is hypo on T1, recorded is hyper",)


def test_no_file_names_the_reason_texts_outside_the_reading(case, kit):
    """Free text of the reading stays out of the audit trail."""
    with case.open() as session:
        case.do(session, *kit.number_the_spine())
        case.do(session, {"act": "reopen_numbering", "reason": "secret-word"})
        case.do(session, {"act": "sign_numbering"}, *kit.show_all())
        case.do(session, {"act": "all_remaining_none"}, kit.sign | {"meaning": "other-word"})
    audit = (case.ws.root / "audit/case1.jsonl").read_text()
    assert "numbering_reopened" in audit
    assert "secret-word" not in audit
    assert "other-word" not in audit


class Cut(Exception):  # noqa: N818 - the power, not an error
    """The process ended here."""


WRITES = ("put_new", "append", "replace")


def cut_at(monkeypatch, number, *, after):
    """End the process at the n-th write, before or after it reached the disk."""
    count = 0

    def wrap(write):
        def cutting(self, *args):
            nonlocal count
            count += 1
            if count == number and not after:
                raise Cut
            write(self, *args)
            if count == number:
                raise Cut

        return cutting

    for name in WRITES:
        monkeypatch.setattr(FileStore, name, wrap(getattr(FileStore, name)))


def count_writes(case, kit, monkeypatch):
    counted = []
    with monkeypatch.context() as patch:
        for name in WRITES:
            write = getattr(FileStore, name)
            patch.setattr(
                FileStore, name, lambda s, *a, w=write: (counted.append(a[0]), w(s, *a))[1]
            )
        with case.open() as session:
            case.do(session, kit.sign)
    return counted


@pytest.mark.parametrize("after", [False, True])
def test_sealing_cut_off_anywhere_is_finished_to_the_same_bytes(tmp_path, kit, monkeypatch, after):
    """Wherever signing is cut off, opening again finishes it as if nothing had happened."""
    whole = kit.make_case(tmp_path / "whole")
    with whole.open() as session:
        whole.do(session, *kit.read_normal())
    n_writes = len(count_writes(whole, kit, monkeypatch))
    assert n_writes >= 8
    for number in range(1, n_writes + 1):
        case = kit.make_case(tmp_path / f"cut-{number}")
        with case.open() as session:
            case.do(session, *kit.read_normal())
        with monkeypatch.context() as patch, case.open() as session:
            cut_at(patch, number, after=after)
            with pytest.raises(Cut):
                case.do(session, kit.sign)
        case.ticks = whole.ticks - 1
        with case.open() as session:
            if not session.state.signed:  # the signature itself had not reached the disk
                case.do(session, kit.sign)
        assert files_of(case) == files_of(whole), f"cut at write {number}"
        assert verify_audit(case.ws).ok
        events = [e.event for e in read_chain(case.ws.store, "case1").entries]
        assert events.count("link.reading") == 1


def test_sealed_file_with_other_content_is_not_overwritten(case, kit):
    """A file already there with other bytes is a fault, not something to replace."""
    with case.open() as session:
        case.do(session, *kit.read_normal())
        case.ws.store.put_new(f"{FOLDER}/r1-1.json", b"{}\n")
        with pytest.raises(RecordMismatchError, match="other content than its journal gives"):
            case.do(session, kit.sign)


def test_signature_line_keeps_the_moment(case, kit):
    """The journal's last line holds what makes sealing repeatable under any later version."""
    sign_lesion(case, kit)
    last = json.loads(case.journal_path().read_text().splitlines()[-1])
    assert last["act"]["act"] == "sign"
    assert last["signing"]["software"]["name"] == "modic-annotate"
    assert last["signing"]["signature_class"] == "attestation"


def test_refused_signature_is_not_in_the_journal(case, kit):
    """A signature refused for its words leaves the draft open."""
    with case.open() as session:
        case.do(session, *kit.read_normal())
        n_lines = len(session.journal.entries)
        with pytest.raises(ActRefusedError):
            case.do(session, kit.sign | {"meaning": " "})
        assert len(session.journal.entries) == n_lines


def test_unsigned_journal_makes_no_reading(session):
    """A reading is only built from a journal that ends in its signature."""
    with pytest.raises(InvalidRecordError, match="no complete signature"):
        build_signature(session.journal, "0" * 64)


def test_version_is_said_even_where_nothing_is_installed(monkeypatch):
    """Run from a bare source tree the records say so."""

    def missing(_name):
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(metadata, "version", missing)
    software.cache_clear()
    try:
        assert software().version == "0+not-installed"
    finally:
        software.cache_clear()
