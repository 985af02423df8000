"""A reading opens no screening file: what it needs stands in the audit trail and the images."""

from __future__ import annotations

import pytest

from modic_annotate.domain.screening import Change
from modic_annotate.errors import UnknownRecordError
from modic_annotate.session.opening import Terms
from modic_annotate.session.session import ReadingSession, open_session
from modic_annotate.store.workspace import Workspace

BY_KEY = ("path", "get", "exists", "put_new", "replace", "append", "drop_torn_line", "list")


class RecordingStore:
    """A store that notes every key it is asked for, and in which way."""

    def __init__(self, store):
        self._store = store
        self.asked = []

    def __getattr__(self, name):
        method = getattr(self._store, name)
        if name not in BY_KEY:
            return method

        def noted(key, *more):
            self.asked.append((name, key))
            return method(key, *more)

        return noted

    def touched(self, folder):
        """Return what was asked of a folder, the folder itself and all keys included."""
        return [(n, k) for n, k in self.asked if k in ("", folder) or k.startswith(f"{folder}/")]


@pytest.fixture
def watched(case):
    """The case's workspace opened anew over a store that notes its keys."""
    return Workspace(RecordingStore(case.ws.store))


def test_a_reading_from_start_to_signature_asks_for_no_screening_file(case, watched, kit):
    """Started, left, resumed, signed and looked at: no key under screening/ is asked for."""
    with open_session(watched, "case1", "r1", case.terms()) as session:
        case.do(session, *kit.read_normal())
    with open_session(watched, "case1", "r1", case.terms()) as session:
        case.do(session, kit.sign)
    assert ReadingSession.look(watched, "case1", "r1").state.signed
    assert watched.store.touched("screening") == []
    assert watched.store.touched("sources") == []
    assert watched.store.touched("readings")


def test_an_id_in_another_spelling_opens_no_screening_file(case, watched):
    """An id spelled in another case may be looked up among the names, never in a file."""
    with open_session(watched, "CASE1", "R1", case.terms()) as session:
        assert session.journal.header.screening.record_id == "case1"
    assert {name for name, _ in watched.store.touched("screening")} <= {"list"}


def test_the_watch_sees_screening_files_opened(watched):
    """The watch is no blind one: opening a record is seen."""
    watched.screening("case1")
    assert watched.store.touched("screening")


def test_the_reading_points_at_the_present_revision(case):
    """The link of a reading is the newest revision's id, number and hash."""
    first, before = case.ws.screening("case1")
    change = Change(by="coordinator", at=first.change.at, reason="birth year corrected")
    second = first.replace(revision=2, previous_sha256=before, change=change)
    case.ws.add_screening(second, by="coordinator")
    record, digest = case.ws.screening("case1")
    with case.open() as session:
        link = session.journal.header.screening
    assert (link.trial_id, link.record_id) == (record.trial_id, record.record_id)
    assert (link.revision, link.sha256) == (2, digest)


def test_a_link_given_is_taken_as_it_is(case):
    """A reading that is handed its assignment looks nothing up."""
    given = case.ws.assignment("case1").replace(revision=7)
    with open_session(case.ws, "case1", "r1", case.terms(link=given)) as session:
        assert session.journal.header.screening == given


def test_without_its_audit_trail_a_reading_does_not_begin(case):
    """Where the audit trail knows no revision, the reading is refused and nothing is written."""
    case.ws.store.path("audit/case1.jsonl").unlink()
    with pytest.raises(UnknownRecordError, match="no revision of record case1"):
        open_session(case.ws, "case1", "r1", Terms())
    assert not case.journal_path().exists()
