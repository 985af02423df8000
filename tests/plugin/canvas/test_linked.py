"""Several panels moved together by a real wheel and mouse."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("qtpy")

from qtpy.QtCore import QPoint, QPointF, Qt
from qtpy.QtGui import QWheelEvent
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication

from modic_annotate_napari.canvas.linked import NO_FRAME, OTHER_FRAME, LinkedPanels

AXIAL = ((0, 0, -1), (0, 1, 0), (1, 0, 0))


def turn(panel, notches, modifiers=Qt.KeyboardModifier.NoModifier):
    """Turn the wheel over a panel; positive is towards the hand."""
    canvas = panel.canvas_widget
    at = QPointF(canvas.rect().center())
    angle = QPoint(0, -120 if notches > 0 else 120)
    for _ in range(abs(notches)):
        where = QPointF(canvas.mapToGlobal(at))
        buttons, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(at, where, QPoint(), angle, buttons, modifiers, phase, False)
        QApplication.sendEvent(canvas, event)


@pytest.fixture
def three(panels, make_volume):
    """Three sagittal stacks of one patient on different grids, one stored from the left."""
    other = ((-1, 0, 0), (0, 0, 1), (0, 1, 0))
    return panels(
        make_volume((5, 60, 60), (4.0, 1.0, 1.0), origin_lps=(-8, -30, 30)),
        make_volume((6, 100, 80), (4.4, 0.6, 0.7), origin_lps=(-11, -28, 30)),
        make_volume((4, 60, 60), (5.0, 1.0, 1.0), origin_lps=(8, -30, -30), directions=other),
        size=(1200, 600),
    )


def test_one_pass_of_the_wheel_paints_every_slice_of_every_series(three, settle):
    """From the first stop to the last, each slice of each stack comes to the screen."""
    seen = [set() for _ in three]
    for panel, slices in zip(three, seen, strict=True):
        panel.painted.connect(slices.add)
    linked = LinkedPanels(three)
    turn(three[0], -len(linked.stops))
    settle()
    assert linked.stop == 0
    for _ in linked.stops:
        settle()
        turn(three[1], 1)
    settle()
    assert seen == [set(range(panel.n_slices)) for panel in three]


def test_the_wheel_goes_from_right_to_left_in_every_canvas(three):
    """Each step takes every panel to the same place or further to the patient's left."""
    linked = LinkedPanels(three)
    turn(three[0], -20)
    places = []
    for _ in linked.stops:
        places.append([panel.centre_lps[0] for panel in three])
        turn(three[2], 1)
    assert (np.diff(places, axis=0) >= 0).all()
    assert (np.diff(places, axis=0).sum(axis=0) > 10).all()


def test_panels_show_the_slices_nearest_to_each_other(three):
    """At each stop no panel is further from the stop than half its spacing, if it reaches there."""
    linked = LinkedPanels(three)
    turn(three[0], -20)
    for stop in linked.stops:
        for panel in three:
            lps = np.array(three[0].display.middle_lps)
            lps += stop.position_mm * three[0].display.normal_lps
            distance = abs(panel.display.distance_mm(tuple(lps), panel.slice))
            ends = [abs(panel.display.distance_mm(tuple(lps), k)) for k in range(panel.n_slices)]
            assert distance <= min(ends) + 0.6
        turn(three[0], 1)


def test_followers_tell_their_offset_from_the_leader(three):
    """The title gives the distance of a slice from the leading panel's, signed to the left."""
    linked = LinkedPanels(three)
    linked.show_point((0.0, 0.0, 0.0))
    assert [panel.title.offset for panel in three] == ["", "-2.2 mm", "-2.0 mm"]


def test_a_point_brings_every_panel_to_its_slice(three):
    """Each panel shows its slice nearest to the patient point."""
    linked = LinkedPanels(three)
    for x in (-8.0, 3.8, 8.1):
        lps = (x, 0.0, 0.0)
        linked.show_point(lps)
        for panel in three:
            distance = abs(panel.display.distance_mm(lps, panel.slice))
            best = min(abs(panel.display.distance_mm(lps, k)) for k in range(panel.n_slices))
            assert distance <= best + 2.0


def test_showing_a_slice_in_one_panel_takes_the_others_along(three):
    """A slice called up in any panel moves the rest to the nearest stop."""
    LinkedPanels(three)
    three[2].show_slice(3)
    assert three[2].slice == 3
    assert three[0].slice == 0
    three[2].show_slice(0)
    assert three[0].slice == 4


def test_zoom_and_pan_are_shared_in_millimetres(three):
    """After zooming and panning one panel, all show the same patient point at the same scale."""
    LinkedPanels(three)
    turn(three[1], -3, Qt.KeyboardModifier.ControlModifier)
    canvas, left, plain = three[2].canvas_widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
    QTest.mousePress(canvas, left, plain, QPoint(100, 100))
    QTest.mouseMove(canvas, QPoint(130, 90))
    QTest.mouseRelease(canvas, left, plain, QPoint(130, 90))
    assert len({panel.px_per_mm for panel in three}) == 1
    for panel in three:
        assert panel.centre_lps[1:] == pytest.approx(three[2].centre_lps[1:], abs=1e-6)


