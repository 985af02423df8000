"""A reader finds a case as it was left: view, window, widths, step and endplate."""

from __future__ import annotations

import pytest

pytest.importorskip("napari", reason="napari is not installed (modic-annotate[gui])")

from hypothesis import given
from hypothesis import strategies as st
from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest

from modic_annotate.domain.series import Plane, SeriesRole
from modic_annotate.store.audit import verify_audit
from modic_annotate.store.canonical import canonical_bytes, parse_record
from modic_annotate.store.workspace import Workspace
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.remembered.records import (
    CaseView,
    GreyWindow,
    Layout,
    Place,
    SeriesView,
)
from modic_annotate_napari.replay.hands import Hands
from modic_annotate_napari.widgets.splitter import Grip

T1, T2 = SeriesRole.SAG_T1, SeriesRole.SAG_T2
CASE, LAYOUT = "views/R01/cases/K7Q-04.json", "views/R01/layout.json"


def seen(room) -> list[tuple]:
    """What a reader sees of every canvas."""
    return [
        (
            panel.slice,
            panel.px_per_mm,
            pytest.approx(panel.centre_lps, abs=1e-4),  # records keep 1e-4 mm
            panel.window_level,
            panel.width(),
        )
        for panel in shown(room)
    ]


def shown(room) -> list:
    """The canvases from left to right."""
    return [panel for _, panel in room.canvases.panels]


def drag_edge(room, dx: int) -> None:
    """Drag the first edge between two canvases."""
    grip = room.canvases.findChildren(Grip)[0]
    middle = QPoint(1, grip.height() // 2)
    QTest.mousePress(grip, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(grip, middle + QPoint(dx, 0))
    QTest.mouseRelease(grip, Qt.MouseButton.LeftButton, pos=middle + QPoint(dx, 0))


def test_a_case_opens_as_it_was_left(open_room, number, settle):
    """Slices, zoom, place, windows, widths, step and endplate come back to the last digit."""
    opened = open_room()
    hands = Hands(opened.room)
    number(hands)
    hands.press("Down", "Down", "Down", ",", ",", "w", "i", "h")
    drag_edge(opened.room, 90)
    leader = opened.room.canvases.link.leader
    opened.room.canvases.link.look_at((2.0, 10.0, 20.0), 4.5)
    leader.set_window(333.0, 444.0)
    settle()
    before, active = seen(opened.room), opened.room.desk.active
    opened.host.dispose()
    room = open_room().room
    settle()
    after = [(p.slice, p.px_per_mm, p.centre_lps, p.window_level, p.width()) for p in shown(room)]
    assert after == before
    assert len({panel.width() for _, panel in room.canvases.panels}) > 1
    assert (room.desk.step, room.desk.active) == (Step.ENDPLATES, active)
    assert (room.canvases.smooth, room.canvases.marks_on) == (False, False)
    assert "Marks are hidden" in room.footer.message.text()


def test_where_the_reading_went_on_the_journal_says_where(open_room, number, workspace):
    """A view older than the last act gives slices and windows, the journal step and endplate."""
    opened = open_room()
    hands = Hands(opened.room)
    number(hands)
    hands.press("Down", "Down")
    opened.host.dispose()
    kept = (workspace / CASE).read_bytes()
    opened = open_room()
    Hands(opened.room).press("0")
    graded = opened.room.session.journal.entries[-1].act.endplate
    opened.host.dispose()
    (workspace / CASE).write_bytes(kept)
    assert open_room().room.desk.active == graded


def test_a_change_is_on_the_disk_while_the_room_is_open(open_room, workspace, until):
    """Soon after a step the file holds it: what a killed program leaves is how the case stood."""
    room = open_room().room
    step = room.canvases.link.leader.slice + 1
    room.canvases.step(1 if room.canvases.link.leader.display.step > 0 else -1)
    wanted = room.canvases.link.leader.slice

    def written() -> bool:
        if not (workspace / CASE).exists():
            return False
        return (
            parse_record(CaseView, (workspace / CASE).read_bytes(), CASE).series[0].slice == wanted
        )

    until(written)
    assert wanted == step


def test_two_readers_keep_their_own_views(open_room):
    """What one reader left the other does not find."""
    opened = open_room()
    usual = opened.room.canvases.link.leader.window_level
    opened.room.canvases.link.leader.set_window(333.0, 444.0)
    opened.room.canvases.toggle_smooth()
    opened.host.dispose()
    opened = open_room(reader="R02")
    assert opened.room.canvases.link.leader.window_level == usual
    assert opened.room.canvases.smooth
    opened.host.dispose()
    assert open_room().room.canvases.link.leader.window_level.width == 444.0


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"[]", b'{"schema": "modic-annotate/view/2"}', b'{"step": "nowhere"}'],
)
def test_a_damaged_view_is_left_out_and_said(open_room, workspace, content):
    """The room opens as new, the footer says why, and closing writes the files anew."""
    for key in (CASE, LAYOUT):
        (workspace / key).parent.mkdir(parents=True, exist_ok=True)
        (workspace / key).write_bytes(content)
    opened = open_room()
    assert opened.room.desk.step == Step.SERIES
    assert "left out" in opened.room.footer.message.text()
    opened.host.dispose()
    assert parse_record(CaseView, (workspace / CASE).read_bytes(), CASE).step == Step.SERIES
    assert parse_record(Layout, (workspace / LAYOUT).read_bytes(), LAYOUT) == Layout()


