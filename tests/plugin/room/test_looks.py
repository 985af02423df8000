"""How the room looks, measured: room for the images, whole words, legible type, clear endplates.

One reader's way through the sample is walked at each window size; every step is painted once,
and what was painted is measured by the widgets' own geometry and font metrics.
"""

from __future__ import annotations

import itertools
import json
import math
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("napari", reason="napari is not installed (modic-annotate[gui])")

from qtpy.QtCore import QPoint, QRect, Qt
from qtpy.QtGui import QImage, QPainter, QRegion
from qtpy.QtWidgets import QLabel, QPushButton, QWidget

from modic_annotate.domain.reading import EndplateLine
from modic_annotate.domain.series import SeriesRole
from modic_annotate.domain.spine import Endplate
from modic_annotate.samples import sample_folder
from modic_annotate.session.acts import Measure
from modic_annotate_napari.canvas.layout import CLEAR_MM
from modic_annotate_napari.desk.where import Step
from modic_annotate_napari.replay.hands import Hands
from modic_annotate_napari.widgets.grade_bar import GradeBar
from modic_annotate_napari.widgets.text import ElidedLabel

SIZES = {"1366x768": (1366, 768), "1920x1080": (1920, 1080)}
LEAST_SHARE = {"1366x768": 0.60, "1920x1080": 0.70}
SMALLEST_PX = 11
LEAST_GAP_PX = 3
"""Between two texts on one line; about a blank in the room's type."""

ROUNDING_PX = 1
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
WITH_IMAGES = (
    "series",
    "numbering",
    "numbered",
    "endplates",
    "near boundary",
    "zones",
    "unreadable",
    "disc",
)
STEPS = (*WITH_IMAGES, "review", "sign", "keys", "definition")


@dataclass(frozen=True)
class Text:
    """A text as it was painted: where, in which room, and how large."""

    widget: str
    text: str
    ink: QRect
    room: QRect
    px: int


@dataclass
class Look:
    """What was measured in one step."""

    share: float
    texts: list[list[Text]] = field(default_factory=list)
    """Of each painting widget."""

    cut_labels: list[str] = field(default_factory=list)
    fonts: dict[str, int] = field(default_factory=dict)
    boxes: list[dict[Endplate, object]] = field(default_factory=list)
    """Level labels of each canvas."""

    near: list[int] = field(default_factory=list)
    """Pixels of each canvas's overlay that lie too near to an endplate."""


def painted(window: QWidget) -> list[list[Text]]:
    """Paint a window and return every text that a painter wrote, widget by widget."""
    written: dict[int, list[Text]] = {}
    draw = QPainter.drawText

    def spy(painter: QPainter, *said: object) -> object:
        room, flags, text = said
        rect = QRect(room) if isinstance(room, QRect) else room.toAlignedRect()
        ink = painter.fontMetrics().boundingRect(rect, int(getattr(flags, "value", flags)), text)
        device = painter.device()
        one = Text(type(device).__name__, text, ink, rect, painter.font().pixelSize())
        written.setdefault(id(device), []).append(one)
        return draw(painter, *said)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QPainter, "drawText", spy)
        window.grab()
    return list(written.values())


def cut_labels(room: QWidget) -> Iterator[str]:
    """Yield the text of every visible label or button that is larger than its place."""
    for widget in (*room.findChildren(QLabel), *room.findChildren(QPushButton)):
        if not widget.isVisible() or isinstance(widget, ElidedLabel) or not widget.text():
            continue
        inner = widget.contentsRect()
        wraps = isinstance(widget, QLabel) and widget.wordWrap()
        flags = Qt.TextFlag.TextWordWrap if wraps else Qt.TextFlag.TextSingleLine
        metrics = widget.fontMetrics()
        needed = metrics.boundingRect(QRect(0, 0, inner.width(), 9999), flags, widget.text())
        inside = room.rect().contains(QRect(widget.mapTo(room, QPoint(0, 0)), widget.size()))
        fits = needed.width() <= inner.width() and needed.height() <= inner.height() + ROUNDING_PX
        if not (fits and inside):
            yield widget.text()


