"""The canvases of a room with an axial series and one of another frame of reference."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pydicom
import pytest

pytest.importorskip("napari", reason="napari is not installed (modic-annotate[gui])")

from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest

from modic_annotate.domain.series import Plane, SeriesRole
from modic_annotate.errors import RecordError
from modic_annotate.phantom.vendors import VENDORS
from modic_annotate.phantom.vendors.export import Export
from modic_annotate.phantom.vendors.kinds import Kind
from modic_annotate.phantom.vendors.protocols import Size
from modic_annotate.phantom.vendors.study import write_vendor_study
from modic_annotate.session.acts import PlaceBody
from modic_annotate.store.canonical import canonical_bytes
from modic_annotate_napari.call_up import from_nearest
from modic_annotate_napari.canvas.linked import OTHER_FRAME
from modic_annotate_napari.canvas.nudge import shift_words
from modic_annotate_napari.remembered.records import Layout
from modic_annotate_napari.replay.hands import Hands
from modic_annotate_napari.widgets.splitter import Grip
from tests.plugin.canvas.conftest import grid_of

T1, T2, FS = SeriesRole.SAG_T1, SeriesRole.SAG_T2, SeriesRole.SAG_FS
STRANGE_FRAME = "1.2.840.99.1"


@pytest.fixture(autouse=True)
def no_widget_is_left() -> None:
    """One window serves all tests here; its fixture closes it after the last."""


@pytest.fixture(scope="module")
def case(make_case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case of T1, T2, a STIR of another frame, and three axial T2 blocks."""
    folder = tmp_path_factory.mktemp("axial")
    kinds = (Kind.T2, Kind.T1, Kind.STIR, Kind.AX_T2)
    write_vendor_study(
        folder / "study", Export(VENDORS["siemens"], kinds=kinds, size=Size(rows=96))
    )
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix != ".json" and pydicom.misc.is_dicom(path):
            ds = pydicom.dcmread(path)
            if "tir" in str(ds.get("SeriesDescription", "")).lower():
                ds.FrameOfReferenceUID = STRANGE_FRAME
                ds.save_as(path)
    return Path(make_case(folder / "ws", folder / "study"))


def test_a_new_case_begins_with_the_plane_its_reader_had_beside(case, viewer):
    """A layout with an axial series beside the others calls one up in a case not opened before."""
    from modic_annotate_napari.reading_room import ROOM

    layout = case / "views" / "R02" / "layout.json"
    layout.parent.mkdir(parents=True)
    layout.write_bytes(canonical_bytes(Layout(beside=Plane.AXIAL, shares=((3, 1, 1, 1),))))
    opened = ROOM.build(case, "K7Q-04", "R02", viewer=viewer)
    try:
        assert opened.room.canvases.extra.plane == Plane.AXIAL
        assert opened.room.canvases.shares == (3, 1, 1, 1)
    finally:
        opened.host.dispose()
        opened.host.window.hide()


@pytest.mark.parametrize(
    ("z", "order"), [(None, [0, 1, 2]), (31.0, [1, 2, 0]), (-900.0, [2, 0, 1]), (75.0, [0, 1, 2])]
)
def test_the_nearest_stack_comes_first(z, order):
    """Of blocks at z 80..70, 40..30 and 0..-10 the one nearest to a point leads, then in order."""
    axial = ((0, 0, -1), (0, 1, 0), (1, 0, 0))
    blocks = [
        SimpleNamespace(grid=grid_of((3, 9, 9), (5.0, 1.0, 1.0), (0, 0, top), axial))
        for top in (80, 40, 0)
    ]
    found = from_nearest(blocks, None if z is None else (0.0, 0.0, z))
    assert [blocks.index(one) for one in found] == order


@pytest.fixture(scope="module")
def hands(case, viewer) -> Iterator[Hands]:
    """Hands on a room on the case."""
    from modic_annotate_napari.reading_room import ROOM

    opened = ROOM.build(case, "K7Q-04", "R01", viewer=viewer)
    opened.host.window.showNormal()
    opened.host.window.setGeometry(0, 0, 1366, 768)
    made = Hands(opened.room)
    made.wait(lambda: opened.host.window.width() == 1366, "the window did not take its size")
    yield made
    opened.host.dispose()
    opened.host.window.hide()
    made.settle()


def test_it_begins_as_said(hands):
    """Three sagittal canvases, of which the STIR is not linked and says why."""
    panels = hands.room.canvases.panels
    assert [used.role for used, _ in panels] == [T1, T2, FS]
    assert hands.panel(FS).title.warning == OTHER_FRAME


def test_an_axial_series_is_called_up_with_its_cuts(hands):
    """The key x shows it beside the others, > steps it alone; its line goes along on T1 and T2."""
    canvases = hands.room.canvases
    hands.press("x")
    axial = canvases.panels[-1][1]
    assert canvases.extra.role == SeriesRole.AX_T2
    assert axial.display.orientation.letters == ("A", "P", "R", "L")
    overlays = canvases.cuts._overlays
    assert set(overlays) == {hands.panel(T1), hands.panel(T2), axial}
    (before,) = overlays[hands.panel(T1)].cuts
    sagittal, index = hands.panel(T1).slice, axial.slice
    hands.press(">")
    (after,) = overlays[hands.panel(T1)].cuts
    assert (hands.panel(T1).slice, axial.slice) == (sagittal, index + axial.display.step)
    assert after.name != before.name
    assert overlays[hands.panel(T1)].whole
    hands.press("<")
    hands.press("x", "x", "x")
    assert canvases.extra is None
    assert canvases.cuts._overlays == {}
    hands.press(">")
    assert "x or o calls one up" in hands.room.footer.message.text()


