"""From case to case in one window: the list, the next case, a reading held elsewhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest.importorskip("napari", reason="napari is not installed (modic-annotate[gui])")

from qtpy.QtTest import QTest

from modic_annotate.conduct.worklist import reading_list
from modic_annotate.domain.finding import Origin
from modic_annotate.session import acts
from modic_annotate.session.apply import apply_acts
from modic_annotate.session.session import ReadingSession, open_session
from modic_annotate.store.workspace import Workspace
from modic_annotate_napari.attention import Attention
from modic_annotate_napari.canvases import Canvases
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.replay.hands import Hands
from tests.plugin.room.many_cases import add_case, copy_study

FIRST, SECOND, THIRD = "K7Q-04", "K7Q-05", "K7Q-06"
READER = "R01"


@pytest.fixture(scope="module")
def three_cases(linked_case: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with three linked cases, never written to again."""
    root = tmp_path_factory.mktemp("three")
    ws = Path(shutil.copytree(linked_case, root / "ws"))
    for number, record_id in enumerate((SECOND, THIRD), start=2):
        add_case(ws, record_id, copy_study(root / record_id, number), f"S{number}")
    return ws


@pytest.fixture
def workspace(three_cases: Path, tmp_path: Path) -> Path:
    """A copy of the three cases to write to."""
    return Path(shutil.copytree(three_cases, tmp_path / "ws"))


@pytest.fixture
def sign(workspace: Path, truth):
    """A function that signs a case without a window."""

    def run(record_id: str, *more: str) -> None:
        apply_acts(Workspace.open(workspace), record_id, READER, truth.acts, lambda _: None)

    return run


def painted(opened) -> bool:
    """Whether every canvas of the room on the screen has shown a slice."""
    room = opened.room
    return all(room.coverage.seen(used.role) for used, _ in room.canvases.panels)


def test_enter_after_the_end_of_a_case_opens_the_next_in_the_same_window(open_room, until):
    """Returned to the site, Enter opens the next unfinished case where the last one stood."""
    opened = open_room()
    window, first = opened.host.window, opened.room
    Hands(first).press("t")
    Hands(first).type("no STIR")
    assert first.session.state.returned_to_site == "no STIR"
    until(lambda: SECOND in first.side.prompt.hint)
    Hands(first).press("Enter")
    until(lambda: opened.room is not first and painted(opened))
    assert opened.room.case.record_id == SECOND
    assert opened.host.window is window
    assert opened.room.window() is window
    assert window.centralWidget().isAncestorOf(opened.room)
    assert not first.session.is_held
    Hands(opened.room).press("d")
    assert isinstance(opened.room.session.journal.entries[-1].act, acts.RateQuality)


def test_the_next_case_is_loaded_before_it_is_opened(open_room, until, monkeypatch):
    """A case that was loaded ahead opens without a look at its pixel files."""
    opened = open_room()
    opened.ahead.look(FIRST)
    opened.ahead.finish()
    assert not (Workspace.open(opened.opener.workspace).root / f"readings/{SECOND}").exists()
    monkeypatch.setattr("modic_annotate.store.images.open_series", pytest.fail)
    monkeypatch.setattr(opened, "_own_title", True)
    before = opened.host.viewer.title
    assert opened.open_next() == SECOND
    until(lambda: painted(opened))
    assert opened.host.viewer.title == f"modic-annotate - case {SECOND}"
    opened.host.viewer.title = before


def test_the_next_case_is_drawn_before_it_is_opened(open_room, until, settle):
    """Its canvases are made, unseen, in their size; the switch shows them and makes no others."""
    opened = open_room()
    opened.finish()
    ahead = [c for c in opened.room.parentWidget().findChildren(Canvases) if not c.isVisible()]
    assert len(ahead) == 1
    panels = [panel for _, panel in ahead[0].panels]
    assert [p.canvas_widget.size() for p in panels] == [
        p.canvas_widget.size() for _, p in opened.room.canvases.panels
    ]
    assert all(p.canvas_widget.isValid() for p in panels)
    assert opened.open_next() == SECOND
    assert opened.room.canvases is ahead[0]
    until(lambda: painted(opened))
    until(lambda: len(opened.room.parentWidget().findChildren(Canvases)) == 1)


