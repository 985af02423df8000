"""The room on a screen: real events, real widgets, a real journal."""

from __future__ import annotations

import pytest

pytest.importorskip("napari", reason="napari is not installed (modic-annotate[gui])")

from qtpy.QtCore import QEvent, QPoint, Qt
from qtpy.QtGui import QKeyEvent
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication, QDockWidget, QLabel

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Endplate, Vertebra
from modic_annotate.session import acts
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.replay.hands import Hands

T1, T2 = SeriesRole.SAG_T1, SeriesRole.SAG_T2
T12_INF, L1_SUP = Endplate.parse("T12-inferior"), Endplate.parse("L1-superior")


@pytest.fixture
def hands(open_room):
    """Hands on a fresh room of 1920 x 1080."""
    return Hands(open_room().room)


@pytest.fixture
def grading(hands, number):
    """Hands on a room whose numbering is signed."""
    number(hands)
    assert hands.room.desk.step == Step.ENDPLATES
    return hands


def made(hands: Hands, kind: type) -> list:
    """The journalled entries of one kind of act."""
    return [e for e in hands.room.session.journal.entries if isinstance(e.act, kind)]


def test_title_and_header_name_the_case_alone(hands):
    """Window title and header hold the record id and no identity."""
    room = hands.room
    texts = {w.text() for w in room.header.findChildren(QLabel)}
    assert "Case K7Q-04" in texts
    assert room.window().windowTitle().startswith("modic-annotate")
    assert "S1" not in room.window().windowTitle()


def test_napari_panels_and_layers_stay_away(hands):
    """Napari's docks and status bar are hidden, and its layer list stays empty."""
    window = hands.room.window()
    docks = [d for d in window.findChildren(QDockWidget) if d.isVisible()]
    assert docks == []
    assert not window.statusBar().isVisible()
    assert window.centralWidget().isAncestorOf(hands.room)


def test_closing_gives_napari_its_window_back(open_room, until):
    """After the room is closed napari shows its own canvas and docks again."""
    opened = open_room()
    window = opened.host.window
    opened.host.dispose()
    opened.host.dispose()
    until(lambda: any(d.isVisible() for d in window.findChildren(QDockWidget)))
    assert window.statusBar().isVisible()


def test_digits_reach_the_reading(open_room, thief):
    """The start-up check finds every digit, and says so in the footer where one is lost."""
    opened = open_room()
    assert opened.host.keys.lost("0123") == ()
    thief(opened.host.window)
    opened.host.check_keys()
    assert "0, 1, 2, 3 do not reach" in opened.room.footer.message.text()


def test_numbering_by_clicks_hits_the_places_clicked(hands, truth):
    """Seven clicks give seven labelled centres where the pointer was, with origin mouse."""
    hands.press("]")
    for centre in truth.centres.values():
        hands.click(T1, centre)
    placed = made(hands, acts.PlaceBody)
    assert [e.act.vertebra for e in placed] == list(truth.centres)
    assert {e.origin for e in placed} == {Origin.MOUSE}
    grid = hands.room.session.series_in(T1).grid
    for entry in placed:
        clicked = grid.to_index(entry.act.centroid_lps_mm)
        meant = grid.to_index(truth.centres[entry.act.vertebra])
        assert abs(clicked[1:] - meant[1:]).max() <= 1.0
        assert clicked[0] == pytest.approx(round(meant[0]), abs=0.01)


def test_a_centre_can_be_dragged(hands, truth):
    """Dragging a centre with the left button moves that body."""
    hands.press("]")
    x, y, z = truth.centres[Vertebra.S1]
    hands.click(T1, (x, y, z))
    hands.drag(T1, (x, y, z), (x, y + 20, z + 10))
    (body,) = hands.room.session.state.numbering.bodies
    assert body.centroid_lps_mm[1:] == pytest.approx((y + 20, z + 10), abs=1.0)


