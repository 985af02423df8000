"""Two processes on one draft: one holds it, any other may look and none may read."""

from __future__ import annotations

import getpass
import json
import re
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from modic_annotate.errors import ActRefusedError, DraftInUseError
from modic_annotate.session.holder import held_words
from modic_annotate.session.session import ReadingSession, open_session

SCRIPT = Path(__file__).with_name("hold_script.py")
WAIT_S = 60


class Holder:
    """Another process that holds the reading."""

    def __init__(self, process):
        self._process = process

    def send(self, *acts):
        """Give acts to make, without waiting."""
        self._process.stdin.write("".join(json.dumps(act) + "\n" for act in acts))
        self._process.stdin.flush()

    def hear(self):
        """Wait for its next word."""
        return self._process.stdout.readline().strip()

    def make(self, *acts):
        """Make acts over there and wait until they are durable."""
        self.send(*acts)
        return [self.hear() for _ in acts][-1]

    def leave(self):
        """Let it close the reading and return its exit code."""
        self._process.stdin.close()
        return self._process.wait(WAIT_S)


@contextmanager
def held(case):
    """Let another process hold the case's reading."""
    command = [sys.executable, str(SCRIPT), str(case.ws.root), case.record, case.reader]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            holder = Holder(process)
            assert holder.hear() == "open"
            yield holder
        finally:
            process.kill()


def look(case):
    return ReadingSession.look(case.ws, case.record, case.reader)


def files(case):
    """Return the bytes of all files of the workspace, locks included."""
    root = case.ws.root
    return {p: p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_looking_beside_the_holder_sees_what_is_durable_and_changes_nothing(case, kit):
    """A look shows the holder's last durable act, refuses acts and leaves every file as it was."""
    with held(case) as holder:
        assert holder.make(*kit.number_the_spine()) == "made 9"
        before = files(case)
        seen = look(case)
        assert seen.state.numbering.signed_at is not None
        with pytest.raises(ActRefusedError, match="to look at only"):
            case.do(seen, {"act": "note", "text": "mine"})
        seen.close()
        assert files(case) == before
        assert holder.make({"act": "note", "text": "theirs"}) == "made 10"
        assert look(case).state.note == "theirs"
        assert seen.state.note == ""


def test_the_holder_alone_reads_until_it_leaves(case):
    """Another process is refused while the reading is held, looked at or not; then it goes on."""
    with held(case) as holder:
        holder.make({"act": "note", "text": "theirs"})
        look(case)
        with pytest.raises(DraftInUseError, match="in use by another process"):
            open_session(case.ws, case.record, case.reader, case.terms())
        assert holder.leave() == 0
    with case.open() as session:
        assert session.state.note == "theirs"


def test_every_look_at_a_busy_reading_is_whole(case):
    """While another process writes act after act, each look gives a state that there was."""
    seen = [0]
    with held(case) as holder:
        for end in range(20, 161, 20):
            holder.send(*({"act": "note", "text": str(n)} for n in range(end - 19, end + 1)))
            while seen[-1] < end:
                session = look(case)
                seen.append(int(session.state.note or 0))
                assert len(session.journal.entries) == seen[-1] >= seen[-2]
        assert [holder.hear() for _ in range(160)][-1] == "made 160"


def test_a_killed_holder_lets_go(case):
    """Where the holder is killed the reading goes on with all it had made."""
    with held(case) as holder:
        holder.make({"act": "note", "text": "theirs"})
    with case.open() as session:
        assert session.state.note == "theirs"
        case.do(session, {"act": "note", "text": "mine"})
    assert look(case).state.note == "mine"


def test_who_holds_a_reading_can_be_told(case):
    """The holder notes since when, and names neither person nor computer."""
    with held(case):
        said = held_words(case.ws, case.record, case.reader)
        assert re.fullmatch(r"Read only: open in another window since \d\d:\d\d by reader r1", said)
        (note,) = (case.ws.root / ".locks").glob("*.note")
        told = note.read_text()
        assert set(json.loads(told)) <= {"since", "os_account_sha256"}
        assert getpass.getuser() not in told
        assert socket.gethostname() not in told
        seen = ReadingSession.look(case.ws, case.record, case.reader, why=said)
        with pytest.raises(ActRefusedError, match=said):
            case.do(seen, {"act": "note", "text": "mine"})
    with case.open() as session:
        assert session.is_held


def test_a_broken_note_says_less_and_nothing_wrong(case):
    """Where the note of the holder is unreadable or gone, only that it is held is told."""
    with held(case):
        (note,) = (case.ws.root / ".locks").glob("*.note")
        for content in (b"{", b""):
            note.write_bytes(content)
            said = held_words(case.ws, case.record, case.reader)
            assert said == "Read only: open in another window by reader r1"


def test_the_note_goes_with_the_holder(case):
    """A reading that is let go leaves no note behind."""
    with held(case) as holder:
        assert holder.leave() == 0
    assert not list((case.ws.root / ".locks").glob("*.note"))