def test_canvases_of_a_case_nobody_opened_are_closed(open_room, until):
    """Another case than the next is opened, or none: what was drawn ahead is let go."""
    opened = open_room()
    opened.finish()
    opened.open_case(THIRD)
    until(lambda: painted(opened))
    until(lambda: len(opened.room.parentWidget().findChildren(Canvases)) == 1)
    opened.finish()
    central = opened.room.parentWidget()
    assert len(central.findChildren(Canvases)) == 2
    opened.host.dispose()
    until(lambda: not central.findChildren(Canvases))


def test_a_case_signed_in_another_window_meanwhile_is_not_the_next(open_room, sign):
    """The list may be out of date; what it names is looked at again before it is opened."""
    opened = open_room()
    opened.ahead.look(FIRST)
    opened.ahead.finish()
    sign(SECOND)
    assert opened.ahead.next(FIRST) == THIRD


def test_a_window_closed_while_the_next_case_loads_ends_at_once(open_room, workspace):
    """Closing stops the loading; a key pressed just before opens nothing and holds nothing."""
    opened = open_room()
    opened.ahead.look(FIRST)
    opened.room.wished.emit("next", "")
    opened.host.dispose()
    Hands(opened.room).settle()
    with open_session(Workspace.open(workspace), SECOND, READER) as session:
        assert session.is_held
    assert opened.ahead.take(SECOND) is None


def test_what_cannot_be_loaded_ahead_is_said_when_it_is_opened(open_room, workspace, until):
    """Images that are gone disturb nobody until their case is opened; the present one stays."""
    shutil.rmtree(workspace / f"images/{SECOND}")
    opened = open_room()
    opened.ahead.look(FIRST)
    opened.ahead.finish()
    assert opened.room.footer.message.text() == ""
    opened.room.wished.emit("next", "")
    until(lambda: "K7Q-05" in opened.room.footer.message.text())
    assert opened.room.case.record_id == FIRST
    assert opened.room.session.is_held


def test_with_nothing_left_the_room_says_so(open_room, sign, settle):
    """Where every case is done, Enter says that nothing is left."""
    for record_id in (SECOND, THIRD):
        sign(record_id)
    opened = open_room()
    assert opened.open_next() is None
    assert "Nothing is left to read" in opened.room.footer.message.text()


def test_the_list_shows_what_is_next_first(open_room, sign, until):
    """Ctrl+L lists the reader's cases, the next one marked; Enter opens it, Escape leaves."""
    sign(SECOND)
    opened = open_room()
    opened.ahead.look(FIRST)
    opened.ahead.finish()
    hands, room = Hands(opened.room), opened.room
    until(lambda: room.cases.items is not None)
    hands.press("Ctrl+L")
    shown = room.cases.list
    assert shown.isVisible()
    assert [(row.record_id, row.words) for row in shown.rows] == [
        (FIRST, "begun, 0 of 12"),
        (THIRD, "not begun"),
        (SECOND, "signed"),
    ]
    assert shown.at.record_id == THIRD
    hands.press("Escape")
    assert not shown.isVisible()
    hands.press("Ctrl+L", "Down", "2", "Enter")
    until(lambda: opened.room is not room)
    assert opened.room.case.record_id == SECOND
    assert opened.room.desk.step == Step.SIGN
    assert not [e for e in room.session.journal.entries if isinstance(e.act, acts.Grade)]


def test_the_case_in_the_header_opens_the_list(open_room):
    """The mouse reaches the list too, but not while a question is open."""
    opened = open_room()
    (name,) = [t for t in opened.room.header.findChildren(object) if _text(t) == f"Case {FIRST}"]
    Hands(opened.room).press("n")
    QTest.mouseClick(name, _left())
    assert not opened.room.cases.list.isVisible()
    assert "open question" in opened.room.footer.message.text()
    opened.room.desk.ask(None)
    QTest.mouseClick(name, _left())
    assert opened.room.cases.list.isVisible()


def _text(widget: object) -> str:
    text = getattr(widget, "text", None)
    return str(text()) if callable(text) else ""


def _left():
    from qtpy.QtCore import Qt

    return Qt.MouseButton.LeftButton


def test_a_returned_case_comes_back_with_its_new_series(open_room, workspace, tmp_path, until):
    """After other images are linked, a returned case is on the list again and reads afresh."""
    with open_session(Workspace.open(workspace), FIRST, READER) as session:
        session.act(acts.ReturnToSite(reason="no STIR"), Origin.KEY)
    states = {i.record_id: i.state for i in reading_list(Workspace.open(workspace), READER)}
    assert states[FIRST] == "returned"
    _link_again(workspace, copy_study(tmp_path / "again", 9))
    items = reading_list(Workspace.open(workspace), READER)
    assert (items[0].record_id, items[0].state) == (FIRST, "new_series")
    opened = open_room()
    assert opened.room.session.journal.header.reading_id == f"{READER}-2"
    assert opened.room.session.state.returned_to_site is None


