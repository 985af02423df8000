"""When an endplate was first seen and how long it was active: out of the journal, never guessed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from modic_annotate.domain.spine import Endplate
from modic_annotate.errors import ActRefusedError
from modic_annotate.session.apply import apply_acts
from modic_annotate.session.attention import with_times
from modic_annotate.session.session import ReadingSession
from tests.session.conftest import START

L4, L5 = Endplate.parse("L4-inferior"), Endplate.parse("L5-inferior")


def attend(endplate, after_s, seconds):
    since = (START + timedelta(seconds=after_s)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"act": "attend", "endplate": str(endplate), "since": since, "seconds": seconds}


def grade(endplate):
    return {"act": "grade", "endplate": str(endplate), "modic": "absent"}


def signed_finding(case, session, kit, endplate):
    """Sign what is left as normal and return one finding of the sealed reading."""
    case.do(session, *kit.show_all(), {"act": "all_remaining_none"}, kit.sign)
    reading, _ = case.ws.reading(case.record, session.journal.header.reading_id)
    return reading.finding(endplate)


def test_stretches_add_up_and_the_first_sight_stays(case, numbered, kit):
    """Two stretches at an endplate are summed; what was never active has no times at all."""
    case.do(numbered, attend(L4, 40, 7), grade(L4), attend(L4, 90, 5))
    finding = signed_finding(case, numbered, kit, L4)
    assert finding.first_view_at == START + timedelta(seconds=40)
    assert finding.active_seconds == 12
    reading, _ = case.ws.reading(case.record, numbered.journal.header.reading_id)
    bulk = reading.finding(L5)
    assert (bulk.first_view_at, bulk.active_seconds) == (None, None)


def test_undo_does_not_take_attention_back(case, numbered):
    """Undo passes over it, says nothing of it, and redo stays possible across it."""
    case.do(numbered, attend(L4, 40, 7), grade(L4))
    words = numbered.last_words
    case.do(numbered, {"act": "undo"}, attend(L4, 50, 3), {"act": "redo"})
    assert numbered.state.findings[L4].is_read
    assert [one.seconds for one in numbered.state.attended] == [10]
    case.do(numbered, attend(L4, 60, 1))
    assert numbered.last_words == f"Done again: {words}"


def test_attention_stays_with_its_body_when_labels_slide(case, numbered):
    """What was given to a body is the body's, under whatever label it is signed, undone or not."""

    def seconds(session):
        found = with_times(session.state)
        return {str(f.endplate): f.active_seconds for f in found if f.active_seconds}

    case.do(numbered, attend(L4, 40, 7), {"act": "reopen_numbering", "reason": "an L6"})
    case.do(numbered, {"act": "state_numbering", "lumbar_count": 6})
    assert seconds(numbered) == {"L5-inferior": 7}
    case.do(numbered, {"act": "undo"})
    assert seconds(numbered) == {"L4-inferior": 7}


def test_a_second_process_reads_the_same_times(case, numbered):
    """Replaying the journal gives the attention as it was noted live."""
    case.do(numbered, attend(L4, 40, 7), grade(L4))
    seen = ReadingSession.look(case.ws, case.record, case.reader)
    assert seen.state.attended == numbered.state.attended


def test_a_file_has_no_eyes(case, numbered, kit, tmp_path):
    """An acts file that claims attention is refused at that line."""
    numbered.close()
    path = case.write_acts(tmp_path / "a.jsonl", attend(L4, 40, 7))
    with pytest.raises(ActRefusedError, match=r"line 1: A file has no eyes"):
        apply_acts(case.ws, case.record, case.reader, path, lambda _: None)


def test_an_endplate_outside_the_spine_is_not_attended(case, numbered):
    """Only an endplate in scope can have been the active one."""
    with pytest.raises(ActRefusedError, match="not read in this spine"):
        case.do(numbered, attend(Endplate.parse("L6-inferior"), 1, 1))


def test_an_amendment_adds_to_what_was(case, numbered, kit):
    """An amendment goes on from the times of the reading it amends."""
    case.do(numbered, attend(L4, 40, 7), grade(L4))
    before = signed_finding(case, numbered, kit, L4)
    numbered.close()
    with case.open(amends="r1-1", reason="looked again") as session:
        case.do(session, attend(L4, 900, 20), kit.sign)
        reading, _ = case.ws.reading(case.record, "r1-2")
    after = reading.finding(L4)
    assert after.first_view_at == before.first_view_at
    assert after.active_seconds == 27
