"""Painting, growing and placing corners by real keys and mouse events on the room."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("napari", reason="napari is not installed (modic-annotate[gui])")

from qtpy.QtCore import QEvent, QPoint, Qt
from qtpy.QtGui import QImage, QRegion
from qtpy.QtWidgets import QWidget

from modic_annotate.domain.finding import Origin
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Endplate, Vertebra
from modic_annotate.samples import sample_folder
from modic_annotate.session import acts
from modic_annotate.session.mask_runs import mask_pixels
from modic_annotate_napari.replay.hands import Hands
from modic_annotate_napari.replay.moves import activate
from modic_annotate_napari.steps.painting import BrushPrompt, CornerPrompt, GrowPrompt

T1, T2 = SeriesRole.SAG_T1, SeriesRole.SAG_T2
L4_INF = Endplate.parse("L4-inferior")
TRUTH = json.loads((sample_folder() / "truth.json").read_text("utf-8"))
LESION = next(one for one in TRUTH["lesions"] if one["endplate"] == "L4-inferior")
BODY = next(one for one in TRUTH["bodies"] if one["vertebra"] == "L4")


@pytest.fixture
def hands(open_room, number) -> Hands:
    """Hands on a numbered room, the L4 inferior endplate active and graded."""
    found = Hands(open_room().room)
    number(found)
    activate(found, L4_INF)
    found.press("1")
    return found


def inside(share: float, deep: float = 0.4):
    """Return a point in the true lesion: along it from front to back, and so deep."""
    front, back = np.array(LESION["front_lps_mm"]), np.array(LESION["back_lps_mm"])
    up = np.array(LESION["deepest_lps_mm"]) - np.array(LESION["endplate_below_deepest_lps_mm"])
    return tuple((front + share * (back - front) + deep * up).tolist())


def kept(hands: Hands):
    """Return the masks now, and the acts that drew."""
    entries = hands.room.session.journal.entries
    kinds = (acts.BrushStroke, acts.GrowRegion, acts.ClearMask, acts.PlaceCorners, acts.Undo)
    return hands.room.session.state.masks, [e for e in entries if isinstance(e.act, kinds)]


def inked(layer) -> bool:
    """Return whether a layer puts anything onto the screen."""
    picture = QImage(layer.size(), QImage.Format.Format_ARGB32)
    picture.fill(0)
    layer.render(picture, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    return bool(np.frombuffer(picture.constBits(), np.uint8).any())


def drawn_layers(hands: Hands):
    """Return the layers of drawings that are on the screen."""
    painting = hands.room.painting
    return [
        painting._layers[panel]
        for _, panel in hands.room.canvases.panels
        if painting._layers[panel].isVisible()
    ]


def test_a_drag_paints_one_act_and_the_keys_take_it_back(hands):
    """A drag is one journalled stroke by mouse; e and Ctrl erase; Backspace undoes; Enter ends."""
    hands.press("t")
    assert isinstance(hands.room.desk.prompt, BrushPrompt)
    line = [inside(s) for s in (0.2, 0.4, 0.6, 0.8)]
    hands.stroke(T1, line)
    masks, made = kept(hands)
    assert (len(masks), len(made)) == (1, 1)
    assert made[0].origin == Origin.MOUSE
    assert made[0].act.radius_mm == 3.0
    assert hands.room.session.state.findings[L4_INF].height_measurement.method == "mask"
    assert "painted, height" in hands.room.footer.message.text()
    whole = int(mask_pixels(masks[0]).sum())
    hands.press("[", "[")
    hands.stroke(T1, line[2:], ctrl=True)
    hands.press("e")
    hands.stroke(T1, line[:2])
    (mask,), made = kept(hands)
    assert [e.act.erase for e in made] == [False, True, True]
    assert [e.act.radius_mm for e in made] == [3.0, 1.5, 1.5]
    assert int(mask_pixels(mask).sum()) < whole
    hands.press("Backspace", "Ctrl+Z")
    assert kept(hands)[0] == masks
    hands.press("Backspace", "Backspace")
    assert kept(hands)[0] == ()
    assert "No stroke was made" in hands.room.footer.message.text()
    hands.press("Enter")
    assert hands.room.desk.prompt is None


def test_no_letter_clears_a_mask(hands):
    """Only Delete does, as one act that Backspace takes back; letters of fields are refused."""
    hands.press("t")
    hands.stroke(T1, [inside(0.3), inside(0.7)])
    hands.press("c")
    assert "c means nothing to the brush" in hands.room.footer.message.text()
    hands.press("Delete")
    assert kept(hands)[0] == ()
    hands.press("Backspace", "Enter")
    assert hands.room.desk.prompt is None
    assert len(kept(hands)[0]) == 1
    assert hands.room.session.state.findings[L4_INF].words == "type 1"


def test_without_the_brush_a_drag_pans_and_right_never_paints(hands, until):
    """Left drags pan at rest; while the brush is out right drags window, the wheel turns slices."""
    panel = hands.panel(T1)
    hands.point(T1, inside(0.5))
    place = panel.view.u
    hands.stroke(T1, [inside(0.2), inside(0.8)])
    assert kept(hands) == ((), [])
    assert panel.view.u != place
    hands.press("r", "t")
    window, index = panel.window_level, panel.slice
    right, at = Qt.MouseButton.RightButton, panel.position_of(inside(0.5))
    for kind, step in (
        (QEvent.Type.MouseButtonPress, 0),
        (QEvent.Type.MouseMove, 40),
        (QEvent.Type.MouseButtonRelease, 40),
    ):
        hands._mouse(panel, kind, at + type(at)(step, 0), right)
    assert panel.window_level != window
    assert kept(hands) == ((), [])
    hands.scroll_to(panel, index + panel.display.step)
    assert kept(hands) == ((), [])
    hands.stroke(T1, [inside(0.5)])
    assert len(kept(hands)[0]) == 1
    hands.press("Escape")
    before = panel.view
    hands.stroke(T1, [inside(0.3), inside(0.7)])
    assert panel.view != before
    assert len(kept(hands)[1]) == 1


def test_masks_are_seen_only_when_asked_for(hands):
    """At rest nothing is drawn; brush or held Space show the mask in every series near it."""
    assert drawn_layers(hands) == []
    hands.press("t")
    hands.stroke(T1, [inside(0.3), inside(0.7)])
    assert len(drawn_layers(hands)) == 3
    hands.press("Enter")
    assert drawn_layers(hands) == []
    hands.room.canvases.show_lines(True)
    shown = drawn_layers(hands)
    assert len(shown) == 3
    near = []
    for (_, panel), layer in zip(hands.room.canvases.panels, shown, strict=True):
        near.append(abs(layer.shown.masks[0].shape.depth - panel.slice) <= 0.5)
        assert inked(layer) == near[-1]
    assert near[0]
    assert sum(near) > 1
    hands.panel(T1).show_slice(hands.panel(T1).slice + 3)
    assert not any(inked(layer) for layer in drawn_layers(hands))
    hands.point(T1, inside(0.5))
    hands.press("h")
    assert drawn_layers(hands) == []
    hands.press("h")
    hands.room.canvases.show_lines(False)
    assert drawn_layers(hands) == []


def test_the_stroke_under_way_is_seen_and_no_act_yet(hands):
    """While the button is down the stroke is drawn live; the session knows nothing of it."""
    hands.press("t")
    panel, at = hands.point(T1, inside(0.3))
    left = Qt.MouseButton.LeftButton
    hands._mouse(panel, QEvent.Type.MouseButtonPress, at, left)
    hands._mouse(panel, QEvent.Type.MouseMove, panel.position_of(inside(0.7)), left)
    layer = hands.room.painting._layers[panel]
    assert len(layer.shown.brush.stroke) == 2
    assert kept(hands) == ((), [])
    hands._mouse(panel, QEvent.Type.MouseButtonRelease, at, left)
    assert layer.shown.brush.stroke == ()
    assert len(kept(hands)[0]) == 1


def test_a_click_grows_a_region_within_the_body(hands):
    """T and a click show a region, keys change its tolerance, Enter records it as one act."""
    hands.press("T")
    hands.click(T1, inside(0.5))
    prompt = hands.room.desk.prompt
    assert isinstance(prompt, GrowPrompt)
    first = int(prompt.region.sum())
    hands.press("]", "]", "]")
    assert int(prompt.region.sum()) > first
    hands.press("[", "[", "[", "Enter")
    (mask,), (entry,) = kept(hands)
    assert int(mask_pixels(mask).sum()) == first
    assert (entry.act.tolerance, entry.origin) == (mask.seeds[0].tolerance, Origin.MOUSE)
    true = {m["sop_instance_uid"]: m["runs"] for m in LESION["masks"]}
    truth = np.zeros(mask.rows * mask.columns, bool)
    for start, length in true[next(iter(_sops(hands, mask)))]:
        truth[start : start + length] = True
    grown = mask_pixels(mask).ravel()
    assert (grown & truth).sum() > 0.5 * grown.sum()
    hands.press("Backspace")
    assert kept(hands)[0] == ()


def _sops(hands: Hands, mask):
    """Yield the true name of a mask's image: the copy in the workspace has another."""
    used = hands.room.session.series_in(T1)
    uids = [image.sop_instance_uid for image in used.instances]
    truth = next(s for s in TRUTH["series"] if s["role"] == "SAG_T1")
    yield truth["sop_instance_uids"][uids.index(mask.sop_instance_uid)]