def test_a_click_in_another_step_places_nothing(grading, truth):
    """While endplates are read a click on the image is no act."""
    before = len(made(grading, acts.PlaceBody))
    grading.click(T1, truth.centres[Vertebra.L3])
    assert len(made(grading, acts.PlaceBody)) == before


def test_two_then_zero_stays_two_and_the_footer_says_so(grading):
    """A graded endplate is not overwritten; the footer names the ways back."""
    grading.press("2", "0")
    room = grading.room
    assert room.session.state.findings[T12_INF].words == "type 2"
    assert "already graded (type 2)" in room.footer.message.text()
    assert len(made(grading, acts.Grade)) == 1


def test_holding_zero_is_one_act(grading):
    """Thirty repeats of a held 0 grade one endplate."""
    handle = grading.room.window().windowHandle()
    none = Qt.KeyboardModifier.NoModifier

    def send(kind, repeat):
        QApplication.sendEvent(handle, QKeyEvent(kind, Qt.Key.Key_0, none, "0", repeat))

    send(QEvent.Type.KeyPress, repeat=False)
    for _ in range(30):
        send(QEvent.Type.KeyRelease, repeat=True)
        send(QEvent.Type.KeyPress, repeat=True)
    send(QEvent.Type.KeyRelease, repeat=False)
    assert len(made(grading, acts.Grade)) == 1
    assert grading.room.desk.active == L1_SUP


def test_the_keypad_grades(grading):
    """Digits and Enter of the keypad are the same keys."""
    handle = grading.room.window().windowHandle()
    QTest.keyClick(handle, Qt.Key.Key_3, Qt.KeyboardModifier.KeypadModifier)
    assert grading.room.session.state.findings[T12_INF].words == "type 3"


def test_digits_in_the_note_are_text(grading, until):
    """While the note is typed no digit grades; Enter records the text, Escape leaves it."""
    grading.press("0", "2", "n")
    field = grading.room.side.prompt.field
    until(field.hasFocus)
    QTest.keyClicks(field, "30 mm, 1 or 2?")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert grading.room.session.state.findings[L1_SUP].note == "30 mm, 1 or 2?"
    assert len(made(grading, acts.Grade)) == 2
    grading.press("n")
    until(field.hasFocus)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not field.isVisible()
    grading.press("Down", "0")
    assert len(made(grading, acts.Grade)) == 3


def test_undo_and_redo_are_shown(grading):
    """Backspace takes the grade back on every widget; redo brings it again."""
    grading.press("2")
    table = grading.room.side.table
    assert table.rows[0].words == "type 2"
    grading.press("Backspace")
    assert table.rows[0].words == ""
    grading.press("Ctrl+Shift+Z")
    assert table.rows[0].words == "type 2"


def test_header_and_table_follow_the_scope(grading):
    """N of m counts the endplates of this spine."""
    grading.press("0", "0", "0")
    texts = [tab.text() for tab in grading.room.header.findChildren(QLabel)]
    assert "Endplates 3/12" in texts
    assert len(grading.room.side.table.rows) == 12
    assert [row.state for row in grading.room.side.table.rows[:4]] == ["done"] * 3 + ["open"]


def test_a_click_on_the_table_activates_an_endplate(grading):
    """The spine table is a way to an endplate, not a way to grade it."""
    table = grading.room.side.table
    y = round((5.5) * table.height() / 12)
    QTest.mouseClick(table, Qt.MouseButton.LeftButton, pos=QPoint(40, y))
    assert grading.room.desk.active == grading.room.session.scope[5]
    assert not made(grading, acts.Grade)


def test_no_grade_while_the_endplate_is_out_of_view(grading):
    """Zoomed in elsewhere, a digit is refused and the footer says what to do."""
    room = grading.room
    s1 = room.session.lines[-1].polyline_lps_mm[0]
    room.canvases.link.look_at(s1, 20.0)
    grading.press("1")
    assert not made(grading, acts.Grade)
    assert "outside the T1 view" in room.footer.message.text()
    grading.press("r", "1")
    assert len(made(grading, acts.Grade)) == 1