def test_stepping_changes_no_view_and_no_window(three):
    """Slices change, zoom and place and window do not."""
    LinkedPanels(three)
    before = [(p.px_per_mm, p.centre_lps[1:], p.window_level) for p in three]
    turn(three[0], 3)
    assert [(p.px_per_mm, p.centre_lps[1:], p.window_level) for p in three] == before


def test_the_leader_fits_and_the_others_follow(three, settle):
    """A fresh window shows all panels at one scale, also after it was resized."""
    linked = LinkedPanels(three)
    linked.reset_view()
    three[0].window().resize(900, 500)
    settle()
    assert len({panel.px_per_mm for panel in three}) == 1


def test_a_panel_added_later_takes_over_the_view_and_the_place(three):
    """Linking panels anew brings the new one to the slice, zoom and place of the leader."""
    turn(three[0], 2, Qt.KeyboardModifier.ControlModifier)
    three[0].show_slice(4)
    LinkedPanels(three[:2])
    assert three[1].px_per_mm == three[0].px_per_mm
    assert three[1].centre_lps[1:] == pytest.approx(three[0].centre_lps[1:])
    assert abs(three[1].centre_lps[0] - three[0].centre_lps[0]) <= 2.2


def test_looking_at_a_point_puts_it_in_the_middle_of_every_panel(three):
    """All linked panels are centred on the patient point at the zoom asked for."""
    linked = LinkedPanels(three)
    linked.look_at((0.0, 5.0, 7.0), 6.0)
    for panel in three:
        assert panel.px_per_mm == 6.0
        assert panel.centre_lps[1:] == pytest.approx((5.0, 7.0))


def test_the_cross_stands_at_one_patient_point_everywhere(three):
    """While Shift is held and dragged, each panel has the cross at the same LPS point."""
    LinkedPanels(three)
    canvas, shift = three[0].canvas_widget, Qt.KeyboardModifier.ShiftModifier
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, shift, QPoint(150, 250))
    lps = three[0].lps_at(QPoint(150, 250))
    for panel in three:
        cross = panel._overlay._cross
        assert panel.display.to_lps(cross.u, cross.v, panel.slice)[1:] == pytest.approx(lps[1:])
        distance = panel.display.distance_mm(lps, panel.slice)
        assert cross.distance_mm == pytest.approx(distance)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, shift, QPoint(150, 250))
    assert all(panel._overlay._cross is None for panel in three)


def test_an_axial_panel_shares_the_cross_alone(panels, make_volume):
    """The wheel moves an axial stack alone; a cross on the sagittal one finds its slice."""
    sagittal, axial = panels(
        make_volume((5, 60, 60), (4.0, 1.0, 1.0), origin_lps=(-8, -30, 30)),
        make_volume((6, 60, 60), (8.0, 1.0, 1.0), origin_lps=(-30, -30, 20), directions=AXIAL),
    )
    linked = LinkedPanels([sagittal, axial])
    assert linked.linked == (sagittal,)
    sagittal_slice, axial_slice = sagittal.slice, axial.slice
    turn(axial, 1)
    assert (sagittal.slice, axial.slice) == (sagittal_slice, axial_slice + 1)
    canvas, shift = sagittal.canvas_widget, Qt.KeyboardModifier.ShiftModifier
    at = sagittal.position_of((0.0, 0.0, -12.0))
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, shift, at)
    assert axial.slice == 4
    linked.show_point((0.0, 0.0, 11.0))
    assert axial.slice == 1
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, shift, at)


@pytest.mark.parametrize(("frame", "words"), [("9.9", OTHER_FRAME), (None, NO_FRAME)])
def test_another_frame_of_reference_is_not_linked_and_says_so(panels, make_volume, frame, words):
    """A series in another frame keeps its slice, view and cross, and its title tells why."""
    one, other = panels(make_volume(), make_volume(frame_of_reference_uid=frame))
    linked = LinkedPanels([one, other])
    before = other.slice, other.px_per_mm
    turn(one, 2)
    turn(one, -2, Qt.KeyboardModifier.ControlModifier)
    one.cross_dragged.emit(one.centre_lps)
    assert (other.slice, other.px_per_mm, other._overlay._cross) == (*before, None)
    assert (one.title.warning, other.title.warning) == ("", words)
    own = one.slice
    turn(other, 1)
    assert (one.slice, other.slice) == (own, before[0] + 1)
    assert linked.linked == (one,)


def test_released_panels_move_alone(three):
    """After release a step of one panel moves no other."""
    linked = LinkedPanels(three)
    linked.release()
    before = three[1].slice
    turn(three[0], 1)
    three[0].show_slice(0)
    assert three[1].slice == before