def test_a_series_of_another_frame_is_linked_by_hand(hands):
    """Arrows link it with words, Delete lets it go; no act is made of it."""
    room = hands.room
    acts = [e for e in room.session.journal.entries if not hasattr(e.act, "slices")]
    hands.press("L")
    assert OTHER_FRAME in room.desk.prompt.hint
    hands.press("Right", "Right", "Up", "PgDown")
    link, panel = room.canvases.link, hands.panel(FS)
    shift = np.array(link.by_hand[panel])
    assert shift @ panel.display.matrix[:3, 0] == pytest.approx(2.0)  # to the right on the screen
    assert shift @ panel.display.matrix[:3, 1] == pytest.approx(-1.0)
    assert shift @ panel.display.normal_lps == pytest.approx(1.0)
    assert panel.title.warning == shift_words(link.by_hand[panel])
    assert panel.title.warning in room.desk.prompt.hint
    assert panel in link.linked
    off = np.subtract(link.leader.centre_lps, panel.centre_lps) - shift
    assert off @ panel.display.matrix[:3, 1] == pytest.approx(0.0, abs=0.1)
    hands.press("Enter")
    assert room.desk.prompt is None
    hands.press("L", "Delete", "Enter")
    assert hands.panel(FS).title.warning == OTHER_FRAME
    assert room.canvases.link.by_hand == {}
    assert [e for e in room.session.journal.entries if not hasattr(e.act, "slices")] == acts


def test_a_window_is_typed(hands):
    """W asks for centre and width of the canvas under the pointer; nonsense is asked again."""
    panel = hands.panel(T2)
    first = panel.window_level
    hands.point(T2, panel.centre_lps)
    hands.press("W")
    hands.type("wide")
    assert "two numbers" in hands.room.footer.message.text()
    hands.type("300 700")
    assert panel.title.window == "W 700 L 300"
    assert hands.panel(T1).window_level == hands.panel(T1).first_window
    for _ in range(3):
        hands.press(".")
    assert panel.title.window == "W 700 L 300"
    hands.press("R")
    assert panel.window_level == first
    assert hands.room.footer.message.text() == "SAG T2: window as the images ask"


def test_marks_stay_in_their_own_frame(hands):
    """Centres placed on T1 are drawn on T2 and, until it is linked by hand, not on the STIR."""
    room = hands.room
    hands.press("]")
    hands.click(T1, hands.panel(T1).centre_lps)
    assert [len(p._overlay._centres) for _, p in room.canvases.panels] == [1, 1, 0]
    hands.press("L", "Right")
    assert [len(p._overlay._centres) for _, p in room.canvases.panels] == [1, 1, 1]
    hands.press("Delete", "Enter", "Backspace", "[")


def test_the_footer_says_what_is_under_the_pointer(hands, until):
    """Series, image, offset and patient mm; after a step the image under the resting pointer."""
    panel, footer = hands.panel(T2), hands.room.footer
    lps = panel.centre_lps
    hands.point(T2, lps)
    assert footer.under.startswith(f"T2  {panel.title.image}  {panel.title.offset}")
    assert footer.under.endswith(" mm")
    before = panel.title.image
    hands.press(",", ",", ",")
    assert panel.title.image != before
    until(lambda: f"T2  {panel.title.image}" in footer.under)


def test_the_footer_says_whether_an_act_is_saved(hands, monkeypatch):
    """A durable act says so; one that the disk refused says so too, with what to do."""
    room = hands.room
    centre = hands.panel(T1).centre_lps
    place = PlaceBody(vertebra="S1", centroid_lps_mm=centre, role=T1)
    assert room.desk.act(place)
    assert "saved" in room.footer.saved
    assert "not" not in room.footer.saved

    def full(key: str, line: bytes) -> None:
        raise RecordError(f"{key} could not be written: No space left; check the disk")

    with monkeypatch.context() as patch:
        patch.setattr(room.session.journal._store, "append", full)
        assert not room.desk.act(place.replace(vertebra="L5"))
    assert room.footer.saved == "not saved"
    assert "check the disk" in room.footer.message.text()
    hands.press("Backspace")
    assert "not" not in room.footer.saved


def test_the_edges_between_canvases_move(hands):
    """A drag widens one canvas at the cost of its neighbour; a double click makes all equal."""
    canvases = hands.room.canvases
    widths = [panel.width() for _, panel in canvases.panels]
    grip = canvases.findChildren(Grip)[0]
    at = QPoint(1, 200)
    QTest.mousePress(grip, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(grip, at + QPoint(60, 0))
    QTest.mouseRelease(grip, Qt.MouseButton.LeftButton, pos=at + QPoint(60, 0))
    hands.settle()
    moved = [panel.width() for _, panel in canvases.panels]
    assert moved == pytest.approx([widths[0] + 60, widths[1] - 60, widths[2]], abs=1)
    hands.press("x")
    hands.settle()
    assert len({panel.width() for _, panel in canvases.panels}) <= 2
    hands.press("x", "x", "x")
    hands.settle()
    assert [panel.width() for _, panel in canvases.panels] == moved
    QTest.mouseDClick(canvases.findChildren(Grip)[-1], Qt.MouseButton.LeftButton, pos=at)
    hands.settle()
    assert [panel.width() for _, panel in canvases.panels] == pytest.approx(widths, abs=1)