def test_four_clicks_place_a_body_and_a_drag_corrects_it(hands):
    """Key u and four clicks give the corners; while it is asked a corner can be dragged."""
    hands.press("u")
    assert isinstance(hands.room.desk.prompt, CornerPrompt)
    for corner in BODY["corners_lps_mm"]:
        hands.click(T1, tuple(corner))
    _, made = kept(hands)
    assert isinstance(made[0].act, acts.PlaceCorners)
    asked, given = (
        np.array(p)[:, 1:] for p in (BODY["corners_lps_mm"], made[0].act.corners_lps_mm)
    )
    assert np.allclose(given, asked, atol=1.5)
    assert isinstance(hands.room.desk.prompt, CornerPrompt)
    x, y, z = made[0].act.corners_lps_mm[1]
    hands.drag(T1, (x, y, z), (x, y + 5.0, z))
    _, made = kept(hands)
    assert len(made) == 2
    moved = np.subtract(made[1].act.corners_lps_mm, made[0].act.corners_lps_mm)
    assert np.allclose(moved, [[0, 0, 0], [0, 5, 0], [0, 0, 0], [0, 0, 0]], atol=0.6)
    assert len(hands.room.session.state.outlines) == 1
    hands.press("Enter")
    assert hands.room.desk.prompt is None
    assert drawn_layers(hands) == []
    assert {o.vertebra for o in hands.room.session.state.outlines} == {Vertebra.L4}


