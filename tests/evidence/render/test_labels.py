"""Labels: never over an endplate, never over each other, told apart without colour."""

from __future__ import annotations

import itertools
from unittest.mock import MagicMock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modic_annotate.domain.finding import Finding
from modic_annotate.domain.spine import Endplate
from modic_annotate.evidence.render.labels import Label, draw_labels
from modic_annotate.evidence.render.overlay import Overlay, parts_of, text_size
from modic_annotate.evidence.render.spread import spread
from modic_annotate.evidence.render.styles import LEGEND, STROKE_BY_TYPE, strokes_of

PX_PER_MM = 3.2


@given(
    st.lists(st.floats(0, 500), max_size=12),
    st.floats(1, 60),
)
def test_spread_keeps_order_and_distance(wanted: list[float], gap: float) -> None:
    """Neighbours end at least one gap apart, in their order."""
    placed = spread(wanted, gap, 0, 500)
    assert all(b - a >= gap - 1e-9 for a, b in itertools.pairwise(placed))


@given(st.lists(st.floats(0, 500), max_size=8).map(sorted))
def test_spread_leaves_alone_what_has_room(wanted: list[float]) -> None:
    """Positions that are far enough apart stay where they are."""
    roomy = [position + 100 * rank for rank, position in enumerate(wanted)]
    assert spread(roomy, 20, -1000, 5000) == pytest.approx(roomy)


@pytest.mark.parametrize(
    ("wanted", "placed"),
    [
        ([100, 100], [90, 110]),
        ([0, 0, 0], [0, 20, 40]),
        ([200, 200], [180, 200]),
        ([50], [50]),
        ([], []),
    ],
)
def test_spread_moves_as_little_as_possible(wanted: list[float], placed: list[float]) -> None:
    """A crowd is centred on where it wanted to be, inside the picture."""
    assert spread(wanted, 20, 0, 200) == pytest.approx(placed)


def lordotic() -> tuple[list[Label], list[np.ndarray]]:
    """Crowded endplates whose front swings forward and back again, as in a real spine."""
    labels, outlines = [], []
    for n in range(12):
        y = 60 + 38 * n + (8 if n % 2 else 0)
        x = 260 - 60 * np.sin(n / 11 * np.pi)
        path = np.array([(x, y), (x + 100, y - 15)])
        labels.append(
            Label(f"L{n} inf  type 1 > 2", (float(x), float(y)), strokes=(STROKE_BY_TYPE["1"],))
        )
        outlines.append(path)
    return labels, outlines


def placed_boxes(labels: list[Label], outlines: list[np.ndarray]) -> list[tuple[float, ...]]:
    overlay = MagicMock(spec=Overlay)
    overlay.height = 600
    draw_labels(overlay, labels, outlines, PX_PER_MM)
    boxes = []
    for call in overlay.text.call_args_list:
        (x, y), words, size = call.args
        width, height = text_size(words, size)
        boxes.append((x - width, y - height / 2, x, y + height / 2))
    return boxes


def test_words_overlap_neither_each_other_nor_an_endplate() -> None:
    """Twelve crowded endplates all get their words, all in front of the spine."""
    labels, outlines = lordotic()
    boxes = placed_boxes(labels, outlines)
    assert len(boxes) == 12
    for (_, _, _, bottom), (_, top, _, _) in itertools.pairwise(boxes):
        assert bottom <= top
    for left, top, right, bottom in boxes:
        for path in outlines:
            dense = np.linspace(path[0], path[1], 100)
            margin = 3 * PX_PER_MM
            inside = (
                (dense[:, 0] > left - margin)
                & (dense[:, 0] < right + margin)
                & (dense[:, 1] > top - margin)
                & (dense[:, 1] < bottom + margin)
            )
            assert not inside.any()


def test_ticks_keep_clear_of_their_endplate() -> None:
    """No stroke comes within three millimetres of an endplate's front end."""
    labels, outlines = lordotic()
    overlay = MagicMock(spec=Overlay)
    overlay.height = 600
    draw_labels(overlay, labels, outlines, PX_PER_MM)
    for call in overlay.line.call_args_list:
        for label in labels:
            distance = np.linalg.norm(np.asarray(call.args[0]) - label.front, axis=1)
            assert distance.min() >= 3 * PX_PER_MM


def test_words_stay_inside_the_picture() -> None:
    """At the picture's left edge words move right rather than out of sight."""
    labels = [Label("L1 superior endplate", (30.0, 50.0))]
    ((left, *_),) = placed_boxes(labels, [np.array([(30.0, 50.0), (90.0, 50.0)])])
    assert left >= 0


def test_no_two_states_look_alike_without_colour() -> None:
    """Pattern, width or bars tell every state apart on a black and white print."""
    looks = [(stroke.pattern, stroke.width, stroke.crossed) for _, stroke in LEGEND]
    assert len(set(looks)) == len(looks)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, ["not read"]),
        ({"assessment": "assessed", "modic": "absent"}, ["none"]),
        ({"assessment": "outside_fov"}, ["cannot be read"]),
        (
            {"assessment": "assessed", "modic": "present", "type_undetermined": True},
            ["type undetermined"],
        ),
        (
            {
                "assessment": "assessed",
                "modic": "present",
                "components": ({"modic_type": "1"}, {"modic_type": "2"}),
            },
            ["type 1", "type 2"],
        ),
    ],
)
def test_strokes_say_what_was_found(fields: dict[str, object], words: list[str]) -> None:
    """Each state has its own stroke; a mixed change has one for each component."""
    finding = Finding(endplate=Endplate.parse("L4-inferior"), **fields)
    legend = dict(LEGEND)
    assert strokes_of(finding) == tuple(legend[word] for word in words)


def test_an_endplate_without_finding_is_not_read() -> None:
    """Nothing recorded is drawn as not read, never as none seen."""
    assert strokes_of(None) == (dict(LEGEND)["not read"],)


@given(st.integers(1, 4), st.lists(st.tuples(st.floats(0, 99), st.floats(0, 99)), min_size=2))
def test_parts_of_a_line_are_equally_long_and_join(
    count: int, points: list[tuple[float, float]]
) -> None:
    """The parts of a mixed endplate's line meet and share its length."""
    path = np.array(points)
    parts = parts_of(path, count)
    assert np.allclose(parts[0][0], path[0])
    assert np.allclose(parts[-1][-1], path[-1])
    for a, b in itertools.pairwise(parts):
        assert np.allclose(a[-1], b[0])
    lengths = [np.linalg.norm(np.diff(part, axis=0), axis=1).sum() for part in parts]
    assert np.allclose(lengths, sum(lengths) / count, atol=1e-6)


def test_a_label_without_words_is_a_tick_alone() -> None:
    """Endplates free of change are ticked, not spoken of."""
    overlay = MagicMock(spec=Overlay)
    overlay.height = 600
    labels = [Label("", (100.0, 50.0), strokes=strokes_of(None))]
    draw_labels(overlay, labels, [], PX_PER_MM)
    assert overlay.line.call_count == 1
    assert not overlay.text.called