def test_changing_endplate_or_slice_keeps_window_zoom_and_pan(grading):
    """Up, Down, wheel and grades never change how the images are shown."""
    room = grading.room
    panel = room.canvases.panel(T1)
    panel.set_window(500.0, 900.0)
    room.canvases.link.look_at(panel.centre_lps, panel.px_per_mm * 1.01)
    before = panel.window_level, panel.px_per_mm, panel.centre_lps[1:]
    grading.press("0", "Down", "Down", "Up", ".", ".", "2")
    grading.wheel(panel, -1)
    after = panel.window_level, panel.px_per_mm, panel.centre_lps[1:]
    assert after[:2] == before[:2]
    assert after[2] == pytest.approx(before[2], abs=0.5)


def test_writing_changes_nothing_that_is_seen(grading):
    """After what was seen is written down, slice, window, marks and panel are as before."""
    room = grading.room
    grading.press("2", ".")
    grading.settle()

    def seen():
        panels = [(p.slice, p.window_level, p.px_per_mm) for _, p in room.canvases.panels]
        return panels, room.canvases._marks, room.side.finding.fields.rows, room.desk.active

    before = seen()
    room.save()
    grading.settle()
    assert seen() == before


def test_one_pass_of_the_wheel_sees_every_slice(hands):
    """Turning through all stops reaches 100 % on every series, journalled before the next act."""
    hands.see_everything()
    for used, shown in hands.room.canvases.panels:
        assert len(hands.room.coverage.seen(used.role)) == shown.n_slices
    assert "T1 15/15  T2 17/17" in hands.room.footer.seen
    hands.press("d")
    shows = [e.act.role for e in made(hands, acts.Show)]
    assert set(shows) == {T1, T2, SeriesRole.SAG_FS}
    assert len(shows) == 3
    assert isinstance(hands.room.session.journal.entries[-1].act, acts.RateQuality)
    assert hands.room.session.coverage_percent(T2) == 100


def test_slices_do_not_count_while_endplates_are_out_of_view(grading):
    """Coverage grows only while every endplate lies inside the canvas."""
    room = grading.room
    seen = len(room.coverage.seen(T1))
    room.canvases.link.look_at(room.session.lines[-1].polyline_lps_mm[0], 20.0)
    panel = room.canvases.panel(T1)
    for _ in range(4):
        grading.wheel(panel, 1)
        QTest.qWait(30)
    assert len(room.coverage.seen(T1)) == seen


def test_seen_slices_are_journalled_when_the_room_closes(open_room, until):
    """What was seen is not lost with the window."""
    opened = open_room()
    assert opened.room.coverage.pending
    journal = opened.room.session.journal
    opened.host.dispose()
    assert any(isinstance(e.act, acts.Show) for e in journal.entries)


def test_the_reading_goes_on_where_it_stood(open_room, number):
    """Closed and opened again, the room stands at the last endplate with every finding."""
    first = open_room()
    hands = Hands(first.room)
    number(hands)
    hands.press("0", "2", "c", "s")
    first.host.dispose()
    again = open_room()
    assert again.room.desk.step == Step.ENDPLATES
    assert again.room.desk.active == L1_SUP
    assert again.room.side.table.rows[1].words == "type 2"


def test_the_question_mark_shows_and_hides_the_key_table(grading):
    """The key table lies over the room, inside its window, and takes no key away."""
    room = grading.room
    grading.press("?")
    assert room.sheet.isVisible()
    assert room.sheet.size() == room.size()
    grading.press("?")
    assert not room.sheet.isVisible()
    grading.press("F1")
    assert room.sheet.isVisible()
    grading.press("Escape")
    assert not room.sheet.isVisible()


def test_lines_show_only_while_space_is_held(grading, monkeypatch):
    """Space down shows the endplate lines, Space up hides them."""
    shown = []
    panel = grading.panel(T1)
    monkeypatch.setattr(panel, "set_lines_visible", shown.append)
    handle = grading.room.window().windowHandle()
    QTest.keyPress(handle, Qt.Key.Key_Space)
    QTest.keyRelease(handle, Qt.Key.Key_Space)
    assert shown == [True, False]