def near_pixels(panel: QWidget, lines: list[np.ndarray]) -> int:
    """Return how many pixels of an overlay lie within 3 mm of an endplate inside the body."""
    overlay = panel._overlay
    picture = QImage(overlay.size(), QImage.Format.Format_ARGB32)
    picture.fill(0)
    overlay.render(picture, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    rows = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), -1, 4)
    y, x = np.nonzero(rows[..., 3])
    pixels = np.column_stack([x, y]) + 0.5
    close, reach = np.zeros(len(pixels), bool), CLEAR_MM * panel.px_per_mm
    for line in lines:
        ends = np.array([panel._view.to_screen(u, v) for u, v, _ in panel.display.to_display(line)])
        near = np.zeros(len(pixels), bool)
        for a, b in itertools.pairwise(ends):
            along = b - a
            t = np.clip(((pixels - a) @ along) / (along @ along), 0, 1)
            near |= np.linalg.norm(pixels - a - t[:, None] * along, axis=1) < reach
        close |= near & ((pixels - ends[0]) @ (ends[-1] - ends[0]) >= 0)  # not in front of the body
    return int(close.sum())


def look_at(room: QWidget, lines: list[np.ndarray]) -> Look:
    """Measure the room as it stands."""
    window = room.window()
    panels = [panel for _, panel in room.canvases.panels]
    shown = [panel for panel in panels if panel.isVisible()]
    area = sum(panel.width() * panel.height() for panel in shown)
    fonts = {
        f"{type(w).__name__} {w.objectName()}": w.font().pixelSize()
        for w in room.findChildren(QWidget)
        if w.isVisible() and w.font().pixelSize() > 0
    }
    return Look(
        share=area / (window.width() * window.height()),
        texts=painted(window),
        cut_labels=list(cut_labels(room)),
        fonts=fonts,
        boxes=[panel._overlay.label_boxes() for panel in shown],
        near=[near_pixels(panel, lines) for panel in shown],
    )


class Walk:
    """One reader's way through the sample, looked at step by step."""

    def __init__(self, room: QWidget, truth: object) -> None:
        self.room, self.hands = room, Hands(room)
        self.centres = truth.centres
        said = json.loads((sample_folder() / "truth.json").read_text())["endplates"]
        scope = {str(endplate) for endplate in room.session.scope}
        self.true_lines = [np.array(e["polyline_lps_mm"]) for e in said if e["endplate"] in scope]
        assert len(self.true_lines) == len(scope)
        self.looks: dict[str, Look] = {}

    def look(self, step: str) -> None:
        """Measure the room as it stands."""
        self.hands.settle()
        numbered = self.room.session.state.numbering.signed_at is not None
        lines = self.room.session.lines if numbered else ()
        estimated = [np.array(line.polyline_lps_mm) for line in lines]
        self.looks[step] = look_at(self.room, [*estimated, *self.true_lines])

    def number(self) -> None:
        """Rate the series, click the bodies and sign the numbering."""
        self.look("series")
        self.hands.press("d", "Down", "d", "Down", "d", "]")
        for centre in self.centres.values():
            self.hands.click(SeriesRole.SAG_T1, centre)
        self.hands.press("g")
        self.look("numbering")
        self.hands.press("Enter")
        self.look("numbered")
        self.hands.see_everything()

    def read(self, half: Callable[[EndplateLine], Measure]) -> None:
        """Describe a change, and look at each kind of question."""
        press = self.hands.press
        press("1", "+", "2", "+", "3", "g", "v", "v", "b", "k", "(", ")")
        self.look("endplates")
        assert self.room.desk.act(half(self.room.session.lines[0]))
        self.look("near boundary")
        press("z")
        self.look("zones")
        press("q", "w", "e", "a", "s", "d", "Enter", "Escape", "Down", "9")
        self.look("unreadable")
        press("m", "Up", "e")
        self.look("disc")
        press("Enter", "A", "]")

    def close(self) -> None:
        """Look at the sheets that come after the images."""
        assert self.room.desk.step == Step.REVIEW
        self.look("review")
        self.hands.press("]")
        self.look("sign")
        self.hands.press("[", "[", "?")
        self.look("keys")
        self.hands.press("?", "F1")
        self.look("definition")
        self.hands.press("Escape")


