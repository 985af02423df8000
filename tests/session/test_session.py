"""Opening, holding, resuming and amending readings."""

from __future__ import annotations

import subprocess
import sys

import pytest

from modic_annotate.domain.modic import Presence
from modic_annotate.domain.readers import Reader
from modic_annotate.domain.reading import ScreeningLink, SignatureClass
from modic_annotate.domain.spine import Endplate
from modic_annotate.errors import (
    ActRefusedError,
    AlreadyExistsError,
    DraftInUseError,
    ReadingSignedError,
    RecordMismatchError,
    UnknownReaderError,
    UnknownRecordError,
)
from modic_annotate.session import load_reading, start_reading
from modic_annotate.session.session import ReadingSession, open_session
from modic_annotate.store.audit import verify_audit
from modic_annotate.store.canonical import canonical_bytes
from modic_annotate.store.passphrase import hash_passphrase

L4_INF = Endplate.parse("L4-inferior")


def sign_normal(case, kit, **terms):
    with case.open(**terms) as session:
        case.do(session, *kit.read_normal(), kit.sign)


def test_second_opening_is_refused_while_one_is_open(case, session):
    """A reading that is open elsewhere is refused, and the message says so."""
    with pytest.raises(DraftInUseError, match="in use"):
        case.open()


def test_second_process_is_refused(case, session):
    """Another process that opens the same draft is told that it is in use."""
    program = (
        "import sys\n"
        "from modic_annotate.errors import DraftInUseError\n"
        "from modic_annotate.session import start_reading\n"
        "try:\n"
        "    start_reading(sys.argv[1], 'case1', 'r1')\n"
        "except DraftInUseError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(case.ws.root)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "in use by another process" in done.stdout


def test_closing_lets_the_next_one_in(case):
    """After closing, the reading is resumed where it stood."""
    with case.open() as session:
        case.do(session, {"act": "note", "text": "half way"})
    with case.open() as session:
        assert session.state.note == "half way"
        assert session.journal.header.reading_id == "r1-1"


def test_closed_session_refuses_acts(case):
    """A session that let go of its reading cannot act on it any more."""
    session = case.open()
    session.close()
    session.close()
    with pytest.raises(ActRefusedError, match="look at only"):
        case.do(session, {"act": "note", "text": "late"})


def test_two_readers_read_the_same_record_at_once(case):
    """Readings of two readers never meet."""
    case.ws.add_reader(Reader(id="r2"))
    with case.open() as one, open_session(case.ws, "case1", "r2", case.terms()) as two:
        case.do(one, {"act": "note", "text": "one"})
        assert two.state.note == ""
        assert two.journal.header.reading_id == "r2-1"


def test_ids_are_found_without_regard_to_case(case):
    """Record and reader are found in any spelling and stored in their own."""
    with open_session(case.ws, "CASE1", "R1", case.terms()):
        pass
    assert case.journal_path().exists()


@pytest.mark.parametrize(
    ("record", "reader", "error"),
    [("nobody", "r1", UnknownRecordError), ("case1", "nobody", UnknownReaderError)],
)
def test_unknown_record_or_reader_is_refused(case, record, reader, error):
    """Only registered readers read, and only records that are there."""
    with pytest.raises(error):
        open_session(case.ws, record, reader)


def test_reading_that_was_never_begun_cannot_be_looked_at(case, kit):
    """A look names an existing reading, the newest where none is named."""
    with case.open() as session:
        case.do(session, {"act": "note", "text": "a"})
    assert ReadingSession.look(case.ws, "case1", "r1", "r1-1").state.note == "a"
    with pytest.raises(UnknownRecordError, match="no such reading"):
        ReadingSession.look(case.ws, "case1", "r1", "r1-9")


def test_fat_suppressed_series_alone_is_no_reading(case, kit):
    """Without a T1 or T2 series nothing can be signed."""
    fs = [s for s in kit.three_series() if s.role == "SAG_FS"]
    case.put_images(*fs)
    with case.open() as session:
        assert "no sagittal T1 or T2 series is there to read" in session.missing()


def test_starting_twice_and_resuming_nothing_are_refused(case):
    """A draft is begun once and resumed afterwards."""
    with pytest.raises(UnknownRecordError, match="has begun no such reading"):
        ReadingSession.resume(case.ws, "case1", "r1")
    with case.open():
        pass
    with pytest.raises(AlreadyExistsError, match="resume it"):
        ReadingSession.start(case.ws, "case1", "r1")


def test_refused_opening_lets_go_of_the_lock(case):
    """An opening that fails leaves the reading free."""
    with case.open():
        pass
    with pytest.raises(AlreadyExistsError):
        ReadingSession.start(case.ws, "case1", "r1")
    with case.open():
        pass


def test_changed_images_stop_a_draft(case, kit):
    """A draft does not go on over images other than those it began with."""
    with case.open():
        pass
    t1, *others = kit.three_series()
    first, *rest = t1.instances
    case.put_images(t1.replace(instances=(first.replace(pixel_sha256="0" * 64), *rest)), *others)
    with pytest.raises(RecordMismatchError, match="not those reading r1-1 began with"):
        case.open()


def test_record_without_readable_series_is_refused(case):
    """There is nothing to read where no series can be read."""
    case.put_images()
    with pytest.raises(UnknownRecordError, match="no series that can be read"):
        case.open()


def test_images_that_no_link_stands_for_are_not_read(case):
    """Images that a killed link left in place were compared with nobody: no reading begins."""
    record, _ = case.ws.screening("case1")
    case.ws.add_screening(record.replace(record_id="case2"), "coordinator")
    index = case.ws.images("case1").replace(record_id="case2")
    case.ws.store.put_new("images/case2/index.json", canonical_bytes(index))
    with pytest.raises(UnknownRecordError, match="Record case2 has no linked study; link its MRI"):
        open_session(case.ws, "case2", "r1")
    assert case.ws.store.list("readings") == ()


def test_changed_protocol_text_stops_a_draft(case):
    """A draft begun under another text of its protocol is refused."""
    with case.open() as session:
        digest = session.protocol.sha256
    path = case.journal_path()
    path.write_bytes(path.read_bytes().replace(digest.encode(), b"0" * 64))
    with pytest.raises(RecordMismatchError, match="another text of protocol"):
        case.open()


def test_returned_case_begins_anew_with_new_images(case, kit):
    """A returned case stays closed until other images are linked, then a new reading begins."""
    with case.open() as session:
        case.do(session, {"act": "return_to_site", "reason": "motion"})
    with case.open() as session:
        assert session.state.returned_to_site == "motion"
    with pytest.raises(ActRefusedError, match="link the new images first"):
        ReadingSession.start(case.ws, "case1", "r1")
    case.put_images(*kit.three_series()[:2])
    with case.open() as session:
        assert session.journal.header.reading_id == "r1-2"
        assert session.state.returned_to_site is None


def test_views_hear_of_each_act(case, session):
    """Views get the state before, the state after and the act."""
    heard = []
    session.changed.connect(lambda *told: heard.append(told))
    case.do(session, {"act": "note", "text": "a"})
    ((old, new, act),) = heard
    assert (old.note, new.note, act.act) == ("", "a", "note")
    assert session.state is new


def test_assigned_link_is_taken_without_the_record(case):
    """A blinded reading takes the record revision from its assignment, unopened."""
    link = ScreeningLink(trial_id="trial", record_id="case1", revision=7, sha256="a" * 64)
    with case.open(link=link) as session:
        assert session.journal.header.screening == link


def test_signed_reading_opens_to_be_looked_at(case, kit):
    """A signed reading opens again, signed, and refuses acts."""
    sign_normal(case, kit)
    with case.open() as session:
        assert session.state.signed
        with pytest.raises(ReadingSignedError):
            case.do(session, {"act": "note", "text": "late"})
    with pytest.raises(ReadingSignedError, match="start an amendment"):
        ReadingSession.start(case.ws, "case1", "r1")


def amend(case, kit, *acts, **terms):
    terms = {"amends": "r1-1", "reason": "contour seen again"} | terms
    with case.open(**terms) as session:
        case.do(session, *acts)
        return session


def test_amendment_begins_from_what_was_signed(case, kit):
    """An amendment holds all that was signed, is signed anew and supersedes the first."""
    sign_normal(case, kit)
    first, digest = case.ws.reading("case1", "r1-1")
    reopen = {"act": "clear_finding", "endplate": "L4-inferior"}
    session = amend(case, kit, reopen, *kit.read_lesion(), kit.sign)
    assert session.journal.header.amends.sha256 == digest
    second, _ = case.ws.reading("case1", "r1-2")
    assert (second.supersedes, second.amendment_reason) == ("r1-1", "contour seen again")
    assert second.finding(L4_INF).modic == Presence.PRESENT
    assert second.numbering == first.numbering
    assert {c.shown_percent for c in second.coverage} == {100}
    others = [f for f in second.findings if f.endplate != L4_INF]
    assert others == [f for f in first.findings if f.endplate != L4_INF]
    assert [link.reading_id for link in case.ws.links("case1")[1:]] == ["r1-1", "r1-2"]
    assert verify_audit(case.ws).ok


def test_amendment_is_resumed_like_any_draft(case, kit):
    """An amendment begun and closed goes on without being asked for again."""
    sign_normal(case, kit)
    amend(case, kit, {"act": "note", "text": "second look"})
    with case.open() as session:
        assert session.state.note == "second look"
        assert session.journal.header.reading_id == "r1-2"


@pytest.mark.parametrize(
    ("terms", "error", "why"),
    [
        ({"reason": None}, ActRefusedError, "needs its reason"),
        ({"amends": "r1-7"}, UnknownRecordError, "not the last signed reading"),
    ],
)
def test_amendment_needs_its_reading_and_reason(case, kit, terms, error, why):
    """An amendment without a reason, or of another reading, is refused."""
    sign_normal(case, kit)
    with pytest.raises(error, match=why):
        amend(case, kit, **terms)


def test_amendment_of_a_changed_reading_is_refused(case, kit):
    """An amendment does not go on from a reading whose bytes are not those it began from."""
    sign_normal(case, kit)
    amend(case, kit)
    path = case.ws.root / "readings/case1/r1/r1-1.json"
    path.write_bytes(path.read_bytes().replace(b'"note":""', b'"note":"x"', 1))
    with pytest.raises(RecordMismatchError, match="not as it was when its amendment began"):
        case.open()


def test_amending_a_scripted_reading_stays_scripted(case, kit):
    """A person's amendment of a demonstration is still of class scripted-demo."""
    sign_normal(case, kit, driven_by="acts_file")
    amend(case, kit, {"act": "note", "text": "mine"}, kit.sign)
    signature, _ = case.ws.signature("case1", "r1-2")
    assert signature.signature_class == SignatureClass.SCRIPTED_DEMO
    assert case.ws.reading("case1", "r1-2")[0].scripted


def test_passphrase_makes_the_signature_electronic(case, kit):
    """A reader with a passphrase signs with it, and the class says electronic."""
    secret = "correct horse battery"  # noqa: S105 - made up for this test
    case.ws.update_reader(case.ws.reader("r1").replace(passphrase=hash_passphrase(secret)))
    with case.open() as session:
        case.do(session, *kit.read_normal())
        with pytest.raises(ActRefusedError, match="signs with a passphrase"):
            case.do(session, kit.sign)
        with pytest.raises(ActRefusedError, match="not the passphrase"):
            session.authenticate("something else")
        session.authenticate(secret)
        case.do(session, kit.sign)
    signature, _ = case.ws.signature("case1", "r1-1")
    assert signature.signature_class == SignatureClass.ELECTRONIC


def test_reader_without_passphrase_has_none_to_check(case, session):
    """Where no passphrase is set there is none to accept."""
    with pytest.raises(ActRefusedError, match="not the passphrase"):
        session.authenticate("anything at all")


def test_stray_files_among_the_journals_are_passed_over(case):
    """A file somebody put beside the journals is no reading."""
    with case.open():
        pass
    case.journal_path().with_name("notes.journal.jsonl").write_text("mine\n")
    with case.open() as session:
        assert session.journal.header.reading_id == "r1-1"


def test_acts_are_read_without_image_libraries():
    """Importing the session loads neither DICOM nor window libraries."""
    program = (
        "import sys, modic_annotate.session.apply\n"
        "heavy = {'pydicom', 'highdicom', 'skimage', 'napari', 'qtpy', 'vispy', 'gdcm'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_python_entry_points_open_and_load(case, kit):
    """The package's own functions start a reading and load a signed one from its file."""
    sign_normal(case, kit)
    with start_reading(case.ws.root, "case1", "r1") as session:
        assert session.state.signed
    reading = load_reading(case.ws.root / "readings/case1/r1/r1-1.json")
    assert reading.reading_id == "r1-1"
    with pytest.raises(UnknownRecordError, match="cannot be read"):
        load_reading(case.ws.root / "none.json")