def test_review_and_signature_follow_the_work(grading):
    """Review shows every endplate with its crops; the sign step says what is signed, in words."""
    grading.see_everything()
    grading.press("A", "Enter")
    room = grading.room
    assert room.centre.currentWidget() is room.review
    assert len(room.review.rows.rows) == 12
    assert all(len(row.crops) == 3 for row in room.review.rows.rows)
    grading.press("Enter")
    assert "None seen T12 inf, L1 sup" in room.page.text
    assert "Demo Reader, MD" in room.page.text
    QApplication.clipboard().clear()
    grading.press("c")
    assert "no signed reading yet" in room.footer.message.text()
    grading.press("Enter")
    assert room.session.state.signed
    assert room.page.text.startswith("Signed")
    assert "c copies this reading in words" in room.page.text
    assert QApplication.clipboard().text() == ""
    grading.press("c")
    assert "on the clipboard" in room.footer.message.text()
    assert "No Modic change at the endplates read: T12" in QApplication.clipboard().text()
    link, _ = room.case.sealed(room.session.journal.header.reading_id)
    assert link.sha256 in room.page.text
    grading.press("Enter", "Backspace", "0")
    assert isinstance(room.session.journal.entries[-1].act, acts.Sign)


def test_a_size_at_a_boundary_is_said_quietly(grading, half_the_body):
    """The table says near boundary, the review sheet why; neither calls it a contradiction."""
    room = grading.room
    grading.press("1", "g", "b")
    assert room.desk.act(half_the_body(room.session.lines[0]))
    row = room.side.table.rows[0]
    assert (row.state, row.alarm) == ("near boundary", False)
    grading.press("]")
    shown = next(r for r in room.review.rows.rows if r.endplate == T12_INF)
    assert shown.problems == ()
    assert "from the boundary 50 %" in " ".join(shown.notices)
    assert room.session.contradictions() == ()


def test_a_case_that_cannot_be_opened_says_why(viewer, workspace):
    """An unknown reader or record is refused before any window is changed."""
    from modic_annotate.errors import UnknownReaderError, UnknownRecordError
    from modic_annotate_napari.reading_room import ROOM

    with pytest.raises(UnknownReaderError):
        ROOM.build(workspace, "K7Q-04", "R99", viewer=viewer)
    with pytest.raises(UnknownRecordError):
        ROOM.build(workspace, "nobody", "R01", viewer=viewer)
    assert not viewer.window.dock_widgets


def test_a_case_in_use_is_not_opened_by_a_file(open_room, viewer, workspace):
    """A draft that is open stays with the one who opened it; a file cannot act beside it."""
    from modic_annotate.errors import DraftInUseError
    from modic_annotate_napari.reading_room import ROOM

    open_room()
    with pytest.raises(DraftInUseError):
        ROOM.build(workspace, "K7Q-04", "R01", viewer=viewer, driven_by="acts_file")


def test_the_dock_widget_opens_the_room(qapp, viewer, workspace, until, settle):
    """Napari's menu entry lists cases and readers and opens the room in the same window."""
    from modic_annotate_napari._widget import ModicReading

    widget = ModicReading(viewer)
    viewer.window.add_dock_widget(widget, name="Modic reading")
    widget.folder.setText(str(workspace.parent))
    widget.fill()
    assert "not a workspace" in widget.message.text()
    widget.folder.setText(str(workspace))
    widget.fill()
    assert widget.case.currentText() == "K7Q-04"
    widget.reader.setCurrentText("R02")
    widget.open()
    until(lambda: widget.opened is not None and widget.opened.room.isVisible())
    assert not widget.isVisible()
    window = widget.opened.host.window
    widget.opened.host.dispose()
    viewer.window.remove_dock_widget(widget)
    widget.deleteLater()
    window.hide()
    settle()
