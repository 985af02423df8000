"""What the overlay really draws, pixel by pixel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("qtpy")

from qtpy.QtCore import QPoint, Qt
from qtpy.QtGui import QColor, QImage
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QWidget

from modic_annotate.domain.spine import Endplate, Vertebra, endplates_between, spine_order
from modic_annotate_napari.canvas import ink
from modic_annotate_napari.canvas.layout import CLEAR_MM
from modic_annotate_napari.canvas.marks import NEUTRAL, LevelMark, Marks, MarkStyle

ENDPLATES = endplates_between(spine_order(5))
ACTIVE = Endplate.parse("L4-inferior")
COLOURS = (("#D55E00",), ("#F0E442",), ("#56B4E9",), ("#D55E00", "#F0E442"))


def spine_marks(panel, slice_index=2, styles=tuple(MarkStyle)):
    """A mark of every style on twelve endplates of a curved spine."""
    marks = []
    for k, endplate in enumerate(ENDPLATES):
        level, lower = divmod(k, 2)
        u, v = 70 + 4 * abs(level - 3), 18 + level * 34 + lower * 8
        line = [panel.display.to_lps(u + du, v - 0.15 * du, slice_index) for du in (0, 16, 32)]
        style = styles[k % len(styles)]
        colours = COLOURS[k % 4] if style == MarkStyle.SOLID else (NEUTRAL,)
        active = endplate == ACTIVE
        marks.append(
            LevelMark(endplate, f"{endplate.short} 1", tuple(line), colours, style, active)
        )
    return Marks(tuple(marks))


@pytest.fixture
def tall(panels, make_volume):
    """A panel on a slice of 200 x 220 mm."""
    return panels(make_volume((5, 220, 200), (4.0, 1.0, 1.0)), size=(700, 900))[0]


def drawn(panel):
    """What the overlay alone puts on the screen, RGBA, shape (height, width, 4)."""
    overlay = panel._overlay
    image = QImage(overlay.size(), QImage.Format.Format_RGBA8888)
    image.fill(Qt.GlobalColor.transparent)
    overlay.render(image, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4).copy()


def near_endplates(panel, marks, distance_mm):
    """A mask of the pixels whose centre lies within a distance of any endplate."""
    height, width = panel.canvas_widget.height(), panel.canvas_widget.width()
    y, x = np.mgrid[0:height, 0:width] + 0.5
    near = np.zeros((height, width), bool)
    for mark in marks.labels:
        line = panel.display.to_display(mark.line_lps)
        first, *_, last = (np.array(panel._view.to_screen(u, v)) for u, v, _ in line)
        along = last - first
        t = ((x - first[0]) * along[0] + (y - first[1]) * along[1]) / (along @ along)
        foot_x, foot_y = first[:, None, None] + np.clip(t, 0, 1) * along[:, None, None]
        near |= np.hypot(x - foot_x, y - foot_y) < distance_mm * panel.px_per_mm
    return near


@pytest.mark.parametrize("notches", [0, 4])
def test_at_rest_no_pixel_is_drawn_within_3_mm_of_an_endplate(tall, notches):
    """With every style of mark shown, the neighbourhood of all endplates stays untouched."""
    marks = spine_marks(tall)
    tall.set_marks(marks)
    tall._take_view(tall._view.zoomed(1.15**notches, 350, 450))
    overlay = drawn(tall)
    assert (overlay[..., 3] > 0).any()
    assert not overlay[near_endplates(tall, marks, CLEAR_MM), 3].any()


def test_endplate_lines_appear_only_while_asked_for(tall):
    """Lines are drawn on the endplates while switched on, and gone when switched off."""
    marks = spine_marks(tall)
    tall.set_marks(marks)
    near = near_endplates(tall, marks, 1.0)
    tall.set_lines_visible(True)
    shown = drawn(tall)[near, 3].sum()
    tall.set_lines_visible(False)
    assert shown > 0
    assert not drawn(tall)[near, 3].any()


def test_a_label_without_room_for_its_grade_keeps_its_level(tall):
    """Near the edge a label says less, so that no endplate, the active one least, is unmarked."""
    marks = spine_marks(tall)
    tall.set_marks(marks)
    whole = tall._overlay.label_boxes()[ACTIVE]
    long = tuple(replace(m, text=m.endplate.short + 40 * " 1") for m in marks.labels)
    tall.set_marks(Marks(long))
    overlay = tall._overlay
    assert set(overlay.label_boxes()) == set(ENDPLATES)
    assert overlay.label_boxes()[ACTIVE].width < whole.width
    tall.set_marks(marks)
    assert overlay.label_boxes()[ACTIVE] == whole


def test_hiding_marks_hides_labels_and_lines_but_not_the_letters(tall):
    """With marks hidden only letters and scale bar are left."""
    tall.set_marks(spine_marks(tall))
    tall.set_lines_visible(True)
    with_marks = (drawn(tall)[..., 3] > 0).sum()
    tall.set_marks_visible(False)
    without = (drawn(tall)[..., 3] > 0).sum()
    tall.set_marks(Marks())
    assert 0 < without < with_marks
    assert (drawn(tall)[..., 3] > 0).sum() == without


def test_marks_of_another_slice_are_dimmed(tall):
    """Away from the slice of the marks the overlay is fainter, and back on it as before."""
    tall.set_marks(spine_marks(tall))
    tall.show_slice(2)
    own = drawn(tall)
    tall.show_slice(4)
    other = drawn(tall)
    assert other.astype(int).sum() < own.astype(int).sum()
    tall.show_slice(2)
    assert np.array_equal(drawn(tall), own)


@pytest.mark.parametrize("colours", COLOURS)
def test_ticks_have_the_colours_of_their_types(tall, colours):
    """Each component's colour is found on its endplate's line, the predominant one in front."""
    line = tuple(tall.display.to_lps(u, 100, 2) for u in (60, 140))
    tall.set_marks(Marks((LevelMark(ACTIVE, "L4 inf", line, colours, MarkStyle.SOLID),)))
    tall.set_lines_visible(True)
    overlay = drawn(tall)
    row = tall.position_of(line[0]).y()
    x0, x1 = tall.position_of(line[0]).x(), tall.position_of(line[1]).x()
    for k, colour in enumerate(colours):
        x = round(x0 + (x1 - x0) * (k + 0.5) / len(colours))
        best = overlay[row - 1 : row + 2, x - 3 : x + 4].reshape(-1, 4)  # a dash, not its gap
        wanted = QColor(colour)
        rgb = (wanted.red(), wanted.green(), wanted.blue())
        assert any(np.abs(pixel[:3].astype(int) - rgb).max() < 40 for pixel in best)


def test_the_active_label_is_inverted(tall):
    """The active label is dark on light, the others light on dark."""
    tall.set_marks(spine_marks(tall))
    boxes = tall._overlay.label_boxes()
    overlay = drawn(tall)

    def ground(endplate):
        box = boxes[endplate]
        return overlay[round(box.top) + 2, round(box.left) + 4 : round(box.right) - 4, :3].mean()

    assert ground(ACTIVE) > 200
    assert all(ground(e) < 100 for e in ENDPLATES if e != ACTIVE)


def luminance(colour):
    """Relative luminance (WCAG 2.2)."""
    parts = [c / 255 for c in (colour.red(), colour.green(), colour.blue())]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("behind", [0, 128, 255])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        (ink.TEXT, ink.GROUND),
        (ink.TEXT_DIMMED, ink.GROUND),
        (ink.TEXT_INVERTED, ink.GROUND_ACTIVE),
        (ink.TEXT_INVERTED, ink.GROUND_ACTIVE_DIMMED),
    ],
)
def test_text_is_legible_over_any_grey(text, ground, behind):
    """Text has a contrast of 4.5 : 1 or more whatever grey lies behind its ground."""
    share = ground.alphaF()
    mixed = QColor(*(
        round(c * share + behind * (1 - share))
        for c in (ground.red(), ground.green(), ground.blue())
    ))  # fmt: skip
    light, dark = sorted((luminance(text), luminance(mixed)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_no_text_is_smaller_than_11_px(tall):
    """Overlay and title write at 11 px or more."""
    assert tall._overlay.font().pixelSize() >= 11
    assert all(font.pixelSize() >= 11 for font in tall._strip._fonts)


def test_a_click_on_a_label_names_its_endplate(tall):
    """Clicking a label emits its endplate, and no point."""
    tall.set_marks(spine_marks(tall))
    named, points = [], []
    tall.label_clicked.connect(named.append)
    tall.clicked.connect(points.append)
    at = tall.position_of_label(ACTIVE)
    QTest.mouseClick(tall.canvas_widget, Qt.MouseButton.LeftButton, pos=at)
    assert (named, points) == ([ACTIVE], [])


def test_a_body_centre_can_be_dragged(tall):
    """While numbering, a press on a centre and a drag tell where it goes; the image stays."""
    lps, place = tall.display.to_lps(90, 110, 2), tall.centre_lps
    tall.set_marks(
        Marks(centres=((Vertebra.L4, lps), (Vertebra.L5, tall.display.to_lps(90, 150, 2))))
    )
    start = tall.position_of(lps)
    moves = []
    tall.centre_dragged.connect(lambda v, p, done: moves.append((v, tall.position_of(p), done)))
    canvas, left = tall.canvas_widget, Qt.MouseButton.LeftButton
    QTest.mousePress(canvas, left, pos=start)
    QTest.mouseMove(canvas, start + QPoint(10, 6))
    QTest.mouseRelease(canvas, left, pos=start + QPoint(20, 12))
    assert moves == [
        (Vertebra.L4, start + QPoint(10, 6), False),
        (Vertebra.L4, start + QPoint(20, 12), True),
    ]
    assert tall.centre_lps == place


def test_hidden_labels_cannot_be_clicked(tall):
    """With marks hidden a click where a label stood is a point of the image."""
    tall.set_marks(spine_marks(tall))
    at = tall.position_of_label(ACTIVE)
    tall.set_marks_visible(False)
    named, points = [], []
    tall.label_clicked.connect(named.append)
    tall.clicked.connect(points.append)
    QTest.mouseClick(tall.canvas_widget, Qt.MouseButton.LeftButton, pos=at)
    assert named == []
    assert len(points) == 1


def test_axial_slices_show_no_level_labels_and_only_near_centres(panels, make_volume, tall):
    """Seen from below, labels of the whole spine would lie on one another: only what is near."""
    axial = ((0, 0, -1), (0, 1, 0), (1, 0, 0))
    volume = make_volume((6, 60, 60), (10.0, 1.0, 1.0), origin_lps=(-30, 0, 0), directions=axial)
    (panel,) = panels(volume)
    centres = ((Vertebra.L4, (0.0, 30.0, -2.0)), (Vertebra.L5, (0.0, 30.0, -42.0)))
    panel.set_marks(Marks(spine_marks(tall).labels, centres))
    assert panel._overlay.label_boxes() == {}
    at = panel.position_of(centres[0][1])
    for index, near in ((0, Vertebra.L4), (2, None), (5, Vertebra.L5)):
        panel.show_slice(index)
        assert panel._overlay.centre_at(at.x(), at.y(), 5.0) == near


def test_the_cross_is_open_at_its_point_and_tells_its_distance(tall):
    """Hairlines meet around the point without covering it; off the plane they are dashed."""
    lps = tall.display.to_lps(90, 110, 2)
    at = tall.position_of(lps)
    bare = drawn(tall)
    tall.set_cross(lps)
    inside = drawn(tall)
    assert inside[at.y(), at.x() + 40, 3] > 0
    assert np.array_equal(
        inside[at.y() - 5 : at.y() + 5, at.x() - 5 : at.x() + 5], np.zeros((10, 10, 4))
    )
    tall.show_slice(3)
    outside = drawn(tall)
    assert (outside[at.y() - 25 : at.y() - 11, at.x() + 12 : at.x() + 60, 3] > 0).mean() > 0.8
    tall.set_cross(None)
    assert np.array_equal(drawn(tall), bare)


def test_the_overlay_lies_over_the_image_on_the_screen(tall, picture):
    """On the real screen the label stands over the image: both are composed."""
    tall.set_window(20, 10)  # slice 2 holds 20: mid grey
    tall.set_marks(spine_marks(tall))
    shot = picture(tall)
    box = tall._overlay.label_boxes()[ACTIVE]
    assert shot[round(box.top) + 2, round(box.left) + 10] > 200
    assert abs(int(shot[450, 600]) - 128) < 4