def _link_again(workspace: Path, study: Path) -> None:
    from modic_annotate.conduct.link import link_study

    link_study(Workspace.open(workspace), FIRST, [study], by="coordinator")


# a reading that another window holds


def test_a_held_reading_opens_to_be_looked_at_and_says_who_holds_it(open_room, workspace, until):
    """The second window is read only: keys that act are refused with who holds it since when."""
    with open_session(Workspace.open(workspace), FIRST, READER) as holder:
        opened = open_room()
        room = opened.room
        assert not room.session.is_held
        assert "read only" in [_text(w) for w in room.header.findChildren(object)]
        for key in ("d", "u", "n", "f", "t", "Backspace", "Enter"):
            room.desk.say("")
            Hands(room).press(key)
            said = room.footer.message.text()
            assert "Read only: open in another window since" in said, key
            assert f"by reader {READER}" in said
            assert room.desk.prompt is None
        holder.act(acts.Note(text="theirs"), Origin.KEY)
        before = len(holder.journal.entries)
        Hands(room).press("Ctrl+R")
        until(lambda: opened.room is not room)
        assert opened.room.session.state.note == "theirs"
        assert not opened.room.session.is_held
        assert len(holder.journal.entries) == before
    room = opened.room
    Hands(room).press("Ctrl+R")
    until(lambda: opened.room is not room)
    assert opened.room.session.is_held
    Hands(opened.room).press("d")
    assert isinstance(opened.room.session.journal.entries[-1].act, acts.RateQuality)


def test_a_reading_of_ones_own_is_not_taken_over(open_room):
    """Ctrl+R on a reading that is held here changes nothing."""
    opened = open_room()
    Hands(opened.room).press("Ctrl+R")
    assert "yours already" in opened.room.footer.message.text()


def test_an_amendment_asks_for_its_reason(open_room, sign, until, workspace):
    """A signed reading is amended in the same window once a reason is given, not without."""
    opened = open_room()
    sign(SECOND)
    opened.open_case(SECOND)
    room = opened.room
    Hands(room).press("u")
    Hands(room).type("")
    assert "needs an answer" in room.footer.message.text()
    Hands(room).type("the report counts another level")
    until(lambda: opened.room is not room)
    session = opened.room.session
    assert session.journal.header.amends.reason == "the report counts another level"
    assert not session.state.signed
    assert ReadingSession.look(
        Workspace.open(workspace), SECOND, READER, f"{READER}-1"
    ).state.signed


# attention


def test_attention_is_journalled_ahead_of_the_grade_and_where_the_reader_turns_away(
    open_room, number
):
    """One entry comes before a grade and one on leaving; fields, undo and looks write none."""
    hands = Hands(open_room().room)
    number(hands)
    room, clock = hands.room, [0.0]
    watch = Attention(in_view=room.desk.views.in_t1_view, clock=lambda: clock[0])
    watch.turn(room.desk.active)
    room.attention.watch = watch
    first, second = room.session.scope[:2]

    def wait(seconds: float) -> None:
        room.attention.stir()
        clock[0] += seconds
        room.attention.stir()

    wait(12)
    hands.press("2", "c", "s")
    wait(5)
    hands.press("Down", "Down")
    wait(0.2)
    hands.press("0")
    attended = [e.act for e in room.session.journal.entries if isinstance(e.act, acts.Attend)]
    assert [(a.endplate, a.seconds) for a in attended][:2] == [(first, 12), (first, 5)]
    assert second not in [a.endplate for a in attended]
    kinds = [e.act.act for e in room.session.journal.entries]
    place = kinds.index("grade")
    assert kinds[place - 1] == "attend"
    assert kinds.count("attend") == 3
    shown = " ".join(_text(w) for w in room.findChildren(object))
    assert "12 s" not in shown


def test_a_file_leaves_no_attention(open_room, number):
    """Where an acts file drives the room nobody looks, and nothing is noted."""
    hands = Hands(open_room(driven_by="acts_file").room)
    number(hands)
    hands.press("0")
    kinds = {e.act.act for e in hands.room.session.journal.entries}
    assert "attend" not in kinds
