"""Cut lines between a sagittal and an axial canvas, by a real wheel; and links by hand."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("qtpy")

from qtpy.QtCore import QEvent, QPoint, Qt
from qtpy.QtGui import QImage, QRegion
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication, QWidget

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.spine import Endplate
from modic_annotate_napari.canvas.cut_lines import CutLines
from modic_annotate_napari.canvas.linked import LinkedPanels
from modic_annotate_napari.canvas.marks import Marks, mark_of
from tests.plugin.canvas.test_linked import AXIAL, turn
from tests.plugin.room.looking import near_pixels

SAGITTAL_STACK = {"shape": (5, 120, 120), "spacing_mm": (4.0, 1.0, 1.0)}
ACROSS = [(0.0, y, 5.0) for y in np.linspace(-15, 15, 7).tolist()]
"""An endplate in the middle of the sagittal stack."""


@pytest.fixture
def crossed(panels, make_volume):
    """A sagittal and an axial canvas of one frame, linked, with their cuts."""
    made = panels(
        make_volume(**SAGITTAL_STACK, origin_lps=(-8, -60, 60)),
        make_volume((6, 100, 100), (8.0, 1.0, 1.0), origin_lps=(-50, -50, 20), directions=AXIAL),
    )
    linked = LinkedPanels(made)
    cuts = CutLines(linked)
    yield (*made, cuts)
    cuts.release()
    linked.release()


def overlay(panel, cuts):
    """The cuts drawn on a panel."""
    return cuts._overlays[panel]


def ink(panel, cuts) -> np.ndarray:
    """Which pixels of a canvas the cuts cover, shape (height, width)."""
    widget = overlay(panel, cuts)
    picture = QImage(widget.size(), QImage.Format.Format_ARGB32)
    picture.fill(0)
    widget.render(picture, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    rows = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), -1, 4)
    return rows[..., 3] > 0


def test_the_wheel_on_the_axial_moves_its_line_on_the_sagittal(crossed):
    """Each notch moves the cut by the axial spacing, and it carries the image's number."""
    sagittal, axial, cuts = crossed
    for _ in range(2):
        (cut,) = overlay(sagittal, cuts).cuts
        z = axial.display.to_lps(0, 0, axial.slice)[2]
        assert cut.name == f"SERIES 1 {axial.title.image}"
        assert [sagittal.display.to_lps(*p, 2)[2] for p in cut.segment] == pytest.approx([z, z])
        turn(axial, 1)


def test_the_wheel_on_the_sagittal_moves_its_line_on_the_axial(crossed):
    """The axial canvas shows where the leading sagittal slice cuts it."""
    sagittal, axial, cuts = crossed
    for _ in range(2):
        (cut,) = overlay(axial, cuts).cuts
        x = sagittal.display.to_lps(0, 0, sagittal.slice)[0]
        assert [axial.display.to_lps(*p, 0)[0] for p in cut.segment] == pytest.approx([x, x])
        turn(sagittal, 1)


def test_the_letters_of_an_axial_canvas(crossed):
    """Anterior stands at the top, the patient's right at the left."""
    sagittal, axial, _ = crossed
    assert sagittal.display.orientation.letters == ("H", "F", "A", "P")
    assert axial.display.orientation.letters == ("A", "P", "R", "L")


def test_at_rest_a_cut_keeps_off_the_endplates(crossed, settle):
    """Right on an endplate only marks at the edges are drawn, none within 3 mm of it."""
    sagittal, axial, cuts = crossed
    finding = Finding(endplate=Endplate.parse("L4-inferior"))
    sagittal.set_marks(Marks(labels=(mark_of(finding, ACROSS),)))
    axial.show_point((0.0, 0.0, 4.0))
    settle()
    assert near_pixels(sagittal, [np.array(ACROSS)]) == 0
    assert ink(sagittal, cuts).any()
    middle = ink(sagittal, cuts)[:, 150:250]
    assert not middle.any()


def test_a_cut_is_whole_while_the_key_is_held_or_after_the_wheel(crossed, settle):
    """Held, or turned until the pointer leaves that canvas; else marks alone."""
    sagittal, axial, cuts = crossed

    def across() -> bool:
        settle()
        return bool(ink(sagittal, cuts)[:, 150:250].any(axis=0).all())

    assert not across()
    cuts.hold(True)
    assert across()
    cuts.hold(False)
    assert not across()
    turn(axial, 1)
    assert across()
    QApplication.sendEvent(axial.canvas_widget, QEvent(QEvent.Type.Leave))
    assert not across()