def test_a_view_of_other_series_changes_nothing(open_room, workspace):
    """Slices beyond the stack are clipped, unknown series and endplates are passed over."""
    opened = open_room()
    opened.host.dispose()
    view = parse_record(CaseView, (workspace / CASE).read_bytes(), CASE)
    far = tuple(one.replace(slice=900) for one in view.series)
    stranger = SeriesView(series="0" * 16, slice=3)
    other = view.replace(series=(*far, stranger), step=Step.SIGN, endplate="L9-inferior")
    (workspace / CASE).write_bytes(canonical_bytes(other))
    room = open_room().room
    assert room.desk.step == Step.SERIES
    assert all(0 <= panel.slice < panel.n_slices for _, panel in room.canvases.panels)


def test_a_full_disk_is_said_and_stops_nothing(open_room, monkeypatch):
    """A view that cannot be written is a sentence in the footer, once."""
    from modic_annotate.errors import RecordError

    opened = open_room()
    memory = opened.room.memory

    def full(key: str, content: bytes) -> None:
        raise RecordError(f"{key} could not be written: No space left on device")

    monkeypatch.setattr(memory._files.store, "replace", full)
    opened.room.canvases.step(1)
    for _ in range(3):
        memory.look()
    assert "not remembered" in opened.room.footer.message.text()
    opened.room.desk.say("")
    memory.look()
    assert opened.room.footer.message.text() == ""


def test_views_hold_no_identity_and_are_no_fault(open_room, workspace):
    """The files name no UID, and the audit finds nothing wrong with the workspace."""
    opened = open_room()
    uids = [used.series_uid for used in opened.room.session.series]
    opened.room.canvases.step(1)
    opened.host.dispose()
    text = (workspace / CASE).read_text() + (workspace / LAYOUT).read_text()
    assert not any(uid in text for uid in uids)
    assert verify_audit(Workspace.open(workspace)).problems == ()


ROUNDED = st.floats(-500, 500).map(lambda v: round(v, 4) + 0.0)
POINTS = st.tuples(ROUNDED, ROUNDED, ROUNDED)
SERIES = st.builds(
    SeriesView,
    series=st.text("0123456789abcdef", min_size=16, max_size=16),
    slice=st.integers(0, 500),
    place=st.none() | st.builds(Place, centre_lps_mm=POINTS, px_per_mm=st.floats(0.2, 40.0)),
    window=st.none()
    | st.builds(GreyWindow, centre=st.floats(-1e6, 1e6), width=st.floats(1e-6, 1e6)),
    by_hand_lps_mm=st.none() | POINTS,
)


@given(
    view=st.builds(
        CaseView,
        acts=st.integers(0, 10_000),
        step=st.sampled_from(Step),
        endplate=st.none() | st.just("L4-inferior"),
        series=st.lists(SERIES, max_size=5).map(tuple),
    ),
    layout=st.builds(
        Layout,
        shares=st.lists(st.lists(st.integers(1, 10_000), min_size=2).map(tuple), max_size=3).map(
            tuple
        ),
        smooth=st.booleans(),
        marks=st.booleans(),
        beside=st.none() | st.sampled_from(Plane),
    ),
)
def test_what_is_written_reads_back_the_same(view, layout):
    """Every view and layout survives its file."""
    for record in (view, layout):
        assert parse_record(type(record), canonical_bytes(record), "it") == record
