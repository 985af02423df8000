"""How the room looks, measured: room for the images, whole words, legible type, clear endplates.

One reader's way is walked at each window size through the sample and, where it is there, through
a real exam. Every step is painted once and looked at on the screen.
"""

from __future__ import annotations

import itertools
import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("napari", reason="napari is not installed (modic-annotate[gui])")

from modic_annotate.samples import sample_folder
from modic_annotate_napari.widgets.grade_bar import GradeBar
from tests.plugin.room.looking import ROUNDING_PX
from tests.plugin.room.walk import STEPS, WITH_IMAGES, Study, Walk

SIZES = {"1366x768": (1366, 768), "1920x1080": (1920, 1080)}
LEAST_SHARE = {"1366x768": 0.60, "1920x1080": 0.70}
SMALLEST_PX = 11
LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3 (AA), for text of ordinary size."""

LEAST_GAP_PX = 3
"""Between two texts on one line; about a blank in the room's type."""

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
TOURS = [
    pytest.param((size, study), id=f"{size}-{study}", marks=[pytest.mark.real] * (study == "real"))
    for size in SIZES
    for study in ("sample", "real")
]


@pytest.fixture(scope="module")
def sample_study(linked_case: Path, truth) -> Study:
    """The sample, with the endplates of its truth."""
    said = json.loads((sample_folder() / "truth.json").read_text())["endplates"]
    scope = [e for e in said if e["endplate"] in truth.scope]
    lines = tuple(np.array(e["polyline_lps_mm"]) for e in scope)
    return Study(linked_case, "K7Q-04", tuple(truth.centres.values()), lines)


@pytest.fixture(scope="module", params=TOURS)
def tour(request, viewer, half_the_body, tmp_path_factory):
    """The size walked at, and what was measured in each step."""
    from modic_annotate_napari.reading_room import ROOM

    size, name = request.param
    width, height = SIZES[size]
    study: Study = request.getfixturevalue(f"{name}_study")
    workspace = Path(shutil.copytree(study.workspace, tmp_path_factory.mktemp("looks") / "ws"))
    opened = ROOM.build(workspace, study.record, "R01", viewer=viewer)
    window, room = opened.host.window, opened.room
    walk = Walk(room, study)
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
    return size, walk.looks


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


@pytest.mark.parametrize("step", WITH_IMAGES)
def test_at_rest_nothing_lies_on_an_endplate(tour, step):
    """No overlay's pixel lies within 3 mm of an endplate, as estimated or as it truly is."""
    _, looks = tour
    assert looks[step].near == [0, 0, 0]


@pytest.mark.parametrize("step", STEPS)
def test_no_text_lies_on_another(tour, step):
    """Nowhere in the window do two texts share a place, whichever widgets they belong to."""
    _, looks = tour
    assert not looks[step].overlaps, looks[step].overlaps


@pytest.mark.parametrize("step", STEPS)
def test_no_text_runs_out_of_its_widget(tour, step):
    """What is written lies inside what is shown, down to its last line."""
    _, looks = tour
    assert not looks[step].outside, looks[step].outside


@pytest.mark.parametrize("step", STEPS)
def test_every_text_stands_out_from_its_ground(tour, step):
    """On the screen every text has 4.5 : 1 or more against what lies beside it."""
    _, looks = tour
    faint = {t: round(c, 2) for t, c in looks[step].contrasts.items() if c < LEAST_CONTRAST}
    assert looks[step].contrasts
    assert not faint, faint


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