def test_a_cut_outside_the_images_is_stated(panels, make_volume):
    """Where the plane does not meet the slice there is no line, and the canvas says so."""
    sagittal, axial = panels(
        make_volume(**SAGITTAL_STACK, origin_lps=(-8, -60, 60)),
        make_volume((2, 60, 60), (8.0, 1.0, 1.0), origin_lps=(-30, -30, 200), directions=AXIAL),
    )
    linked = LinkedPanels([sagittal, axial])
    cuts = CutLines(linked)
    assert [cut.segment for cut in overlay(sagittal, cuts).cuts] == [None]
    assert [cut.segment for cut in overlay(axial, cuts).cuts] == [None]
    assert ink(sagittal, cuts).any()
    cuts.release()


def test_without_a_crossing_stack_nothing_is_made(panels, make_volume):
    """Two sagittal canvases have no cuts, no overlays for them and no connections."""
    linked = LinkedPanels(panels(make_volume(), make_volume()))
    cuts = CutLines(linked)
    assert (cuts._overlays, cuts._connections) == ({}, [])


def test_a_series_linked_by_hand_follows_and_says_so(panels, make_volume):
    """Moved by 4 mm to the left and 10 mm up, it shows slice, place and cross where it was put."""
    one, other = panels(
        make_volume(**SAGITTAL_STACK, origin_lps=(-8, -60, 60)),
        make_volume(**SAGITTAL_STACK, origin_lps=(-12, -60, 50), frame_of_reference_uid="9.9"),
    )
    shift = (4.0, 0.0, 10.0)
    linked = LinkedPanels([one, other], {other: shift})
    assert other.title.warning == "linked by hand, 4.0 mm L, 10.0 mm H"
    for _ in range(2):
        turn(one, 1)
        assert one.slice == other.slice
    turn(other, -1)
    assert one.slice == other.slice
    turn(one, 2, Qt.KeyboardModifier.ControlModifier)
    assert other.px_per_mm == one.px_per_mm
    assert np.add(other.centre_lps, shift) == pytest.approx(one.centre_lps)
    at = one.position_of((0.0, 5.0, 5.0))
    shift_key = Qt.KeyboardModifier.ShiftModifier
    QTest.mousePress(one.canvas_widget, Qt.MouseButton.LeftButton, shift_key, at)
    assert other.lps_at(at) == pytest.approx(np.subtract(one.lps_at(at), shift), abs=1e-6)
    cross = other._overlay._cross
    there = other.display.to_lps(cross.u, cross.v, other.slice)
    assert np.add(there, shift) == pytest.approx(one.lps_at(at), abs=1e-6)
    QTest.mouseRelease(one.canvas_widget, Qt.MouseButton.LeftButton, shift_key, at)
    linked.release()


def test_an_axial_series_linked_by_hand_cuts_where_it_was_put(panels, make_volume):
    """The cut of a moved stack lies at its plane plus the move."""
    sagittal, axial = panels(
        make_volume(**SAGITTAL_STACK, origin_lps=(-8, -60, 60)),
        make_volume(
            (6, 100, 100),
            (8.0, 1.0, 1.0),
            origin_lps=(-50, -50, 20),
            directions=AXIAL,
            frame_of_reference_uid=None,
        ),
    )
    linked = LinkedPanels([sagittal, axial], {axial: (0.0, 0.0, -3.0)})
    cuts = CutLines(linked)
    (cut,) = overlay(sagittal, cuts).cuts
    z = axial.display.to_lps(0, 0, axial.slice)[2] - 3.0
    assert [sagittal.display.to_lps(*p, 2)[2] for p in cut.segment] == pytest.approx([z, z])
    cuts.release()


def test_scales_of_real_stacks_stay_true_to_the_millimetre(panels, make_volume):
    """Stacks of (3.3, .42, .42) and (3.6, .49, .49) mm show one patient point at one place."""
    one, other = panels(
        make_volume((7, 200, 200), (3.3, 0.42, 0.42), origin_lps=(-9.9, -40, 40)),
        make_volume((6, 180, 180), (3.6, 0.49, 0.49), origin_lps=(-9, -42, 41)),
    )
    linked = LinkedPanels([one, other])
    linked.look_at((0.0, 3.0, -4.0), 5.0)
    for lps in ((0.0, 3.0, -4.0), (0.0, -12.5, 20.0), (0.0, 25.0, -30.0)):
        a, b = one.position_of(lps), other.position_of(lps)
        assert (a.x(), a.y()) == pytest.approx((b.x(), b.y()), abs=1)
    linked.show_point((3.3, 0.0, 0.0))
    assert one.display.distance_mm((3.3, 0.0, 0.0), one.slice) == pytest.approx(0.0)
    assert other.title.offset == "-1.5 mm"