@pytest.fixture(scope="module", params=SIZES)
def tour(request, viewer, linked_case: Path, truth, half_the_body, tmp_path_factory):
    """The size walked at, and what was measured in each step."""
    from modic_annotate_napari.reading_room import ROOM

    width, height = SIZES[request.param]
    workspace = Path(shutil.copytree(linked_case, tmp_path_factory.mktemp("looks") / "ws"))
    opened = ROOM.build(workspace, "K7Q-04", "R01", viewer=viewer)
    window, room = opened.host.window, opened.room
    walk = Walk(room, truth)
    try:
        window.showNormal()
        window.setGeometry(0, 0, width, height)
        walk.hands.wait(lambda: window.width() == width, "the window did not take its size")
        walk.number()
        walk.read(half_the_body)
        walk.close()
        assert (window.width(), window.height()) == (width, height)
    finally:
        opened.host.dispose()
        window.hide()
        walk.hands.settle()
    return request.param, walk.looks


@pytest.mark.parametrize("step", WITH_IMAGES)
def test_the_images_own_most_of_the_window(tour, step):
    """In every step that reads images they keep 60 % of a small window and 70 % of a large one."""
    size, looks = tour
    assert looks[step].share >= LEAST_SHARE[size]


@pytest.mark.parametrize("step", STEPS)
def test_no_label_is_cut(tour, step):
    """Every label and button shows all of its text, inside the room."""
    _, looks = tour
    assert looks[step].cut_labels == []


@pytest.mark.parametrize("step", STEPS)
def test_no_painted_text_is_cut(tour, step):
    """What widgets paint fits its place, and nothing ends in an ellipsis."""
    _, looks = tour
    texts = [text for widget in looks[step].texts for text in widget if text.text]
    cut = [
        (t.widget, t.text)
        for t in texts
        if ELLIPSIS in t.text or t.ink.width() > t.room.width() + ROUNDING_PX
    ]
    assert texts
    assert not cut, cut


@pytest.mark.parametrize("step", STEPS)
def test_painted_texts_keep_apart(tour, step):
    """On one line two texts never run together."""
    _, looks = tour
    touching = [
        (one.widget, one.text, other.text)
        for widget in looks[step].texts
        for one, other in itertools.combinations([t for t in widget if t.text], 2)
        if one.ink.adjusted(1 - LEAST_GAP_PX, 0, LEAST_GAP_PX - 1, 0).intersects(
            other.ink.adjusted(0, 3, 0, -3)
        )
    ]
    assert not touching, touching


@pytest.mark.parametrize("step", STEPS)
def test_nothing_is_set_smaller_than_eleven_pixels(tour, step):
    """Every font in use is legible at 100 %."""
    _, looks = tour
    sizes = {text.px for widget in looks[step].texts for text in widget}
    sizes |= set(looks[step].fonts.values())
    assert min(sizes) >= SMALLEST_PX


@pytest.mark.parametrize("step", WITH_IMAGES)
def test_level_labels_do_not_overlap(tour, step):
    """No level label covers another."""
    _, looks = tour
    for boxes in looks[step].boxes:
        for one, other in itertools.combinations(boxes.values(), 2):
            assert not one.overlaps(other)
    if step in ("numbered", "endplates"):
        assert all(len(boxes) == 12 for boxes in looks[step].boxes)


@pytest.mark.parametrize("step", ["numbered", "endplates"])
def test_at_rest_nothing_lies_on_an_endplate(tour, step):
    """No overlay's pixel lies within 3 mm of an endplate, as estimated or as it truly is."""
    _, looks = tour
    assert looks[step].near == [0, 0, 0]


def test_grades_keep_a_margin(qapp):
    """At its narrowest the words of every grade keep clear of the edge of their key."""
    from modic_annotate_napari import theme
    from modic_annotate_napari.widgets.grade_bar import GRADES

    bar = GradeBar()
    bar.resize(theme.PANEL_LEAST_PX, bar.height())
    metrics = theme.metrics(theme.LABEL_PX)
    for (key, words, *_), place in zip(GRADES, bar._places(), strict=True):
        margin = (place.width() - metrics.horizontalAdvance(f"{key} {words}".strip())) / 2
        assert math.floor(margin) >= 6
