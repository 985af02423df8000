"""One panel under a real mouse."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

pytest.importorskip("qtpy")

from qtpy.QtCore import QPoint, QPointF, Qt
from qtpy.QtGui import QContextMenuEvent, QWheelEvent
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication, QWidget

from modic_annotate.domain.reading import EndplateLine
from modic_annotate.domain.spine import Endplate


def wheel(panel, notches, modifiers=Qt.KeyboardModifier.NoModifier, at=None):
    """Turn the wheel over a canvas; positive turns away from the hand."""
    canvas = panel.canvas_widget
    at = QPointF(at or canvas.rect().center())
    for _ in range(abs(notches)):
        event = QWheelEvent(
            at,
            QPointF(canvas.mapToGlobal(at)),
            QPoint(),
            QPoint(0, 120 if notches > 0 else -120),
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(canvas, event)


def drag(panel, start, end, button=Qt.MouseButton.LeftButton, modifiers=None):
    """Press, move in steps, release."""
    canvas, modifiers = panel.canvas_widget, modifiers or Qt.KeyboardModifier.NoModifier
    QTest.mousePress(canvas, button, modifiers, start)
    for share in (0.25, 0.5, 0.75, 1.0):
        QTest.mouseMove(canvas, start + (end - start) * share)
    QTest.mouseRelease(canvas, button, modifiers, end)


def test_pixels_stand_in_true_proportion(panels, make_volume, picture):
    """A square of 30 x 30 mm is square on the screen whatever the pixel spacing."""
    array = np.zeros((1, 60, 120), np.int16)
    array[0, 10:30, 10:70] = 100
    volume = make_volume((1, 60, 120), (4.0, 1.5, 0.5), array=array, window=(50, 100))
    (panel,) = panels(volume)
    bright = picture(panel) > 128
    bright[:30], bright[-30:], bright[:, :30], bright[:, -30:] = 0, 0, 0, 0  # letters, scale bar
    height, width = bright.any(axis=1).sum(), bright.any(axis=0).sum()
    assert height == pytest.approx(30 * panel.px_per_mm, abs=2)
    assert width == pytest.approx(30 * panel.px_per_mm, abs=2)


def test_a_click_tells_the_patient_point_under_it(panel):
    """A click is emitted as the LPS point of its pixel, to half a screen pixel."""
    points = []
    panel.clicked.connect(points.append)
    wanted = [panel.display.to_lps(u, v, panel.slice) for u, v in ((10, 12), (40, 30), (70.3, 51))]
    for lps in wanted:
        QTest.mouseClick(panel.canvas_widget, Qt.MouseButton.LeftButton, pos=panel.position_of(lps))
    half_pixel = 0.5 / panel.px_per_mm
    assert len(points) == len(wanted)
    for point, lps in zip(points, wanted, strict=True):
        assert np.abs(np.subtract(point, lps)).max() <= half_pixel + 1e-9


@pytest.mark.parametrize("zoom", [-6, 0, 9])
def test_pixels_and_patient_points_go_back_and_forth(panel, zoom):
    """A pixel leads to a patient point that leads back to the same pixel, at any zoom."""
    wheel(panel, zoom, Qt.KeyboardModifier.ControlModifier)
    found = 0
    for x, y in itertools.product(range(5, 790, 97), range(5, 560, 83)):
        lps = panel.lps_at(QPoint(x, y))
        if lps is not None:
            found += 1
            assert panel.position_of(lps) == QPoint(x, y)
    assert found


def test_beside_the_slice_there_is_no_patient_point(panel):
    """The black beside a slice is no place in the patient, and a click there says nothing."""
    wheel(panel, -8, Qt.KeyboardModifier.ControlModifier)
    points = []
    panel.clicked.connect(points.append)
    assert panel.lps_at(QPoint(3, 300)) is None
    QTest.mouseClick(panel.canvas_widget, Qt.MouseButton.LeftButton, pos=QPoint(3, 300))
    assert points == []


def test_the_wheel_asks_for_a_slice_and_nothing_else(panel):
    """Towards the hand is one step on, away is one back; window, zoom and place stay."""
    before = panel.px_per_mm, panel.window_level, panel.centre_lps
    steps = []
    panel.slice_stepped.connect(steps.append)
    wheel(panel, -2)
    wheel(panel, 1)
    assert steps == [1, 1, -1]
    assert (panel.px_per_mm, panel.window_level, panel.centre_lps) == before


def test_ctrl_wheel_zooms_at_the_pointer(panel):
    """The patient point under the pointer stays under it while zooming."""
    at = QPoint(500, 200)
    lps, zoom = panel.lps_at(at), panel.px_per_mm
    wheel(panel, 3, Qt.KeyboardModifier.ControlModifier, at)
    assert panel.px_per_mm > zoom * 1.3
    assert panel.lps_at(at) == pytest.approx(lps, abs=1e-6)


def test_a_left_drag_moves_the_image_with_the_hand(panel):
    """What was under the pointer at the press is under it at the release; no click is heard."""
    points = []
    panel.clicked.connect(points.append)
    lps = panel.lps_at(QPoint(400, 250))
    drag(panel, QPoint(400, 250), QPoint(460, 300))
    assert panel.position_of(lps) == QPoint(460, 300)
    assert points == []


def test_a_right_drag_changes_the_window_alone(panel):
    """Right widens, down raises the centre; nothing is clicked or moved, slices keep the window."""
    centre, width = panel.window_level.centre, panel.window_level.width
    place, heard = panel.centre_lps, []
    panel.clicked.connect(heard.append)
    drag(panel, QPoint(300, 200), QPoint(400, 260), Qt.MouseButton.RightButton)
    assert panel.window_level.width > width
    assert panel.window_level.centre > centre
    assert (panel.centre_lps, heard) == (place, [])
    window = panel.window_level
    panel.show_slice(0)
    assert panel.window_level == window


def test_the_right_button_opens_no_menu(panel):
    """A context-menu request ends at the canvas; no window behind it hears of it."""
    asked = []
    panel.contextMenuEvent = asked.append
    at = QPoint(300, 200)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, panel.mapToGlobal(at))
    QApplication.sendEvent(panel.canvas_widget, event)
    assert event.isAccepted()
    assert asked == []


def test_shift_drag_moves_the_cross(panel):
    """Shift and drag emits patient points and, at the end, that the cross was let go."""
    points, ends = [], []
    panel.cross_dragged.connect(points.append)
    panel.cross_released.connect(lambda: ends.append(len(points)))
    shift = Qt.KeyboardModifier.ShiftModifier
    drag(panel, QPoint(300, 200), QPoint(400, 260), modifiers=shift)
    assert panel.position_of(points[0]) == QPoint(300, 200)
    assert panel.position_of(points[-1]) == QPoint(400, 260)
    assert ends == [len(points)]


def test_two_quick_clicks_are_two_clicks(panel):
    """A double click counts as two points: fast hands lose nothing."""
    points = []
    panel.clicked.connect(points.append)
    at = QPoint(300, 200)
    QTest.mouseClick(panel.canvas_widget, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(panel.canvas_widget, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseRelease(panel.canvas_widget, Qt.MouseButton.LeftButton, pos=at)
    assert len(points) == 2


def test_a_second_button_does_not_disturb_a_drag(panel):
    """While the left button pans, a press of the right one changes nothing."""
    window, canvas, plain = panel.window_level, panel.canvas_widget, Qt.KeyboardModifier.NoModifier
    left, right = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
    QTest.mousePress(canvas, left, plain, QPoint(300, 200))
    QTest.mousePress(canvas, right, plain, QPoint(300, 200))
    QTest.mouseMove(canvas, QPoint(340, 240))
    QTest.mouseRelease(canvas, right, plain, QPoint(340, 240))
    QTest.mouseRelease(canvas, left, plain, QPoint(340, 240))
    assert panel.window_level == window


def test_each_slice_shows_its_own_pixels(panel, picture):
    """After a step the screen shows the grey of the new slice under the same window."""
    panel.set_window(20, 40)
    greys = []
    for index in range(panel.n_slices):
        panel.show_slice(index)
        greys.append(int(picture(panel)[300, 300]))
    assert greys == pytest.approx([0, 64, 128, 191, 255], abs=2)


def test_monochrome1_is_shown_inverted(panels, make_volume, picture):
    """Where low values mean bright, they are bright."""
    (panel,) = panels(make_volume(inverted=True, window=(20.0, 40.0)))
    panel.show_slice(0)
    assert picture(panel)[300, 300] == 255


def test_smooth_and_pixels(panels, make_volume, picture):
    """The display filter blends neighbours; switched off, only stored values are seen."""
    array = np.zeros((1, 20, 20), np.int16)
    array[:, :, ::2] = 100
    (panel,) = panels(make_volume((1, 20, 20), (4.0, 5.0, 5.0), array=array, window=(50, 100)))
    row = slice(100, 700)
    assert len(np.unique(picture(panel)[300, row])) > 20
    panel.set_smooth(False)
    assert set(np.unique(picture(panel)[300, row])) <= {0, 255}
    panel.set_smooth(True)
    assert len(np.unique(picture(panel)[300, row])) > 20


def test_the_display_filter_changes_no_value(panels, make_volume, picture):
    """Filtered, a flat field keeps its grey, and so does each pixel at its centre."""
    rng = np.random.default_rng(3)
    array = rng.integers(1000, 1200, (2, 24, 24)).astype(np.int16)
    array[1] = 1100
    (panel,) = panels(make_volume((2, 24, 24), (4.0, 5.0, 5.0), array=array, window=(1100, 200)))
    panel.show_slice(1)
    assert set(np.unique(picture(panel)[120:280, 150:290])) <= {127, 128}
    panel.show_slice(0)
    shot = picture(panel)
    for row, column in ((6, 7), (11, 12), (15, 8)):
        at = panel.position_of(panel.display.to_lps(5.0 * column, 5.0 * row, 0))
        stored = (int(array[0, row, column]) - 1000) / 200 * 255
        assert int(shot[at.y(), at.x()]) == pytest.approx(stored, abs=5)


def test_painted_means_on_the_screen(panel, settle, until):
    """A slice counts as painted when it was drawn in sight, not while the window is hidden."""
    seen = []
    panel.painted.connect(seen.append)
    panel.show_slice(4)
    assert seen == []
    until(lambda: seen)
    assert set(seen) == {4}
    seen.clear()
    panel.window().hide()
    panel.show_slice(1)
    settle()
    assert seen == []
    panel.window().show()
    until(lambda: 1 in seen)


def test_a_covered_canvas_paints_nothing_for_coverage(panel, settle, until):
    """Under another window a slice is drawn but not seen."""
    cover = QWidget()
    cover.setGeometry(panel.window().geometry())
    cover.show()
    cover.raise_()
    until(lambda: QApplication.widgetAt(panel.canvas_widget.mapToGlobal(QPoint(9, 9))) is cover)
    seen = []
    panel.painted.connect(seen.append)
    panel.show_slice(0)
    settle()
    assert seen == []
    cover.close()
    cover.deleteLater()
    panel.canvas_widget.update()
    until(lambda: 0 in seen)


def test_slices_keep_zoom_and_place_and_resizing_fits(panel, settle):
    """A fresh view fits its canvas; once the reader zoomed, resizing keeps zoom and middle."""
    fitted = panel.px_per_mm
    panel.window().resize(400, 300)
    settle()
    assert panel.px_per_mm < fitted
    wheel(panel, 2, Qt.KeyboardModifier.ControlModifier)
    zoom, middle = panel.px_per_mm, panel.centre_lps
    panel.window().resize(700, 500)
    settle()
    assert panel.px_per_mm == zoom
    assert panel.centre_lps == pytest.approx(middle)
    panel.reset_view()
    assert panel.px_per_mm > zoom


def test_black_filling_above_and_below_is_not_fitted(panels, make_volume):
    """A slice filled up with black rows is fitted by the rows that show something."""
    array = np.zeros((3, 100, 60), np.int16)
    array[:, 10:50] = 100
    volume = make_volume(array.shape, (4.0, 1.0, 1.0), array=array, window=(50.0, 100.0))
    (panel,) = panels(volume, size=(1000, 500))
    assert panel.px_per_mm * 40 == pytest.approx(panel.canvas_widget.height())
    assert panel.centre_lps[2] == pytest.approx(-29.5)


def test_visible_endplates_lie_wholly_inside(panel):
    """An endplate counts as visible while all of it is on the canvas."""
    lines = [
        EndplateLine(
            endplate=Endplate.parse(name),
            polyline_lps_mm=[panel.display.to_lps(u, v, 2) for u in (20, 50)],
            frame_of_reference_uid="1.2.3",
            sop_instance_uid="1.2.3.4",
            origin="mouse",
        )
        for name, v in (("L4-inferior", 15), ("L5-superior", 45))
    ]
    assert len(panel.visible_endplates(lines)) == 2
    drag(panel, QPoint(400, 100), QPoint(400, 300))
    assert panel.visible_endplates(lines) == (Endplate.parse("L4-inferior"),)


def test_the_title_names_technique_image_side_and_window(panel):
    """The strip holds the technique, the PACS image number, the side and the window."""
    panel.set_window(450, 900)
    panel.show_slice(0)
    title = panel.title
    assert (title.name, title.image, title.side) == ("SERIES 0", "Im 5", "R 8 mm")
    assert title.window == "W 900 L 450"


def test_window_presets_come_round(panel):
    """Stepping through all presets ends at the first window again; marrow is the last of them."""
    first, names, bodies = panel.window_level, [], [panel.centre_lps]
    while not names or panel.window_level != first:
        names.append(panel.next_preset(bodies))
        assert len(names) < 10
    assert len(set(names)) == len(names) > 2
    assert names[-2:] == ["marrow", "automatic"]


def test_the_marrow_window_is_refused_before_bodies_are_placed(panel):
    """It says why and changes nothing; the next press goes on to the first window."""
    from modic_annotate_napari.canvas.window import WindowError

    first = panel.window_level
    while panel.next_preset() != "full range":
        pass
    before = panel.window_level
    with pytest.raises(WindowError, match="number the spine first"):
        panel.next_preset()
    assert panel.window_level == before
    panel.next_preset()
    assert panel.window_level == first


def test_a_disposed_panel_is_gone(panels, make_volume, settle):
    """Disposing takes the widget, its canvas and its pixels away; twice is harmless."""
    (panel,) = panels(make_volume())
    gone = []
    panel.canvas_widget.destroyed.connect(lambda: gone.append("canvas"))
    panel.destroyed.connect(lambda: gone.append("panel"))
    panel.dispose()
    panel.dispose()
    settle()
    assert sorted(gone) == ["canvas", "panel"]