def test_the_panel_tells_method_error_and_boundary(hands):
    """Once drawn, sizes stand with category, error and the distance to the next boundary."""
    hands.press("u")
    for corner in BODY["corners_lps_mm"]:
        hands.click(T1, tuple(corner))
    hands.press("Enter", "t")
    hands.stroke(T1, [inside(s) for s in (0.2, 0.5, 0.8)])
    rows = {row.title: row for row in hands.room.side.finding.fields.rows}
    percent = hands.room.session.state.findings[L4_INF].height_percent
    boundary = 25 if percent < 37.5 else 50
    assert rows["Height"].value.startswith(f"{percent:.0f}% [")
    assert rows["Height"].value.endswith(f"{abs(percent - boundary):.0f} from {boundary}")
    assert rows["Height"].mark == "mask"
    said = hands.room.side.finding._notices.text()
    assert said.startswith(f"height {hands.room.session.state.findings[L4_INF].height_mm:.1f}/")
    assert "mm on SAG T1 Im" in said
    assert "left-right" in said
    assert rows["Zones"].mark == "drawn"
    hands.press("Enter", "z", "c", "Enter")
    rows = {row.title: row for row in hands.room.side.finding.fields.rows}
    assert rows["Zones"].mark == ""


def test_an_acts_file_with_drawings_is_driven_through_the_window(open_room, truth, tmp_path):
    """Strokes, erasures, corners and clearing replay as mouse events, act for act."""
    from modic_annotate_napari.replay.run import replay

    lines = [json.loads(line) for line in truth.acts.read_text("utf-8").splitlines()]
    end = next(n for n, line in enumerate(lines) if line["act"] == "sign_numbering")
    e = {"endplate": "L4-inferior", "role": "SAG_T1"}
    stroke = {"act": "brush_stroke", **e, "radius_mm": 2.0, "erase": False}
    drawn = [
        {"act": "place_corners", "vertebra": "L4", "role": "SAG_T1"}
        | {"corners_lps_mm": BODY["corners_lps_mm"]},
        {"act": "grade", "endplate": "L4-inferior", "modic": "present", "component": "1"},
        stroke | {"polyline_lps_mm": [inside(0.2), inside(0.5), inside(0.8)]},
        stroke | {"polyline_lps_mm": [inside(0.8)], "radius_mm": 1.0, "erase": True},
        {"act": "undo"},
        {"act": "clear_mask", "endplate": "L4-inferior"},
        {"act": "undo"},
        {"act": "set_field", "endplate": "L4-inferior", "field": "contour", "value": "smooth"},
    ]
    file = Path(tmp_path / "drawn.acts.jsonl")
    file.write_text("".join(json.dumps(line) + "\n" for line in [*lines[: end + 1], *drawn]))
    room = open_room(driven_by="acts_file").room
    replay(room, file, tmp_path / "pictures")
    assert len(room.session.state.masks) == 1
    assert room.session.state.findings[L4_INF].height_measurement.method == "mask"
