"""The journal on disk: chained, one line an act, torn ends cut, broken middles named."""

from __future__ import annotations

import json

import pytest

from modic_annotate.domain.finding import Origin
from modic_annotate.errors import InvalidRecordError, RecordError, SchemaVersionError
from modic_annotate.session.journal import Journal
from modic_annotate.store.audit import verify_audit
from modic_annotate.store.canonical import sha256_hex


def lines_of(case):
    return case.journal_path().read_bytes().split(b"\n")[:-1]


def test_one_line_an_act_each_chained_to_the_one_before(case, session, kit):
    """After its header the journal has exactly one line per act, ending in a brace, chained."""
    case.do(session, *kit.number_the_spine())
    header, *acts = lines_of(case)
    assert json.loads(header)["schema"] == "modic-annotate/journal/1"
    assert len(acts) == len(kit.number_the_spine())
    before = header
    for number, line in enumerate(acts, start=1):
        entry = json.loads(line)
        assert line.endswith(b"}")
        assert (entry["n"], entry["prev"]) == (number, sha256_hex(before))
        before = line


def test_header_says_what_is_read_under_which_rules(case, session):
    """The header names record revision, reader, protocol and the series with their hashes."""
    header = session.journal.header
    assert (header.screening.record_id, header.screening.revision) == ("case1", 1)
    assert header.reader.id == "r1"
    assert header.protocol == session.protocol.ref
    assert {s.role for s in header.series} == {"SAG_T1", "SAG_T2", "SAG_FS"}


def test_entry_keeps_origin_time_and_null_values(case, numbered):
    """An entry says who made the act how and when; a null value stays in it."""
    act = {"act": "set_disc_field", "disc": "L4/5", "field": "stenosis", "value": None}
    case.do(numbered, act, origin=Origin.MOUSE)
    entry = json.loads(lines_of(case)[-1])
    assert (entry["origin"], entry["driver"]) == ("mouse", "person")
    assert entry["act"]["value"] is None
    assert entry["at"].endswith("Z")


def test_torn_last_line_is_cut_reported_and_no_audit_fault(case, kit):
    """What a crash left of a line is cut away, told in the audit trail, and no fault."""
    with case.open() as session:
        case.do(session, *kit.number_the_spine())
    path = case.journal_path()
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"act":{"act":"note","te')
    with case.open() as session:
        assert session.journal.torn == b'{"act":{"act":"note","te'
        assert path.read_bytes() == whole
    report = verify_audit(case.ws)
    assert report.ok
    audit = (case.ws.root / "audit/case1.jsonl").read_text()
    assert "reading.torn_line_dropped" in audit


def test_looking_leaves_a_torn_line_where_it_is(case, kit):
    """A read-only look neither needs the lock nor repairs anything."""
    with case.open() as session:
        case.do(session, *kit.number_the_spine())
        path = case.journal_path()
        path.write_bytes(path.read_bytes() + b"{")
        seen = type(session).look(case.ws, case.record, case.reader)
        assert seen.state == session.state
        assert path.read_bytes().endswith(b"{")


def test_torn_header_begins_again(case):
    """A journal whose header was never whole holds nothing and is begun anew."""
    with case.open():
        pass
    path = case.journal_path()
    path.write_bytes(path.read_bytes()[:40])
    with case.open() as session:
        assert session.journal.header.reading_id == "r1-1"
    assert len(lines_of(case)) == 1


@pytest.mark.parametrize(
    ("damage", "where"),
    [
        (lambda ls: [*ls[:3], ls[3].replace(b"L4", b"L3"), *ls[4:]], "line 5"),
        (lambda ls: [*ls[:3], *ls[4:]], "line 4"),
        (lambda ls: [*ls[:3], ls[4], ls[3], *ls[5:]], "line 4"),
        (lambda ls: [*ls[:3], ls[3], ls[3], *ls[4:]], "line 5"),
        (lambda ls: [*ls[:3], b"not json", *ls[4:]], "line 4"),
        (lambda ls: [ls[0].replace(b"r1-1", b"r1-9"), *ls[1:]], "line 2"),
    ],
    ids=["changed", "removed", "swapped", "doubled", "garbage", "header"],
)
def test_broken_chain_names_its_line(case, kit, damage, where):
    """A line changed, removed, moved or added in the middle is found and named."""
    with case.open() as session:
        case.do(session, *kit.number_the_spine())
    path = case.journal_path()
    path.write_bytes(b"\n".join(damage(lines_of(case))) + b"\n")
    with pytest.raises(InvalidRecordError, match=rf"r1-1.journal.jsonl {where}"):
        case.open()


def test_journal_of_another_version_is_named(case):
    """A journal under another schema is refused with both schemas."""
    with case.open():
        pass
    path = case.journal_path()
    path.write_bytes(path.read_bytes().replace(b"journal/1", b"journal/9"))
    with pytest.raises(SchemaVersionError, match="journal/9"):
        case.open()


def test_act_that_cannot_be_written_did_not_happen(case, session, monkeypatch):
    """On a full disk the act is refused, the state stays, and the next act goes on."""

    def full(_key, _line):
        raise RecordError("r1-1.journal.jsonl could not be written: No space left on device")

    before = session.state
    with monkeypatch.context() as patch:
        patch.setattr(case.ws.store, "append", full)
        with pytest.raises(RecordError, match="No space left"):
            case.do(session, {"act": "note", "text": "lost"})
    assert session.state is before
    assert not session.can_undo
    case.do(session, {"act": "note", "text": "kept"})
    assert Journal.open(case.ws.store, session.journal.key).entries[-1].n == 1
